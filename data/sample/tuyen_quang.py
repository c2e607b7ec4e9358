"""Tuyên Quang's made-up year: one conference, standing tasks, a sheet not changed since October."""

from __future__ import annotations

from datetime import date

from data.sample.plan_sheet import PlanSheet

SCT = "Sở Công Thương"
PRESS = "Báo và Phát thanh, Truyền hình Tuyên Quang"


def fill(sheet: PlanSheet) -> None:
    """Add the rows of the year."""
    sheet.add_progress(
        date(2026, 3, 13), SCT, "tuyen-quang.01", 1, "Hội nghị phối hợp nhân Ngày Quyền của Người tiêu dùng"
    )
    sheet.add_progress(date(2026, 9, 29), SCT, "tuyen-quang.01", 0, "Hội thảo thứ hai lùi sang tháng 12", evidence=None)
    sheet.add_progress(date(2026, 9, 30), SCT, "tuyen-quang.01", "1 hội thảo", "Hội thảo chuyên đề với Sở Tư pháp")
    _add_commune_tasks(sheet)
    _add_department_tasks(sheet)


def _add_commune_tasks(sheet: PlanSheet) -> None:
    """Add reports of members of the collective on the task that all of them lead."""
    for commune in sheet.list_communes():
        if sheet.rng.random() < 0.55:
            day = sheet.pick_working_day(date(2026, 3, 2), sheet.last_typed_on)
            sheet.add_task("I.1", commune, "Đang thực hiện", day, "Đã phổ biến tại hội nghị của Đảng ủy")


def _add_department_tasks(sheet: PlanSheet) -> None:
    sheet.add_task("I.2", "Sở Văn hóa, Thể thao và Du lịch", "Hoàn thành", date(2026, 10, 9), "46 tin trên cổng tỉnh")
    sheet.add_task("I.2", PRESS, "Hoàn thành", date(2026, 10, 16), "18 phóng sự")
    sheet.add_task("II.1", SCT, "Đang làm", date(2026, 4, 10), "Gửi góp ý sửa luật, chưa có phản hồi")
    sheet.add_task("II.2", SCT, "Tiếp tục duy trì", None, "Hướng dẫn 35 sàn và người bán")
    sheet.add_task("III.1", SCT, "Đang thực hiện", date(2026, 10, 23), "Xử lý 14 vụ trên mạng")
    sheet.add_task("III.2", SCT, "Đang thực hiện", date(2026, 10, 27), "Kiểm tra 210 cơ sở, xử lý 38")
    sheet.add_task("III.4", "Công an tỉnh", "Đang thực hiện", date(2026, 10, 21), "Khởi tố ba vụ lừa đảo qua mạng")
    sheet.add_task("V.1", "Bộ Chỉ huy quân sự tỉnh", "Đang thực hiện", None, "Phối hợp tuần tra biên giới")
    sheet.add_task("V.2", SCT, "Hoàn thành", date(2026, 8, 28), "Bốn lớp về hiệp định thương mại")
    sheet.add_task("VI.1", SCT, "Đang thực hiện", date(2026, 3, 13), "Đã tổ chức một hội nghị")

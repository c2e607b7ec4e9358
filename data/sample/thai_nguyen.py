"""Thái Nguyên's made-up year, due on 15 November 2026: most targets attained, one late, three not."""

from __future__ import annotations

from datetime import date

from data.sample.phrases import COMPLAINTS, ECOMMERCE, MULTILEVEL, NEWS, OUTREACH, SUSTAINABLE
from data.sample.plan_sheet import TODAY, FormulaErrorCell, PlanSheet

SCT = "Sở Công Thương"
ASSOCIATION = "Hội Bảo vệ quyền lợi người tiêu dùng tỉnh"
BUSINESS = "Hiệp hội Doanh nghiệp tỉnh Thái Nguyên"
PRESS = "Báo và Phát thanh, Truyền hình Thái Nguyên"
SCIENCE = "Sở Khoa học và Công nghệ"
LATE_DAY = date(2026, 11, 18)
_COMMUNE_REPORTS = (
    ("thai-nguyen.03", OUTREACH, 2, 0.95),
    ("thai-nguyen.04", MULTILEVEL, 1, 0.5),
    ("thai-nguyen.12", COMPLAINTS, 1, 0.85),
    ("thai-nguyen.14", SUSTAINABLE, 1, 0.55),
)
"""Target, contents, most reports per commune, and the probability that a commune reports at all."""


def fill(sheet: PlanSheet) -> None:
    """Add the rows of the year."""
    _add_commune_reports(sheet)
    _add_single_events(sheet)
    _add_rows_to_fix(sheet)
    _add_tasks(sheet)
    _add_tasks_to_fix(sheet)


def _add_commune_reports(sheet: PlanSheet) -> None:
    for target, contents, max_reports, probability in _COMMUNE_REPORTS:
        for commune in sheet.list_communes():
            if sheet.rng.random() < probability:
                for _ in range(sheet.rng.randint(1, max_reports)):
                    day = sheet.pick_working_day(date(2026, 2, 2), date(2026, 11, 13))
                    sheet.add_progress(day, commune, target, 1, sheet.rng.choice(contents))
    for agency in (SCT, "Công an tỉnh", "Thuế tỉnh Thái Nguyên", *sheet.list_communes()[40:46]):
        day = sheet.pick_working_day(date(2026, 5, 4), TODAY)
        sheet.add_progress(day, agency, "thai-nguyen.13", 1, sheet.rng.choice(ECOMMERCE))


def _add_single_events(sheet: PlanSheet) -> None:
    sheet.add_progress(date(2026, 3, 14), SCT, "thai-nguyen.01", "Hoàn thành", "Lễ phát động tại quảng trường tỉnh")
    sheet.add_progress(date(2026, 3, 14), SCT, "thai-nguyen.02", 1, "Ngày hội tư vấn người tiêu dùng")
    sheet.add_progress(
        date(2026, 10, 18), BUSINESS, "thai-nguyen.02", 1, "Phiên chợ hàng Việt, đối thoại với người mua"
    )
    sheet.add_progress(date(2026, 5, 21), SCT, "thai-nguyen.05", 1, "Lớp tập huấn cho 96 cán bộ xã, phường")
    sheet.add_progress(date(2026, 7, 8), SCT, "thai-nguyen.06", "Hoàn thành", "Phân công đầu mối ở 92 xã, phường")
    sheet.add_progress(date(2026, 8, 10), ASSOCIATION, "thai-nguyen.07", 0, "Mới lập chi hội ở 11 xã, phường")
    note = "Ra mắt tổ hòa giải tranh chấp tiêu dùng"
    sheet.add_progress(LATE_DAY, ASSOCIATION, "thai-nguyen.08", "Hoàn thành", note, typed_on=date(2026, 11, 19))
    sheet.add_progress(date(2026, 6, 30), SCT, "thai-nguyen.10", "Hoàn thành", "Nối máy với hệ thống tư vấn toàn quốc")
    sheet.add_progress(date(2026, 9, 11), BUSINESS, "thai-nguyen.11", 1, "32 doanh nghiệp ký bộ quy tắc ứng xử")


def _add_rows_to_fix(sheet: PlanSheet) -> None:
    communes = sheet.list_communes()
    sheet.add_progress("31/02/2026", communes[1], "thai-nguyen.03", 1, "Nói chuyện tại nhà văn hóa")
    sheet.add_progress(date(2025, 12, 28), communes[2], "thai-nguyen.03", 1, "Tổng kết cuối năm trước")
    sheet.add_progress("tháng 7", communes[5], "thai-nguyen.12", 1, "Niêm yết số điện thoại")
    sheet.add_progress(date(2026, 9, 4), "UBND xã Không Tên", "thai-nguyen.14", 1, "Phiên chợ xanh")
    sheet.add_progress(date(2026, 9, 8), "Phòng Kinh tế", "thai-nguyen.03", 1, "Tuyên truyền chợ phiên")
    sheet.add_progress(
        date(2026, 10, 6),
        "Sở Y tế",
        "thai-nguyen.09",
        FormulaErrorCell("#N/A"),
        "Kiểm nghiệm 40 mẫu thực phẩm",
    )
    sheet.add_progress(date(2026, 10, 9), PRESS, "Tin bài", 3, sheet.rng.choice(NEWS))
    sheet.add_progress(date(2026, 8, 20), communes[9], "thai-nguyen.04", "hai", "Họp tổ dân phố")
    sheet.add_progress(date(2026, 8, 27), communes[10], "thai-nguyen.03", "1,5", "Nói chuyện một buổi rưỡi")
    for number in (17, 23, 31, 44):
        day = date(2026, 9, number % 28 + 1)
        sheet.add_progress(day, communes[number], "thai-nguyen.03", 1, sheet.rng.choice(OUTREACH), evidence=None)
    sheet.repeat_progress(number=0)


def _add_tasks(sheet: PlanSheet) -> None:
    """Add tasks, all due on 15 November: done, done late, in progress, paused, or not started."""
    done = (
        "I.1 I.2 II.1 II.2 II.4 III.1 5.1.1 5.1.2 5.1.3 5.2.2 5.3.1 5.3.4 5.3.5 5.3.7 "
        "5.4.1 5.4.2 5.4.3 5.4.6 5.4.9 5.5.1 VI.2"
    )
    for task in done.split():
        day = sheet.pick_working_day(date(2026, 3, 16), date(2026, 11, 6))
        sheet.add_task(task, SCT, sheet.rng.choice(("Hoàn thành", "Đã xong")), day, "Đã báo cáo UBND tỉnh")
    for task in ("II.3", "5.3.3", "5.4.10"):
        sheet.add_task(task, SCT, "Hoàn thành", LATE_DAY, "Xong sau hạn báo cáo", typed_on=date(2026, 11, 19))
    for task in ("III.4", "IV.1", "5.2.1", "5.3.6", "5.4.7", "5.5.2", "VI.1"):
        sheet.add_task(task, SCT, "Đang thực hiện", None, "Đang chờ ý kiến các đơn vị")
    sheet.add_task("5.3.2", SCT, "Tạm dừng", None, "", difficulty="Chưa có đoàn công tác nước ngoài")
    sheet.add_task("5.4.5", SCT, "Tiếp tục duy trì", None, "Trao đổi hằng tháng với Bộ", typed_on=date(2026, 11, 17))
    sheet.add_task("II.5", PRESS, "Hoàn thành", date(2026, 10, 30), "24 phóng sự, 61 tin bài")
    sheet.add_task("II.6", "Sở Văn hóa, Thể thao và Du lịch", "Chưa thực hiện", None, "")
    sheet.add_task("III.3", ASSOCIATION, "Đang làm", None, "Chi hội ở 11 xã, phường", difficulty="Thiếu kinh phí")
    sheet.add_task("5.1.4", "Sở Giáo dục và Đào tạo", "Hoàn thành", date(2026, 9, 5), "Lồng ghép ở 40 trường")
    for commune in sheet.list_communes()[::4]:
        sheet.add_task(
            "II.2",
            commune,
            "Hoàn thành",
            sheet.pick_working_day(date(2026, 4, 1), date(2026, 10, 30)),
            "Đã tuyên truyền",
        )


def _add_tasks_to_fix(sheet: PlanSheet) -> None:
    sheet.add_task_row("thai-nguyen.IX.3", SCT, "Đang thực hiện", None, "Nhiệm vụ ngoài phụ lục")
    sheet.add_task_row(None, SCT, "Hoàn thành", date(2026, 6, 12), "Quên ghi mã nhiệm vụ")
    sheet.add_task("5.4.8", SCT, "Đạt", None, "Đã có quy chế phối hợp")
    sheet.add_task("5.4.4", SCT, None, None, "Chờ kinh phí", difficulty="Chưa bố trí kinh phí")
    sheet.add_task("5.5.3", SCT, "Hoàn thành", None, "Quên ghi ngày hoàn thành")

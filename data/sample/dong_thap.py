"""Đồng Tháp's made-up year: a long roster, one department silent all year, one database connection."""

from __future__ import annotations

from datetime import date

from data.sample.officers import Headcount, add_training_reports
from data.sample.phrases import NEWS, ON_MARKET_STALLS
from data.sample.plan_sheet import TODAY, PlanSheet

SCT = "Sở Công Thương"
PRESS = "Báo và Phát thanh, Truyền hình Đồng Tháp"
ASSOCIATION = "Hội Bảo vệ người tiêu dùng tỉnh"
BUSINESS = "Hiệp hội Doanh nghiệp tỉnh"
SILENT_DEPARTMENT = "Sở Y tế"
"""On two rosters and lead of a task, but without a row all year."""
DEPARTMENTS = (
    SCT, "Sở Tài chính", "Sở Nội vụ", "Sở Tư pháp", "Sở Xây dựng", "Sở Nông nghiệp và Môi trường",
    "Sở Khoa học và Công nghệ", "Sở Giáo dục và Đào tạo", "Sở Văn hóa, Thể thao và Du lịch",
    SILENT_DEPARTMENT,
)  # fmt: skip
CONNECTING_BODIES = (
    SCT,
    "Sở Khoa học và Công nghệ",
    "Sở Nông nghiệp và Môi trường",
    "Công an tỉnh",
    SILENT_DEPARTMENT,
    ASSOCIATION,
    "Sở Xây dựng",
    "Thuế tỉnh Đồng Tháp",
    "Thanh tra tỉnh",
    "Sở Tư pháp",
)


def fill(sheet: PlanSheet) -> tuple[Headcount, ...]:
    """Add the rows of the year; returns the officers of each reporting agency."""
    heads = add_training_reports(
        sheet,
        "dong-thap.06",
        (*DEPARTMENTS[:-1], *sheet.list_communes()),
        silent_count=5,
        report_range=(5, 7),
    )
    _add_connections(sheet)
    _add_organisations(sheet)
    _add_news(sheet)
    _add_single_events(sheet)
    _add_rows_with_warnings(sheet)
    _add_rows_to_fix(sheet)
    _add_tasks(sheet)
    return heads


def _add_connections(sheet: PlanSheet) -> None:
    """Add reports of the bodies, only one of them connected by November: behind the pace to 2030."""
    for body in CONNECTING_BODIES:
        if body == SILENT_DEPARTMENT:
            continue
        for first, last in ((date(2026, 4, 20), date(2026, 6, 30)), (date(2026, 9, 1), TODAY)):
            done = int(body == SCT and first.month == 9)
            note = "Đã kết nối, thử nghiệm đồng bộ" if done else "Đang chờ hướng dẫn kỹ thuật"
            sheet.add_progress(sheet.pick_working_day(first, last), body, "dong-thap.01", done, note, total=1)


def _add_organisations(sheet: PlanSheet) -> None:
    counts = {
        SCT: (2, 20),
        ASSOCIATION: (3, 16),
        BUSINESS: (4, 30),
        "Công an tỉnh": (2, 8),
        "Sở Tư pháp": (2, 10),
    }
    for agency, (participants, members) in counts.items():
        for count in (participants // 2, participants):
            day = (
                sheet.pick_working_day(date(2026, 5, 4), date(2026, 7, 31))
                if count != participants
                else date(2026, 10, 16)
            )
            note = "Hội viên dự lớp kỹ năng tiêu dùng"
            sheet.add_progress(day, agency, "dong-thap.05", count, note, total=members)


def _add_news(sheet: PlanSheet) -> None:
    """Add news items; the press reports its running total instead of new items: three rising figures."""
    for month, running in ((6, 3), (8, 7), (10, 12)):
        sheet.add_progress(date(2026, month, 18), PRESS, "dong-thap.10", running, sheet.rng.choice(NEWS))
    for agency in (SCT, "Công an tỉnh", "Sở Tư pháp", ASSOCIATION, "Sở Văn hóa, Thể thao và Du lịch"):
        for month, count in ((4, 2), (7, 1), (9, 1), (11, 1)):
            day = sheet.pick_working_day(date(2026, month, 6), date(2026, month, 18))
            sheet.add_progress(day, agency, "dong-thap.10", count, sheet.rng.choice(NEWS))


def _add_single_events(sheet: PlanSheet) -> None:
    sheet.add_progress(date(2026, 3, 13), SCT, "dong-thap.03", 1, "Chương trình hưởng ứng Ngày 15/3 tại quảng trường")
    sheet.add_progress(date(2026, 4, 28), SCT, "dong-thap.04", 1, "Tờ gấp “Tám quyền của người tiêu dùng”")
    sheet.add_progress(date(2026, 6, 19), ASSOCIATION, "dong-thap.04", 1, "Sổ tay khiếu nại dành cho hội viên")
    sheet.add_progress(date(2026, 9, 24), SCT, "dong-thap.04", 1, "Áp phích cảnh báo lừa đảo qua mạng")
    note = "Nhận tài liệu của Ủy ban Cạnh tranh Quốc gia"
    sheet.add_progress(date(2026, 11, 17), SCT, "dong-thap.04", 1, note, typed_on=date(2026, 11, 19))
    sheet.add_progress(date(2026, 6, 11), SCT, "dong-thap.07", 1, "Tọa đàm tuân thủ pháp luật với 60 doanh nghiệp")
    sheet.add_progress(date(2026, 9, 9), BUSINESS, "dong-thap.07", 1, "Hội thảo trách nhiệm bảo hành hàng hóa")
    sheet.add_progress(date(2026, 8, 12), BUSINESS, "dong-thap.08", 1, "18 doanh nghiệp ký cam kết vì người tiêu dùng")
    sheet.add_progress(date(2026, 5, 20), PRESS, "dong-thap.09", "Hoàn thành", "Chuyên mục phát sóng thứ Sáu hằng tuần")
    markets = [name for name in sheet.list_communes() if "phường" in name]
    for month, commune in zip((5, 7, 9, 10), markets, strict=False):
        sheet.add_progress(date(2026, month, 22), commune, "dong-thap.11", 1, ON_MARKET_STALLS)


def _add_rows_with_warnings(sheet: PlanSheet) -> None:
    """Add rows that are accepted with a warning."""
    first, second, third = sheet.list_communes()[:3]
    sheet.add_progress(
        date(2026, 11, 10), first, "dong-thap.06", 3, "Rà soát lại, hai người đã chuyển công tác", total=60
    )
    for trained in (5, 6):
        sheet.add_progress(date(2026, 11, 12), second, "dong-thap.06", trained, "Cập nhật tháng 11", total=8)
    shared = "https://vi-du.example/dong-thap/2026/10/danh-sach-lop-tap-huan"
    for commune in (second, third):
        sheet.add_progress(
            date(2026, 10, 19), commune, "dong-thap.06", 4, "Danh sách lớp liên xã", total=8, evidence=shared
        )


def _add_rows_to_fix(sheet: PlanSheet) -> None:
    communes = sheet.list_communes()
    day = date(2026, 10, 14)
    sheet.add_progress("15/3", SCT, "dong-thap.03", 1, "Phát động Ngày Quyền của Người tiêu dùng")
    sheet.add_progress("31/09/2026", communes[6], "dong-thap.06", 6, "Tập huấn cuối tháng 9", total=7)
    sheet.add_progress("14/10/2062", communes[7], "dong-thap.06", 5, "Gõ nhầm năm", total=7)
    sheet.add_progress(day, communes[9], None, 1, "Chưa rõ ghi vào chỉ tiêu nào")
    sheet.add_progress(day, SCT, "Hội nghị, hội thảo, tập huấn", 1, "Hội nghị tiểu thương chợ đầu mối")
    sheet.add_progress(day, communes[10], "dong-thap.06", None, "Đã tập huấn, chờ danh sách", total=6)
    sheet.add_progress(day, PRESS, "dong-thap.10", date(2026, 3, 5), "Ô tự đổi 5/3 thành ngày")
    sheet.add_progress(day, "Công an tỉnh", "dong-thap.10", -1, "Trừ một tin đăng nhầm")
    sheet.add_progress(day, communes[12], "dong-thap.06", "2 người", "Tập huấn tại chỗ", total="1.5")
    sheet.add_progress(day, communes[13], "dong-thap.06", "4,5", "Một người học nửa khóa", total=9)
    sheet.add_progress(day, communes[14], "dong-thap.06", 7, "Cả phòng đi học", total=6)
    sheet.add_progress(date(2026, 10, 2), communes[21], "dong-thap.06", 2, "Tập huấn", total=7, evidence=None)


def _add_tasks(sheet: PlanSheet) -> None:
    sheet.add_task("III.3", SCT, "Hoàn thành", date(2026, 3, 13), "Tổ chức chương trình Ngày 15/3 năm 2026")
    sheet.add_task(
        "III.6", SCT, "Đang thực hiện", None, "Đang lấy ý kiến về cơ chế cho Hội", typed_on=date(2026, 11, 17)
    )
    for task in ("I.1", "III.4", "III.5", "IV.1", "IV.2", "IV.9", "V.2", "V.5"):
        sheet.add_task(task, SCT, "Đang làm", None, "Thực hiện theo kế hoạch năm")
    for task in ("II.1", "II.3"):
        sheet.add_task(task, SCT, "Tiếp tục duy trì", None, "Chờ kế hoạch của Bộ", typed_on=date(2026, 11, 18))
    sheet.add_task("V.6", SCT, "Tạm dừng", None, "", difficulty="Chưa bố trí được kinh phí")
    sheet.add_task("III.1", PRESS, "Đang thực hiện", None, "Đã mở chuyên mục, tăng tin bài")
    sheet.add_task("IV.6", "Công an tỉnh", "Đang thực hiện", None, "Triệt phá hai đường dây bán hàng giả qua mạng")
    sheet.add_task("V.7", "Sở Tài chính", "Đã xong", date(2026, 8, 5), "Đã trình dự toán năm 2027")
    sheet.add_task("IV.3", "Sở Khoa học và Công nghệ", "Chưa làm", None, "")
    sheet.add_task("IV.5", "Sở Nông nghiệp và Môi trường", "Cơ bản xong", None, "Lấy 210 mẫu nông sản")
    sheet.add_task("III.9", BUSINESS, None, None, "Bình chọn 12 doanh nghiệp tiêu biểu")

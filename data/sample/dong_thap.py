"""Đồng Tháp's made-up year: a long roster, one department silent all year, one database connection."""

from __future__ import annotations

from datetime import date

from data.sample.officers import Headcount, train
from data.sample.phrases import NEWS, ON_MARKET_STALLS
from data.sample.plan_sheet import TODAY, Book

SCT = "Sở Công Thương"
PRESS = "Báo và Phát thanh, Truyền hình Đồng Tháp"
ASSOCIATION = "Hội Bảo vệ người tiêu dùng tỉnh"
BUSINESS = "Hiệp hội Doanh nghiệp tỉnh"
SILENT = "Sở Y tế"
"""Stands on two rosters and leads a task, and has not sent one row all year."""
DEPARTMENTS = (
    SCT, "Sở Tài chính", "Sở Nội vụ", "Sở Tư pháp", "Sở Xây dựng", "Sở Nông nghiệp và Môi trường",
    "Sở Khoa học và Công nghệ", "Sở Giáo dục và Đào tạo", "Sở Văn hóa, Thể thao và Du lịch", SILENT,
)  # fmt: skip
TO_CONNECT = (
    SCT,
    "Sở Khoa học và Công nghệ",
    "Sở Nông nghiệp và Môi trường",
    "Công an tỉnh",
    SILENT,
    ASSOCIATION,
)


def fill(book: Book) -> tuple[Headcount, ...]:
    """Types the year; returns how many officers each reporting agency has."""
    heads = train(book, "dong-thap.06", (*DEPARTMENTS[:-1], *book.communes()), silent=5, updates=(5, 7))
    _connections(book)
    _organisations(book)
    _news(book)
    _single_events(book)
    _slips(book)
    _rows_to_mend(book)
    _tasks(book)
    return heads


def _connections(book: Book) -> None:
    """One of nine bodies connected by November: behind the pace to 2030."""
    bodies = (
        *TO_CONNECT[:4],
        ASSOCIATION,
        "Sở Xây dựng",
        "Thuế tỉnh Đồng Tháp",
        "Thanh tra tỉnh",
        "Sở Tư pháp",
    )
    for body in bodies:
        for first, last in ((date(2026, 4, 20), date(2026, 6, 30)), (date(2026, 9, 1), TODAY)):
            done = int(body == SCT and first.month == 9)
            note = "Đã kết nối, thử nghiệm đồng bộ" if done else "Đang chờ hướng dẫn kỹ thuật"
            book.report(book.day(first, last), body, "dong-thap.01", done, note, total=1)


def _organisations(book: Book) -> None:
    counts = {
        SCT: (2, 20),
        ASSOCIATION: (3, 16),
        BUSINESS: (4, 30),
        "Công an tỉnh": (2, 8),
        "Sở Tư pháp": (2, 10),
    }
    for agency, (taking_part, all_known) in counts.items():
        for part in (taking_part // 2, taking_part):
            day = book.day(date(2026, 5, 4), date(2026, 7, 31)) if part != taking_part else date(2026, 10, 16)
            note = "Hội viên dự lớp kỹ năng tiêu dùng"
            book.report(day, agency, "dong-thap.05", part, note, total=all_known)


def _news(book: Book) -> None:
    """The press types its running total instead of what is new: three rising figures."""
    for month, running in ((6, 3), (8, 7), (10, 12)):
        book.report(date(2026, month, 18), PRESS, "dong-thap.10", running, book.random.choice(NEWS))
    for agency in (SCT, "Công an tỉnh", "Sở Tư pháp", ASSOCIATION, "Sở Văn hóa, Thể thao và Du lịch"):
        for month, count in ((4, 2), (7, 1), (9, 1), (11, 1)):
            day = book.day(date(2026, month, 6), date(2026, month, 18))
            book.report(day, agency, "dong-thap.10", count, book.random.choice(NEWS))


def _single_events(book: Book) -> None:
    book.report(
        date(2026, 3, 13), SCT, "dong-thap.03", 1, "Chương trình hưởng ứng Ngày 15/3 tại quảng trường"
    )
    book.report(date(2026, 4, 28), SCT, "dong-thap.04", 1, "Tờ gấp “Tám quyền của người tiêu dùng”")
    book.report(date(2026, 6, 19), ASSOCIATION, "dong-thap.04", 1, "Sổ tay khiếu nại dành cho hội viên")
    book.report(date(2026, 9, 24), SCT, "dong-thap.04", 1, "Áp phích cảnh báo lừa đảo qua mạng")
    book.report(date(2026, 11, 17), SCT, "dong-thap.04", 1, "Nhận tài liệu của Ủy ban Cạnh tranh Quốc gia",
                typed=date(2026, 11, 19))  # fmt: skip
    book.report(date(2026, 6, 11), SCT, "dong-thap.07", 1, "Tọa đàm tuân thủ pháp luật với 60 doanh nghiệp")
    book.report(date(2026, 9, 9), BUSINESS, "dong-thap.07", 1, "Hội thảo trách nhiệm bảo hành hàng hóa")
    book.report(
        date(2026, 8, 12), BUSINESS, "dong-thap.08", 1, "18 doanh nghiệp ký cam kết vì người tiêu dùng"
    )
    book.report(
        date(2026, 5, 20), PRESS, "dong-thap.09", "Hoàn thành", "Chuyên mục phát sóng thứ Sáu hằng tuần"
    )
    markets = [name for name in book.communes() if "phường" in name]
    for month, commune in zip((5, 7, 9, 10), markets, strict=False):
        book.report(date(2026, month, 22), commune, "dong-thap.11", 1, ON_MARKET_STALLS)


def _slips(book: Book) -> None:
    """Rows that count, with something to look at."""
    first, second, third = book.communes()[:3]
    book.report(
        date(2026, 11, 10), first, "dong-thap.06", 3, "Rà soát lại, hai người đã chuyển công tác", total=60
    )
    for trained in (5, 6):
        book.report(date(2026, 11, 12), second, "dong-thap.06", trained, "Cập nhật tháng 11", total=8)
    shared = "https://vi-du.example/dong-thap/2026/10/danh-sach-lop-tap-huan"
    for commune in (second, third):
        book.report(
            date(2026, 10, 19), commune, "dong-thap.06", 4, "Danh sách lớp liên xã", total=8, evidence=shared
        )


def _rows_to_mend(book: Book) -> None:
    communes = book.communes()
    day = date(2026, 10, 14)
    book.report("15/3", SCT, "dong-thap.03", 1, "Phát động Ngày Quyền của Người tiêu dùng")
    book.report("31/09/2026", communes[6], "dong-thap.06", 6, "Tập huấn cuối tháng 9", total=7)
    book.report("14/10/2062", communes[7], "dong-thap.06", 5, "Gõ nhầm năm", total=7)
    book.report(day, communes[9], None, 1, "Chưa rõ ghi vào chỉ tiêu nào")
    book.report(day, SCT, "Hội nghị, hội thảo, tập huấn", 1, "Hội nghị tiểu thương chợ đầu mối")
    book.report(day, communes[10], "dong-thap.06", None, "Đã tập huấn, chờ danh sách", total=6)
    book.report(day, PRESS, "dong-thap.10", date(2026, 3, 5), "Ô tự đổi 5/3 thành ngày")
    book.report(day, "Công an tỉnh", "dong-thap.10", -1, "Trừ một tin đăng nhầm")
    book.report(day, communes[12], "dong-thap.06", "2 người", "Tập huấn tại chỗ", total="1.5")
    book.report(day, communes[13], "dong-thap.06", "4,5", "Một người học nửa khóa", total=9)
    book.report(day, communes[14], "dong-thap.06", 7, "Cả phòng đi học", total=6)
    book.report(date(2026, 10, 2), communes[21], "dong-thap.06", 2, "Tập huấn", total=7, evidence=None)


def _tasks(book: Book) -> None:
    book.update("III.3", SCT, "Hoàn thành", date(2026, 3, 13), "Tổ chức chương trình Ngày 15/3 năm 2026")
    book.update(
        "III.6", SCT, "Đang thực hiện", None, "Đang lấy ý kiến về cơ chế cho Hội", typed=date(2026, 11, 17)
    )
    for task in ("I.1", "III.4", "III.5", "IV.1", "IV.2", "IV.9", "V.2", "V.5"):
        book.update(task, SCT, "Đang làm", None, "Thực hiện theo kế hoạch năm")
    for task in ("II.1", "II.3"):
        book.update(task, SCT, "Tiếp tục duy trì", None, "Chờ kế hoạch của Bộ", typed=date(2026, 11, 18))
    book.update("V.6", SCT, "Tạm dừng", None, "", difficulty="Chưa bố trí được kinh phí")
    book.update("III.1", PRESS, "Đang thực hiện", None, "Đã mở chuyên mục, tăng tin bài")
    book.update(
        "IV.6", "Công an tỉnh", "Đang thực hiện", None, "Triệt phá hai đường dây bán hàng giả qua mạng"
    )
    book.update("V.7", "Sở Tài chính", "Đã xong", date(2026, 8, 5), "Đã trình dự toán năm 2027")
    book.update("IV.3", "Sở Khoa học và Công nghệ", "Chưa làm", None, "")
    book.update("IV.5", "Sở Nông nghiệp và Môi trường", "Cơ bản xong", None, "Lấy 210 mẫu nông sản")
    book.update("III.9", BUSINESS, None, None, "Bình chọn 12 doanh nghiệp tiêu biểu")

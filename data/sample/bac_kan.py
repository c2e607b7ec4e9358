"""Bắc Kạn ward's made-up year: every office took part, no officer counted, the yearly report not sent."""

from __future__ import annotations

from datetime import date

from data.sample.phrases import OUTREACH
from data.sample.plan_sheet import Book

FOCAL = "Phòng Kinh tế, Hạ tầng và Đô thị"
OFFICES = (FOCAL, "Phòng Văn hóa - Xã hội", "Trung tâm Dịch vụ tổng hợp", "Công an phường")
UNIONS = (
    "Hội Cựu chiến binh phường",
    "Hội Nông dân phường",
    "Hội Liên hiệp Phụ nữ phường",
    "Đoàn Thanh niên phường",
)


def fill(book: Book) -> None:
    """Types the year."""
    for office in (*OFFICES, *UNIONS):
        for _ in range(book.random.randint(2, 5)):
            day = book.day(date(2026, 2, 9), book.last_typed)
            content = book.random.choice(OUTREACH).format(place="phường")
            book.report(day, office, "bac-kan.03", 1, content)
    book.report(date(2026, 6, 25), FOCAL, "bac-kan.04", "Hoàn thành", "Bốn đơn vị dự lớp bồi dưỡng của tỉnh")
    for union in UNIONS:
        note = "Chưa có cán bộ chuyên trách về nhóm dễ bị tổn thương"
        book.report(date(2026, 9, 15), union, "bac-kan.05", 0, note, total=0)
    book.report("20/13/2026", FOCAL, "bac-kan.01", 1, "Phiếu lấy ý kiến tổ dân phố")
    book.report(date(2026, 10, 5), "Tổ dân phố số 6", "bac-kan.03", 1, "Họp tổ dân phố")
    book.report(date(2026, 10, 6), UNIONS[1], "bac-kan.03", 1, "Tuyên truyền tại chợ", evidence=None)

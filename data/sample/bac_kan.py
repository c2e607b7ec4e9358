"""Bắc Kạn ward's made-up year: every office took part, no officers reported, no yearly report."""

from __future__ import annotations

from datetime import date

from data.sample.phrases import OUTREACH
from data.sample.plan_sheet import PlanSheet

FOCAL_DEPARTMENT = "Phòng Kinh tế, Hạ tầng và Đô thị"
OFFICES = (FOCAL_DEPARTMENT, "Phòng Văn hóa - Xã hội", "Trung tâm Dịch vụ tổng hợp", "Công an phường")
UNIONS = (
    "Hội Cựu chiến binh phường",
    "Hội Nông dân phường",
    "Hội Liên hiệp Phụ nữ phường",
    "Đoàn Thanh niên phường",
)


def fill(sheet: PlanSheet) -> None:
    """Add the rows of the year."""
    for office in (*OFFICES, *UNIONS):
        for _ in range(sheet.rng.randint(2, 5)):
            day = sheet.pick_working_day(date(2026, 2, 9), sheet.last_typed_on)
            content = sheet.rng.choice(OUTREACH).format(place="phường")
            sheet.add_progress(day, office, "bac-kan.03", 1, content)
    sheet.add_progress(
        date(2026, 6, 25),
        FOCAL_DEPARTMENT,
        "bac-kan.04",
        "Hoàn thành",
        "Bốn đơn vị dự lớp bồi dưỡng của tỉnh",
    )
    for union in UNIONS:
        note = "Chưa có cán bộ chuyên trách về nhóm dễ bị tổn thương"
        sheet.add_progress(date(2026, 9, 15), union, "bac-kan.05", 0, note, total=0)
    sheet.add_progress("20/13/2026", FOCAL_DEPARTMENT, "bac-kan.01", 1, "Phiếu lấy ý kiến tổ dân phố")
    sheet.add_progress(date(2026, 10, 5), "Tổ dân phố số 6", "bac-kan.03", 1, "Họp tổ dân phố")
    sheet.add_progress(date(2026, 10, 6), UNIONS[1], "bac-kan.03", 1, "Tuyên truyền tại chợ", evidence=None)

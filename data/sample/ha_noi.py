"""Hà Nội's made-up year: officers trained, news items below the year's floor, rows to fix."""

from __future__ import annotations

from datetime import date

from data.sample.officers import Headcount, add_training_reports
from data.sample.phrases import NEWS, PARTICIPATION
from data.sample.plan_sheet import TODAY, FormulaErrorCell, PercentCell, PlanSheet

SCT = "Sở Công Thương"
ASSOCIATIONS = (
    "Hội Bảo vệ người tiêu dùng Thành phố",
    "Hiệp hội Doanh nghiệp nhỏ và vừa Thành phố",
    "Hiệp hội Làng nghề Thành phố",
    "Hiệp hội Bán lẻ Thành phố",
    "Hội Nữ doanh nhân Thành phố",
    "Liên minh Hợp tác xã Thành phố",
    "Hội Nông dân Thành phố",
    "Hội Liên hiệp Phụ nữ Thành phố",
    "Đoàn Thanh niên Thành phố",
    "Liên đoàn Lao động Thành phố",
)
PRESS = "Báo và Phát thanh, Truyền hình Hà Nội"
SILENT_COMMUNE_COUNT = 7
"""Number of communes that never report a trained officer."""


def fill(sheet: PlanSheet) -> tuple[Headcount, ...]:
    """Add the rows of the year; returns the officers of each agency, for the sample register's population."""
    heads = _add_trained_officers(sheet)
    _add_commune_events(sheet)
    _add_association_events(sheet)
    _add_news(sheet)
    _add_single_events(sheet)
    _add_rows_to_fix(sheet)
    return heads


def _add_trained_officers(sheet: PlanSheet) -> tuple[Headcount, ...]:
    departments = ("Sở Tư pháp", "Sở Y tế", "Sở Du lịch", "Công an Thành phố", "Thuế thành phố Hà Nội")
    agencies = (SCT, "Chi cục Quản lý thị trường Thành phố", *departments, *sheet.list_communes())
    return add_training_reports(sheet, "ha-noi.13", agencies, silent_count=SILENT_COMMUNE_COUNT, report_range=(4, 6))


def _add_commune_events(sheet: PlanSheet) -> None:
    for commune in sheet.list_communes():
        if sheet.rng.random() < 0.92:
            day = sheet.pick_working_day(date(2026, 3, 2), date(2026, 10, 30))
            sheet.add_progress(day, commune, "ha-noi.06", 1, sheet.rng.choice(PARTICIPATION))


def _add_association_events(sheet: PlanSheet) -> None:
    for association in ASSOCIATIONS[:7]:
        for _ in range(sheet.rng.randint(1, 3)):
            day = sheet.pick_working_day(date(2026, 3, 9), TODAY)
            sheet.add_progress(
                day, association, "ha-noi.07", 1, "Tuyên truyền cho hội viên về quyền của người tiêu dùng"
            )
    last = ASSOCIATIONS[7]
    sheet.add_progress(date(2026, 10, 8), last, "ha-noi.07", 0, "Đã có kế hoạch, chưa tổ chức", evidence=None)


def _add_news(sheet: PlanSheet) -> None:
    """Add 38 of 50 news items, a quarter below the floor; a figure is corrected after last week."""
    quantities = {
        SCT: (2, 1, 3, 1, 2, 1),
        PRESS: (4, 2, 5, 3, 2, 4),
        "Sở Du lịch": (2, 1),
        "Sở Y tế": (1, 2, 1),
    }
    for agency, counts in quantities.items():
        for month, count in zip((2, 3, 5, 6, 8, 10), counts, strict=False):
            day = sheet.pick_working_day(date(2026, month, 4), date(2026, month, 27))
            sheet.add_progress(day, agency, "ha-noi.12", count, sheet.rng.choice(NEWS))
    corrected = date(2026, 11, 16)
    day, content = date(2026, 9, 22), "Chuỗi tin về Tuần lễ người tiêu dùng và du lịch"
    sheet.add_progress(day, "Sở Du lịch", "ha-noi.12", 4, content, typed_on=date(2026, 10, 1), removed_on=corrected)
    sheet.add_progress(day, "Sở Du lịch", "ha-noi.12", 1, content, typed_on=corrected)


def _add_single_events(sheet: PlanSheet) -> None:
    sheet.add_progress(date(2026, 7, 3), SCT, "ha-noi.01", 1, "Báo cáo 6 tháng kèm kiến nghị chính sách")
    sheet.add_progress(date(2026, 9, 15), SCT, "ha-noi.02", "Hoàn thành", "Góp ý dự thảo nghị định về giao dịch từ xa")
    sheet.add_progress(date(2026, 1, 20), SCT, "ha-noi.03", 1, "Duy trì tổng đài tư vấn người tiêu dùng của Thành phố")
    sheet.add_progress(date(2026, 4, 17), SCT, "ha-noi.04", 1, "Dự diễn đàn tiêu dùng số")
    sheet.add_progress(date(2026, 8, 21), SCT, "ha-noi.04", 1, "Dự tuần lễ tiêu dùng xanh")
    sheet.add_progress(date(2026, 5, 12), SCT, "ha-noi.05", 1, "Sổ tay người tiêu dùng thông minh, 3.000 cuốn")
    sheet.add_progress(date(2026, 3, 14), SCT, "ha-noi.08", "Hoàn thành", "Lễ phát động tại phố đi bộ")
    sheet.add_progress(date(2026, 3, 14), SCT, "ha-noi.09", 1, "Ngày hội người tiêu dùng, tư vấn trực tiếp 600 lượt")
    sheet.add_progress(date(2026, 2, 10), SCT, "ha-noi.10", 1, "Trang mạng xã hội của Sở, mỗi tuần một bài")
    sheet.add_progress(
        date(2026, 6, 2),
        "Sở Du lịch",
        "ha-noi.10",
        1,
        "Kênh thông tin cho khách du lịch",
        confirmed="hỏi lại",
    )
    sheet.add_progress(date(2026, 4, 6), PRESS, "ha-noi.11", "Hoàn thành", "Mở chuyên mục “Bạn và người bán”")
    sheet.add_progress(
        date(2026, 5, 26),
        SCT,
        "ha-noi.14",
        1,
        "Hội nghị tuân thủ pháp luật cho 120 doanh nghiệp",
        shared_event="Hội nghị doanh nghiệp",
    )
    shared = "https://vi-du.example/ha-noi/2026/10/hoi-nghi-hop-dong-theo-mau"
    # Two workshops with one report: confirmed, so that both count without a doubt.
    sheet.add_progress(
        date(2026, 10, 7),
        SCT,
        "ha-noi.14",
        1,
        "Hội thảo về hợp đồng theo mẫu",
        evidence=shared,
        confirmed="x",
        shared_event="Hội nghị doanh nghiệp",
    )
    sheet.add_progress(
        date(2026, 10, 8),
        "Sở Tư pháp",
        "ha-noi.14",
        1,
        "Phối hợp hội thảo về hợp đồng",
        evidence=shared,
        confirmed="x",
    )
    sheet.add_progress(
        date(2026, 11, 17), SCT, "ha-noi.15", 1, "Ký cam kết với 14 chuỗi bán lẻ", typed_on=date(2026, 11, 18)
    )


def _add_rows_to_fix(sheet: PlanSheet) -> None:
    communes = sheet.list_communes()
    day = date(2026, 10, 20)
    sheet.add_progress(None, communes[3], "ha-noi.06", 1, "Treo băng rôn tại chợ")
    sheet.add_progress("quý I", communes[8], "ha-noi.13", 6, "Tập huấn quý I", total=8)
    sheet.add_progress(
        date(2026, 12, 5),
        SCT,
        "ha-noi.09",
        1,
        "Dự kiến: ngày hội mua sắm an toàn",
        typed_on=date(2026, 11, 20),
    )
    sheet.add_progress(day, None, "ha-noi.12", 2, "Tin về kiểm tra chợ đêm")
    sheet.add_progress(day, "Ba Đình", "ha-noi.06", 1, "Phát tờ rơi")
    sheet.add_progress(day, communes[11], "ha-noi.99", 1, "Tuyên truyền lưu động")
    sheet.add_progress(day, communes[12], "ha-noi.13", 9, "Tập huấn trực tuyến")
    sheet.add_progress(day, communes[13], "ha-noi.13", 15, "Gõ nhầm hai cột", total=12)
    sheet.add_progress(day, communes[14], "ha-noi.13", PercentCell(0.8), "Đạt 80%", total=10)
    sheet.add_progress(day, PRESS, "ha-noi.12", "khoảng 5", "Tin bài tháng 10")
    sheet.add_progress(day, communes[15], "ha-noi.13", FormulaErrorCell("#REF!"), "Lấy từ bảng của phòng", total=11)
    sheet.add_progress(date(2026, 9, 18), communes[20], "ha-noi.06", 1, "Tuyên truyền tại chợ", evidence=None)
    sheet.add_progress(day, "Sở Y tế", None, 1, "Tin về thực phẩm chức năng", evidence="88/TB-SYT")
    sheet.repeat_progress(number=0)

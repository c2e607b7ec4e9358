"""The document's own data: right or empty."""

from __future__ import annotations

from datetime import date

import pytest

from kpis.plan_import.header import read_header
from kpis.plan_import.model import Header
from kpis.plan_import.plan_years import find_period
from kpis.register.model import ReportingDay
from tests.plan_import.outlining import outline_text

HEAD = """**ỦY BAN NHÂN DÂN** **TỈNH HÀ GIANG** --------

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM

Số: 12/KH-UBND

*Hà Giang, ngày 02 tháng 3 năm 2026*

KẾ HOẠCH

Phát triển chợ nông thôn theo Quyết định số 99/QĐ-TTg ngày 05/6/2024 giai đoạn 2026 - 2030

Căn cứ Kế hoạch số 7/KH-UBND ngày 01/02/2025 của Ủy ban nhân dân tỉnh;

I. MỤC TIÊU

- Có 12 chợ.

II. TỔ CHỨC THỰC HIỆN

1. Các sở, ngành báo cáo kết quả trước ngày 10/6 (06 tháng) và trước ngày 15 tháng 11 hằng năm về Sở Công Thương.

2. Sở Công Thương tổng hợp, báo cáo UBND tỉnh trước ngày 30/11 hằng năm.

3. Báo cáo hằng năm tính từ ngày 15 tháng 12 năm trước đến ngày 14 tháng 12 của kỳ báo cáo.
"""


def test_number_day_issuer_title_years_and_reporting_days_are_read() -> None:
    assert read_header(outline_text(HEAD)) == Header(
        number="12/KH-UBND",
        issued_on=date(2026, 3, 2),
        issuer="UBND tỉnh Hà Giang",
        title="Phát triển chợ nông thôn theo Quyết định số 99/QĐ-TTg ngày 05/6/2024 giai đoạn 2026 - 2030",
        start_year=2026,
        end_year=2030,
        reporting_days=(ReportingDay("10/06", "half_year"), ReportingDay("15/11", "year")),
    )


def test_a_draft_leaves_number_and_day_empty_and_takes_none_of_the_documents_it_cites() -> None:
    draft = HEAD.replace("Số: 12/KH-UBND", "Số:     /KH-UBND").replace("ngày 02 tháng 3 năm", "ngày    tháng    năm")
    header = read_header(outline_text(draft))
    assert (header.number, header.issued_on) == (None, None)
    assert header.start_year == 2026


def test_the_plan_behind_a_decision_has_the_decisions_number_and_its_own_title() -> None:
    content = (
        "ỦY BAN NHÂN DÂN TỈNH HÀ GIANG\n\nSố: 5/QĐ-UBND\n\nHà Giang, ngày 3 tháng 4 năm 2026\n\nQUYẾT ĐỊNH\n\n"
        "Ban hành Kế hoạch phát triển chợ\n\nCăn cứ Luật;\n\nĐiều 1. Ban hành Kế hoạch.\n\nNơi nhận:\n\n- Lưu.\n\n"
        "KẾ HOẠCH\n\nPhát triển chợ đến năm 2028\n\n(Kèm theo Quyết định số 5/QĐ-UBND)\n\nI. MỤC TIÊU"
    )
    header = read_header(outline_text(content))
    assert (header.number, header.title) == ("5/QĐ-UBND", "Phát triển chợ đến năm 2028")
    assert (header.start_year, header.end_year) == (2026, 2028)


def test_an_annex_tells_the_number_of_its_own_kind_of_document_only() -> None:
    content = (
        "KẾ HOẠCH\n\nPhát triển chợ năm 2026\n\nI. MỤC TIÊU\n\nNơi nhận:\n\nPHỤ LỤC\n\n(Kèm theo {} của UBND "
        "tỉnh Hà Giang)"
    )
    issued_with = read_header(outline_text(content.format("Kế hoạch số 126 /KH-UBND, ngày 13 tháng 11 năm 2025")))
    assert (issued_with.number, issued_with.issued_on, issued_with.issuer) == (
        "126/KH-UBND",
        date(2025, 11, 13),
        "UBND tỉnh Hà Giang",
    )
    other = read_header(outline_text(content.format("Quyết định số 126/QĐ-UBND, ngày 13 tháng 11 năm 2025")))
    assert (other.number, other.issued_on) == (None, None)


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Phát triển chợ giai đoạn 2026-2030, tầm nhìn đến năm 2045", (2026, 2030)),
        ("Phát triển chợ năm 2026", (2026, 2026)),
        ("Phổ biến, giáo dục pháp luật năm 2026", (2026, 2026)),
        ("Thi hành Luật Đất đai năm 2024", (None, None)),
        ("Kế hoạch năm 2027 thực hiện Đề án phát triển chợ giai đoạn 2026 – 2030", (2027, 2027)),
        ("Phát triển chợ đến năm 2030", (None, 2030)),
        ("Thực hiện Nghị quyết số 5/NQ-CP ngày 02 tháng 3 năm 2020", (None, None)),
        ("Bầu cử nhiệm kỳ 2026 - 2031", (None, None)),
        ("Thực hiện Đề án 2021-2025 và Đề án 2026-2030", (None, None)),
        ("Kế hoạch trợ giúp pháp lý năm 2026 và giai đoạn 2026 - 2030", (2026, 2030)),
        ("Kế hoạch trợ giúp pháp lý giai đoạn 2026 - 2030 và năm 2026", (2026, 2030)),
        ("Kế hoạch trợ giúp pháp lý năm 2026, giai đoạn 2026 - 2030", (None, None)),
        ("Kế hoạch năm 2026 thực hiện Chương trình trợ giúp pháp lý giai đoạn 2026 - 2030", (2026, 2026)),
    ],
)
def test_years_are_those_of_the_plan_or_none(title: str, period: tuple[int | None, int | None]) -> None:
    assert find_period(title) == period


def test_a_department_below_its_province_is_the_issuer() -> None:
    content = "UBND TỈNH HÀ GIANG\n\nSỞ CÔNG THƯƠNG\n\nSố: 5/KH-SCT\n\nKẾ HOẠCH\n\nPhát triển chợ\n\nI. MỤC TIÊU"
    assert read_header(outline_text(content)).issuer == "Sở Công Thương"
    other = content.replace("SỞ CÔNG THƯƠNG", "TRUNG TÂM XÚC TIẾN")
    assert read_header(outline_text(other)).issuer is None


def test_a_form_in_an_annex_gives_no_title() -> None:
    content = (
        "QUYẾT ĐỊNH\n\nVỀ\n\nVIỆC CÔNG BỐ THỦ TỤC HÀNH CHÍNH\n\nCăn cứ Luật;\n\nĐiều 1. Công bố thủ tục hành chính.\n\n"
        "Nơi nhận:\n\n- Lưu.\n\nKẾ HOẠCH\n\nChuyển đổi cây trồng năm 2027\n\nI. MỤC TIÊU"
    )
    header = read_header(outline_text(content))
    assert header.title == "VỀ VIỆC CÔNG BỐ THỦ TỤC HÀNH CHÍNH"
    assert header.end_year is None


def test_a_period_that_began_long_before_the_issue_is_that_of_another_document() -> None:
    header = read_header(
        outline_text(HEAD.replace("giai đoạn 2026 - 2030", "thời kỳ 2021-2030, tầm nhìn đến năm 2045"))
    )
    assert (header.start_year, header.end_year) == (2026, 2030)
    assert find_period("Quy hoạch thời kỳ 2021-2030, tầm nhìn đến năm 2045") == (2021, 2030)


def test_a_preamble_in_one_paragraph_with_the_title_is_no_part_of_it() -> None:
    content = (
        "Số: 7/KH-UBND\n\nKẾ HOẠCH\n\nPhát triển chợ năm 2026 Thực hiện Quyết định số 9/QĐ-TTg ngày 05/6/2024, "
        "UBND tỉnh ban hành Kế hoạch như sau:\n\nI. MỤC TIÊU\n\n- Có 12 chợ."
    )
    assert read_header(outline_text(content)).title == "Phát triển chợ năm 2026"
    shorter = content.replace("Kế hoạch như sau:", "Kế hoạch:")
    assert read_header(outline_text(shorter)).title == "Phát triển chợ năm 2026"


def test_a_sentence_on_last_year_below_the_title_is_no_part_of_it() -> None:
    content = "KẾ HOẠCH\n\nPhát triển chợ năm 2026\n\nNăm 2025, toàn tỉnh có 40 chợ, tăng 02 chợ.\n\nI. MỤC TIÊU"
    header = read_header(outline_text(content))
    assert (header.title, header.start_year, header.end_year) == ("Phát triển chợ năm 2026", 2026, 2026)


def test_a_day_of_reporting_may_stand_without_its_word() -> None:
    content = "KẾ HOẠCH\n\nI. TỔ CHỨC THỰC HIỆN\n\n1. Các xã báo cáo kết quả về Sở trước 05/12 hằng năm."
    assert read_header(outline_text(content)).reporting_days == (ReportingDay("05/12", "year"),)
    dated = content.replace("KẾ HOẠCH\n\n", "KẾ HOẠCH\n\nPhát triển chợ năm 2026\n\n").replace(" hằng năm", "/2026")
    assert read_header(outline_text(dated.replace(" /2026", "/2026"))).reporting_days == (
        ReportingDay("05/12", "year"),
    )

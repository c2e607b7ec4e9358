"""Each number of a text stands once in the ledger: proposed, masked with a reason, or left over."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpis.plan_import.proposals import propose_targets
from kpis.plan_import.proposals.numbers import find_numbers
from tests.plan_import.proposals.small_document import BODY, GOALS, outline, propose, read_ledger

_WORDS = (
    "phấn đấu đạt ít nhất trên dưới khoảng từ đến năm 2030 01 05 1.000 3,5 100% 10 - 13% xã, phường hộ lớp "
    "tỷ đồng hằng năm mỗi giảm xuống còn tăng bình quân /năm Điều 3 khoản 2 ngày 15/3 số 28/2003/QĐ-UB 1. a) ; . ( ) "
    "“4 tại chỗ” 1800.6838 Kế hoạch trăm phần trăm 12m2/người và 24/7 Đề án 06 | - + – tỷ lệ số"
)
_SENTENCES = st.lists(st.sampled_from(_WORDS.split(" ")), max_size=30).map(" ".join)


@given(st.lists(_SENTENCES | st.text(max_size=40), min_size=1, max_size=4), st.sampled_from([GOALS, BODY, ()]))
@example(["tốc độ tăng bình quân 05", "- 06%/năm."], GOALS)
def test_each_number_of_any_text_stands_once_in_the_ledger(texts: list[str], titles: tuple[str, ...]) -> None:
    blocks = outline(*texts, titles=titles)
    targets, _, ledger = propose_targets(blocks)
    for item in blocks:
        printed = [token.text for token in find_numbers(item.block.text)]
        assert [entry.text for entry in ledger if entry.place.block == item.block.index] == printed
    proposed = sum(entry.outcome == "proposed" for entry in ledger)
    assert len(targets) <= proposed
    assert all((entry.reason is not None) == (entry.outcome == "masked") for entry in ledger)


@given(st.lists(st.lists(_SENTENCES, min_size=3, max_size=3), min_size=1, max_size=4))
def test_each_number_of_any_table_stands_once_in_the_ledger(rows: list[list[str]]) -> None:
    ledger = read_ledger(rows)
    printed = [token.text for row in rows for cell in row for token in find_numbers(cell)]
    assert [entry.text for entry in ledger] == printed


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("Căn cứ Luật Đất đai ngày 18 tháng 01 năm 2024;", ["date"] * 3),
        ("Thực hiện Quyết định số 28/2003/QĐ-UB ngày 17-2-2003", ["document_number"] * 2 + ["date"] * 3),
        ("Kết luận số 207-KL/TW, Nghị quyết 57-NQ/TW và Đề án 06", ["document_number"] * 3),
        ("Quy định tại điểm a khoản 2 Điều 9", ["article"] * 2),
        ("1.2. Nâng cao chất lượng", ["section_number"]),
        ("gắn với Ngày Quyền của Người tiêu dùng (15/3)", ["date", "date"]),
        ("báo cáo trước ngày 20/11 hằng năm", ["date", "date"]),
        ("tích hợp với Tổng đài tư vấn 1800.6838", ["phone"]),
        ("liên hệ số điện thoại 0208 3855 688", ["phone"] * 3),
        ("tại địa chỉ https://abc.gov.vn/2024/tin12.html", ["address"] * 2),
        ("giai đoạn 2026 - 2030, tầm nhìn đến năm 2045", ["year"] * 3),
        ("trẻ em từ 06 tháng đến 36 tháng tuổi", ["age", "age"]),
        ("Cuộc Cách mạng công nghiệp 4.0", ["version"]),
        ("hạ tầng mạng 4G/5G, trực 24/7", ["identifier", "identifier", "time_of_day", "time_of_day"]),
        ("ngân hàng khu vực 14 và phường 4, xã Hoà Bình", ["ordinal", "place_name"]),
        ("theo phương châm “4 tại chỗ”", ["other_title"]),
        ("chính quyền địa phương 02 cấp", ["level_of_government"]),
        ("Trang 3", ["page_number"]),
    ],
)
def test_a_number_that_cannot_be_a_promise_is_masked_with_the_reason(text: str, reasons: list[str]) -> None:
    entries = read_ledger(text, titles=BODY, zone="body")
    assert [entry.reason for entry in entries] == reasons


def test_another_schemes_title_with_a_number_in_it_promises_nothing() -> None:
    text = "- Thực hiện Đề án “Đầu tư xây dựng ít nhất 01 triệu căn hộ nhà ở xã hội giai đoạn 2021 - 2030”."
    assert ("01", "other_title") in [(entry.text, entry.reason) for entry in read_ledger(text)]
    assert propose(text) == ()


def test_what_is_neither_proposed_nor_masked_is_left_over() -> None:
    entries = read_ledger("Danh sách gồm 50 người tại chợ.", titles=BODY, zone="body")
    assert [(entry.text, entry.outcome, entry.reason) for entry in entries] == [("50", "left_over", None)]


@pytest.mark.parametrize("zone", ["letterhead", "preamble", "goals", "body", "duties", "recipients", "annex"])
def test_no_zone_silences_a_number(zone: str) -> None:
    text = "Phấn đấu đến năm 2030 có ít nhất 95 % số xã, phường đạt chuẩn."
    entries = read_ledger(text, titles=(), zone=zone)  # type: ignore[arg-type]
    assert [entry.outcome for entry in entries if entry.text == "95"] == ["proposed"]


def test_a_paragraph_that_stands_twice_is_read_at_its_last_place() -> None:
    text = "- Hằng năm, tổ chức ít nhất 02 hội nghị cho doanh nghiệp."
    targets, _, ledger = propose_targets(outline(text, "- Xây dựng chuyên mục.", text))
    assert [target.place.line for target in targets] == [3]
    assert [(entry.place.line, entry.reason) for entry in ledger] == [(1, "repeat"), (3, None)]

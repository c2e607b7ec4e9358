"""Numbers are read as Vietnamese texts print them, exactly or not at all."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.plan_import.proposals.folding import fold_text
from kpis.plan_import.proposals.numbers import find_numbers, parse_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.000", "1000"),
        ("3.000", "3000"),
        ("1.250.000", "1250000"),
        ("2.989,5", "2989.5"),
        ("1,5", "1.5"),
        ("33.59", "33.59"),
        ("05", "5"),
        ("10,000", "10000"),
        ("1,250,000", "1250000"),
        ("10 000", "10000"),
        ("99,86", "99.86"),
        ("12,345", "12.345"),
    ],
)
def test_a_point_groups_thousands_and_a_comma_stands_before_decimals(text: str, value: str) -> None:
    assert parse_value(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1.23.456", "10.12.2025", "1,2,3", "1.000,5,6"])
def test_digits_that_fit_no_form_have_no_value(text: str) -> None:
    assert parse_value(text) is None
    assert [token.value for token in find_numbers(f"đạt {text} hộ")] == [None]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("ít nhất01 mô hình", [1]),
        ("khoảng1.230 tỷ đồng", [1230]),
        ("đạt một trăm phần trăm", [100]),
        ("trăm phần trăm số xã và 12m2/người", [100, 12, 2]),
        ("ít nhất hai lớp, tối thiểu một hội nghị", [2, 1]),
        ("ít nhất một trong các dịch vụ", []),
        ("10 000 hộ và 25 lớp", [10000, 25]),
        ("từ 3 100 hộ", [3, 100]),
    ],
)
def test_numbers_are_found_where_words_touch_them(text: str, values: list[int]) -> None:
    assert [token.value for token in find_numbers(text)] == [Decimal(value) for value in values]


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_a_number_printed_the_vietnamese_way_is_read_exactly(units: int, hundredths: int) -> None:
    printed = f"{units:,}".replace(",", ".") + f",{hundredths:02}"
    assert parse_value(printed) == Decimal(units) + Decimal(hundredths) / 100


@given(st.text())
def test_tokens_are_the_text_at_their_place_and_never_overlap(text: str) -> None:
    tokens = find_numbers(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert all(first.end <= second.start for first, second in pairwise(tokens))


@given(st.text())
def test_a_folded_text_keeps_every_position(text: str) -> None:
    assert len(fold_text(text)) == len(text)


def test_spellings_of_one_word_are_folded_to_one() -> None:
    assert fold_text("Tỉ lệ hoá đơn, UỶ BAN – Hàng năm, đảm bảo quý") == "tỷ lệ hóa đơn, ủy ban - hằng năm, bảo đảm quý"
    assert fold_text("hàng hoá, hàng hoá quí") == "hàng hóa, hàng hóa quí"

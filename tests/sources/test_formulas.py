"""A formula over cells of its own column is recognised by its references."""

from __future__ import annotations

import pytest

from kpis.sources.formulas import sums_own_column


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM(D2:D3)", True), ("D2+D3", True), ("D3+5", True), ("SUM($D$2:$D3)", True), ("SUM(D:D)", True),
        ("SUBTOTAL(9,D2:D9)", True), ("SUM(B2:E3)", True), ("SUM(2:3)", True), ("SUM('Tiến độ'!D2:D3)", True),
        ("SUM(C2:C3)", False), ("E2*2", False), ("SUM(AD2:AD3)", False), ("SUM('Tin'!D2:D3)", False),
        ('LEN("D2")', False), ("10*0.7", False), ("TODAY()", False), ("tổng", False), ("D", False),
        ("", False),
        ("SUM(", False), ('SUM(INDIRECT("D2:D3"))', True), ('SUM(INDIRECT("E2:E3"))', False),
    ],
)  # fmt: skip
def test_a_formula_over_its_own_column_is_found(formula: str, expected: bool) -> None:
    assert sums_own_column(formula, 4, "Tiến độ") is expected


NAMES = {
    "tin": "'Tiến độ'!A1:J9", "tin[số lượng]": "'Tiến độ'!D1:D9", "tin[tổng số]": "'Tiến độ'!E1:E9",
    "khác[số lượng]": "'Khác'!D1:D9", "cột": "'Tiến độ'!$D$2:$D$9", "hai": "'Khác'!$D$2,'Tiến độ'!$D$3",
}  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM(Tin[Số lượng])", True), ("SUBTOTAL(109,Tin[Số lượng])", True), ("SUM(Tin)", True),
        ("SUM(Tin[[#Data],[Số lượng]])", True), ("SUM(Tin[#All])", True), ("Tin[@Số lượng]", True),
        ("SUM(Tin[[Số lượng]:[Tổng số]])", True), ("SUM(Cột)", True), ("SUM(Hai)", True),
        ("SUM(Tin[Tổng số])", False), ("SUM(Khác[Số lượng])", False), ("SUM(Lạ[Số lượng])", False),
    ],
)  # fmt: skip
def test_names_tables_and_their_columns_are_followed(formula: str, expected: bool) -> None:
    assert sums_own_column(formula, 4, "Tiến độ", NAMES) is expected

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
        ("SUM(", False),
    ],
)  # fmt: skip
def test_a_formula_over_its_own_column_is_found(formula: str, expected: bool) -> None:
    assert sums_own_column(formula, 4, "Tiến độ") is expected

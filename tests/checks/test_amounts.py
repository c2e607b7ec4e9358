"""design.md §4 Numbers: amounts have decimals, of which a text never has exactly three."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kpis.checks.quantities import InvalidNumber, read_amount
from kpis.sheet import cells

NUMBERS = {
    "48,5": "48.5", "48,25": "48.25", "0,5": "0.5", "1.234,5": "1234.5", "1.000": "1000", "48": "48",
    "48,3250": "48.325",
    "0,1234567": "0.123457", "-0": "0", "5.0": "5",
}  # fmt: skip


@pytest.mark.parametrize(("text", "number"), NUMBERS.items())
def test_a_text_with_decimals_is_read(text: str, number: str) -> None:
    assert read_amount(cells.make_text_cell(text)) == Decimal(number)


@pytest.mark.parametrize(("value", "number"), [(48.325, "48.325"), (0.1 + 0.2, "0.3"), (2 / 3, "0.666667"), (5.0, "5")])
def test_a_number_cell_is_rounded_to_six_decimals(value: float, number: str) -> None:
    assert read_amount(cells.make_number_cell(value)) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "problem", "reason"),
    [
        ("48,325", "unreadable", "decimals"), ("1.234,567", "unreadable", "decimals"),
        ("48.5", "unreadable", "english"),
        ("-1,5", "negative", "amount"), ("48 km", "unreadable", "words"), ("", "missing", "amount"),
        ("1000000000000", "unreadable", "large"),
    ],
)  # fmt: skip
def test_any_other_text_is_rejected(text: str, problem: str, reason: str) -> None:
    assert read_amount(cells.make_text_cell(text)) == InvalidNumber(problem, reason)  # type: ignore[arg-type]

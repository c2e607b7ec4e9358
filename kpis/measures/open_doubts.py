"""An open doubt as a row of `attainment` has it (design.md §5, §6)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NotRequired, TypedDict, cast

from kpis.measures.doubtful_entries import EntryRow
from kpis.measures.doubts import DoubtCode
from kpis.measures.weak_reading import FoundDoubt


class DoubtedRow(TypedDict):
    """One row of a sheet that is in doubt. `tab` and `row`: its place when it was recorded.

    `answering_agency` is there where another agency stands for that of the row.
    """

    source: str
    tab: str
    row: int
    agency: str
    occurred_on: date
    quantity: int | float
    content: str | None
    confirmed: bool
    row_hash: int
    answering_agency: NotRequired[str]


class OpenDoubt(TypedDict):
    """Rows that may mean something else.

    `reduces_by`: the full figure less the figure with this doubt alone applied.
    """

    code: DoubtCode
    rows: list[DoubtedRow]
    reduces_by: int | float


def build_open_doubt(
    doubt: FoundDoubt, numerator: int, denominator: int | None, measure: str, unit: int = 1
) -> OpenDoubt:
    """Return a doubt with its rows, and what it takes from the full figure, a fraction for a share.

    `unit`: how many of the smallest units, in which quantities and numerators are counted, make 1.
    """
    rows = [_build_row(row, unit) for row in doubt.doubt.rows]
    reduces_by: int | float = 0
    if doubt.figure is not None:
        numerator_alone, denominator_alone = doubt.figure
        if measure == "change":
            alone = (numerator, numerator_alone) if doubt.is_of_previous_year else (numerator_alone, denominator)
            reduces_by = float(_divide(numerator, denominator) - _divide(*alone))
        elif measure in ("ratio", "coverage"):
            base_alone = denominator_alone if measure == "ratio" else denominator
            reduces_by = float(_divide(numerator, denominator) - _divide(numerator_alone, base_alone))
        else:
            reduces_by = to_number(Fraction(numerator - numerator_alone, unit))
    return {"code": doubt.doubt.code, "rows": rows, "reduces_by": reduces_by}


def _build_row(row: EntryRow, unit: int) -> DoubtedRow:
    doubted = {name: getattr(row, name) for name in DoubtedRow.__annotations__}
    if row.answering_agency == row.agency:
        del doubted["answering_agency"]
    return cast(DoubtedRow, {**doubted, "quantity": to_number(Fraction(row.quantity, unit))})


def to_number(value: Fraction) -> int | float:
    """Return a whole number as int, any other as float."""
    return int(value) if value.denominator == 1 else float(value)


def _divide(numerator: int, denominator: int | None) -> Fraction:
    return Fraction(numerator, denominator) if denominator else Fraction(0)

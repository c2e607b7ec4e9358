"""Rows that are no data: repeated headers, numbered columns, titles, totals, signatures (design.md §4).

They are neither entries nor rejections. A row with an error cell is never one of them, because nobody knows
what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from kpis.checks.row_findings import get_cell, is_empty
from kpis.checks.row_identity import RowIdentity
from kpis.language.normalization import fold
from kpis.sheet.layout import TabLayout, repeats_header
from kpis.sheet.model import Cell, Field, RawRow, SetAsideReason, SetAsideRow

MAX_TEXT_LENGTH = 200
"""The most characters that are stored of a row that is set aside."""
_LEADING_FIELDS: Sequence[Field] = ("occurred_on", "agency", "target", "quantity")
_LEADING_EXPLANATION_FIELDS: Sequence[Field] = ("subject", "agency", "question", "explanation")
_TELLING_FIELDS: frozenset[Field] = frozenset({"occurred_on", "agency", "target", "task", "status", "subject"})
"""What makes a row data if it can be read; a number alone does not."""
_ALLOWED_EMPTY = 1
_NUMBERED_COLUMNS = 3
"""A row numbers the columns only if at least so many cells do, or all if the sheet has fewer columns."""
_LAST_NUMBER = 500
_COLUMN_NUMBER = re.compile(r"([0-9]{1,3}|[a-z])(?:=[0-9a-z:/x×*+%.,-]+)?\.?")
_FIRST_DAYS = (date(1899, 12, 31), date(1904, 1, 1))
"""The days of the numbers 1 (or 0, from 1904) in a column with a date format."""


def find_reason(
    layout: TabLayout, row: RawRow, cells: Mapping[Field, Cell], readable: frozenset[Field]
) -> SetAsideReason | None:
    """Return why a row is no data, None if it is; `readable` are the fields whose cells could be read."""
    if any(cell.kind == "error" for _, cell in _iterate_filled(layout, row)):
        return None
    if repeats_header(layout, row):
        return "repeats_header"
    if readable.isdisjoint(_TELLING_FIELDS - {"occurred_on"}) and _numbers_columns(layout, row):
        return "numbers_columns"
    if layout.kind == "progress":
        empty = sum(cells[name].kind == "empty" for name in _LEADING_FIELDS)
        is_data = empty <= _ALLOWED_EMPTY or not readable.isdisjoint(_TELLING_FIELDS)
    elif layout.kind == "explanations":
        filled = sum(cells[name].kind != "empty" for name in _LEADING_EXPLANATION_FIELDS)
        is_data = filled > _ALLOWED_EMPTY or not readable.isdisjoint(_LEADING_EXPLANATION_FIELDS)
    else:
        is_data = cells["task"].kind != "empty" or "status" in readable
    return None if is_data else "no_data"


def build_set_aside_row(layout: TabLayout, row: RawRow, identity: RowIdentity, reason: SetAsideReason) -> SetAsideRow:
    """Build the record of a row that is no data, with the texts of the cells that we read."""
    text = " · ".join(cell.text for _, cell in _iterate_filled(layout, row))
    return SetAsideRow(
        tab=layout.kind,
        tab_name=layout.tab.name,
        number=row.number,
        row_hash=identity.hash_rejected(),
        reason=reason,
        text=text if len(text) <= MAX_TEXT_LENGTH else text[: MAX_TEXT_LENGTH - 1] + "…",
    )


def _iterate_filled(layout: TabLayout, row: RawRow) -> Iterator[tuple[int, Cell]]:
    """Yield column and cell of each filled cell that we read, from left to right."""
    columns = {*layout.columns.values(), *(other.column for other in layout.other_columns)}
    for column in sorted(columns):
        cell = get_cell(row, column)
        if not is_empty(cell):
            yield column, cell


def _numbers_columns(layout: TabLayout, row: RawRow) -> bool:
    """True for rows like "(1) (2) (3)" or "A B 1 2 3=2/1": letters, then numbers, each increasing."""
    names = [_read_column_number(cell) for _, cell in _iterate_filled(layout, row)]
    if len(names) < min(_NUMBERED_COLUMNS, len(layout.columns)) or None in names:
        return False
    letters = [name for name in names if isinstance(name, str)]
    numbers = [name for name in names if isinstance(name, int)]
    return (
        names == [*letters, *numbers]
        and all(left < right for left, right in pairwise(letters))
        and all(left < right for left, right in pairwise(numbers))
    )


def _read_column_number(cell: Cell) -> int | str | None:
    if isinstance(cell.value, date):
        days = (cell.value - _FIRST_DAYS[cell.value.year >= _FIRST_DAYS[1].year]).days
        return days + 1 if 0 <= days < _LAST_NUMBER else None
    match = _COLUMN_NUMBER.fullmatch(re.sub(r"[\s()\[\]]", "", fold(cell.text)))
    if match is None:
        return None
    return int(match[1]) if match[1].isdigit() else match[1]

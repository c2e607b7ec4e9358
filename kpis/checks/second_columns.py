"""Rows in which two columns of one field disagree (design.md §4).

The column with the field's first name is read. The other is looked at only where its cell can be read: then it
differs, or it is named beside what is wrong with the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kpis.checks.cell_readings import CellReading
from kpis.checks.row_findings import CellRejection, get_cell, is_empty
from kpis.checks.row_identity import make_unread_key
from kpis.sheet.cells import format_cell_name
from kpis.sheet.layout import TabLayout
from kpis.sheet.model import Cell, Field, RawRow

ReadCell = Callable[[Cell], CellReading[Any]]


def find_disagreements(
    layout: TabLayout,
    row: RawRow,
    readings: Mapping[Field, CellReading[Any]],
    read_cells: Mapping[Field, ReadCell],
    rejections: Sequence[CellRejection],
) -> list[CellRejection]:
    """Return the rejections of a row, and one more for each field whose second column holds another valid value.

    Where the first column's cell is rejected already there is no second code: that rejection names the other.
    """
    rejected = list(rejections)
    for other in layout.other_columns:
        cell = get_cell(row, other.column)
        if other.field not in read_cells or is_empty(cell):
            continue
        value = read_cells[other.field](cell).value
        if value is None or value == readings[other.field].value:
            continue
        detail = {
            "other_cell": format_cell_name(other.column, row.number),
            "other_header": other.header,
            "other_value": cell.text,
        }
        at = next((at for at, rejection in enumerate(rejected) if rejection.field == other.field), None)
        if at is None:
            is_first_empty = is_empty(get_cell(row, layout.columns[other.field]))
            reason = {"reason": "empty"} if is_first_empty else {}
            rejected.append(CellRejection(other.field, "columns_disagree", {**detail, **reason}))
        elif "other_cell" not in rejected[at].detail:
            rejected[at] = replace(rejected[at], detail={**rejected[at].detail, **detail})
    return rejected


def list_other_keys(rejections: Iterable[CellRejection]) -> tuple[str, ...]:
    """Return what the values of other columns add to a row's identity."""
    return tuple(
        make_unread_key(str(rejection.detail["other_value"]))
        for rejection in rejections
        if "other_value" in rejection.detail
    )

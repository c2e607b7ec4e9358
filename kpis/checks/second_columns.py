"""Rows in which two columns of one field disagree (design.md §4).

The column with the field's first name is read. The other is looked at only where its cell can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from kpis.checks.plan_vocabulary import CellReading
from kpis.checks.row_findings import CellRejection, get_cell, is_empty
from kpis.sheet.cells import format_cell_name
from kpis.sheet.layout import TabLayout
from kpis.sheet.model import Cell, Field, RawRow

ReadCell = Callable[[Cell], CellReading[Any]]


def find_disagreements(
    layout: TabLayout,
    row: RawRow,
    readings: Mapping[Field, CellReading[Any]],
    read_cells: Mapping[Field, ReadCell],
    rejected_fields: Collection[Field],
) -> list[CellRejection]:
    """Return a rejection for each field whose second column holds another valid value.

    Cells that are rejected already (`rejected_fields`) are left out: there is one code per cell.
    """
    rejections = []
    for other in layout.other_columns:
        cell = get_cell(row, other.column)
        if other.field not in read_cells or other.field in rejected_fields or is_empty(cell):
            continue
        value = read_cells[other.field](cell).value
        if value is None or value == readings[other.field].value:
            continue
        first = get_cell(row, layout.columns[other.field])
        detail = {
            "other_cell": format_cell_name(other.column, row.number),
            "other_header": other.header,
            "other_value": cell.text,
            **({"reason": "empty"} if is_empty(first) else {}),
        }
        rejections.append(CellRejection(other.field, "columns_disagree", detail))
    return rejections

"""Marks of a progress row from which doubts are computed, alone and with equal rows (design.md §5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpis.checks.row_findings import is_empty
from kpis.sheet.model import Cell, Entry
from kpis.sheet.tab_headers import HEADERS


def is_struck(cells: Sequence[Cell]) -> bool:
    """True if every filled cell is struck; `cells` are in the order of the tab's fields.

    The answer to the doubt, under Xác nhận, is not among them.
    """
    return all(
        cell.is_struck or is_empty(cell)
        for name, cell in zip(HEADERS["progress"], cells, strict=True)
        if name != "confirmed"
    )


def merge_marks(entry: Entry, repeat: Entry) -> Entry:
    """Return an entry with the marks of an equal row, so that their order in the sheet does not matter."""
    return replace(
        entry,
        confirmed=entry.confirmed or repeat.confirmed,
        sums_own_column=entry.sums_own_column or repeat.sums_own_column,
        is_struck=entry.is_struck and repeat.is_struck,
        swapped_on=None if repeat.swapped_on is None else entry.swapped_on,
    )

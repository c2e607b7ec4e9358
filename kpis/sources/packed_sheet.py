"""A raw sheet as bytes, for the way from the process that parses to the one that syncs.

Each different cell is sent once, as a tuple of its fields, and rows refer to it by number: a sheet repeats
its days, agencies and targets, and pickling millions of dataclass instances would cost more than parsing.
"""

from __future__ import annotations

import io
import pickle
from array import array
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

from kpis.sheet.cells import EMPTY_CELL
from kpis.sheet.model import Cell, RawRow, RawSheet

_ALLOWED_MODULES = ("kpis.sheet.model", "datetime", "array")
_PackedRows = tuple["array[int]", "array[int]", "array[int]"]


def pack_sheet(sheet: RawSheet) -> bytes:
    """Return a sheet as bytes that `unpack_sheet` understands."""
    names = [field.name for field in fields(Cell)]
    numbers: dict[int, int] = {id(EMPTY_CELL): 0}
    distinct: list[Cell] = [EMPTY_CELL]
    packed_tabs = [_pack_rows(tab.rows, numbers, distinct) for tab in sheet.tabs]
    cells = list(map(attrgetter(*names), distinct[1:]))
    frame = replace(sheet, tabs=tuple(replace(tab, rows=()) for tab in sheet.tabs))
    return pickle.dumps((frame, packed_tabs, cells), pickle.HIGHEST_PROTOCOL)


def unpack_sheet(content: bytes) -> RawSheet:
    """Return the sheet that `pack_sheet` made into bytes."""
    frame: RawSheet
    frame, packed_tabs, fields_of_cells = load_plain(content)
    cells = [EMPTY_CELL, *(Cell(*values) for values in fields_of_cells)]
    tabs = [replace(tab, rows=_unpack_rows(packed, cells)) for tab, packed in zip(frame.tabs, packed_tabs, strict=True)]
    return replace(frame, tabs=tuple(tabs))


def load_plain(content: bytes) -> Any:
    """Unpickle values, days and the types of the sheet model only: a hostile file may have sent the bytes."""
    return _PlainUnpickler(io.BytesIO(content)).load()


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if module in _ALLOWED_MODULES:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a sheet")


def _pack_rows(rows: tuple[RawRow, ...], numbers: dict[int, int], distinct: list[Cell]) -> _PackedRows:
    """Return row numbers, numbers of cells per row, and the cells of all rows by their number."""
    row_numbers, lengths, indices = array("q"), array("q"), array("q")
    for row in rows:
        row_numbers.append(row.number)
        lengths.append(len(row.cells))
        for cell in row.cells:
            number = numbers.get(id(cell))
            if number is None:
                # The sheet keeps every cell alive meanwhile, so no identity is used twice.
                numbers[id(cell)] = number = len(distinct)
                distinct.append(cell)
            indices.append(number)
    return row_numbers, lengths, indices


def _unpack_rows(packed: _PackedRows, cells: list[Cell]) -> tuple[RawRow, ...]:
    row_numbers, lengths, indices = packed
    rows, start = [], 0
    for number, length in zip(row_numbers, lengths, strict=True):
        end = start + length
        rows.append(RawRow(number, tuple([cells[index] for index in indices[start:end]])))
        start = end
    return tuple(rows)

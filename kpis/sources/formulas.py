"""Finds formulas over cells of their own column: `=SUM(D2:D9)` in D10 repeats what stands above it."""

from __future__ import annotations

import re
from functools import lru_cache

from kpis.language.normalization import fold
from kpis.sources.xlsx.openpyxl_internals import list_formula_ranges

_CELL = r"\$?([A-Za-z]{1,3})\$?[0-9]*"
_COLUMNS_PATTERN = re.compile(rf"{_CELL}(?::{_CELL})?")
_ROWS_PATTERN = re.compile(r"\$?[0-9]+:\$?[0-9]+")


def sums_own_column(formula: str, column: int, tab: str) -> bool:
    """True if a formula of a cell in `column` (from 1) of `tab` refers to cells of that column.

    `formula` is without the equals sign. A name or a table's column is not followed.
    """
    return any(_includes_column(reference, column, tab) for reference in _list_references(formula))


@lru_cache(maxsize=1 << 12)
def _list_references(formula: str) -> tuple[str, ...]:
    return tuple(list_formula_ranges(formula))


def _includes_column(reference: str, column: int, tab: str) -> bool:
    sheet, _, area = reference.rpartition("!")
    if sheet and fold(sheet.strip("'").replace("''", "'")) != fold(tab):
        return False
    if _ROWS_PATTERN.fullmatch(area):
        return True
    match = _COLUMNS_PATTERN.fullmatch(area)
    if match is None or not (match[2] or any(character.isdigit() for character in area)):
        return False
    first = _to_number(match[1])
    last = _to_number(match[2]) if match[2] else first
    return min(first, last) <= column <= max(first, last)


def _to_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number

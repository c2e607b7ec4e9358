"""Finds formulas over cells of their own column: `=SUM(D2:D9)` in D10 repeats what stands above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from kpis.language.normalization import fold
from kpis.sources.xlsx.openpyxl_functions import list_formula_ranges

_CELL = r"\$?([A-Za-z]{1,3})\$?[0-9]*"
_COLUMNS_PATTERN = re.compile(rf"{_CELL}(?::{_CELL})?")
_ROWS_PATTERN = re.compile(r"\$?[0-9]+:\$?[0-9]+")
_INDIRECT_PATTERN = re.compile(r'\bINDIRECT\s*\(\s*"([^"]+)"', re.IGNORECASE)
_TABLE_COLUMN_PATTERN = re.compile(r"\[([^\[\]#@]+)\]|\[@([^\[\]]+)\]")


def sums_own_column(formula: str, column: int, tab: str, names: Mapping[str, str] = MappingProxyType({})) -> bool:
    """True if a formula of a cell in `column` (from 1) of `tab` refers to cells of that column.

    `formula` is without the equals sign. `names`: the references of defined names, tables ("table") and their
    columns ("table[column]"), folded.
    """
    return any(
        _includes_column(area, column, tab)
        for reference in _list_references(formula)
        for area in _follow_name(reference, names)
    )


@lru_cache(maxsize=1 << 12)
def _list_references(formula: str) -> tuple[str, ...]:
    return (*list_formula_ranges(formula), *_INDIRECT_PATTERN.findall(formula))


def _follow_name(reference: str, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the areas that a reference means: itself, a name's, or those of the columns of a table."""
    table, bracket, _ = reference.partition("[")
    columns = [first or second for first, second in _TABLE_COLUMN_PATTERN.findall(reference)] if bracket else []
    keys = [f"{fold(table)}[{fold(column)}]" for column in columns] or [fold(table)]
    for key in keys:
        yield from names.get(key, reference).split(",")


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

"""A1 notation: "'Tiến độ'!B2:D", "A1:Z", or only the name of a tab."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CELL = r"([A-Z]{0,3})(\d*)"
_RANGE = re.compile(rf"{_CELL}(?::{_CELL})?")


@dataclass(frozen=True)
class A1Range:
    """Rows and columns from 0, ends exclusive; None is an open end."""

    row: int = 0
    column: int = 0
    end_row: int | None = None
    end_column: int | None = None


def split_range(text: str) -> tuple[str | None, A1Range] | None:
    """Return tab title (None: the first tab) and area, None if the text is no range. A word is a title."""
    quoted = re.fullmatch(r"'((?:[^']|'')*)'(?:!(.*))?", text, re.DOTALL)
    if quoted:
        title, rest = quoted[1].replace("''", "'"), quoted[2]
    elif "!" in text:
        title, rest = text.rsplit("!", 1)
    else:
        area = parse_range(text)
        return (None, area) if area else (text, A1Range())
    if rest is None:
        return title, A1Range()
    area = parse_range(rest)
    return (title, area) if area else None


def parse_range(text: str) -> A1Range | None:
    """Return the area of "B2:D", "A:C", "3:7" or "B2", None for anything else."""
    match = _RANGE.fullmatch(text.replace("$", ""))
    if match is None or not text:
        return None
    left, top, right, bottom = match.groups()
    if right is None and bottom is None:  # one cell
        if not (left and top):
            return None
        return A1Range(int(top) - 1, parse_column(left), int(top), parse_column(left) + 1)
    return A1Range(
        int(top) - 1 if top else 0,
        parse_column(left) if left else 0,
        int(bottom) if bottom else None,
        parse_column(right) + 1 if right else None,
    )


def parse_column(letters: str) -> int:
    """Return column letters as an index from 0."""
    value = 0
    for letter in letters:
        value = value * 26 + ord(letter) - 64
    return value - 1


def format_column(column: int) -> str:
    """Return a column index from 0 as letters."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def parse_cell(text: str) -> tuple[int, int]:
    """Return row and column from 0 of "D12"; ValueError for anything but one row."""
    area = parse_range(text)
    if area is None or area.end_row != area.row + 1:
        raise ValueError(f"{text!r} is no cell")
    return area.row, area.column

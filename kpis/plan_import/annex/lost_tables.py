"""Reads rows of a table that lost its lines: one cell a paragraph behind the header row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kpis.plan_import.annex.columns import Columns, fold_title, judge_title
from kpis.plan_import.model import OutlinedBlock, Place

_NUMBER_ALONE: Final = re.compile(r"^\(?(?P<n>\d{1,3}|[a-zđ]|[IVXL]{1,5}|\d{1,2}(?:\.\d{1,2}){1,2})\s?[.)/]*$")

LostRow = tuple[str | None, str | None, dict[str, str], Place]
"""Number, section, cells by content, place of the title."""


def read_lost_rows(outlined: Sequence[OutlinedBlock], columns: Columns) -> tuple[list[LostRow], int]:
    """Return the rows and how many blocks they take; none if no paragraph is a number alone.

    A row begins at a number alone. Its paragraphs are the other cells in the columns' order; what is more than the
    columns hold was broken by a page and goes on in the same order. A number with one text is a group's head.
    """
    contents = [content for content in columns.contents if content != "number"]
    start = 0
    # A title of the header row that was cut from it ("Thời gian thực hiện" alone).
    while start < len(outlined) and (content := judge_title(fold_title(outlined[start].block.text))) not in {
        "other",
        "title",
    }:
        if len(outlined[start].block.text) > 40:
            break
        if content not in contents and content != "number":
            contents.append(content)
        start += 1
    starts = [index for index in range(start, len(outlined)) if _NUMBER_ALONE.match(outlined[index].block.text)]
    if not starts or starts[0] > start + 1:
        return [], 0
    rows: list[LostRow] = []
    group: str | None = None
    for begin, end in zip(starts, [*starts[1:], len(outlined)], strict=True):
        match = _NUMBER_ALONE.match(outlined[begin].block.text)
        number = match["n"] if match else None
        parts = [outlined[index] for index in range(begin + 1, end)]
        if not parts:
            continue
        if len(parts) == 1:
            group = number
            continue
        if number is not None and not number.isalpha():
            group = None
        first = parts[0].block
        place = Place(group, first.page, first.index, first.lines[0] if first.lines else None)
        rows.append((number, group, _fill_columns([part.block.text for part in parts], contents), place))
    return rows, len(outlined)


def _fill_columns(parts: Sequence[str], contents: Sequence[str]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for index, part in enumerate(parts):
        content = contents[index % len(contents)]
        cells[content] = f"{cells[content]} {part}" if content in cells else part
    return cells

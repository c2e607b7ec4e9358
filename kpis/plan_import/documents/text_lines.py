"""The lines of a plain text with their numbers, without the page numbers of a text laid out in pages."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Final

from kpis.plan_import.documents.marks import clean_characters, remove_marks

_PAGE_NUMBER: Final = re.compile(r"\s*[-–—]?\s*(?:Trang\s+)?(\d{1,3})(?:\s*/\s*\d{1,3})?\s*[-–—]?\s*$")


@dataclass(frozen=True)
class Line:
    """One line: `text` without marks of emphasis, `raw` as printed without blanks at its end."""

    number: int
    text: str
    raw: str
    page: int | None

    @property
    def indent(self) -> int:
        """The blanks before the first letter."""
        return len(self.raw) - len(self.raw.lstrip(" "))


def read_lines(content: str) -> list[Line]:
    """Return the lines of a text, numbered from 1; pages are counted where form feeds divide it."""
    content = clean_characters(content.replace("\r\n", "\n").replace("\r", "\n"))
    lines, page = [], 1 if "\f" in content else None
    for number, raw in enumerate(content.split("\n"), start=1):
        if page is not None:
            page += raw.count("\f")
        raw = raw.replace("\f", "")
        lines.append(Line(number, remove_marks(raw.rstrip()), raw.rstrip(" "), page))
    return _remove_page_numbers(lines)


def _remove_page_numbers(lines: list[Line]) -> list[Line]:
    """Leave out the page numbers of a text that was laid out in pages, and the blank lines around them.

    They are numbers alone on an indented line that rise by one, so that a cell with a number stays.
    """
    numbered = [
        (index, int(match[1]))
        for index, line in enumerate(lines)
        if line.raw.startswith("      ") and (match := _PAGE_NUMBER.match(line.raw))
    ]
    is_rising = len(numbered) > 1 and all(a[1] < b[1] for a, b in itertools.pairwise(numbered))
    removed: set[int] = set()
    for index, _ in numbered if is_rising else []:
        removed.add(index)
        for step in (-1, 1):
            near = index + step
            while 0 <= near < len(lines) and not lines[near].raw.strip():
                removed.add(near)
                near += step
    return [line for index, line in enumerate(lines) if index not in removed]

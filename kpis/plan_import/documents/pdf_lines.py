"""Lines of a PDF's page from its words: columns side by side, small print, page numbers; and paragraphs from lines."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Final

from kpis.plan_import.documents.marks import clean_characters
from kpis.plan_import.documents.text_reader import has_marker, is_capital, starts_paragraph
from kpis.plan_import.vietnamese_patterns import compile_vietnamese

_SAME_LINE: Final = 0.5
"""Share of a line's height by which the middles of its words may differ."""
_COLUMN_GAP: Final = 22.0
"""Points between words that stand in columns side by side."""
_INDENT: Final = 8.0
_UNEVEN: Final = 0.3
"""Share of the width by which the margins of a centred line may differ (columns of a letterhead)."""
_WIDE_GAP: Final = 1.75
"""Distance of two lines, in usual distances, that ends a paragraph."""
_CERTAIN: Final = 1.5
"""Widths of a word for which a line has room beyond doubt."""
_SMALL_PRINT: Final = 0.88
_PAGE_NUMBER: Final = re.compile(r"^[-–—]?\s*(?:Trang\s+)?\d{1,3}(?:\s*/\s*\d{1,3})?\s*[-–—]?$")
_DASH_BEFORE_CAPITAL: Final = compile_vietnamese(r"[-–+•]\s+[A-ZÀ-Ỹ]")
_BEGINS: Final = compile_vietnamese(r"[A-ZÀ-Ỹ\d“\"]")
_ENDED: Final = re.compile(r"[.:;!?…][\"”’')\]]*$")


@dataclass(frozen=True)
class Line:
    """One line of a page, in points from the page's left top. `page` counts from 1."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    page: int

    @property
    def middle(self) -> float:
        """Return the height of its middle."""
        return (self.top + self.bottom) / 2


def build_lines(words: Sequence[dict[str, Any]], page: int) -> list[list[Line]]:
    """Return the lines of words in reading order; a line with columns side by side has several parts."""
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda word: ((word["top"] + word["bottom"]) / 2, word["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        row = rows[-1] if rows else None
        if row is not None and abs(middle - _measure_middle(row)) <= _SAME_LINE * max(word["bottom"] - word["top"], 4):
            row.append(word)
        else:
            rows.append([word])
    return [list(_split_columns(sorted(row, key=lambda word: word["x0"]), page)) for row in rows]


def _measure_middle(row: Sequence[dict[str, Any]]) -> float:
    return float(median((word["top"] + word["bottom"]) / 2 for word in row))


def _split_columns(row: Sequence[dict[str, Any]], page: int) -> Iterator[Line]:
    part: list[dict[str, Any]] = []
    for word in row:
        if part and word["x0"] - part[-1]["x1"] > _COLUMN_GAP:
            yield _build_line(part, page)
            part = []
        part.append(word)
    yield _build_line(part, page)


def _build_line(words: Sequence[dict[str, Any]], page: int) -> Line:
    size = median(word["bottom"] - word["top"] for word in words)
    text = " ".join(word["text"] for word in words)
    return Line(
        re.sub(r" (?=[;,.:](?:\s|$))", "", re.sub(r"\s+", " ", clean_characters(text))).strip(),
        words[0]["x0"],
        words[-1]["x1"],
        min(word["top"] for word in words),
        max(word["bottom"] for word in words),
        size,
        page,
    )


def find_running_lines(pages: Sequence[Sequence[Sequence[Line]]], heights: Sequence[float]) -> set[tuple[int, int]]:
    """Return (page index, line index) of page numbers, and of headers and footers that most pages repeat."""
    removed: set[tuple[int, int]] = set()
    repeated: dict[str, list[tuple[int, int]]] = {}
    for page_index, lines in enumerate(pages):
        for line_index, parts in enumerate(lines):
            if not parts[0].top < heights[page_index] * 0.09 and not parts[-1].bottom > heights[page_index] * 0.92:
                continue
            text = " ".join(part.text for part in parts)
            if _PAGE_NUMBER.match(text):
                removed.add((page_index, line_index))
            repeated.setdefault(re.sub(r"\d+", "#", text), []).append((page_index, line_index))
    for places in repeated.values():
        if len(places) >= 3 and len({page for page, _ in places}) * 2 > len(pages):
            removed.update(places)
    return removed


def measure_size(lines: Iterable[Line]) -> float:
    """Return the height of the body's print: that of most characters."""
    sizes = [(round(line.size, 1), len(line.text)) for line in lines]
    totals: dict[float, int] = {}
    for size, length in sizes:
        totals[size] = totals.get(size, 0) + length
    return max(totals, key=lambda size: totals[size]) if totals else 0.0


def is_small_print(line: Line, body_size: float, page_height: float) -> bool:
    """Tell whether a line is a footnote: small print in the lower part of a page."""
    return line.size < _SMALL_PRINT * body_size and line.top > page_height * 0.5


def join_paragraphs(lines: Sequence[Line]) -> list[Line]:
    """Return paragraphs: lines of one column joined; each has the place and page of its first line."""
    if not lines:
        return []
    left = _find_margin(line.left for line in lines)
    right = max(line.right for line in lines)
    distance = _find_distance(lines)
    paragraphs: list[Line] = []
    previous: Line | None = None
    for line in lines:
        if previous is not None and _goes_on(previous, line, paragraphs[-1], left, right, distance):
            paragraphs[-1] = replace(paragraphs[-1], text=join_text(paragraphs[-1].text, line.text))
        else:
            paragraphs.append(line)
        previous = line
    return paragraphs


def join_text(start: str, rest: str) -> str:
    """Join two lines; what was cut behind a sign ("75-" / "KL/TW", "bộ/" / "tỉnh") is one word."""
    if (re.search(r"[\dA-ZĐ]-$", start) and re.match(r"[A-ZĐ]{2}", rest)) or re.search(r"\w/$", start):
        return start + rest
    return f"{start} {rest}"


def _find_margin(values: Iterable[float]) -> float:
    """Return the left margin of most lines."""
    counts: dict[int, int] = {}
    for value in values:
        counts[round(value / 3)] = counts.get(round(value / 3), 0) + 1
    most = max(counts.values())
    return min(key for key, count in counts.items() if count >= max(2, most * 0.2) or count == most) * 3.0


def _find_distance(lines: Sequence[Line]) -> float:
    distances = [
        after.middle - line.middle
        for line, after in itertools.pairwise(lines)
        if line.page == after.page and 0 < after.middle - line.middle < 60
    ]
    # Distances between paragraphs are larger: the lower half are those within one.
    return sorted(distances)[len(distances) // 3] if distances else 0.0


def _goes_on(previous: Line, line: Line, paragraph: Line, left: float, right: float, distance: float) -> bool:
    if starts_paragraph(line.text, previous.text) and (
        line.left - left > _INDENT or _has_room(previous, line, right) or _begins_section(line, previous)
    ):
        return False
    if _has_marker_alone(line, previous):
        return False
    if (
        is_capital(previous.text) != is_capital(line.text)
        and min(len(previous.text), len(line.text)) > 3
        and (is_capital(paragraph.text) or is_capital(line.text))
        and _has_room(previous, line, right)
    ):
        return False
    same_page = previous.page == line.page
    if same_page and distance and line.middle - previous.middle > distance * _WIDE_GAP:
        return False
    is_centred, was_centred = _is_centred(line, left, right), _is_centred(previous, left, right)
    is_cut = not (_ENDED.search(previous.text) or _has_room(previous, line, right))  # in the middle of a sentence
    if line.left - left > _INDENT and not is_centred and not line.text[:1].islower() and not is_cut:
        return False  # the indented first line of a paragraph; other lines may hang below its number
    if is_centred and not was_centred and _ENDED.search(previous.text):
        return False
    if not was_centred and _BEGINS.match(line.text) and _has_room(previous, line, right, _CERTAIN):
        return False  # a line that ends early and is no title: the next begins a paragraph
    are_capital = is_capital(previous.text) and (is_capital(line.text) or _has_no_letter_case(line.text))
    if is_centred and not line.text[:1].islower() and not was_centred and not are_capital:
        return False
    return not (_ENDED.search(previous.text) and _has_room(previous, line, right))


def _is_centred(line: Line, left: float, right: float) -> bool:
    """Tell whether a line stands in the middle; the last line of an item with hanging lines does not."""
    margins = line.left - left, right - line.right
    return min(margins) > _INDENT and abs(margins[0] - margins[1]) <= _UNEVEN * (right - left)


def _has_no_letter_case(text: str) -> bool:
    """Tell whether a line of a title holds hardly any letters: "- 2030"."""
    return sum(letter.isalpha() for letter in text) <= 3


def _begins_section(line: Line, previous: Line) -> bool:
    """A marker behind a stop, or before a title in capitals, begins even after a line that fills its width."""
    is_title = is_capital(line.text) and not is_capital(previous.text)
    return has_marker(line.text) and (is_title or _ENDED.search(previous.text) is not None)


def _has_marker_alone(line: Line, previous: Line) -> bool:
    """A dash before a capital begins an item even after a line that fills its width."""
    return bool(_DASH_BEFORE_CAPITAL.match(line.text)) and bool(_ENDED.search(previous.text))


def _has_room(previous: Line, line: Line, right: float, factor: float = 1.0) -> bool:
    """Tell whether the first word of a line, or so many times its width, had room in the line before it."""
    first = line.text.split(" ", 1)[0]
    width = (line.right - line.left) * (len(first) + 1) / max(len(line.text), 1)
    return right - previous.right > width * factor

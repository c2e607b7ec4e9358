"""Reads a PDF that holds text: tables over pages, columns side by side, headers, footers and footnotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pdfplumber
import pypdfium2

from kpis.plan_import.documents.pdf_lines import (
    Line,
    build_lines,
    find_running_lines,
    is_small_print,
    join_paragraphs,
    measure_size,
)
from kpis.plan_import.documents.text_reader import build_table_block, join_broken_paragraphs
from kpis.plan_import.model import Block

LEAST_TEXT: Final = 40
"""Characters that a page has at least, on average, if the file is no scan."""
_WORDS: Final = {"x_tolerance_ratio": 0.15, "y_tolerance": 3, "keep_blank_chars": False, "use_text_flow": False}
_TABLES: Final = {
    "vertical_strategy": "lines",
    "horizontal_strategy": "lines",
    "snap_tolerance": 4,
    "join_tolerance": 4,
}
_LEAST_TABLE: Final = 2
_ALIGNED: Final = 6
_SAME_EDGE: Final = 6
_MOST_HEADER_ROWS: Final = 4
_LONGEST_TITLE: Final = 80
_BEGINS_DATA: Final = re.compile(r"^(?:\(?\d{1,3}[.)]?|[IVXL]+[.)]?|[A-H][.)]?|[a-zđ][.)]|[-–+•])(?:\s|$)|^[IVX]+\.\s")
_RAISED_SIZE: Final = 0.8
_RAISED_BY: Final = 0.1


@dataclass(frozen=True)
class _Table:
    """A table's rows, with its top and the left edges of its columns in points."""

    top: float
    edges: tuple[float, ...]
    rows: list[list[str]]


@dataclass
class _Page:
    """A page's lines outside tables, and its tables."""

    number: int
    height: float
    lines: list[list[Line]] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)


@dataclass
class _Blocks:
    """The blocks so far, the lines of open paragraphs, and the last table with its header rows."""

    blocks: list[Block] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    footnotes: list[Line] = field(default_factory=list)
    table: tuple[int, _Table] | None = None
    header: list[list[str]] = field(default_factory=list)

    def close(self) -> None:
        """Add the open paragraphs, and the footnotes of their pages behind them."""
        if self.lines:
            self.table = None
        for paragraph in (*join_paragraphs(self.lines), *join_paragraphs(self.footnotes)):
            self.blocks.append(Block(len(self.blocks), paragraph.text, page=paragraph.page))
        self.lines.clear()
        self.footnotes.clear()

    def add_table(self, table: _Table, page: int) -> None:
        """Add a table; one that goes on from the page before gets the header rows that it lacks."""
        self.close()
        rows = [row for row in table.rows if any(row)]
        if self.table is not None and self.table[0] in {page - 1, page} and _have_same_columns(self.table[1], table):
            repeated = 0
            while repeated < min(len(self.header), len(rows)) and rows[repeated] == self.header[repeated]:
                repeated += 1
            rows = [*self.header, *rows[repeated:]]
        else:
            self.header = find_header_rows(rows)
        self.table = (page, table)
        if rows:
            self.blocks.append(build_table_block(len(self.blocks), rows, page=page))


def count_pages_and_text(path: Path) -> tuple[int, int]:
    """Return how many pages a PDF has and how many characters of text. PdfiumError if it cannot be opened."""
    document = pypdfium2.PdfDocument(str(path))
    try:
        pages = len(document)
        return pages, sum(document[index].get_textpage().count_chars() for index in range(pages))
    finally:
        document.close()


def read_pdf_blocks(path: Path, report: Callable[[int, int], None]) -> tuple[Block, ...]:
    """Return the blocks with their pages; `report` gets each page's number and how many there are."""
    pages: list[_Page] = []
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            pages.append(_read_page(page))
            report(page.page_number, len(pdf.pages))
            page.close()
    return _build_blocks(pages)


def _read_page(page: Any) -> _Page:
    page = _remove_raised_digits(page)
    words = page.extract_words(**_WORDS)
    read = _Page(page.page_number, float(page.height))
    boxes: list[tuple[float, float, float, float]] = []
    for table in page.find_tables(_TABLES):
        rows = _read_table(table, words, page.page_number)
        if len(rows) * max((len(row) for row in rows), default=0) >= _LEAST_TABLE and any(any(row) for row in rows):
            edges = tuple(sorted({round(cell[0]) for cell in table.cells}))
            read.tables.append(_Table(table.bbox[1], edges, rows))
            boxes.append(table.bbox)
    outside = [word for word in words if not any(_is_inside(word, box) for box in boxes)]
    read.lines = build_lines(outside, page.page_number)
    return read


def _remove_raised_digits(page: Any) -> Any:
    """Return a page without the numbers of footnotes; "m²" keeps its digit."""
    chars = [char for char in page.chars if not char["text"].isspace()]
    raised: set[int] = set()
    base: dict[str, Any] | None = None
    for index, char in enumerate(chars):
        if not char["text"].isdigit():
            base = char
            continue
        following = next((each for each in chars[index + 1 : index + 4] if not each["text"].isdigit()), None)
        is_before_word = following is not None and _is_raised(char, following)
        if (
            base is not None and _is_raised(char, base) and not (base["text"] == "m" and char["text"] in "23")
        ) or is_before_word:
            raised.add(id(char))
        else:
            base = char
    return page.filter(lambda item: id(item) not in raised) if raised else page


def _is_raised(char: dict[str, Any], base: dict[str, Any]) -> bool:
    size = float(base["size"])
    return bool(
        char["size"] < _RAISED_SIZE * size
        and base["bottom"] - char["bottom"] > _RAISED_BY * size
        and char["top"] < base["bottom"]
        and abs(char["x0"] - base["x0"]) < 3 * size
    )


def _is_inside(word: dict[str, Any], box: Sequence[float]) -> bool:
    across, down = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _begins_in(word: dict[str, Any], box: Sequence[float]) -> bool:
    """A word that is too long for its narrow cell still begins in it."""
    down = (word["top"] + word["bottom"]) / 2
    return bool(box[0] - 1 <= word["x0"] < box[2] - 1 and box[1] <= down <= box[3])


def _read_table(table: Any, words: Sequence[dict[str, Any]], page: int) -> list[list[str]]:
    """Return a table's texts; a cell merged over columns or rows repeats its text in each that it covers."""
    inside = [word for word in words if _is_inside(word, table.bbox)]
    edges = sorted({round(cell[0]) for cell in table.cells})
    rows: list[list[str]] = []
    texts: dict[tuple[float, ...], str] = {}
    for row in table.rows:
        cells: list[str] = []
        middle = (row.bbox[1] + row.bbox[3]) / 2
        for index, cell in enumerate(row.cells):
            box = cell or _find_covering(table, edges[index] + 1 if index < len(edges) else None, middle)
            if box is None:
                cells.append("")
                continue
            if box not in texts:
                texts[box] = _read_cell([word for word in inside if _begins_in(word, box)], page)
            cells.append(texts[box])
        rows.append(cells)
    return rows


def _find_covering(table: Any, left: float | None, middle: float) -> tuple[float, float, float, float] | None:
    """Return the cell that covers a place of the grid where no cell begins."""
    if left is None:
        return None
    return next((cell for cell in table.cells if cell[0] <= left <= cell[2] and cell[1] <= middle <= cell[3]), None)


def _read_cell(words: Sequence[dict[str, Any]], page: int) -> str:
    lines = [_join_parts(parts) for parts in build_lines(words, page)] if words else []
    return "\n".join(paragraph.text for paragraph in join_paragraphs(lines))


def _join_parts(parts: Sequence[Line]) -> Line:
    first, last = parts[0], parts[-1]
    text = " ".join(part.text for part in parts)
    return Line(text, first.left, last.right, first.top, max(part.bottom for part in parts), first.size, first.page)


def _have_same_columns(table: _Table, other: _Table) -> bool:
    return len(table.edges) == len(other.edges) and all(
        abs(left - right) <= _SAME_EDGE for left, right in zip(table.edges, other.edges, strict=True)
    )


def find_header_rows(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the rows above the first that begins with a number or a sign; none if that is the first row.

    They are short titles: a table that is only the rest of one has none.
    """
    for index, row in enumerate(rows[: _MOST_HEADER_ROWS + 1]):
        if _BEGINS_DATA.match(row[0]) or sum(bool(cell) for cell in row) == 1:
            return [list(each) for each in rows[:index]]
        if any(len(cell) > _LONGEST_TITLE for cell in row):
            return []
    return []


def _build_blocks(pages: Sequence[_Page]) -> tuple[Block, ...]:
    running = find_running_lines([page.lines for page in pages], [page.height for page in pages])
    body_size = measure_size(part for page in pages for parts in page.lines for part in parts)
    blocks = _Blocks()
    for page_index, page in enumerate(pages):
        tables = sorted(page.tables, key=lambda table: table.top)
        columns: list[list[Line]] = []
        for line_index, parts in enumerate(page.lines):
            if (page_index, line_index) in running:
                continue
            while tables and tables[0].top < parts[0].top:
                _close_columns(columns, blocks)
                blocks.add_table(tables.pop(0), page.number)
            if len(parts) > 1 or (columns and _stays_in_column(parts[0], columns)):
                columns.append(list(parts))
                continue
            _close_columns(columns, blocks)
            is_small = is_small_print(parts[0], body_size, page.height)
            (blocks.footnotes if is_small else blocks.lines).append(parts[0])
        _close_columns(columns, blocks)
        for table in tables:
            blocks.add_table(table, page.number)
    blocks.close()
    return join_broken_paragraphs(blocks.blocks)


def _stays_in_column(line: Line, columns: Sequence[Sequence[Line]]) -> bool:
    """Tell whether a line below columns side by side belongs to one of them: it is aligned with what stands above."""
    if line.top - max(part.bottom for part in columns[-1]) >= line.size * 1.6:
        return False
    return any(
        abs(part.left - line.left) < _ALIGNED or abs((part.left + part.right) - (line.left + line.right)) < 2 * _ALIGNED
        for parts in columns
        for part in parts
    )


def _close_columns(columns: list[list[Line]], blocks: _Blocks) -> None:
    """Add columns side by side, as of a letterhead, as a table of one row."""
    if not columns:
        return
    blocks.close()
    divide = min(parts[1].left for parts in columns if len(parts) > 1) - 1
    cells: tuple[list[str], list[str]] = ([], [])
    for parts in columns:
        for part in parts:
            cells[part.left >= divide].append(part.text)
    row = ["\n".join(cell) for cell in cells]
    blocks.blocks.append(build_table_block(len(blocks.blocks), [row], page=columns[0][0].page))
    blocks.table = None
    columns.clear()

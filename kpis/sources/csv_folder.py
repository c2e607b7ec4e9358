"""Reads a folder of CSV files, each named like a tab, into raw tabs (design.md §4)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from io import StringIO
from itertools import chain, islice
from pathlib import Path

from kpis.errors import SourceError
from kpis.language.normalization import clean
from kpis.sheet.cells import EMPTY_CELL, make_text_cell
from kpis.sheet.layout import MAX_HEADER_ROWS, TabKind, count_matched_headers, find_tab_kind
from kpis.sheet.model import Cell, RawRow, RawSheet, RawTab
from kpis.sources.bounds import MAX_COLUMNS, ContentCounter

MAX_FILE_BYTES = 1 << 28
"""The most bytes of one file."""

_MAX_FIELD_LENGTH = 1 << 30  # the csv module's default is 131,072 characters
_END_RECORD = "\ue000end\ue000"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_folder(folder: Path, read_at: datetime) -> RawSheet:
    """Read every .csv file of the folder as a tab; row numbers count records, as in a spreadsheet.

    Raises SourceError, naming the file and the next step: it does not exist, cannot be opened, is not UTF-8
    or too large, or has a quotation mark that is never closed. TooMuchError beyond the limits on content.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if is_tab(path))
        return RawSheet(tuple(_read_tab(path) for path in paths), read_at)
    except FileNotFoundError as error:
        file = Path(error.filename or folder)
        raise SourceError(
            "The folder of CSV files {file} does not exist. Check its path: {path}."
            if file == folder
            else "{file} does not exist. Check its path: {path}.",
            file=file.name,
            path=file,
        ) from None
    except OSError as error:
        raise SourceError(
            "{file} cannot be opened: {reason}. Close it in other programs and check its read permission.",
            file=Path(error.filename or folder).name,
            reason=error.strerror or str(error),
        ) from error


def is_tab(path: Path) -> bool:
    """Return True if the path is a file that is read as a tab."""
    # macOS adds "._name.csv" next to a file, and Excel "~$name" while it has one open.
    return path.suffix.lower() == ".csv" and not path.name.startswith((".", "~$")) and path.is_file()


def _read_tab(path: Path) -> RawTab:
    name = clean(path.stem)
    kind = find_tab_kind(name)
    if kind is None:  # not one of ours: only its name is needed
        return RawTab(name, ())
    if path.stat().st_size > MAX_FILE_BYTES:
        raise SourceError(
            "{file} is too large. Delete what is not needed, or start a new file for this year.",
            file=path.name,
        )
    text = _decode_file(path)
    return RawTab(name, tuple(_count_cells(_parse_rows(text, _detect_delimiter(text, kind), path.name))))


def _count_cells(rows: Iterable[RawRow]) -> Iterator[RawRow]:
    """Yield the rows; TooMuchError if they hold more cells than are read."""
    counter = ContentCounter()
    for row in rows:
        counter.add_cells(sum(cell is not EMPTY_CELL for cell in row.cells))
        yield row


def _decode_file(path: Path) -> str:
    content = path.read_bytes()
    try:
        if not content.startswith(_UTF16_MARKS) and b"\x00" not in content:
            return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass  # the error below says what to do
    raise SourceError("{file} is not UTF-8. Save it again as “CSV UTF-8”.", file=path.name)


def _detect_delimiter(text: str, kind: TabKind) -> str:
    """Return `;` or `,`, whichever finds more headers within the first rows."""

    def count_headers(delimiter: str) -> int:
        rows = islice(_parse_records(text, delimiter), MAX_HEADER_ROWS)
        return max((count_matched_headers(kind, _make_cells(row)) for row in rows), default=0)

    return max(";", ",", key=count_headers)


def _parse_rows(text: str, delimiter: str, file: str) -> Iterator[RawRow]:
    number, record = 0, [_END_RECORD]
    for number, record in enumerate(_parse_records(text, delimiter), start=1):
        cells = _make_cells(record)
        while cells and cells[-1] is EMPTY_CELL:
            cells.pop()
        if cells and record != [_END_RECORD]:
            yield RawRow(number, tuple(cells))
    if record != [_END_RECORD]:
        raise SourceError(
            "{file}: a quotation mark is opened in row {row} and never closed. Close it or delete it.",
            file=file,
            row=number,
        )


def _parse_records(text: str, delimiter: str) -> Iterable[list[str]]:
    """Return the records and `[_END_RECORD]`, which is missing if a quotation mark is never closed."""
    csv.field_size_limit(_MAX_FIELD_LENGTH)
    lines = text if text.endswith(("\n", "\r")) or not text else text + "\n"
    return csv.reader(chain(StringIO(lines, newline=""), [_END_RECORD]), delimiter=delimiter)


def _make_cells(record: list[str]) -> list[Cell]:
    return [_make_cell(text) for text in record[:MAX_COLUMNS]]


_make_cell = lru_cache(maxsize=1 << 16)(make_text_cell)  # days, agencies and targets repeat

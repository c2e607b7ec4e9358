"""Reads a folder of CSV files, each named like a tab, into raw tabs (design.md §4)."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from io import StringIO
from itertools import chain, islice
from pathlib import Path

from kpis.errors import SourceError
from kpis.language.normalization import clean, fold_to_alphanumeric
from kpis.sheet.cells import EMPTY_CELL, make_text_cell
from kpis.sheet.model import Cell, RawRow, RawSheet, RawTab, SheetNote, UnreadTab
from kpis.sheet.tab_headers import MAIN_KINDS, MAX_HEADER_ROWS, TAB_KINDS, count_matched_headers, find_tab_kind
from kpis.sheet.unread_tabs import find_unread_tab, is_ignored
from kpis.sources.bounds import MAX_COLUMNS, ContentCounter

MAX_FILE_BYTES = 1 << 28
"""The most bytes of one file."""

_MAX_FIELD_LENGTH = 1 << 30  # the csv module's default is 131,072 characters
_END_RECORD = "\ue000end\ue000"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


TAB_SEPARATED_NOTE = (
    "A CSV file is tab-separated instead of using commas or semicolons. It was read; save it again as “CSV "
    "UTF-8”, so that other programs read it too."
)
_SUFFIXES = (".csv", ".tsv", ".txt")
"""Endings of files that may be tabs, the one that counts first if there are several of one name."""


def read_folder(folder: Path, read_at: datetime, ignored_files: Collection[str] = ()) -> RawSheet:
    """Read our files of the folder as tabs, and name others that look like them.

    Row numbers count records, as in a spreadsheet. Raises SourceError, naming the file and the next step: it
    does not exist, cannot be opened, is not UTF-8 or too large, or has a quotation mark that is never closed.
    TooMuchError beyond the limits on content.
    """
    try:
        return _read_files(sorted(path for path in folder.iterdir() if is_tab(path)), read_at, ignored_files)
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
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith((".", "~$")) and path.is_file()


def _read_files(paths: Iterable[Path], read_at: datetime, ignored_files: Collection[str]) -> RawSheet:
    tabs: list[RawTab] = []
    notes: dict[str, None] = {}
    unread_tabs: list[UnreadTab] = []
    chosen: set[tuple[str, str]] = set()
    counter = ContentCounter()
    for path in sorted(paths, key=lambda path: _SUFFIXES.index(path.suffix.lower())):
        name, suffix = clean(path.stem), path.suffix.lower()
        key = fold_to_alphanumeric(name)
        # Of one tab saved in two forms, only the CSV file counts; two CSV files of one name are an error.
        is_other_form = any(key == other and suffix != form for other, form in chosen)
        kind = find_tab_kind(name)
        if kind and not is_other_form:
            chosen.add((key, suffix))
            try:
                tabs.append(_read_tab(path, name, counter, notes))
            except SourceError as error:
                if kind in MAIN_KINDS:
                    raise
                # An optional file that cannot be read fails no other.
                values = {name: str(value) for name, value in error.values.items()}
                tabs.append(RawTab(name, (), problem=SheetNote(error.text, values)))
            continue
        tabs += [RawTab(name, ())] if suffix == ".csv" else []
        if not (is_ignored(path.name, ignored_files) or is_ignored(name, ignored_files)):
            unread_tab = _look_at_file(path, name)
            unread_tabs += [unread_tab] if unread_tab else []
    return RawSheet(tuple(tabs), read_at, tuple(notes), tuple(unread_tabs))


def _read_tab(path: Path, name: str, counter: ContentCounter, notes: dict[str, None]) -> RawTab:
    """Return a file as a tab; a note is added for a tab-separated one."""
    text = _decode_file(path)
    delimiter = _detect_delimiter(text)
    rows = tuple(_count_cells(_parse_rows(text, delimiter, path.name), counter))
    if delimiter == "\t" and path.suffix.lower() == ".csv":
        notes[TAB_SEPARATED_NOTE] = None
    return RawTab(name, rows)


def _count_cells(rows: Iterable[RawRow], counter: ContentCounter) -> Iterator[RawRow]:
    """Yield the rows; TooMuchError if the files hold more cells than are read."""
    for row in rows:
        counter.add_cells(sum(cell is not EMPTY_CELL for cell in row.cells))
        yield row


def _look_at_file(path: Path, name: str) -> UnreadTab | None:
    """Return a file that looks like one of our tabs; None for any other, and for one that cannot be read."""
    try:
        text = _decode_file(path)
        first_rows: list[RawRow] = []
        filled = 0
        for row in _parse_rows(text, _detect_delimiter(text), path.name):
            filled += 1
            first_rows += [row] if row.number <= MAX_HEADER_ROWS else []
    except (SourceError, OSError):
        return None
    unread_tab = find_unread_tab(name, first_rows, filled)
    return replace(unread_tab, name=path.name) if unread_tab else None


def _decode_file(path: Path) -> str:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise SourceError(
            "{file} is too large. Move part of the rows to a new file that the sources file names too; they "
            "count there.",
            file=path.name,
        )
    content = path.read_bytes()
    try:
        is_utf16 = content.startswith(_UTF16_MARKS)  # "Unicode text" of Excel
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
        if "\x00" not in text:
            return text
    except UnicodeDecodeError:
        pass  # the error below says what to do
    raise SourceError("{file} is not UTF-8. Save it again as “CSV UTF-8”.", file=path.name)


def _detect_delimiter(text: str) -> str:
    """Return `;`, `,` or a tab, whichever finds most headers within the first rows."""

    def count_headers(delimiter: str) -> int:
        rows = [_make_cells(row) for row in islice(_parse_records(text, delimiter), MAX_HEADER_ROWS)]
        return max((count_matched_headers(kind, row) for kind in TAB_KINDS for row in rows), default=0)

    return max(";", ",", "\t", key=count_headers)


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

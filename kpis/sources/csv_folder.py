"""Reads a folder of CSV files, each named as a tab, into raw tabs (design.md §4)."""

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

MAX_FILE_BYTES = 1 << 28
"""Bytes of one file."""

_MAX_FIELD_LENGTH = 1 << 30  # the csv module refuses a field of 131,073 characters unless told
_END_RECORD = "\ue000end\ue000"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_folder(folder: Path, read_at: datetime) -> RawSheet:
    """Every .csv file of the folder as a tab; row numbers count records, as a spreadsheet would show them.

    SourceError, naming the file and the next step: not there, not to be opened, not UTF-8, too large, or a
    quotation mark that is never closed.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if _is_tab(path))
        return RawSheet(tuple(_read_tab(path) for path in paths), read_at)
    except FileNotFoundError as error:
        file = Path(error.filename or folder)
        raise SourceError(
            "The folder of CSV files {file} is not there. Check its path: {path}."
            if file == folder
            else "{file} is not there. Check its path: {path}.",
            file=file.name,
            path=file,
        ) from None
    except OSError as error:
        raise SourceError(
            "{file} cannot be opened: {reason}. Close it in other programs and check who may read it.",
            file=Path(error.filename or folder).name,
            reason=error.strerror or str(error),
        ) from error


def _is_tab(path: Path) -> bool:
    # Macs leave "._name.csv" beside a file, and Excel "~$name" while it has one open.
    return path.suffix.lower() == ".csv" and not path.name.startswith((".", "~$")) and path.is_file()


def _read_tab(path: Path) -> RawTab:
    name = clean(path.stem)
    kind = find_tab_kind(name)
    if kind is None:  # none of ours: its name is enough
        return RawTab(name, ())
    if path.stat().st_size > MAX_FILE_BYTES:
        raise SourceError(
            "{file} is too large. Delete what is not needed from it, or start a new one this year.",
            file=path.name,
        )
    text = _decode_file(path)
    return RawTab(name, tuple(_parse_rows(text, _detect_delimiter(text, kind), path.name)))


def _decode_file(path: Path) -> str:
    content = path.read_bytes()
    try:
        if not content.startswith(_UTF16_MARKS) and b"\x00" not in content:
            return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass  # what to do about it is said below
    raise SourceError("{file} is not UTF-8. Save it again as “CSV UTF-8”.", file=path.name)


def _detect_delimiter(text: str, kind: TabKind) -> str:
    """`;` or `,`, whichever shows more of the headers within the first rows."""

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
    """The records, then one that is `_END`: it goes missing where a quotation mark swallows the rest."""
    csv.field_size_limit(_MAX_FIELD_LENGTH)
    whole = text if text.endswith(("\n", "\r")) or not text else text + "\n"
    return csv.reader(chain(StringIO(whole, newline=""), [_END_RECORD]), delimiter=delimiter)


def _make_cells(record: list[str]) -> list[Cell]:
    return [_make_cell(text) for text in record]


_make_cell = lru_cache(maxsize=1 << 16)(make_text_cell)  # a sheet repeats its days, agencies and targets

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
from kpis.sheet.cells import EMPTY, text_cell
from kpis.sheet.layout import HEADER_ROWS, Kind, headers_matched, kind_of_tab
from kpis.sheet.model import Cell, RawRow, RawSheet, RawTab

LARGEST = 1 << 28
"""Bytes of one file."""

_LONGEST_FIELD = 1 << 30  # the csv module refuses a field of 131,073 characters unless told
_END = "\ue000end\ue000"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


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
    kind = kind_of_tab(name)
    if kind is None:  # none of ours: its name is enough
        return RawTab(name, ())
    if path.stat().st_size > LARGEST:
        raise SourceError(
            "{file} is too large. Delete what is not needed from it, or start a new one this year.",
            file=path.name,
        )
    text = _decoded(path)
    return RawTab(name, tuple(_rows(text, _delimiter(text, kind), path.name)))


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    try:
        if not content.startswith(_UTF16) and b"\x00" not in content:
            return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass  # what to do about it is said below
    raise SourceError("{file} is not UTF-8. Save it again as “CSV UTF-8”.", file=path.name)


def _delimiter(text: str, kind: Kind) -> str:
    """`;` or `,`, whichever shows more of the headers within the first rows."""

    def headers(delimiter: str) -> int:
        rows = islice(_records(text, delimiter), HEADER_ROWS)
        return max((headers_matched(kind, _cells(row)) for row in rows), default=0)

    return max(";", ",", key=headers)


def _rows(text: str, delimiter: str, file: str) -> Iterator[RawRow]:
    number, record = 0, [_END]
    for number, record in enumerate(_records(text, delimiter), start=1):
        cells = _cells(record)
        while cells and cells[-1] is EMPTY:
            cells.pop()
        if cells and record != [_END]:
            yield RawRow(number, tuple(cells))
    if record != [_END]:
        raise SourceError(
            "{file}: a quotation mark is opened in row {row} and never closed. Close it or delete it.",
            file=file,
            row=number,
        )


def _records(text: str, delimiter: str) -> Iterable[list[str]]:
    """The records, then one that is `_END`: it goes missing where a quotation mark swallows the rest."""
    csv.field_size_limit(_LONGEST_FIELD)
    whole = text if text.endswith(("\n", "\r")) or not text else text + "\n"
    return csv.reader(chain(StringIO(whole, newline=""), [_END]), delimiter=delimiter)


def _cells(record: list[str]) -> list[Cell]:
    return [_cell(text) for text in record]


_cell = lru_cache(maxsize=1 << 16)(text_cell)  # a sheet repeats its days, agencies and targets

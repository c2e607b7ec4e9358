"""What the parsing process does with one request: reads a workbook or a CSV folder, and hashes its files."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from kpis.errors import KpisError, SourceError
from kpis.sheet.model import RawSheet, Source
from kpis.sources.bounds import TooMuchError
from kpis.sources.csv_folder import read_folder
from kpis.sources.file_stamps import compute_digests
from kpis.sources.packed_sheet import pack_sheet
from kpis.sources.xlsx.read_workbook import read_workbook


def answer_request(request: tuple[Source, datetime], _send: Callable[[bytes], None]) -> bytes:
    """Return the pickled answer to a request; nothing is sent before it.

    It is ("sheet", packed sheet, digests) or ("error", catalogue key, values); of a value that is itself an
    error, the key and its values. The digests are those of the
    files that were parsed, by name; None if a file changed meanwhile.
    """
    source, now = request
    first_digests = compute_digests(source)
    try:
        packed = pack_sheet(parse_source(source, now))
    except KpisError as error:
        return pickle.dumps(("error", error.text, _simplify_values(error)))
    is_stable = first_digests is not None and compute_digests(source) == first_digests
    return pickle.dumps(("sheet", packed, first_digests if is_stable else None), pickle.HIGHEST_PROTOCOL)


def parse_source(source: Source, now: datetime) -> RawSheet:
    """Read a workbook or a CSV folder in this process. Raises SourceError, or whatever the file provokes."""
    path = Path(source.location)
    try:
        read = read_folder if source.kind == "folder" else read_workbook
        return read(path, now, source.ignored_tabs)
    except TooMuchError as error:
        raise SourceError(error.text, file=path.name, limit=error.limit) from error


def _simplify_values(error: KpisError) -> dict[str, object]:
    return {name: _simplify_value(value) for name, value in error.values.items()}


def _simplify_value(value: object) -> object:
    if isinstance(value, KpisError):
        return value.text, _simplify_values(value)
    return value if isinstance(value, int) else str(value)

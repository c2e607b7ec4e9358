"""Parses files in another process, so that no file can hang, crash or exhaust the product (design.md §4).

One process parses all files of a pass. It is replaced when it dies or exceeds a limit (kpis.sources.bounds).
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from kpis.errors import SourceError
from kpis.sheet.model import RawSheet, Source
from kpis.sources.bounds import MEMORY_BYTES, READ_SECONDS, TooCostlyError
from kpis.sources.faults import build_file_fault_error
from kpis.sources.packed_sheet import load_plain, unpack_sheet
from kpis.sources.parser_worker import MEMORY_EXIT_CODE
from kpis.sources.worker_process import WorkerEndedError, WorkerProcess

_ANSWERING_MODULE: Final = "kpis.sources.parse_file"
_KILLED_EXIT_CODE = -9


@dataclass(frozen=True)
class ParsedFile:
    """A sheet, and the SHA-256 of each file it was read from; None where a file changed meanwhile."""

    sheet: RawSheet
    digests: Mapping[str, str] | None


class FileParser:
    """Parses workbooks and CSV folders in one other process; close it, or use it with `with`."""

    def __init__(self, read_seconds: float = READ_SECONDS) -> None:
        self._worker = WorkerProcess(_ANSWERING_MODULE, read_seconds)

    def parse(self, source: Source, now: datetime) -> ParsedFile:
        """Return the source as read at `now` (naive UTC). SourceError whatever keeps it from being read."""
        file = Path(source.location).name
        answers: list[bytes] = []

        def receive(message: bytes) -> bool:
            answers.append(message)
            return True

        try:
            self._worker.exchange(pickle.dumps((source, now)), receive)
        except WorkerEndedError as error:
            raise _explain_end(file, error.exit_code, self._worker.seconds if error.is_late else None) from error
        return _read_answer(answers[0], file)

    def close(self) -> None:
        """End the process."""
        self._worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _read_answer(answer: bytes, file: str) -> ParsedFile:
    kind, *content = load_plain(answer)
    match kind:
        case "sheet":
            return ParsedFile(unpack_sheet(content[0]), content[1])
        case "error":
            raise _restore_error(content[0], content[1])
        case _:
            raise build_file_fault_error(file, str(content[0]))


def _restore_error(text: str, values: Mapping[str, object]) -> SourceError:
    """Return an error from its catalogue key and its values, some of which may be errors themselves."""
    restored = {name: _restore_error(*value) if isinstance(value, tuple) else value for name, value in values.items()}
    return SourceError(text, **restored)


def _explain_end(file: str, exit_code: int, late_after: float | None) -> SourceError:
    """Return why the process ended before it answered."""
    if late_after is not None:
        return TooCostlyError(
            "{file} takes longer than {seconds} seconds to read. Clear the formats of empty rows, move tabs "
            "that are not read to another file and save it again, or move part of the rows to a new file "
            "that the sources file names too.",
            file=file,
            seconds=round(late_after),
        )
    if exit_code == _KILLED_EXIT_CODE:
        return SourceError(
            "The program that was reading {file} was stopped from outside, as happens when the machine runs "
            "out of memory. The file is read again at the next sync; if this stays, close other programs, or "
            "start a new file for this year.",
            file=file,
        )
    if exit_code == MEMORY_EXIT_CODE:
        return TooCostlyError(
            "{file} needs more than {megabytes} MB of memory to read. Clear the formats of empty rows, move "
            "tabs that are not read to another file and save it again, or move part of the rows to a new file that "
            "the sources file names too.",
            file=file,
            megabytes=MEMORY_BYTES >> 20,
        )
    return build_file_fault_error(file, f"exit {exit_code}")

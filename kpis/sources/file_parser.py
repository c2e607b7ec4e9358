"""Parses files in another process, so that no file can hang, crash or exhaust the product (design.md §4).

One process parses all files of a pass. It is replaced when it dies or exceeds a limit (kpis.sources.bounds).
A plain subprocess, not multiprocessing: that would import the caller's main module again, a web server's too.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import kpis
from kpis.errors import SourceError
from kpis.sheet.model import RawSheet, Source
from kpis.sources.bounds import MEMORY_BYTES, READ_SECONDS
from kpis.sources.faults import build_file_fault_error
from kpis.sources.packed_sheet import load_plain, unpack_sheet
from kpis.sources.parser_worker import MEMORY_EXIT_CODE, read_message, write_message

_KILLED_EXIT_CODE = -9
_END_SECONDS = 1.0


@dataclass(frozen=True)
class ParsedFile:
    """A sheet, and the SHA-256 of each file it was read from; None where a file changed meanwhile."""

    sheet: RawSheet
    digests: Mapping[str, str] | None


class FileParser:
    """Parses workbooks and CSV folders in one other process; close it, or use it with `with`."""

    def __init__(self, read_seconds: float = READ_SECONDS) -> None:
        self._read_seconds = read_seconds
        self._process: subprocess.Popen[bytes] | None = None

    def parse(self, source: Source, now: datetime) -> ParsedFile:
        """Return the source as read at `now` (naive UTC). SourceError whatever keeps it from being read."""
        process = self._process = self._process or _start_worker()
        file = Path(source.location).name
        late = threading.Event()
        timer = threading.Timer(self._read_seconds, _kill_late, (process, late))
        timer.daemon = True
        timer.start()
        try:
            answer = _exchange(process, pickle.dumps((source, now)))
        except BaseException:  # an interrupt: the answer under way belongs to nobody
            self._stop()
            raise
        finally:
            timer.cancel()
        if answer is None or late.is_set():
            exit_code = self._stop()
            raise _explain_end(file, exit_code, self._read_seconds if late.is_set() else None)
        return _read_answer(answer, file)

    def close(self) -> None:
        """End the process."""
        self._stop()

    def _stop(self) -> int:
        """End the process, which ends with its standard input or is killed; return its exit code."""
        process, self._process = self._process, None
        if process is None or process.stdin is None or process.stdout is None:
            return 0
        with suppress(OSError):
            process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_SECONDS)
        process.kill()
        process.stdout.close()
        return process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _start_worker() -> subprocess.Popen[bytes]:
    folder = str(Path(kpis.__file__).parent.parent)
    paths = os.pathsep.join([folder, *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-m", "kpis.sources.parser_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
        # Ctrl+C in the terminal is for this process, which then ends the other one.
        start_new_session=sys.platform != "win32",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _exchange(process: subprocess.Popen[bytes], request: bytes) -> bytes | None:
    """Send a request and return the answer; None if the process ended before."""
    if process.stdin is None or process.stdout is None:
        raise AssertionError("a worker has both streams")
    try:
        write_message(process.stdin, request)
        return read_message(process.stdout)
    except OSError:  # a broken pipe
        return None


def _kill_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _read_answer(answer: bytes, file: str) -> ParsedFile:
    kind, *content = load_plain(answer)
    match kind:
        case "sheet":
            return ParsedFile(unpack_sheet(content[0]), content[1])
        case "error":
            raise SourceError(content[0], **content[1])
        case _:
            raise build_file_fault_error(file, str(content[0]))


def _explain_end(file: str, exit_code: int, late_after: float | None) -> SourceError:
    """Return why the process ended before it answered."""
    if late_after is not None:
        return SourceError(
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
        return SourceError(
            "{file} needs more than {megabytes} MB of memory to read. Clear the formats of empty rows, move "
            "tabs that are not read to another file and save it again, or move part of the rows to a new file that "
            "the sources file names too.",
            file=file,
            megabytes=MEMORY_BYTES >> 20,
        )
    return build_file_fault_error(file, f"exit {exit_code}")

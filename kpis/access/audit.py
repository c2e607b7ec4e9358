"""The audit: who did what, in `audit/YYYY-MM.jsonl` beside the database; lines are added, never removed.

Each line has the SHA-256 of the one before it, across months, so that a changed or missing line is found.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kpis.access.errors import AuditError
from kpis.store.files import append_lines
from kpis.store.lock import wait_for_lock
from kpis.store.paths import DatabasePaths

FIRST_PREVIOUS = "0" * 64
"""What stands in the first line of all in place of the hash of a line before it."""

_MONTH_FILE = re.compile(r"[0-9]{4}-[0-9]{2}\.jsonl")
_LOCK_SECONDS = 15.0
_MAX_VALUE = 500
_BLOCK = 1 << 16


@dataclass(frozen=True)
class AuditLine:
    """One line. `person` is an e-mail address, "system:NAME" of a command, or "" before anybody is known."""

    at: str
    action: str
    person: str
    details: Mapping[str, str]


class AuditLog:
    """The audit of one installation."""

    def __init__(self, pointer: Path) -> None:
        self.folder = DatabasePaths(pointer).folder / "audit"

    def append(self, action: str, person: str, now: datetime, **details: object) -> None:
        """Add one line and wait until it is on the disk (naive UTC). AuditError if that is not possible."""
        try:
            with self._locked():
                previous = self._find_last_hash()
                record = {
                    "at": now.isoformat(timespec="milliseconds") + "Z",
                    "action": action,
                    "person": person,
                    "details": {key: str(value)[:_MAX_VALUE] for key, value in details.items()},
                    "previous": previous,
                }
                self._write(self.folder / f"{now:%Y-%m}.jsonl", record)
        except (OSError, ValueError) as error:
            text = "The audit could not be written, so this was not done: {reason}."
            raise AuditError(text, reason=getattr(error, "strerror", None) or str(error)) from error

    def read(self) -> Iterator[AuditLine]:
        """Yield every line, oldest first; lines that cannot be read are left out (`list_faults` names them)."""
        for file in self._list_files():
            for line in file.read_bytes().splitlines():
                if (record := _parse(line)) is not None:
                    yield AuditLine(record["at"], record["action"], record["person"], record["details"])

    def list_faults(self) -> list[str]:
        """Return "file:line" of every line that is damaged or does not continue the one before it."""
        faults, expected = [], FIRST_PREVIOUS
        for file in self._list_files():
            for number, line in enumerate(file.read_bytes().splitlines(), 1):
                record = _parse(line)
                if record is None or record["previous"] != expected:
                    faults.append(f"{file.name}:{number}")
                expected = _hash(line)
        return faults

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with wait_for_lock(self.folder / "audit.lock", _LOCK_SECONDS) as is_acquired:
            if not is_acquired:
                raise TimeoutError("another process holds the lock")
            yield

    def _list_files(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if _MONTH_FILE.fullmatch(path.name))

    def _find_last_hash(self) -> str:
        for file in reversed(self._list_files()):
            if line := _read_last_line(file):
                return _hash(line)
        return FIRST_PREVIOUS

    def _write(self, path: Path, record: Mapping[str, object]) -> None:
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        append_lines(path, line, 0o600)


def get_system_person() -> str:
    """Return who runs a command: the name of the system's user."""
    try:
        return f"system:{getpass.getuser()}"
    except (OSError, KeyError):
        return "system:unknown"


def _read_last_line(path: Path) -> bytes:
    """Return the last line, of however long a file; b"" if it has none."""
    tail = b""
    with path.open("rb") as file:
        position = file.seek(0, os.SEEK_END)
        while position and b"\n" not in tail.rstrip(b"\r\n"):
            position, end = max(0, position - _BLOCK), position
            file.seek(position)
            tail = file.read(end - position) + tail
    lines = tail.splitlines()
    return lines[-1] if lines else b""


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or not isinstance(record.get("details"), dict):
        return None
    return record if all(isinstance(record.get(key), str) for key in ("at", "action", "person", "previous")) else None


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()

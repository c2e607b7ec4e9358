"""The audit: who did what, in `audit/YYYY-MM.jsonl` beside the database; lines are added, never removed.

Each line has the SHA-256 of the one before it, across months, so that a changed or missing line is found. Machines
that share a folder write `YYYY-MM.REPLICA.jsonl` there, each a chain of its own; the lines of all are read as one.
"""

from __future__ import annotations

import getpass
import hashlib
import heapq
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kpis.access.errors import AuditError
from kpis.errors import KpisError
from kpis.store.files import append_lines
from kpis.store.lock import wait_for_lock
from kpis.store.shared_files import InstallationFiles

FIRST_PREVIOUS = "0" * 64
"""What stands in the first line of all in place of the hash of a line before it."""

MONTH_FILE = re.compile(r"(?P<month>[0-9]{4}-[0-9]{2})(\.(?P<replica>[a-z0-9-]+))?\.jsonl")
"""A file of the audit; without a replica, that of an installation on one machine."""

SYSTEM_PREFIX = "system:"
"""How the name of who runs a command begins; no e-mail address does."""
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

    def __init__(self, pointer: Path, shared: Path | None = None) -> None:
        """`shared`: the folder that the machines of a lake share."""
        self._files = InstallationFiles(pointer, shared)
        self.folder = self._files.audit

    def append(self, action: str, person: str, now: datetime, **details: object) -> None:
        """Add one line and wait until it is on the disk (naive UTC). AuditError if that is not possible."""
        try:
            self._files.require()
            replica = self._files.find_replica()
            with self._locked():
                previous = self._find_last_hash(replica)
                record = {
                    "at": now.isoformat(timespec="milliseconds") + "Z",
                    "action": action,
                    "person": person,
                    "details": {key: str(value)[:_MAX_VALUE] for key, value in details.items()},
                    "previous": previous,
                }
                self._write(self.folder / f"{now:%Y-%m}{f'.{replica}' if replica else ''}.jsonl", record)
        except KpisError as error:
            raise AuditError("The audit could not be written, so this was not done. {reason}", reason=error) from error
        except (OSError, ValueError) as error:
            text = "The audit could not be written, so this was not done: {reason}."
            raise AuditError(text, reason=getattr(error, "strerror", None) or str(error)) from error

    def read(self) -> Iterator[AuditLine]:
        """Yield every line, oldest first; lines that cannot be read are left out (`list_faults` names them)."""
        chains = [_read_lines(files) for _, files in sorted(self._list_chains().items())]
        yield from heapq.merge(*chains, key=lambda line: line.at)

    def list_faults(self) -> list[str]:
        """Return "file:line" of every line that is damaged or does not continue the one before it."""
        return [fault for _, files in sorted(self._list_chains().items()) for fault in _list_faults(files)]

    def list_files(self) -> list[Path]:
        """Return the files of every machine."""
        return [path for _, files in sorted(self._list_chains().items()) for path in files]

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with wait_for_lock(self._files.audit_lock, _LOCK_SECONDS) as is_acquired:
            if not is_acquired:
                raise TimeoutError("another process holds the lock")
            yield

    def _list_chains(self) -> dict[str, list[Path]]:
        """Return the files of every replica, oldest first."""
        chains: dict[str, list[Path]] = defaultdict(list)
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else []:
            if match := MONTH_FILE.fullmatch(path.name):
                chains[match["replica"] or ""].append(path)
        return chains

    def _find_last_hash(self, replica: str) -> str:
        for file in reversed(self._list_chains().get(replica, [])):
            if line := _read_last_line(file):
                return _hash(line)
        return FIRST_PREVIOUS

    def _write(self, path: Path, record: Mapping[str, object]) -> None:
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        append_lines(path, line, 0o600)


def get_system_person() -> str:
    """Return who runs a command: the name of the system's user."""
    try:
        return f"{SYSTEM_PREFIX}{getpass.getuser()}"
    except (OSError, KeyError):
        return f"{SYSTEM_PREFIX}unknown"


def _read_lines(files: Sequence[Path]) -> Iterator[AuditLine]:
    for file in files:
        for line in file.read_bytes().splitlines():
            if (record := _parse(line)) is not None:
                yield AuditLine(record["at"], record["action"], record["person"], record["details"])


def _list_faults(files: Sequence[Path]) -> Iterator[str]:
    expected = FIRST_PREVIOUS
    for file in files:
        for number, line in enumerate(file.read_bytes().splitlines(), 1):
            record = _parse(line)
            if record is None or record["previous"] != expected:
                yield f"{file.name}:{number}"
            expected = _hash(line)


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

"""The sync journal: one JSON object a line, flushed; a torn last line harms nothing (design.md §4)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from kpis.store.files import as_store_error, write_atomic

MAX_BYTES = 2 << 20
"""Bytes after which the older half is dropped: of five sources read every five minutes, some days stay."""


def append(path: Path, record: Mapping[str, object]) -> None:
    """Adds one line and waits until it is on the disk. Only the holder of the lock calls it."""
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    with as_store_error(path), path.open("ab+") as file:
        # A run that was killed may have left half a line: it must not swallow this one.
        if file.tell():
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
    if size > MAX_BYTES:
        write_atomic(path, _trim_to_newer_half(path.read_bytes()))


def read(path: Path) -> list[dict[str, object]]:
    """Every whole line, oldest first; none where there is no journal yet."""
    with as_store_error(path):
        lines = path.read_bytes().splitlines() if path.exists() else []
    records = (_parse_line(line) for line in lines)
    return [record for record in records if record is not None]


def _parse_line(line: bytes) -> dict[str, object] | None:
    try:
        record = json.loads(line)
    except ValueError:  # half a line of a run that was killed, or no UTF-8
        return None
    return record if isinstance(record, dict) else None


def _trim_to_newer_half(content: bytes) -> bytes:
    """The newer half in whole lines; the last line however long it is: it tells how every source stands."""
    start = content.find(b"\n", len(content) - MAX_BYTES // 2) + 1
    return content[start:] or content[content.rfind(b"\n", 0, -1) + 1 :]

"""The sync journal: one JSON object per line, flushed; an incomplete last line is ignored (design.md §4)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from kpis.store.files import append_lines, as_store_error, write_atomic

MAX_BYTES = 2 << 20
"""Size in bytes beyond which the older half is dropped: some days of five sources read every five minutes."""


def append(path: Path, record: Mapping[str, object]) -> None:
    """Add one line and wait until it is on the disk. Only the holder of the lock may call it."""
    with as_store_error(path):
        size = append_lines(path, _to_line(record) + b"\n")
    if size > MAX_BYTES:
        write_atomic(path, _trim_to_newer_half(path.read_bytes()))


def read(path: Path) -> list[dict[str, object]]:
    """Return the records of all complete lines, oldest first; none if there is no journal yet."""
    with as_store_error(path):
        lines = path.read_bytes().splitlines() if path.exists() else []
    records = (_parse_line(line) for line in lines)
    return [record for record in records if record is not None]


def rewrite(path: Path, change: Callable[[dict[str, object]], dict[str, object]]) -> None:
    """Replace every record by what `change` returns; other lines stay. Only for the holder of the lock."""
    with as_store_error(path):
        lines = path.read_bytes().splitlines() if path.exists() else []
    records = [(line, _parse_line(line)) for line in lines]
    changed = [line if record is None else _try_change(line, record, change) for line, record in records]
    if changed != lines:
        write_atomic(path, b"\n".join(changed) + b"\n")


def _try_change(
    line: bytes, record: dict[str, object], change: Callable[[dict[str, object]], dict[str, object]]
) -> bytes:
    try:
        changed = change(record)
    except (ValueError, TypeError, AttributeError):  # not a record of ours
        return line
    return line if changed == record else _to_line(changed)


def _to_line(record: Mapping[str, object]) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _parse_line(line: bytes) -> dict[str, object] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):  # half a line of a killed run, not UTF-8, or not ours
        return None
    return record if isinstance(record, dict) else None


def _trim_to_newer_half(content: bytes) -> bytes:
    """Return the newer half in complete lines; always the last one: it has the status of every source."""
    start = content.find(b"\n", len(content) - MAX_BYTES // 2) + 1
    return content[start:] or content[content.rfind(b"\n", 0, -1) + 1 :]

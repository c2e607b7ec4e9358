"""The sync journal: one JSON object per line, flushed; an incomplete last line is ignored (design.md §4)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kpis.store.attempts_to_keep import drop_attempts
from kpis.store.files import append_lines, as_store_error, write_atomic

MAX_BYTES = 2 << 20
"""Size in bytes beyond which it is shortened: some days of five sources read every five minutes."""

ChangeRecord = Callable[[dict[str, object]], dict[str, object]]


def append(path: Path, record: Mapping[str, object]) -> None:
    """Add one line and wait until it is on the disk. Only the holder of the lock may call it."""
    with as_store_error(path):
        size = append_lines(path, to_line(record) + b"\n")
    if size > MAX_BYTES:
        write_lines(path, shorten(_read_lines(path)))


def read(path: Path) -> list[dict[str, object]]:
    """Return the records of all complete lines, oldest first; none if there is no journal yet."""
    return [record for _, record in _parse_lines(_read_lines(path))]


def read_lines(path: Path) -> list[bytes]:
    """Return all complete lines as they are, oldest first."""
    return [line for line, _ in _parse_lines(_read_lines(path))]


def rewrite(path: Path, change: ChangeRecord) -> None:
    """Replace every record by what `change` returns; other lines stay. Only for the holder of the lock."""
    lines = _read_lines(path)
    changed = change_lines(lines, change)
    if changed != lines:
        write_lines(path, changed)


def write_lines(path: Path, lines: Sequence[bytes]) -> None:
    """Replace the journal. Only for the holder of the lock."""
    write_atomic(path, b"".join(line + b"\n" for line in lines))


def to_line(record: Mapping[str, object]) -> bytes:
    """Return a record as a line, without its end."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def change_lines(lines: Sequence[bytes], change: ChangeRecord) -> list[bytes]:
    """Return the lines with every record as `change` returns it; what is no record of ours stays."""
    return [line if record is None else _try_change(line, record, change) for line, record in _pair_lines(lines)]


def shorten(lines: Sequence[bytes]) -> list[bytes]:
    """Return the lines of a journal that has become too large, complete ones alone.

    Each source keeps its last attempt and the changes of its outcome in thirty days; if that is still more than half
    of what is allowed, the newer half stays, always with the last line, which has the status of every source.
    """
    parsed = _parse_lines(lines)
    changed = drop_attempts([record for _, record in parsed])
    pairs = zip(parsed, changed, strict=True)
    shorter = [line if new == record else to_line(new) for (line, record), new in pairs if new is not None]
    size, left = 0, len(shorter)
    while left > 0 and (size := size + len(shorter[left - 1]) + 1) <= MAX_BYTES // 2:
        left -= 1
    return shorter[min(left, len(shorter) - 1) :] if shorter else []


def _read_lines(path: Path) -> list[bytes]:
    with as_store_error(path):
        return path.read_bytes().splitlines() if path.exists() else []


def _parse_lines(lines: Sequence[bytes]) -> list[tuple[bytes, dict[str, object]]]:
    return [(line, record) for line, record in _pair_lines(lines) if record is not None]


def _pair_lines(lines: Sequence[bytes]) -> list[tuple[bytes, dict[str, object] | None]]:
    return [(line, _parse_line(line)) for line in lines]


def _try_change(line: bytes, record: dict[str, object], change: ChangeRecord) -> bytes:
    try:
        changed = change(record)
    except (ValueError, TypeError, AttributeError):  # not a record of ours
        return line
    return line if changed == record else to_line(changed)


def _parse_line(line: bytes) -> dict[str, object] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):  # half a line of a killed run, not UTF-8, or not ours
        return None
    return record if isinstance(record, dict) else None

"""Current positions of rows to fix, in a file next to the pointer: moving a row makes no version.

Only findings whose position differs from the one in the version are stored. The file is replaced after a
good read; if it is lost or damaged, the positions of the version are shown until then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kpis.store.files import as_store_error, write_atomic
from kpis.store.paths import DatabasePaths


@dataclass(frozen=True)
class Position:
    """The position of a finding: tab, row, cell ("D12"), header, and the values of its sentence (JSON)."""

    tab: str
    row: int
    cell: str | None
    header: str | None
    detail: str | None


MAX_ROW = 2**31 - 1
"""The highest row number that a version can hold."""

FindingKey = tuple[int, int | str | None]
Positions = Mapping[str, Mapping[FindingKey, Position]]
"""By source, then by row hash and code."""


def read(pointer: Path) -> dict[str, dict[FindingKey, Position]]:
    """Return the positions that differ from the version's, by source; empty if nothing has moved."""
    return read_file(DatabasePaths(pointer).positions)


def read_file(path: Path) -> dict[str, dict[FindingKey, Position]]:
    """Return the positions of a file; none if it is missing or was not written by us."""
    with as_store_error(path):
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            return {}
    try:
        return {source: _parse_moved(moved) for source, moved in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}  # not written by us: use the version's positions


def parse_source(text: str) -> dict[FindingKey, Position]:
    """Return the positions of one source from their text; none if it was not written by us."""
    try:
        return _parse_moved(json.loads(text))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}


def format_source(moved: Mapping[FindingKey, Position]) -> str:
    """Return the positions of one source as a text."""
    return json.dumps(_to_content(moved), ensure_ascii=False)


def _parse_moved(content: Iterable[tuple[str, int | str | None, Mapping[str, Any]]]) -> dict[FindingKey, Position]:
    return {(int(row_hash, 16), code): _parse_position(position) for row_hash, code, position in content}


def _to_content(moved: Mapping[FindingKey, Position]) -> list[tuple[str, int | str | None, dict[str, Any]]]:
    return [(f"{row_hash:x}", code, asdict(position)) for (row_hash, code), position in moved.items()]


def _parse_position(content: Mapping[str, Any]) -> Position:
    """Return a stored position; ValueError if its values are not of the right kind."""
    position = Position(**content)
    texts = (position.cell, position.header, position.detail)
    if type(position.row) is not int or not 0 < position.row <= MAX_ROW:
        raise ValueError("not a row number")
    if not isinstance(position.tab, str) or not all(isinstance(text, str | None) for text in texts):
        raise ValueError("not texts")
    if position.detail is not None and not isinstance(json.loads(position.detail), dict):
        raise ValueError("not an object")
    return position


def write(pointer: Path, positions: Positions) -> None:
    """Replace the file. Only the holder of the lock may call it."""
    content = {source: _to_content(moved) for source, moved in positions.items() if moved}
    write_atomic(DatabasePaths(pointer).positions, json.dumps(content, ensure_ascii=False).encode())


def apply_moved_positions(pointer: Path, rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return rows of `rejections` or `warnings` at their current position.

    Each row needs `source`, `row_hash` and `code`.
    """
    positions = read(pointer)
    return [_apply_position(row, positions) for row in rows]


def _apply_position(row: Mapping[str, object], positions: Positions) -> dict[str, object]:
    position = positions.get(str(row["source"]), {}).get((int(str(row["row_hash"])), str(row["code"])))
    return {**row, **(asdict(position) if position else {})}

"""Where the rows to mend stand now, beside the pointer: moving a row makes no version, but must be shown.

Only findings whose place differs from the one in the version are kept. The file is replaced after a good
read; lost or damaged, the places of the version are shown until the next one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from kpis.store.files import as_store_error, write_atomic
from kpis.store.paths import DatabasePaths


@dataclass(frozen=True)
class Position:
    """A finding's place now: tab, row, cell ("D12"), header, and what fills its sentence (JSON)."""

    tab: str
    row: int
    cell: str | None
    header: str | None
    detail: str | None


FindingKey = tuple[int, int | str | None]
Positions = Mapping[str, Mapping[FindingKey, Position]]
"""By source, then by row hash and code."""


def read(pointer: Path) -> dict[str, dict[FindingKey, Position]]:
    """The places that differ from the version's; none where nothing has moved."""
    path = DatabasePaths(pointer).positions
    with as_store_error(path):
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            return {}
    try:
        return {
            source: {(int(row_hash, 16), code): Position(**place) for row_hash, code, place in moved}
            for source, moved in json.loads(text).items()
        }
    except (ValueError, TypeError, AttributeError):  # not as we wrote it: the version's places stand in
        return {}


def write(pointer: Path, positions: Positions) -> None:
    """Replaces the file. Only the holder of the lock calls it."""
    kept = {
        source: [(f"{row_hash:x}", code, asdict(place)) for (row_hash, code), place in moved.items()]
        for source, moved in positions.items()
        if moved
    }
    write_atomic(DatabasePaths(pointer).positions, json.dumps(kept, ensure_ascii=False).encode())


def apply_moved_positions(pointer: Path, rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Rows of `rejections` or `warnings`, at their place now; `source`, `row_hash` and `code` are needed."""
    positions = read(pointer)
    return [_apply_position(row, positions) for row in rows]


def _apply_position(row: Mapping[str, object], positions: Positions) -> dict[str, object]:
    place = positions.get(str(row["source"]), {}).get((int(str(row["row_hash"])), str(row["code"])))
    return {**row, **(asdict(place) if place else {})}

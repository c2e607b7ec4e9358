"""What says that a database was moved: at the old place, which serves and publishes nothing, and at the new one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

from kpis.errors import StoreError
from kpis.language.clock import to_local_day
from kpis.store.files import as_store_error, build_unusable_error, write_atomic
from kpis.store.paths import DatabasePaths

MoveState = Literal["arriving", "arrived", "moved"]
_STATES: tuple[MoveState, ...] = get_args(MoveState)


@dataclass(frozen=True)
class MoveMark:
    """One side of a move: `state` says which, `move` is the same on both, `other` is the place of the other side."""

    state: MoveState
    move: str
    other: str
    moved_at: datetime
    """UTC, naive."""

    @classmethod
    def parse(cls, values: Mapping[str, object]) -> MoveMark:
        """Return the mark with these values; ValueError or KeyError if they are not those of a mark."""
        (state,) = [each for each in _STATES if each == values["state"]]
        moved_at = values["moved_at"]
        moment = moved_at if isinstance(moved_at, datetime) else datetime.fromisoformat(str(moved_at))
        return cls(state, str(values["move"]), str(values["other"]), moment)

    @property
    def day(self) -> str:
        """The day of the move in Việt Nam, as a person reads it."""
        return to_local_day(self.moved_at).strftime("%d/%m/%Y")


def read_file_mark(pointer: Path) -> MoveMark | None:
    """Return the mark beside a pointer; None if it was never moved. StoreError for one that cannot be read."""
    path = _get_mark_path(pointer)
    with as_store_error(path):
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            return None
    try:
        return MoveMark.parse(json.loads(text))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        # Without it nobody knows where the figures are published now.
        raise build_unusable_error(path, "not a mark of ours") from error


def write_file_mark(pointer: Path, mark: MoveMark) -> None:
    """Put a mark beside a pointer in place of the one that is there."""
    path = _get_mark_path(pointer)
    with as_store_error(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, json.dumps(asdict(mark), default=datetime.isoformat, ensure_ascii=False).encode())


def require_publishing(place: str, mark: MoveMark | None) -> None:
    """Raise StoreError if `place` may not be published to: it was moved elsewhere, or a move to it is not finished."""
    if mark is None or mark.state == "arrived":
        return
    if mark.state == "moved":
        text = (
            "{place} was moved to {other} on {day}: it still serves, but nothing is published or written here. Use "
            "{other}. To write here again, move it back: python -m kpis store move --to …"
        )
    else:
        text = (
            "The move of {other} to {place} on {day} is not finished, so nothing is published here. Run the same "
            "“kpis store move” once more; {other} is used until then."
        )
    raise StoreError(text, place=place, other=mark.other, day=mark.day)


def require_files_to_publish(pointer: Path) -> None:
    """Raise StoreError if the files next to a pointer were moved elsewhere, or did not arrive wholly."""
    require_publishing(describe_files(pointer), read_file_mark(pointer))


def describe_files(pointer: Path) -> str:
    """Return the place of the files next to a pointer, the same from wherever it is named."""
    return str(pointer.absolute())


def _get_mark_path(pointer: Path) -> Path:
    paths = DatabasePaths(pointer)
    return paths.folder / f"{paths.stem}-move.json"

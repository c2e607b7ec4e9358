"""What a machine knows of its lake: whether it answers, since when not, and which version is shown meanwhile.

The file `<stem>-lake.json` beside the local versions is written by the process that follows the lake and read by the
pages, `/health` and `doctor`; it may be lost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kpis.store.files import write_best_effort
from kpis.store.lake.follower import OTHER_LAKE_MESSAGE
from kpis.store.lake.lake_version import OTHER_FORMAT_MESSAGE
from kpis.store.lake.shared_state import EARLIER_DAY_MESSAGE
from kpis.store.paths import DatabasePaths
from kpis.sync.result import Message

SILENT_AFTER = timedelta(minutes=5)
"""Whoever follows asks every few seconds and brings a whole version over in a minute; after more, nobody follows."""
_REFUSALS = frozenset({OTHER_LAKE_MESSAGE, EARLIER_DAY_MESSAGE, OTHER_FORMAT_MESSAGE})
_UNASKED = Message("Nothing on this machine has asked it since.")


@dataclass(frozen=True)
class LakeState:
    """Moments are naive UTC. `failing_since` and `reason`: from when on the lake could not be followed, and why.

    `version`, `recorded_at`: what is shown here; None before the first version. `reader`: who reads the sources.
    """

    asked_at: datetime
    failing_since: datetime | None = None
    reason: Message | None = None
    version: int | None = None
    recorded_at: datetime | None = None
    reader: str | None = None
    files_reason: Message | None = None
    """Why what the machines share in a folder cannot be used here; None where it can."""
    difference: Message | None = None
    """Why release or configuration of this machine are not those of who leads; None where they are."""


@dataclass(frozen=True)
class LakeProblem:
    """Why and since when what is shown does not follow the lake (naive UTC)."""

    since: datetime
    reason: Message
    version: int | None
    recorded_at: datetime | None

    @property
    def is_refusal(self) -> bool:
        """True if the lake answers and this machine does not follow it until somebody acts."""
        return self.reason.key in _REFUSALS


def write_lake_state(pointer: Path, state: LakeState) -> None:
    """Write the state for the other processes of this machine; a full disk loses it."""
    moments = {name: _format(getattr(state, name)) for name in ("asked_at", "failing_since", "recorded_at")}
    reason = None if state.reason is None else state.reason.to_json()
    files_reason = None if state.files_reason is None else state.files_reason.to_json()
    difference = None if state.difference is None else state.difference.to_json()
    others = {
        "reason": reason, "version": state.version, "reader": state.reader, "files_reason": files_reason,
        "difference": difference,
    }  # fmt: skip
    record = {**moments, **others}
    with suppress(OSError):
        pointer.parent.mkdir(parents=True, exist_ok=True)
        write_best_effort(_get_path(pointer), json.dumps(record, ensure_ascii=False))


def read_lake_state(pointer: Path) -> LakeState | None:
    """Return what whoever follows the lake last wrote; None where there is nothing that can be read."""
    try:
        return _parse(json.loads(_get_path(pointer).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def find_lake_problem(pointer: Path, now: datetime) -> LakeProblem | None:
    """Return why what is shown does not follow the lake; None if it does, or nobody has followed one yet."""
    state = read_lake_state(pointer)
    if state is None:
        return None
    if state.failing_since is not None and state.reason is not None:
        return LakeProblem(state.failing_since, state.reason, state.version, state.recorded_at)
    if now - state.asked_at > SILENT_AFTER:
        return LakeProblem(state.asked_at, _UNASKED, state.version, state.recorded_at)
    return None


def find_files_problem(pointer: Path) -> Message | None:
    """Return why what the machines share in a folder could not be used here when last looked at; None if it could."""
    state = read_lake_state(pointer)
    return None if state is None else state.files_reason


def find_difference(pointer: Path) -> Message | None:
    """Return why release or configuration of this machine were not those of who leads when last looked at."""
    state = read_lake_state(pointer)
    return None if state is None else state.difference


def _get_path(pointer: Path) -> Path:
    paths = DatabasePaths(pointer)
    return paths.folder / f"{paths.stem}-lake.json"


def _format(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _parse(record: Mapping[str, object]) -> LakeState:
    asked_at, version = _parse_moment(record["asked_at"]), record["version"]
    if asked_at is None or not isinstance(version, int | None):
        raise TypeError
    return LakeState(
        asked_at,
        _parse_moment(record["failing_since"]),
        _parse_message(record["reason"]),
        version,
        _parse_moment(record["recorded_at"]),
        None if record["reader"] is None else str(record["reader"]),
        _parse_message(record["files_reason"]),
        _parse_message(record["difference"]),
    )


def _parse_message(record: object) -> Message | None:
    return Message.from_json(record) if isinstance(record, dict) else None


def _parse_moment(text: object) -> datetime | None:
    moment = None if text is None else datetime.fromisoformat(str(text))
    if moment is not None and moment.tzinfo is not None:
        raise ValueError(text)
    return moment

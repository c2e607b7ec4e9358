"""What a running server says of itself: for the administrator's page in its memory, for `doctor` in a file.

The file `<stem>-server.json` beside the database may be lost; a server that ended removes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kpis.access.enforcement import AccessState, get_access_paths, is_enforced
from kpis.errors import UsageError
from kpis.services.watcher_status import WatcherPhase, WatcherStatus
from kpis.settings import Settings
from kpis.store.files import write_best_effort
from kpis.store.paths import DatabasePaths

SILENT_AFTER = timedelta(seconds=90)
"""A server writes every ten seconds; one that has been silent for longer does not run, or hangs."""
_PHASES: tuple[WatcherPhase, ...] = ("off", "running", "ended", "refused")


@dataclass(frozen=True)
class ServerState:
    """Moments are naive UTC. `file_limit` None: no limit. `open_pages`: websockets, about one for each open page."""

    process: int
    release: str
    started_at: datetime
    written_at: datetime
    watcher: WatcherStatus
    open_files: int
    file_limit: int | None
    open_pages: int


class _Holder:
    """The state of the server in this process."""

    state: ServerState | None = None


def get_server_state() -> ServerState | None:
    """Return the latest state of the server in this process; None where none runs."""
    return _Holder.state


def publish_server_state(pointer: Path, state: ServerState | None) -> None:
    """Set the state of this process's server, None at its end, and write or remove the file.

    Another server with the same database that still writes keeps its file: that of `screenshot` ends soon.
    """
    previous, _Holder.state = _Holder.state, state
    path, ours = _get_path(pointer), state or previous
    other = read_server_state(pointer)
    if ours is None or (
        other is not None and other.process != ours.process and ours.written_at - other.written_at < SILENT_AFTER
    ):
        return
    with suppress(OSError):
        if state is None:
            path.unlink(missing_ok=True)
        elif path.parent.is_dir():
            write_best_effort(path, _format(state))


def read_server_state(pointer: Path) -> ServerState | None:
    """Return what the server with this database last wrote; None where there is nothing that can be read."""
    try:
        record = json.loads(_get_path(pointer).read_text(encoding="utf-8"))
        return _parse(record)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return None


def count_open_sessions(settings: Settings, environ: Mapping[str, str], now: datetime) -> tuple[int, int] | None:
    """Return how many sessions are open and of how many people; None where nobody signs in. StoreError."""
    paths = get_access_paths(settings)
    if not is_enforced(paths) or (paths.lake is None and not paths.store.exists()):
        return None
    return AccessState(paths, environ).store.count_sessions(now)


def is_running(state: ServerState, now: datetime) -> bool:
    """True if a server wrote a short time ago."""
    return now - state.written_at < SILENT_AFTER


def _get_path(pointer: Path) -> Path:
    paths = DatabasePaths(pointer)
    return paths.folder / f"{paths.stem}-server.json"


def _format(state: ServerState) -> str:
    watcher = state.watcher
    record = asdict(state) | {
        "started_at": state.started_at.isoformat(),
        "written_at": state.written_at.isoformat(),
        "watcher": {
            "phase": watcher.phase,
            "interval": watcher.interval.total_seconds() if watcher.interval is not None else None,
            "ended_at": watcher.ended_at.isoformat() if watcher.ended_at is not None else None,
            "error": str(watcher.error) if watcher.error is not None else None,
        },
    }
    return json.dumps(record, ensure_ascii=False)


def _parse(record: Mapping[str, object]) -> ServerState:
    watcher = record["watcher"]
    limit = record["file_limit"]
    if not isinstance(watcher, dict) or not isinstance(limit, int | None):
        raise TypeError
    return ServerState(
        _read_number(record["process"]),
        str(record["release"]),
        _read_moment(record["started_at"]),
        _read_moment(record["written_at"]),
        _parse_watcher(watcher),
        _read_number(record["open_files"]),
        limit,
        _read_number(record["open_pages"]),
    )


def _parse_watcher(record: Mapping[str, object]) -> WatcherStatus:
    phase = next((name for name in _PHASES if name == record["phase"]), None)
    if phase is None:
        raise ValueError(record["phase"])
    interval, ended_at, error = record["interval"], record["ended_at"], record["error"]
    return WatcherStatus(
        phase,
        timedelta(seconds=float(str(interval))) if interval is not None else None,
        _read_moment(ended_at) if ended_at is not None else None,
        UsageError("{reason}", reason=str(error)) if error is not None else None,
    )


def _read_number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value


def _read_moment(value: object) -> datetime:
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is not None:
        raise ValueError(value)
    return moment

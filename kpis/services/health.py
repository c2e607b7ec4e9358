"""What a service manager may know of a running server: whether its figures, its watcher and its disk are well."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from kpis.access.enforcement import AccessState, get_access_paths, is_enforced
from kpis.errors import KpisError
from kpis.language.durations import parse_interval
from kpis.services.lake_state import find_difference, find_files_problem, find_lake_problem
from kpis.services.watcher_status import WatcherStatus, find_problem
from kpis.settings import Settings, load_settings
from kpis.store import versions
from kpis.sync.attempts import read_attempts

MIN_FREE_BYTES = 1 << 30
"""With less space than this the next version or backup may not fit."""
_DEFAULT_AGE = "24h"

HealthProblem = Literal[
    "settings", "no_figures", "old_figures", "watcher", "lake", "shared", "differs", "disk", "rights"
]


@dataclass(frozen=True)
class Health:
    """`problems` is empty if all is well; `read_at`: the last good read of any source (naive UTC)."""

    problems: tuple[HealthProblem, ...]
    read_at: datetime | None
    version: int | None
    free_bytes: int


def read_max_age(environ: Mapping[str, str]) -> timedelta | None:
    """Return how old figures may be: KPIS_MAX_AGE, else a day; None for any age. UsageError if it is not valid."""
    return parse_interval(environ.get("KPIS_MAX_AGE") or _DEFAULT_AGE)


def check_health(
    environ: Mapping[str, str], watcher: WatcherStatus, now: datetime, given: Settings | None = None
) -> Health:
    """Return the health of an installation at `now` (naive UTC); `given` are its settings if they are known.

    OSError or KpisError count as a problem.
    """
    problems: list[HealthProblem] = []
    read_at, version, free = None, None, 0
    try:
        settings = given or load_settings(environ, read_only=True)
        max_age = read_max_age(environ)
        free = _read_free_bytes(settings.pointer)
        version = versions.find_current_version(settings.pointer)
        read_at = _find_last_good_read(settings.pointer)
        if not settings.sample:
            if version is None or read_at is None:
                problems.append("no_figures")
            elif max_age is not None and now - read_at > max_age:
                problems.append("old_figures")
            if find_problem(watcher, settings.pointer, now) is not None:
                problems.append("watcher")
        if settings.lake is not None and find_lake_problem(settings.pointer, now) is not None:
            problems.append("lake")
        if settings.lake is not None and find_files_problem(settings.pointer) is not None:
            problems.append("shared")
        if settings.lake is not None and find_difference(settings.pointer) is not None:
            problems.append("differs")
        if free < MIN_FREE_BYTES:
            problems.append("disk")
        paths = get_access_paths(settings)
        if is_enforced(paths) and not _has_valid_rights(AccessState(paths, environ)):
            problems.append("rights")
    except (KpisError, OSError):
        problems.append("settings")
    return Health(tuple(problems), read_at, version, free)


def _read_free_bytes(pointer: Path) -> int:
    folder = next(folder for folder in pointer.absolute().parents if folder.is_dir())
    return shutil.disk_usage(folder).free


def _find_last_good_read(pointer: Path) -> datetime | None:
    passes = read_attempts(pointer)
    last = passes[-1] if passes else []
    return max((attempt.last_good_at for attempt in last if attempt.last_good_at is not None), default=None)


def _has_valid_rights(state: AccessState) -> bool:
    try:
        state.get_rights()
    except KpisError:
        return False
    return True

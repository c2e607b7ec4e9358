"""Figures for the pages: one database per published version, answers kept by version.

The database is shared between sessions, never its connection: `Database` takes a cursor to every query,
since one connection queried from several threads returns other threads' rows (design.md §7). An answer is
shared too: whoever is given one only reads it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar, cast

import streamlit as st

from kpis.store import versions
from kpis.store.database import Database
from kpis.store.paths import DatabasePaths

P = ParamSpec("P")
R = TypeVar("R")

_DATABASE_KEY = "kpis_version"
_MAX_RESULTS = 500
"""Answers kept, most of them a page: at a nation's size 200 kB each."""


@st.cache_resource(max_entries=3, show_spinner=False)
def _open_cached(pointer: str, version: int) -> Database | None:  # noqa: ARG001 - part of the key
    return Database.open(Path(pointer))


def open_database(pointer: Path, version: int) -> Database | None:
    """The database of a version, or the one before it where that one will not open."""
    return _open_cached(str(pointer), version)


def use_database(database: Database) -> None:
    """Makes this run's queries ask one version, even when a newer one is published while it runs."""
    st.session_state[_DATABASE_KEY] = database


def get_current_database() -> Database:
    """The database of this run; the frame has set it."""
    return cast(Database, st.session_state[_DATABASE_KEY])


def cache_per_version(function: Callable[Concatenate[Database, P], R]) -> Callable[P, R]:
    """Keeps a question's answers by version and arguments; call it without the database.

    `rows = per_version(attainment)(as_of)`. The arguments are hashable, the answer is not to be changed.
    """

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return call_cached(get_current_database(), function, *args, **kwargs)

    return call


def cache_per_read(function: Callable[Concatenate[Database, P], R]) -> Callable[P, R]:
    """The same for what a reading changes without a new version: the journal, and where rows stand."""

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        database = get_current_database()
        place = DatabasePaths(database.pointer)
        beside = (_read_file_stamp(place.journal), _read_file_stamp(place.positions))
        return _call_cached_by_files(beside, database, function, *args, **kwargs)

    return call


def call_cached(
    database: Database,
    function: Callable[Concatenate[Database, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """The same as `per_version` outside a visit, where no version is in use yet."""
    return _call_cached_by_files((), database, function, *args, **kwargs)


def _call_cached_by_files(
    file_stamps: tuple[tuple[int, int], ...],
    database: Database,
    function: Callable[Concatenate[Database, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    key = (file_stamps, database.pointer, database.version, args, tuple(sorted(kwargs.items())))
    return cast(
        R, _get_shared_result(function, key).get_or_compute(lambda: function(database, *args, **kwargs))
    )


class _SharedResult:
    """One answer: whoever asks first works it out, and whoever asks meanwhile waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._results: list[object] = []

    def get_or_compute(self, compute: Callable[[], object]) -> object:
        with self._lock:
            if not self._results:
                self._results.append(compute())
            return self._results[0]


@lru_cache(maxsize=_MAX_RESULTS)
def _get_shared_result(function: object, key: object) -> _SharedResult:  # noqa: ARG001 - the key
    # (st.cache_data hashes and unpickles at every visit: a fifth of what a known page costs)
    return _SharedResult()


def _read_file_stamp(path: Path) -> tuple[int, int]:
    """When a file was last written (ns) and its bytes; zeroes where there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@st.fragment(run_every="30s")
def rerun_on_new_version(pointer: Path, version: int) -> None:
    """Reruns the page when a newer version has been published than the one it shows."""
    if versions.find_current_version(pointer) != version:
        st.rerun()

"""Figures for the pages: one database per published version, results cached per version.

The database is shared between sessions, never its connection: `Database` takes a cursor for every query,
since one connection queried from several threads returns other threads' rows (design.md §7). Cached results
are shared too: never change one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar, cast

import streamlit as st
from markupsafe import Markup

from kpis.requests.ledger import get_ledger_path
from kpis.store import versions
from kpis.store.database import Database
from kpis.store.paths import DatabasePaths
from kpis.ui.shared.one_plan import build_version_key
from kpis.ui.shared.table_collection import is_collecting

P = ParamSpec("P")
R = TypeVar("R")

LOOK_SECONDS = 30.0
"""How often an open page looks whether there is something new to show."""

_DATABASE_KEY, _ROW_DATABASE_KEY = "kpis_version", "kpis_version_of_rows"
_MAX_RESULTS = 500
"""Cached results, most of them a page: 200 kB each with all 34 provinces."""


@st.cache_resource(max_entries=3, show_spinner=False)
def _open_cached(pointer: str, version: int) -> Database | None:  # noqa: ARG001 - part of the key
    return Database.open(Path(pointer))


def open_database(pointer: Path, version: int) -> Database | None:
    """Return the database of a version, or of the one before it if that one cannot be opened."""
    return _open_cached(str(pointer), version)


def use_database(database: Database, rows: Database | None = None) -> None:
    """Make all queries of this run use one version, even if a newer one is published meanwhile.

    `rows`: the same version for lists of rows, where the viewer sees those of some agencies alone.
    """
    st.session_state[_DATABASE_KEY] = database
    st.session_state[_ROW_DATABASE_KEY] = rows or database


def get_current_database() -> Database:
    """Return the database of this run; the frame has set it."""
    return cast(Database, st.session_state[_DATABASE_KEY])


def get_row_database() -> Database:
    """Return the database of this run for lists of rows, findings and evidence."""
    return cast(Database, st.session_state[_ROW_DATABASE_KEY])


def cache_per_version(function: Callable[Concatenate[Database, P], R]) -> Callable[P, R]:
    """Return `function` with its results cached per version and arguments; call it without the database.

    `rows = cache_per_version(compute_attainment)(as_of)`. Arguments must be hashable. A function that reads one plan
    alone (kpis.ui.shared.one_plan) is cached until a row of that plan differs.
    """

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return call_cached(get_current_database(), function, *args, **kwargs)

    return call


def cache_per_read(function: Callable[Concatenate[Database, P], R]) -> Callable[P, R]:
    """Like `cache_per_version`, for what changes without a new version: the journal and row positions."""

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return call_cached_per_read(get_current_database(), function, *args, **kwargs)

    return call


def call_cached_by_ledger(
    database: Database, function: Callable[Concatenate[Database, P], R], *args: P.args, **kwargs: P.kwargs
) -> R:
    """Like `call_cached`, for what follows the ledger of requests too."""
    stamps = (_read_file_stamp(get_ledger_path(database.pointer)),)
    return _call_cached_by_files(stamps, database, function, *args, **kwargs)


def call_cached(
    database: Database,
    function: Callable[Concatenate[Database, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Like `cache_per_version` with an explicit database, for use outside a visit."""
    return _call_cached_by_files((), database, function, *args, **kwargs)


def find_cached(
    database: Database, function: Callable[Concatenate[Database, P], R], *args: P.args, **kwargs: P.kwargs
) -> R | None:
    """Return what `call_cached` has kept, None if it has not been asked for."""
    return cast("R | None", _get_shared_result(function, _build_key((), database, function, args, kwargs)).get())


def call_cached_per_read(
    database: Database,
    function: Callable[Concatenate[Database, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Like `cache_per_read` with an explicit database."""
    paths = DatabasePaths(database.pointer)
    file_stamps = (_read_file_stamp(paths.journal), _read_file_stamp(paths.positions))
    return _call_cached_by_files(file_stamps, database, function, *args, **kwargs)


def _call_cached_by_files(
    file_stamps: tuple[tuple[int, int], ...],
    database: Database,
    function: Callable[Concatenate[Database, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    key = _build_key(file_stamps, database, function, args, kwargs)
    result = _get_shared_result(function, key).get_or_compute(lambda: function(database, *args, **kwargs))
    if isinstance(result, Markup) and is_collecting():  # drawn once more, since its tables are wanted
        result = function(database, *args, **kwargs)
    return cast(R, result)


def _build_key(
    file_stamps: tuple[tuple[int, int], ...],
    database: Database,
    function: object,
    args: Sequence[object],
    kwargs: Mapping[str, object],
) -> object:
    version_key = build_version_key(database, function, args)
    return file_stamps, database.pointer, version_key, database.scope, tuple(args), tuple(sorted(kwargs.items()))


class _SharedResult:
    """One result: the first thread computes it, other threads wait for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._results: list[object] = []

    def get_or_compute(self, compute: Callable[[], object]) -> object:
        with self._lock:
            if not self._results:
                self._results.append(compute())
            return self._results[0]

    def get(self) -> object:
        """Return the result, None before it has been computed."""
        return self._results[0] if self._results else None


@lru_cache(maxsize=_MAX_RESULTS)
def _get_shared_result(function: object, key: object) -> _SharedResult:  # noqa: ARG001 - the key
    # Not st.cache_data, which hashes and unpickles at every visit: a fifth of the cost of a cached page.
    return _SharedResult()


def _read_file_stamp(path: Path) -> tuple[int, int]:
    """Return a file's modification time (ns) and size (bytes); zeroes if there is no such file."""
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


def rerun_on_change(
    pointer: Path, version: int, notices: Sequence[str], list_notices: Callable[[], Sequence[str]]
) -> None:
    """Rerun the page when a newer version than the one shown is published, or its notices are others now."""
    _build_look(LOOK_SECONDS)(pointer, version, notices, list_notices)


def _rerun_if_changed(
    pointer: Path, version: int, notices: Sequence[str], list_notices: Callable[[], Sequence[str]]
) -> None:
    if versions.find_current_version(pointer) != version or list(notices) != list(list_notices()):
        st.rerun()


@cache
def _build_look(seconds: float) -> Callable[[Path, int, Sequence[str], Callable[[], Sequence[str]]], None]:
    return st.fragment(_rerun_if_changed, run_every=seconds)

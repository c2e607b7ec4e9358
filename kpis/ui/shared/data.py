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
from kpis.store.paths import Place

P = ParamSpec("P")
R = TypeVar("R")

_KEY = "kpis_version"
_KEPT = 500
"""Answers kept, most of them a page: at a nation's size 200 kB each."""


@st.cache_resource(max_entries=3, show_spinner=False)
def _opened(pointer: str, version: int) -> Database | None:  # noqa: ARG001 - part of the key
    return Database.open(Path(pointer))


def database(pointer: Path, version: int) -> Database | None:
    """The database of a version, or the one before it where that one will not open."""
    return _opened(str(pointer), version)


def use(database: Database) -> None:
    """Makes this run's queries ask one version, even when a newer one is published while it runs."""
    st.session_state[_KEY] = database


def in_use() -> Database:
    """The database of this run; the frame has set it."""
    return cast(Database, st.session_state[_KEY])


def per_version(function: Callable[Concatenate[Database, P], R]) -> Callable[P, R]:
    """Keeps a question's answers by version and arguments; call it without the database.

    `rows = per_version(attainment)(as_of)`. The arguments are hashable, the answer is not to be changed.
    """

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return ask(in_use(), function, *args, **kwargs)

    return call


def per_reading(function: Callable[Concatenate[Database, P], R]) -> Callable[P, R]:
    """The same for what a reading changes without a new version: the journal, and where rows stand."""

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        database = in_use()
        place = Place(database.pointer)
        beside = (_written(place.journal), _written(place.positions))
        return _answer(beside, database, function, *args, **kwargs)

    return call


def ask(
    database: Database,
    function: Callable[Concatenate[Database, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """The same as `per_version` outside a visit, where no version is in use yet."""
    return _answer((), database, function, *args, **kwargs)


def _answer(
    beside: tuple[tuple[int, int], ...],
    database: Database,
    function: Callable[Concatenate[Database, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    key = (beside, database.pointer, database.version, args, tuple(sorted(kwargs.items())))
    return cast(R, _kept(function, key).of(lambda: function(database, *args, **kwargs)))


class _Once:
    """One answer: whoever asks first works it out, and whoever asks meanwhile waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: list[object] = []

    def of(self, work: Callable[[], object]) -> object:
        with self._lock:
            if not self._found:
                self._found.append(work())
            return self._found[0]


@lru_cache(maxsize=_KEPT)
def _kept(function: object, key: object) -> _Once:  # noqa: ARG001 - the key
    # (st.cache_data hashes and unpickles at every visit: a fifth of what a known page costs)
    return _Once()


def _written(path: Path) -> tuple[int, int]:
    """When a file was last written (ns) and its bytes; zeroes where there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@st.fragment(run_every="30s")
def watch(pointer: Path, version: int) -> None:
    """Reruns the page when a newer version has been published than the one it shows."""
    if versions.current(pointer) != version:
        st.rerun()

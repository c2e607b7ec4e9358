"""Figures for the pages: one database per published version, answers cached by version.

The database is shared between sessions, never its connection: `Database` takes a cursor to every query,
since one connection queried from several threads returns other threads' rows (design.md §7).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar, cast

import streamlit as st

from kpis.store import versions
from kpis.store.database import Database

P = ParamSpec("P")
R = TypeVar("R")

_KEY = "kpis_version"


@st.cache_resource(max_entries=3, show_spinner=False)
def _opened(pointer: str, version: int) -> Database | None:  # noqa: ARG001 - part of the key
    return Database.open(Path(pointer))


def database(pointer: Path, version: int) -> Database | None:
    """The database of a version, or the one before it where that one will not open."""
    return _opened(str(pointer), version)


def use(pointer: Path, database: Database) -> None:
    """Makes this run's queries ask one version, even when a newer one is published while it runs."""
    st.session_state[_KEY] = (str(pointer), database)


def in_use() -> tuple[str, Database]:
    """The pointer and the database of this run; the frame has set them."""
    return cast("tuple[str, Database]", st.session_state[_KEY])


def per_version(function: Callable[Concatenate[Database, P], R]) -> Callable[P, R]:
    """Caches a question to the database by version and arguments; call it without the database.

    `rows = per_version(attainment)(as_of)`. The answer is a copy of each caller's own.
    """

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        pointer, database = in_use()
        return ask(pointer, database, function, *args, **kwargs)

    return call


def ask(
    pointer: str,
    database: Database,
    function: Callable[Concatenate[Database, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """The same outside a visit, where no version is in use yet."""
    name = f"{function.__module__}.{function.__qualname__}"
    return cast(R, _answer(database, function, name, pointer, database.version, args, kwargs))


@st.cache_data(max_entries=2_000, show_spinner=False)
def _answer(
    _database: Database,
    _function: Callable[..., object],
    name: str,  # noqa: ARG001 - part of the key, as are the pointer and the version
    pointer: str,  # noqa: ARG001
    version: int,  # noqa: ARG001
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> object:
    return _function(_database, *args, **kwargs)


@st.fragment(run_every="30s")
def watch(pointer: Path, version: int) -> None:
    """Reruns the page when a newer version has been published than the one it shows."""
    if versions.current(pointer) != version:
        st.rerun()

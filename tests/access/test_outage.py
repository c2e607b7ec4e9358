"""Sessions while the shared tables do not answer: what ended while they did stays ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest

from kpis.access import outage
from kpis.access.connections import AccessFile, Statements
from kpis.access.store import AccessStore
from kpis.errors import StoreError
from tests.access.test_access_store import LIMITS, NOW


class SharedTables:
    """Tables that several machines ask, until they are away."""

    def __init__(self, path: Path) -> None:
        self._file = AccessFile(path)
        self.is_away = False

    @contextmanager
    def begin(self, transaction: Literal["immediate", "deferred"]) -> Iterator[Statements]:
        if self.is_away:
            raise StoreError("no answer")
        with self._file.begin(transaction) as con:
            yield con


@pytest.fixture
def tables(tmp_path: Path) -> SharedTables:
    return SharedTables(tmp_path / "shared.sqlite")


@pytest.fixture
def here(tables: SharedTables, tmp_path: Path) -> AccessStore:
    return AccessStore(tmp_path / "here.sqlite", tables)


@pytest.fixture
def elsewhere(tables: SharedTables, tmp_path: Path) -> AccessStore:
    return AccessStore(tmp_path / "elsewhere.sqlite", tables)


ENDINGS: dict[str, Callable[[AccessStore, str], object]] = {
    "signed out": lambda store, token: store.end_session(token),
    "signed in again": lambda store, token: store.open_session("b@x.vn", "provider", LIMITS, NOW, token),
    "ended by the administrator": lambda store, _token: store.end_sessions_of("a@x.vn"),
    "released": lambda store, _token: store.unbind("a@x.vn"),
    "restored": lambda store, _token: store.end_everything_open(),
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
def test_a_session_that_ended_here_stays_ended_when_the_tables_go_away(
    end: Callable[[AccessStore, str], object], here: AccessStore, tables: SharedTables
) -> None:
    token = here.open_session("a@x.vn", "provider", LIMITS, NOW)
    assert here.find_session(token, NOW)
    end(here, token)
    tables.is_away = True
    assert here.find_session(token, NOW) is None


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
def test_a_session_that_ended_elsewhere_is_forgotten_at_the_next_comparison(
    end: Callable[[AccessStore, str], object],
    here: AccessStore,
    elsewhere: AccessStore,
    tables: SharedTables,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outage, "COMPARE_SECONDS", 0.0)
    token = here.open_session("a@x.vn", "provider", LIMITS, NOW)
    assert here.find_session(token, NOW)
    end(elsewhere, token)
    colleague = elsewhere.open_session("c@x.vn", "provider", LIMITS, NOW)
    assert here.find_session(colleague, NOW), "somebody else is active here"
    tables.is_away = True
    assert here.find_session(token, NOW) is None
    assert here.find_session(colleague, NOW)


def test_the_tables_are_compared_at_most_once_a_minute(here: AccessStore, tables: SharedTables) -> None:
    tokens = [here.open_session(f"{number}@x.vn", "provider", LIMITS, NOW) for number in range(3)]
    for token in tokens:
        assert here.find_session(token, NOW)
    tables.is_away = True
    assert all(here.find_session(token, NOW) for token in tokens), "verified before, and not ended since"

"""Results cached for the pages: computed once per version and arguments, by the first thread that asks."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from kpis.store.database import Database
from kpis.store.scopes.scope import Scope
from kpis.ui.shared import data, filter_options


@dataclass
class StubVersion:
    """Stands for an open version: the tests only need its number."""

    version: int
    pointer: Path
    scope: Scope | None = None


def build_version(number: int, pointer: str = "kpis.json") -> Database:
    return cast(Database, StubVersion(number, Path(pointer)))


def test_a_result_is_computed_once_per_version() -> None:
    versions: list[int] = []

    def answer_day(db: Database, day: str) -> str:
        versions.append(db.version)
        return f"{day} in {db.version}"

    for number in (1, 1, 2):
        assert data.call_cached(build_version(number), answer_day, "today") == f"today in {number}"
    assert data.call_cached(build_version(1, "elsewhere"), answer_day, "today") == "today in 1"
    assert versions == [1, 2, 1]


def test_each_scope_of_a_version_is_queried_for_its_plans_once(monkeypatch: pytest.MonkeyPatch) -> None:
    queries: list[tuple[int, Scope | None]] = []

    def list_plans(db: Database) -> list[object]:
        queries.append((db.version, db.scope))
        return []

    monkeypatch.setattr(filter_options, "list_plans", list_plans)
    scope = Scope(frozenset({"ha-noi"}))
    pointer = Path("plans.json")
    for version in (StubVersion(1, pointer), StubVersion(1, pointer, scope), StubVersion(2, pointer)) * 2:
        assert filter_options.load_plan_choices(cast(Database, version)) == ()
    assert queries == [(1, None), (1, scope), (2, None)]


def test_concurrent_requests_share_one_computation() -> None:
    versions: list[int] = []

    def answer_slowly(db: Database) -> object:
        versions.append(db.version)
        time.sleep(0.05)
        return object()

    results: list[object] = []
    threads = [
        threading.Thread(target=lambda: results.append(data.call_cached(build_version(1), answer_slowly)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert len(versions) == len(set(map(id, results))) == 1


def test_a_failed_computation_is_repeated() -> None:
    fails = [True]

    def answer_after_failure(_db: Database) -> str:
        if fails.pop() if fails else False:
            raise OSError("not now")
        return "found"

    with pytest.raises(OSError, match="not now"):
        data.call_cached(build_version(7), answer_after_failure)
    assert data.call_cached(build_version(7), answer_after_failure) == "found"


def test_results_cached_per_read_follow_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pointer = tmp_path / "kpis.json"
    journal = tmp_path / "kpis-journal.jsonl"
    monkeypatch.setattr(data, "get_current_database", lambda: build_version(3, str(pointer)))

    def count_lines(_db: Database) -> int:
        return len(journal.read_text().splitlines()) if journal.exists() else 0

    cached_count = data.cache_per_read(count_lines)
    assert cached_count() == 0
    journal.write_text("one\n")
    assert cached_count() == 1
    journal.write_text("one\ntwo\n")
    assert cached_count() == 2

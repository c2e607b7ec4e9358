"""Answers kept for the pages: worked out once per version and arguments, by whoever asks first."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from kpis.store.database import Database
from kpis.ui.shared import data


@dataclass
class StubVersion:
    """Stands for an open version: the answers ask nothing of it but its number."""

    version: int
    pointer: Path


def build_version(number: int, pointer: str = "kpis.json") -> Database:
    return cast(Database, StubVersion(number, Path(pointer)))


def test_one_version_is_asked_once_and_the_next_one_anew() -> None:
    asked: list[int] = []

    def answer_day(db: Database, day: str) -> str:
        asked.append(db.version)
        return f"{day} in {db.version}"

    for number in (1, 1, 2):
        assert data.call_cached(build_version(number), answer_day, "today") == f"today in {number}"
    assert data.call_cached(build_version(1, "elsewhere"), answer_day, "today") == "today in 1"
    assert asked == [1, 2, 1]


def test_many_who_ask_at_once_wait_for_one_answer() -> None:
    asked: list[int] = []

    def answer_slowly(db: Database) -> object:
        asked.append(db.version)
        time.sleep(0.05)
        return object()

    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(data.call_cached(build_version(1), answer_slowly)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(asked) == len(set(map(id, found))) == 1


def test_an_answer_that_failed_is_asked_again() -> None:
    fails = [True]

    def answer_after_failure(_db: Database) -> str:
        if fails.pop() if fails else False:
            raise OSError("not now")
        return "found"

    with pytest.raises(OSError, match="not now"):
        data.call_cached(build_version(7), answer_after_failure)
    assert data.call_cached(build_version(7), answer_after_failure) == "found"


def test_what_a_reading_leaves_beside_the_version_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointer = tmp_path / "kpis.json"
    journal = tmp_path / "kpis-journal.jsonl"
    monkeypatch.setattr(data, "get_current_database", lambda: build_version(3, str(pointer)))

    def count_lines(_db: Database) -> int:
        return len(journal.read_text().splitlines()) if journal.exists() else 0

    kept = data.cache_per_read(count_lines)
    assert kept() == 0
    journal.write_text("one\n")
    assert kept() == 1
    journal.write_text("one\ntwo\n")
    assert kept() == 2

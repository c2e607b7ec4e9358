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
class Version:
    """Stands for an open version: the answers ask nothing of it but its number."""

    version: int
    pointer: Path


def version(number: int, pointer: str = "kpis.json") -> Database:
    return cast(Database, Version(number, Path(pointer)))


def test_one_version_is_asked_once_and_the_next_one_anew() -> None:
    asked: list[int] = []

    def question(db: Database, day: str) -> str:
        asked.append(db.version)
        return f"{day} in {db.version}"

    for number in (1, 1, 2):
        assert data.ask(version(number), question, "today") == f"today in {number}"
    assert data.ask(version(1, "elsewhere"), question, "today") == "today in 1"
    assert asked == [1, 2, 1]


def test_many_who_ask_at_once_wait_for_one_answer() -> None:
    asked: list[int] = []

    def slow(db: Database) -> object:
        asked.append(db.version)
        time.sleep(0.05)
        return object()

    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(data.ask(version(1), slow))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(asked) == len(set(map(id, found))) == 1


def test_an_answer_that_failed_is_asked_again() -> None:
    fails = [True]

    def question(_db: Database) -> str:
        if fails.pop() if fails else False:
            raise OSError("not now")
        return "found"

    with pytest.raises(OSError, match="not now"):
        data.ask(version(7), question)
    assert data.ask(version(7), question) == "found"


def test_what_a_reading_leaves_beside_the_version_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointer = tmp_path / "kpis.json"
    journal = tmp_path / "kpis-journal.jsonl"
    monkeypatch.setattr(data, "in_use", lambda: version(3, str(pointer)))

    def lines(_db: Database) -> int:
        return len(journal.read_text().splitlines()) if journal.exists() else 0

    kept = data.per_reading(lines)
    assert kept() == 0
    journal.write_text("one\n")
    assert kept() == 1
    journal.write_text("one\ntwo\n")
    assert kept() == 2

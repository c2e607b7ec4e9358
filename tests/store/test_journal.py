"""The journal: appended to, tolerant of half a line, limited in size."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpis.store import journal


def test_lines_come_back_in_order(tmp_path: Path) -> None:
    path = tmp_path / "kpis-journal.jsonl"
    assert journal.read(path) == []
    journal.append(path, {"at": "1", "text": "đã đọc\n"})
    journal.append(path, {"at": "2"})
    assert journal.read(path) == [{"at": "1", "text": "đã đọc\n"}, {"at": "2"}]


@pytest.mark.parametrize("cut", [1, 2, 7, 12])
def test_half_a_line_of_a_killed_run_damages_no_other_line(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "kpis-journal.jsonl"
    journal.append(path, {"at": "1"})
    journal.append(path, {"word": "đứt"})
    path.write_bytes(path.read_bytes()[:-cut])
    journal.append(path, {"at": "3"})
    assert [record.get("at") for record in journal.read(path) if "at" in record] == ["1", "3"]
    assert path.read_bytes().endswith(b'{"at":"3"}\n')


def test_lines_that_are_not_objects_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "kpis-journal.jsonl"
    path.write_bytes(b"[1]\n\xff\xfe\n\n" + b"[" * 200_000 + b'\n{"at":"1"}\n')
    assert journal.read(path) == [{"at": "1"}]


def test_the_older_half_is_dropped_when_the_file_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MAX_BYTES", 1000)
    path = tmp_path / "kpis-journal.jsonl"
    for number in range(500):
        journal.append(path, {"n": number})
    assert path.stat().st_size <= 1000
    numbers = [record["n"] for record in journal.read(path)]
    assert numbers == list(range(500 - len(numbers), 500))
    assert len(numbers) > 20


def test_the_last_line_is_never_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MAX_BYTES", 1000)
    path = tmp_path / "kpis-journal.jsonl"
    for number in range(3):
        journal.append(path, {"n": number, "text": "x" * 3000})
        assert [record["n"] for record in journal.read(path)] == [number]


def test_a_rewrite_changes_records_and_leaves_other_lines(tmp_path: Path) -> None:
    path = tmp_path / "kpis-journal.jsonl"
    path.write_bytes(b'half a li\n{"at":"1"}\n{"at":2}\n')

    def change(record: dict[str, object]) -> dict[str, object]:
        return {"at": str(record["at"]).strip() + "!"}

    journal.rewrite(path, change)
    assert path.read_bytes() == b'half a li\n{"at":"1!"}\n{"at":"2!"}\n'

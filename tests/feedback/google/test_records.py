"""The feedback records: a missing or damaged file only costs one read of each sheet."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from kpis.feedback.google.records import FeedbackRecord, get_records_path, load_records, save_records

RECORDS = {
    "s1": FeedbackRecord("a", "b", None),
    "s2": FeedbackRecord(
        pending="rows",
        since=datetime(2026, 11, 21, 2),
        tried_at=datetime(2026, 11, 21, 3),
        refused=True,
        problem={"key": "{account} …", "values": {"account": "x@y"}},
        without_column=("Tiến độ",),
    ),
}


def test_saved_records_are_loaded_and_no_other_file_remains(tmp_path: Path) -> None:
    path = get_records_path(tmp_path / "kpis.json")
    save_records(path, RECORDS)
    assert load_records(path) == RECORDS
    assert [file.name for file in tmp_path.iterdir()] == ["kpis-answers.json"]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"s1": 3}', '{"s1": {"fingerprint": "a", "unknown": true}}', '{"s1": {"fing']
)
def test_an_invalid_file_gives_no_records(text: str, tmp_path: Path) -> None:
    path = get_records_path(tmp_path / "kpis.json")
    path.write_text(text, encoding="utf-8")
    assert load_records(path) == {}


def test_an_unwritable_folder_is_ignored(tmp_path: Path) -> None:
    save_records(tmp_path / "no such folder" / "kpis-answers.json", RECORDS)
    assert not (tmp_path / "no such folder").exists()


def test_a_record_with_nothing_pending_has_no_problem() -> None:
    record = RECORDS["s2"].with_nothing_pending()
    assert (record.pending, record.since, record.refused, record.problem) == (None, None, False, None)
    assert record.without_column == ("Tiến độ",)

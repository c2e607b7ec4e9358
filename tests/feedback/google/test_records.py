"""What is remembered of answers can be lost or damaged: a look at each sheet is the cost."""

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


def test_what_is_saved_is_loaded_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = get_records_path(tmp_path / "kpis.json")
    save_records(path, RECORDS)
    assert load_records(path) == RECORDS
    assert [one.name for one in tmp_path.iterdir()] == ["kpis-answers.json"]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"s1": 3}', '{"s1": {"fingerprint": "a", "whole": true}}', '{"s1": {"fing']
)
def test_what_cannot_be_understood_is_forgotten(text: str, tmp_path: Path) -> None:
    path = get_records_path(tmp_path / "kpis.json")
    path.write_text(text, encoding="utf-8")
    assert load_records(path) == {}


def test_where_nothing_can_be_written_it_is_forgotten(tmp_path: Path) -> None:
    save_records(tmp_path / "no such folder" / "kpis-answers.json", RECORDS)
    assert not (tmp_path / "no such folder").exists()


def test_once_every_verdict_stands_nothing_is_owed_or_told() -> None:
    settled = RECORDS["s2"].with_nothing_pending()
    assert (settled.pending, settled.since, settled.refused, settled.problem) == (None, None, False, None)
    assert settled.without_column == ("Tiến độ",)

"""What stays of a long journal: the last attempt of each source and the changes of outcome of thirty days."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.store import journal
from kpis.store.attempts_to_keep import KEEPING_TIME, drop_attempts

START = datetime(2026, 3, 1)
Record = dict[str, object]


def make_sync(minutes: float, **outcomes: str) -> Record:
    """Return the record of a sync: the outcome of each source."""
    attempts = [{"id": source, "outcome": outcome, "at": minutes} for source, outcome in outcomes.items()]
    return {"at": (START + timedelta(minutes=minutes)).isoformat(), "version": None, "sources": attempts}


def list_attempts(records: list[Record | None], source: str) -> list[tuple[object, object]]:
    """Return moment and outcome of the attempts of a source."""
    return [
        (attempt["at"], attempt["outcome"])
        for record in records
        if record is not None
        for attempt in record["sources"]  # type: ignore[attr-defined]
        if attempt["id"] == source
    ]


def test_the_ends_of_each_run_of_one_outcome_stay() -> None:
    outcomes = ["changed", "unchanged", "unchanged", "unchanged", "failed", "failed", "failed", "unchanged"]
    records = [make_sync(5 * number, a=outcome, b="unchanged") for number, outcome in enumerate(outcomes)]
    remaining = drop_attempts(records)
    assert [moment for moment, _ in list_attempts(remaining, "a")] == [0, 5, 15, 20, 30, 35]
    assert [moment for moment, _ in list_attempts(remaining, "b")] == [0, 35]
    assert remaining[2] is None
    assert remaining[-1] == records[-1]


def test_what_is_older_than_thirty_days_goes_but_for_the_last_attempt_of_a_source() -> None:
    month = KEEPING_TIME / timedelta(minutes=1)
    action: Record = {"at": START.isoformat(), "action": "accept_plan"}
    records = [
        make_sync(0, a="failed", gone="failed"),
        action,
        make_sync(5, a="changed"),
        make_sync(month + 9, a="held"),
    ]
    remaining = drop_attempts(records)
    assert list_attempts([remaining[0]], "gone") == [(0, "failed")]
    assert list_attempts([remaining[0]], "a") == []
    assert remaining[1:] == [None, None, records[-1]]
    assert drop_attempts([action, make_sync(5, a="changed")])[0] == action


def test_a_clock_that_was_ahead_drops_nothing_of_today() -> None:
    records = [make_sync(10**7, a="changed"), make_sync(0, a="unchanged"), make_sync(5, a="failed")]
    assert drop_attempts(records) == records


@pytest.mark.parametrize("sources", [None, "x", [1], [{}], [{"id": 7}]])
def test_a_record_of_another_release_stays_as_it_is(sources: object) -> None:
    record: Record = {"at": "no moment", "sources": sources}
    assert drop_attempts([record, make_sync(1, a="changed")])[0] == record


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from(["changed", "failed", "held"])), max_size=12))
def test_the_last_attempts_and_all_changes_can_still_be_told(syncs: list[dict[str, str]]) -> None:
    records = [make_sync(5 * number, **outcomes) for number, outcomes in enumerate(syncs)]
    remaining = drop_attempts(records)
    for source in "abc":
        every, left = list_attempts(list(records), source), list_attempts(remaining, source)
        assert left[-1:] == every[-1:]
        assert [run for run, _ in groupby(outcome for _, outcome in left)] == [
            run for run, _ in groupby(outcome for _, outcome in every)
        ]
        assert set(left) <= set(every)


def test_a_file_that_becomes_too_large_keeps_its_changes_of_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MAX_BYTES", 4000)
    path = tmp_path / "kpis-journal.jsonl"
    for number in range(300):
        outcome = "failed" if number == 40 else "unchanged"
        journal.append(path, make_sync(5 * number, a=outcome, b="unchanged"))
    assert path.stat().st_size <= 4000
    attempts = list_attempts(list(journal.read(path)), "a")
    assert (200, "failed") in attempts
    assert attempts[-1] == (1495, "unchanged")

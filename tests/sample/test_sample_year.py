"""The made-up year after a sync: every status and task state occurs, and last week can be compared with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from data.sample.make import STALE_PLANS
from data.sample.plan_sheet import READING_DAYS, TODAY
from kpis.language.clock import parse_moment
from kpis.measures.attainment import compute_attainment
from kpis.measures.attainment_rows import Attainment, TargetStatus
from kpis.measures.question import Question
from kpis.measures.task_status import compute_task_status
from kpis.services.refresh import refresh
from kpis.settings import load_settings
from kpis.store.database import Database
from kpis.sync.result import SyncResult

pytestmark = pytest.mark.slow

FIRST_START = parse_moment("2031-05-01 10:00")
"""When the product is first started; the sample's own day does not depend on it."""
LAST_SUNDAY = date(2026, 11, 15)


@pytest.fixture(scope="module")
def pointer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sample") / "kpis.json"


@pytest.fixture(scope="module")
def last_sync(pointer: Path) -> SyncResult:
    return refresh(load_settings({}, database=str(pointer)), {}, FIRST_START)


@pytest.fixture(scope="module")
def database(last_sync: SyncResult, pointer: Path) -> Database:
    opened = Database.open(pointer)
    assert opened is not None and last_sync.published
    return opened


def _index_by_target(rows: list[Attainment]) -> dict[str, Attainment]:
    return {row["target"]: row for row in rows}


def test_every_status_occurs(database: Database) -> None:
    statuses = {row["status"] for row in compute_attainment(database, Question(TODAY))}
    next_year = {row["status"] for row in compute_attainment(database, Question(TODAY, year=2027))}
    # Nothing of the five plans is carried in words only.
    assert statuses == set(get_args(TargetStatus)) - {"not_started", "carried"}
    assert "not_started" in next_year


def test_every_task_state_occurs(database: Database) -> None:
    states = {row["state"] for row in compute_task_status(database, Question(TODAY))}
    assert states == {
        "done", "done_late", "in_progress", "paused", "overdue", "not_started", "ongoing", "silent",
    }  # fmt: skip


def test_two_of_five_sheets_have_not_changed_for_two_weeks(last_sync: SyncResult) -> None:
    outcomes = {source.id: source.outcome for source in last_sync.sources}
    assert {name for name, outcome in outcomes.items() if outcome == "unchanged"} == STALE_PLANS
    assert (TODAY - READING_DAYS[0]).days > 14


def test_since_last_week_a_target_was_attained_another_became_overdue_and_a_figure_was_lowered(
    database: Database,
) -> None:
    last_week = _index_by_target(
        compute_attainment(database, Question(LAST_SUNDAY, known_at=parse_moment("2026-11-15")))
    )
    now = _index_by_target(compute_attainment(database, Question(TODAY)))
    last_week_known_now = _index_by_target(compute_attainment(database, Question(LAST_SUNDAY)))
    attained = {"attained", "attained_late"}
    assert [name for name in now if now[name]["status"] in attained and last_week[name]["status"] not in attained]
    assert [name for name in now if (last_week[name]["status"], now[name]["status"]) == ("behind", "overdue")]
    lowered = [name for name in now if (last_week_known_now[name]["actual"] or 0) < (last_week[name]["actual"] or 0)]
    assert "ha-noi.12" in lowered


def test_a_second_sync_changes_nothing(database: Database, pointer: Path) -> None:
    result = refresh(load_settings({}, database=str(pointer)), {}, FIRST_START)
    assert {source.outcome for source in result.sources} == {"unchanged"}
    assert result.version == database.version

"""Several weeks of syncs at set clocks: an amended plan, a new year, weeks in which nobody synced (design.md §4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kpis.measures.trend import CountedWeek, TargetWeek, count_weeks, list_target_weeks
from kpis.store.database import Database
from tests.cli.versioned_plan import PLAN, Installation
from tests.measures.amended_year import FLOOR_60, FLOOR_80

AMENDMENT = """in_force_from = 2026-11-18
document_number = "88/KH-UBND"
issued_on = 2026-11-17
reviewer = "Nguyễn Thị Hà"
judges_again = [2026]"""
AS_OF = date(2027, 1, 11)
NEWS = f"{PLAN}.01"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    built = Installation(tmp_path_factory.mktemp("weeks"))
    built.write_version(1, FLOOR_60, accepted="2026-01-10")
    built.write_rows(("10/02/2026", "01", 40))
    built.sync("2026-11-02T09:00")
    built.write_rows(("10/02/2026", "01", 40), ("05/11/2026", "01", 20))
    built.sync("2026-11-09T09:00")
    built.write_version(2, FLOOR_80, accepted="2026-11-20", facts=AMENDMENT)
    for now in ("2026-11-23T09:00", "2026-12-07T09:00", "2027-01-11T09:00"):
        built.sync(now)
    return built


@pytest.fixture(scope="module")
def database(installation: Installation) -> Iterator[Database]:
    with installation.open_database() as opened:
        yield opened


@pytest.fixture
def counted(database: Database) -> dict[date, CountedWeek]:
    return {week.sunday: week for week in count_weeks(database, AS_OF, {PLAN})}


@pytest.fixture
def figures(database: Database) -> dict[date, TargetWeek]:
    return {week.sunday: week for week in list_target_weeks(database, AS_OF, PLAN, NEWS)}


def test_each_sunday_since_the_first_reading_has_a_week(counted: dict[date, CountedWeek]) -> None:
    assert min(counted) == date(2026, 11, 8)
    assert max(counted) == date(2027, 1, 10)
    assert len(counted) == 10


def test_lines_end_with_the_year_and_where_another_version_judges(
    counted: dict[date, CountedWeek], figures: dict[date, TargetWeek]
) -> None:
    """The amendment was read on 23 November: on Sunday the 22nd, when it was in force, nobody knew it."""
    for weeks in (counted, figures):
        reasons = {sunday: week.break_reason for sunday, week in weeks.items() if week.break_reason}
        assert reasons == {
            date(2026, 11, 8): "first",
            date(2026, 11, 29): "version",
            date(2027, 1, 3): "year",
        }


def test_a_row_read_on_monday_is_not_in_the_week_before(figures: dict[date, TargetWeek]) -> None:
    assert [figures[day].actual for day in (date(2026, 11, 8), date(2026, 11, 15))] == [40.0, 60.0]
    assert figures[date(2026, 11, 8)].status == "at_risk"
    assert figures[date(2026, 11, 15)].status == "attained"
    assert figures[date(2026, 11, 29)].status == "at_risk"
    assert figures[date(2026, 11, 29)].expected == 76.0


def test_a_target_that_was_not_promised_then_has_no_week(database: Database) -> None:
    added = list_target_weeks(database, AS_OF, PLAN, f"{PLAN}.03")
    assert added[0].sunday == date(2026, 11, 29)
    dropped = list_target_weeks(database, AS_OF, PLAN, f"{PLAN}.02")
    assert dropped[-1].sunday == date(2026, 11, 22)


def test_nothing_is_written_again(installation: Installation, tmp_path: Path) -> None:
    query = "select * from weekly order by all"
    with installation.open_database() as opened:
        earlier = opened.fetch_rows(query)
    installation.write_rows(("10/02/2026", "01", 41), ("05/11/2026", "01", 20))
    installation.sync("2027-01-12T09:00")
    with installation.open_database() as opened:
        assert opened.fetch_rows(query) == earlier
        assert opened.meta["weeks_until"] == "2027-01-10"

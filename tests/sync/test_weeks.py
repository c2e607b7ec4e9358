"""The weeks of the trend: one for every Sunday that has ended, as known at its end, written once (design.md §4)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from kpis.errors import SourceError
from kpis.language import clock
from kpis.measures.attainment import compute_targets
from kpis.measures.publish import publish_totals
from kpis.measures.question import Question
from kpis.sheet.model import Source
from kpis.sources.config import SourcesFile
from kpis.store.staged_version import Connection
from kpis.store.version_store import FileStore
from kpis.sync.clock_mend import mend_clock
from kpis.sync.sync import run
from kpis.sync.untracking import untrack_plan
from kpis.sync.weeks import FIRST_WEEKS, MAX_MISSED_WEEKS, find_last_ended_sunday, find_weeks_to_write
from tests.store.formats import write_database
from tests.sync.conftest import NOON, World, make_entries, make_entry, make_register, make_sheet
from tests.sync.test_older_formats import make_last_sheets

WEEK = timedelta(days=7)
SUNDAY = date(2026, 6, 7)
WEEKLY = "select sunday, target, status, actual, expected from weekly order by sunday, target"


def read_weeks(world: World, target: str = "p.01") -> dict[date, tuple[object, object]]:
    """Return status and actual of a target by Sunday."""
    database = world.open_database()
    rows = database.fetch_rows(WEEKLY)
    database.close()
    return {row["sunday"]: (row["status"], row["actual"]) for row in rows if row["target"] == target}  # type: ignore[misc]


def read_version(world: World) -> tuple[int, str | None]:
    """Return the number of the version and the last Sunday that it has."""
    database = world.open_database()
    database.close()
    return database.version, database.meta.get("weeks_until")


@pytest.fixture
def read_once(world: World) -> World:
    """Five news items, read on Monday 1 June; the clock stands a week later."""
    world.sheets["s"] = make_sheet(make_entries(5))
    world.sync()
    world.now += WEEK
    return world


def test_the_first_version_has_no_week_of_before_it(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(5))
    world.sync()
    assert read_weeks(world) == {}
    assert read_version(world)[1] == "2026-05-31"


def test_a_sunday_that_ended_is_written_although_nothing_else_changed(read_once: World) -> None:
    result = read_once.sync()
    assert result.published
    assert [source.outcome for source in result.sources] == ["unchanged"]
    assert read_weeks(read_once) == {SUNDAY: ("behind", 5.0)}
    assert not read_once.sync().published


def test_a_sunday_ends_at_midnight_in_viet_nam(read_once: World) -> None:
    read_once.now = datetime(2026, 6, 7, 16, 59, 59, 999_999)
    assert not read_once.sync().published
    read_once.now = datetime(2026, 6, 7, 17)
    assert read_once.sync().published
    assert list(read_weeks(read_once)) == [SUNDAY]


def test_a_week_is_as_known_at_its_end_and_stays(read_once: World) -> None:
    read_once.sheets["s"] = make_sheet([*make_entries(5), make_entry(date(2026, 6, 5), 40, content="tin muộn")])
    read_once.sync()
    assert read_weeks(read_once) == {SUNDAY: ("behind", 5.0)}
    read_once.now += WEEK
    read_once.sheets["s"] = make_sheet(make_entries(2))
    read_once.sync("s")
    assert read_weeks(read_once) == {SUNDAY: ("behind", 5.0), SUNDAY + WEEK: ("on_track", 45.0)}


def test_every_week_that_was_missed_is_written(read_once: World) -> None:
    read_once.now += 5 * WEEK
    read_once.sync()
    assert list(read_weeks(read_once)) == [SUNDAY + n * WEEK for n in range(6)]


def test_a_plan_of_which_nothing_was_read_has_no_week(world: World) -> None:
    world.sheets["s"] = SourceError("broken")
    world.sync()
    world.now += 2 * WEEK
    world.sheets["s"] = make_sheet(make_entries(5))
    world.sync()
    assert read_weeks(world) == {}
    world.now += WEEK
    world.sync()
    assert list(read_weeks(world)) == [SUNDAY + 2 * WEEK]


def test_an_untracked_plan_has_no_more_weeks(read_once: World) -> None:
    read_once.sheets.clear()
    read_once.sync()
    file = SourcesFile((), sample=False)
    untrack_plan("p", file, FileStore(read_once.pointer), read_once.register, read_once.now, publish_totals)
    read_once.now += 2 * WEEK
    read_once.sync()
    assert list(read_weeks(read_once)) == [SUNDAY]
    assert read_version(read_once)[1] == "2026-06-21"


def test_a_floor_that_is_changed_later_changes_no_week(read_once: World) -> None:
    target = replace(read_once.register.targets["p.01"], floor=Decimal(4))
    read_once.register = replace(
        read_once.register, hash="second", targets={**read_once.register.targets, "p.01": target}
    )
    read_once.sync()
    read_once.now += WEEK
    read_once.sync()
    assert read_weeks(read_once) == {SUNDAY: ("behind", 5.0), SUNDAY + WEEK: ("attained", 5.0)}


def test_a_publication_that_fails_leaves_no_week(read_once: World) -> None:
    read_once.now += 3 * WEEK

    def fail_after_the_weeks(con: Connection, since: datetime | None, sundays: Sequence[date]) -> None:
        publish_totals(con, since, sundays)
        raise RuntimeError("killed")

    file = SourcesFile((Source("s", "p", "workbook", "s.xlsx"),), sample=False)
    version = read_version(read_once)
    with pytest.raises(RuntimeError):
        run(file, read_once.pointer, read_once.register, read_once.now, fail_after_the_weeks, read=read_once.read)
    assert read_version(read_once) == version
    assert read_weeks(read_once) == {}
    read_once.sync()
    assert len(read_weeks(read_once)) == 4


@pytest.mark.parametrize("fault", ["twice", "monday", "not ended"])
def test_a_version_whose_weeks_do_not_add_up_is_not_published(read_once: World, fault: str) -> None:
    days = {"twice": SUNDAY, "monday": SUNDAY - timedelta(days=6), "not ended": SUNDAY + WEEK}

    def add_a_wrong_week(con: Connection, since: datetime | None, sundays: Sequence[date]) -> None:
        publish_totals(con, since, sundays)
        con.execute(
            "insert into weekly select * replace ($day as sunday) from weekly where sunday = $sunday",
            {"day": days[fault], "sunday": SUNDAY},
        )

    file = SourcesFile((Source("s", "p", "workbook", "s.xlsx"),), sample=False)
    with pytest.raises(Exception, match="does not add up"):
        run(file, read_once.pointer, read_once.register, read_once.now, add_a_wrong_week, read=read_once.read)
    assert read_weeks(read_once) == {}


def test_after_a_clock_that_was_ahead_no_future_week_is_written(read_once: World) -> None:
    right = read_once.now
    read_once.sync()
    read_once.now += 30 * WEEK
    read_once.sheets["s"] = make_sheet(make_entries(6))
    read_once.sync()
    assert len(read_weeks(read_once)) == 31

    read_once.now = right + WEEK
    read_once.sheets["s"] = make_sheet(make_entries(7))
    read_once.sync()
    assert len(read_weeks(read_once)) == 31
    assert mend_clock(FileStore(read_once.pointer), read_once.now) > 0
    assert list(read_weeks(read_once)) == [SUNDAY, SUNDAY + WEEK]
    assert read_version(read_once)[1] == "2026-06-14"
    read_once.now += WEEK
    read_once.sync()
    assert read_weeks(read_once)[SUNDAY + 2 * WEEK] == ("behind", 7.0)


def test_a_clock_ahead_under_which_only_weeks_ended_is_mended_too(read_once: World) -> None:
    right = read_once.now
    read_once.sync()
    read_once.sheets["s"] = SourceError("broken")
    read_once.now += 2 * WEEK
    assert read_once.sync().published
    assert mend_clock(FileStore(read_once.pointer), right) > 0
    assert list(read_weeks(read_once)) == [SUNDAY]


def test_a_clock_that_is_behind_writes_nothing(read_once: World) -> None:
    read_once.sync()
    read_once.now -= 4 * WEEK
    assert not read_once.sync().published
    assert read_version(read_once)[1] == "2026-06-07"


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_database_of_an_earlier_format_gets_the_twelve_weeks_before(world: World, number: int) -> None:
    write_database(world.pointer, number)
    world.sheets.update(make_last_sheets())
    world.now = datetime(2026, 8, 3, 5)
    world.sync()
    weeks = read_weeks(world)
    assert set(weeks) <= {date(2026, 8, 2) - n * WEEK for n in range(FIRST_WEEKS)}
    assert len(weeks) >= 8
    check_against_questions(world)


def check_against_questions(world: World) -> None:
    """Compare each week with the answer to the same question, asked of the version that stands now."""
    database = world.open_database()
    weeks: dict[date, list[dict[str, object]]] = {}
    for row in database.fetch_rows("select * from weekly"):
        weeks.setdefault(row["sunday"], []).append(row)  # type: ignore[arg-type]
    for sunday, rows in weeks.items():
        answers = {
            row["target"]: row
            for row in compute_targets(database, Question(sunday, known_at=clock.get_end_of_day(sunday)))
        }
        assert {str(row["target"]) for row in rows} == answers.keys()
        for row in rows:
            answer = answers[str(row["target"])]
            for name in ("plan", "status", "actual", "expected", "period_start", "period_end", "measure"):
                assert row[name] == answer[name], (sunday, name)
    database.close()


@pytest.mark.parametrize("seed", range(2))
def test_each_week_is_what_a_question_about_its_end_answers(world: World, seed: int) -> None:
    """Syncs at any moments, with rows added and taken away, and a floor changed by hand."""
    rng = random.Random(seed)
    for number in range(12):
        world.now += timedelta(days=rng.choice([1, 3, 7, 16]), hours=rng.randrange(24))
        rows = [entry for entry in make_entries(30) if rng.random() < 0.7]
        world.sheets["s"] = SourceError("broken") if rng.random() < 0.2 else make_sheet(rows)
        if rng.random() < 0.2:
            target = replace(world.register.targets["p.01"], floor=Decimal(rng.randrange(1, 60)))
            targets = {**world.register.targets, "p.01": target}
            world.register = replace(world.register, hash=f"edition {number}", targets=targets)
        world.sync("s")
    check_against_questions(world)
    last = find_last_ended_sunday(world.now)
    weeks = list(read_weeks(world))
    assert weeks[-1] == last
    assert weeks == [weeks[0] + n * WEEK for n in range(len(weeks))]


def test_which_weeks_are_written() -> None:
    monday = datetime(2026, 6, 8, 5)
    assert find_weeks_to_write(None, monday).sundays == ()
    first = find_weeks_to_write({}, monday)
    assert first.sundays == tuple(SUNDAY - n * WEEK for n in reversed(range(FIRST_WEEKS)))
    assert first.until == SUNDAY
    until = {"weeks_until": "2026-06-07"}
    assert find_weeks_to_write(until, monday).sundays == ()
    assert find_weeks_to_write(until, monday + 2 * WEEK).sundays == (SUNDAY + WEEK, SUNDAY + 2 * WEEK)
    assert len(find_weeks_to_write(until, monday + MAX_MISSED_WEEKS * WEEK).sundays) == MAX_MISSED_WEEKS
    assert len(find_weeks_to_write(until, datetime(2062, 1, 1)).sundays) == FIRST_WEEKS
    assert find_weeks_to_write(until, monday - 9 * WEEK).until == SUNDAY


def test_the_register_of_the_tests_has_the_targets_that_are_asked_for() -> None:
    assert set(make_register().targets) == {"p.01", "p.02", "p.03"}
    assert find_last_ended_sunday(NOON) == date(2026, 5, 31)

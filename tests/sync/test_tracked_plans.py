"""An installation knows the plans that it tracks, and no other (design.md §4 History)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from kpis.errors import UsageError
from kpis.measures.attainment import compute_attainment
from kpis.measures.changes import compare_with_last_week
from kpis.measures.publish import publish_totals
from kpis.measures.question import Question
from kpis.measures.register_facts import list_plans
from kpis.measures.task_status import compute_task_status
from kpis.register.model import Clause, Register
from kpis.sheet.model import Source
from kpis.sources.config import SourcesFile
from kpis.store.version_store import FileStore
from kpis.sync.result import SyncResult
from kpis.sync.status import list_source_statuses
from kpis.sync.sync import run
from kpis.sync.untracking import untrack_plan
from tests.store.formats import write_database
from tests.sync.conftest import NOON, SheetRow, World, make_entries, make_register, make_sheet

DAY = timedelta(days=1)


def make_two_plans() -> Register:
    """Return the plan "p" and the same as "q"."""
    first = make_register()
    return replace(
        first,
        plans={**first.plans, "q": replace(first.plans["p"], id="q", place="Khác", province="Khác")},
        targets={
            **first.targets,
            **{f"q.{key[2:]}": replace(value, id=f"q.{key[2:]}", plan="q") for key, value in first.targets.items()},
        },
        sections=(*first.sections, replace(first.sections[0], plan="q")),
        tasks={**first.tasks, "q.I.1": replace(first.tasks["p.I.1"], id="q.I.1", plan="q")},
        agencies=(*first.agencies, *(replace(agency, plan="q") for agency in first.agencies)),
        clauses=tuple(Clause(name, "Ít nhất 04 đợt.", "I", None, None) for name in ("p.01", "q.01", "q.I.1")),
    )


@dataclass
class TwoPlanWorld(World):
    """A world whose sources belong to the plan that `plans` says by source id; without one they are of "p"."""

    plans: Collection[tuple[str, str]] = ()

    def make_sources(self) -> SourcesFile:
        """Return the configured sources."""
        plans = dict(self.plans)
        sources = [Source(name, plans.get(name, "p"), "workbook", f"{name}.xlsx") for name in self.sheets]
        return SourcesFile(tuple(sources), self.sample)

    def sync(self, *accept: str) -> SyncResult:
        """Sync every sheet."""
        sources = self.make_sources()
        return run(sources, self.pointer, self.register, self.now, publish_totals, accept, read=self.read)


@pytest.fixture
def two_plans(world: World) -> TwoPlanWorld:
    return TwoPlanWorld(world.pointer, register=make_two_plans())


def make_row_of_q() -> SheetRow:
    return {**make_entries(1)[0], "Chỉ tiêu": "q.01"}


def list_tracked(world: World, known_at: datetime | None = None) -> set[object]:
    """Return the plans of every target, task and list; they agree unless a moment is asked for."""
    database = world.open_database()
    question = Question(world.now.date(), known_at=known_at)
    plans: set[object] = {row["plan"] for row in compute_attainment(database, question)}
    assert {task["plan"] for task in compute_task_status(database, question)} == plans
    if known_at is None:
        assert {plan["plan"] for plan in list_plans(database)} == plans
    database.close()
    return plans


def test_a_plan_without_source_and_rows_is_not_in_the_version(two_plans: TwoPlanWorld) -> None:
    two_plans.sheets["s"] = make_sheet(make_entries(2))
    two_plans.sync()
    assert list_tracked(two_plans) == {"p"}
    database = two_plans.open_database()
    for table in ("plans", "targets", "tasks", "agencies", "sections", "clauses"):
        assert {row["plan"] for row in database.fetch_rows(f"select plan from {table}")} == {"p"}  # noqa: S608
    database.close()


def test_a_configured_source_tracks_its_plan_even_if_it_cannot_be_read(two_plans: TwoPlanWorld) -> None:
    two_plans.plans = {("t", "q")}
    two_plans.sheets |= {"s": make_sheet(make_entries(2)), "t": make_sheet([], columns=("Ngày",))}
    assert [source.outcome for source in two_plans.sync().sources] == ["changed", "failed"]
    assert list_tracked(two_plans) == {"p", "q"}
    del two_plans.sheets["t"]
    two_plans.now += DAY
    assert two_plans.sync().published
    assert list_tracked(two_plans) == {"p"}
    assert list_tracked(two_plans, NOON) == {"p", "q"}
    two_plans.now += DAY
    assert not two_plans.sync().published


def test_a_plan_with_a_current_row_stays_tracked_without_its_source(two_plans: TwoPlanWorld) -> None:
    two_plans.plans = {("t", "q")}
    two_plans.sheets |= {"s": make_sheet(make_entries(2)), "t": make_sheet([make_row_of_q()])}
    two_plans.sync()
    del two_plans.sheets["t"]
    two_plans.now += DAY
    two_plans.sync()
    assert list_tracked(two_plans) == {"p", "q"}


def test_a_plan_that_comes_later_is_unknown_earlier_and_no_change_of_the_week(two_plans: TwoPlanWorld) -> None:
    two_plans.sheets["s"] = make_sheet(make_entries(2))
    two_plans.sync()
    two_plans.plans = {("t", "q")}
    two_plans.sheets["t"] = make_sheet([make_row_of_q()])
    two_plans.now += 8 * DAY
    two_plans.sync()
    assert list_tracked(two_plans) == {"p", "q"}
    assert list_tracked(two_plans, NOON + DAY) == {"p"}
    database = two_plans.open_database()
    changes = compare_with_last_week(database, Question(two_plans.now.date()))
    assert (changes.newly_overdue_tasks, changes.newly_met, changes.newly_late) == ([], [], [])
    assert changes.current_counts == changes.baseline_counts
    database.close()


def untrack(world: TwoPlanWorld, plan: str) -> int:
    return untrack_plan(plan, world.make_sources(), FileStore(world.pointer), world.register, world.now, publish_totals)


def test_untracking_retires_the_rows_of_a_plan_that_nothing_else_ends(two_plans: TwoPlanWorld) -> None:
    two_plans.plans = {("t", "q")}
    two_plans.sheets |= {"s": make_sheet(make_entries(2)), "t": make_sheet([make_row_of_q()])}
    two_plans.sync()
    with pytest.raises(UsageError, match="“q” is read from t"):
        untrack(two_plans, "q")
    del two_plans.sheets["t"]
    two_plans.now += DAY
    two_plans.sync()
    two_plans.now += DAY
    assert untrack(two_plans, "q") == 1
    assert list_tracked(two_plans) == {"p"}
    assert list_tracked(two_plans, two_plans.now - DAY) == {"p", "q"}
    database = two_plans.open_database()
    assert [status.id for status in list_source_statuses(database, two_plans.pointer, two_plans.now)] == ["s"]
    assert len(database.fetch_rows("select * from entries where plan = 'q'")) == 1
    database.close()
    with pytest.raises(UsageError, match=r"“q” is not tracked here\. Tracked plans: p"):
        untrack(two_plans, "q")
    two_plans.now += DAY
    assert not two_plans.sync().published


@pytest.mark.parametrize("number", [1, 2])
def test_every_plan_of_an_earlier_release_was_tracked_always(two_plans: TwoPlanWorld, number: int) -> None:
    write_database(two_plans.pointer, number)
    two_plans.now += 30 * DAY
    two_plans.sheets["t"] = make_sheet([make_row_of_q()])
    two_plans.plans = {("t", "q")}
    two_plans.sync()
    assert list_tracked(two_plans) == {"p", "q"}
    assert list_tracked(two_plans, NOON - 300 * DAY) == {"p"}

"""A scope sees its plans alone, in every table, and the same figures as `plan=` on the whole database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import pytest

from kpis.errors import StoreError
from kpis.measures.agency_summary import build_agency_summary
from kpis.measures.attainment import compute_by_agency, compute_targets
from kpis.measures.changes import build_last_week_question, compare_with_last_week
from kpis.measures.findings import list_rejections, list_warnings
from kpis.measures.latest_entries import list_latest_entries
from kpis.measures.question import Question
from kpis.measures.register_facts import list_plans, load_indicator_names
from kpis.measures.task_status import compute_task_status
from kpis.store.database import Database
from kpis.store.scopes import rules
from kpis.store.scopes.scope import Scope
from kpis.sync.status import list_source_statuses

DAY = date(2026, 11, 21)
NOW = datetime.fromisoformat("2026-11-21T12:00:00")
PLANS = ("ha-noi", "dong-thap", "thai-nguyen", "tuyen-quang", "bac-kan")


@pytest.fixture(scope="module")
def db(sample_pointer: Path) -> Database:
    database = Database.open(sample_pointer)
    assert database is not None
    return database


@pytest.mark.parametrize("plan", PLANS)
def test_scoped_figures_equal_those_asked_with_the_plan(db: Database, plan: str) -> None:
    scoped = db.for_scope(Scope(frozenset({plan})))
    about_plan, everything = Question(DAY, plans=frozenset({plan})), Question(DAY)
    assert compute_targets(scoped, everything) == compute_targets(db, about_plan)
    assert compute_by_agency(scoped, everything) == compute_by_agency(db, about_plan)
    assert compute_task_status(scoped, everything) == compute_task_status(db, about_plan)
    assert list_latest_entries(scoped, everything) == list_latest_entries(db, about_plan)
    assert list_rejections(scoped, "vi") == list_rejections(db, "vi", plan)
    assert list_warnings(scoped, "vi") == list_warnings(db, "vi", plan)
    known_at = build_last_week_question(about_plan)
    assert compute_targets(scoped, known_at) == compute_targets(db, known_at)
    assert compare_with_last_week(scoped, about_plan) == compare_with_last_week(db, about_plan)


@pytest.mark.parametrize("plan", PLANS)
def test_nothing_of_another_plan_is_in_any_table(db: Database, plan: str) -> None:
    scoped = db.for_scope(Scope(frozenset({plan})))
    others = [other for other in PLANS if other != plan]
    for table in rules._RULES:
        rows = repr(scoped.fetch_rows(f"select * from {table}"))  # noqa: S608
        assert not [other for other in others if other in rows], table
    assert [row["plan"] for row in list_plans(scoped)] == [plan]
    assert {status.plan for status in list_source_statuses(scoped, scoped.pointer, NOW)} == {plan}
    targets = compute_targets(db, Question(DAY, plans=frozenset({plan})))
    assert set(load_indicator_names(scoped)) >= {row["indicator"] for row in targets}


def test_an_officer_sees_the_rows_of_the_own_agency_alone(db: Database) -> None:
    scope = Scope(frozenset({"ha-noi"}), frozenset({("ha-noi", "Sở Y tế")}))
    rows = db.for_scope(scope)
    entries = list_latest_entries(rows, Question(DAY), limit=10_000)
    assert {entry["agency"] for entry in entries} == {"Sở Y tế"}
    assert {finding["agency"] for finding in (*list_rejections(rows, "vi"), *list_warnings(rows, "vi"))} <= {"Sở Y tế"}
    assert rows.fetch_rows("select * from raw_rows") == []
    question = Question(DAY, plans=frozenset({"ha-noi"}), agency="Sở Y tế")
    assert build_agency_summary(rows, question).entries == build_agency_summary(db, question).entries


def test_a_table_without_a_rule_is_not_opened(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = {table: rule for table, rule in rules._RULES.items() if table != "warnings"}
    monkeypatch.setattr(rules, "_RULES", fewer)
    with pytest.raises(StoreError, match="warnings"):
        db.for_scope(Scope(frozenset({"bac-kan", "ha-noi"})))


def test_scopes_asked_at_once_are_never_mixed(db: Database) -> None:
    def ask(number: int) -> bool:
        plan = PLANS[number % len(PLANS)]
        scoped = db.for_scope(Scope(frozenset({plan})))
        rows = scoped.fetch_rows("select plan from entries union all select plan from targets")
        return {row["plan"] for row in rows} == {plan}

    with ThreadPoolExecutor(16) as executor:
        assert all(executor.map(ask, range(300)))


def test_a_scope_is_created_once(db: Database) -> None:
    scope = Scope(frozenset({"ha-noi"}))
    assert db.for_scope(scope)._schema == db.for_scope(Scope(frozenset({"ha-noi"})))._schema
    assert db.for_scope(scope).unscoped is db


def test_the_register_is_copied_and_the_rows_of_sheets_are_not(db: Database) -> None:
    scoped = db.for_scope(Scope(frozenset({"ha-noi", "bac-kan"})))
    kinds = {
        row["table_name"]: row["table_type"]
        for row in scoped.fetch_rows(
            "select table_name, table_type from information_schema.tables where table_schema = $schema",
            {"schema": scoped._schema},
        )
    }
    assert set(kinds) >= set(rules._RULES)
    assert all((kinds[table] == "VIEW") == (table in rules.ROWS_OF_SHEETS) for table in rules._RULES)

"""An officer of an agency that was merged: from that day on the successor's rows too, and it comes first."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kpis.access.identities import Viewer
from kpis.access.rights import Entry, Person, Role
from kpis.store.database import Database
from kpis.ui.frame.startup import OpenVersion
from kpis.ui.frame.view_resolution import ResolvedView, resolve_view
from kpis.ui.pages import AGENCY
from tests.cli.command_runner import run_kpis

PLAN, OLD, NEW, LAST, OTHER = "ha-noi", "Sở Y tế", "Sở Nội vụ", "Sở Xây dựng", "Sở Tài chính"
FIRST_DAY, SECOND_DAY = date(2026, 7, 1), date(2026, 9, 1)
OVERLAY = """
[[agency]]
plan = "{plan}"
name = "{name}"
kind = "department"
successor = "{successor}"
from = {day}
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A version in which one agency follows another, and a third one both."""
    folder = tmp_path_factory.mktemp("merged")
    (folder / "register" / "agencies").mkdir(parents=True)
    mergers = ((OLD, NEW, FIRST_DAY), (NEW, LAST, SECOND_DAY))
    entries = [OVERLAY.format(plan=PLAN, name=name, successor=later, day=day) for name, later, day in mergers]
    (folder / "register" / "agencies" / f"{PLAN}.toml").write_text("".join(entries), encoding="utf-8")
    (folder / "sources.toml").write_text(
        f'[[source]]\nid = "a"\nplan = "{PLAN}"\nworkbook = "a.xlsx"\n', encoding="utf-8"
    )
    environ = {"KPIS_SOURCES": str(folder / "sources.toml"), "KPIS_DATABASE": str(folder / "var" / "kpis.json")}
    assert run_kpis("new-sheet", "--plan", PLAN, "--out", str(folder / "a.xlsx"), environ=environ).code == 0
    run = run_kpis("sync", environ=environ, now=datetime(2026, 6, 1, 3))
    assert run.code == 0, run.err
    opened = Database.open(folder / "var" / "kpis.json")
    assert opened is not None
    return opened


def resolve(database: Database, today: date, query: dict[str, str], *entries: tuple[Role, str]) -> ResolvedView:
    built = {
        Entry("a@x.vn", role, frozenset({PLAN}), frozenset({agency} if agency else ())) for role, agency in entries
    }
    viewer = Viewer(Person("a@x.vn", frozenset(built)), "session")
    return resolve_view(query, OpenVersion(database.pointer, 1, database, today, False), viewer, AGENCY)


@pytest.mark.parametrize(
    ("today", "agencies", "first"),
    [
        (date(2026, 6, 30), {OLD}, OLD),
        (FIRST_DAY, {OLD, NEW}, NEW),
        (date(2026, 8, 31), {OLD, NEW}, NEW),
        (SECOND_DAY, {OLD, NEW, LAST}, LAST),
    ],
)
def test_from_that_day_on_the_successors_rows_are_the_officers_too(
    database: Database, today: date, agencies: set[str], first: str
) -> None:
    seen = resolve(database, today, {}, ("officer", OLD))
    assert set(seen.options.agencies) == agencies
    assert seen.view.filters.agency == first, "which still stands"
    assert list_row_agencies(seen) == agencies


def list_row_agencies(seen: ResolvedView) -> set[object]:
    scope = seen.row_database
    return {row["agency"] for row in scope.fetch_rows(f"select agency from {scope._schema}.scope_agencies")}  # noqa: S608


@pytest.mark.parametrize(
    ("today", "agency", "agencies"),
    [
        (date(2026, 6, 30), NEW, {NEW}),
        (FIRST_DAY, NEW, {OLD, NEW}),
        (SECOND_DAY, LAST, {OLD, NEW, LAST}),
        (SECOND_DAY, OTHER, {OTHER}),
    ],
)
def test_what_a_predecessor_reported_is_the_successors_from_that_day_on(
    database: Database, today: date, agency: str, agencies: set[str]
) -> None:
    assert list_row_agencies(resolve(database, today, {}, ("officer", agency))) == agencies


def test_the_predecessors_page_and_other_agencies_stay_closed(database: Database) -> None:
    seen = resolve(database, SECOND_DAY, {"agency": OLD}, ("officer", NEW))
    assert set(seen.options.agencies) == {NEW, LAST}
    assert seen.view.filters.agency == LAST
    seen = resolve(database, SECOND_DAY, {"agency": OTHER}, ("officer", OLD))
    assert seen.view.filters.agency == LAST


def test_an_old_agency_can_still_be_chosen(database: Database) -> None:
    assert resolve(database, SECOND_DAY, {"agency": OLD}, ("officer", OLD)).view.filters.agency == OLD


def test_a_leader_sees_what_a_leader_saw(database: Database) -> None:
    seen = resolve(database, SECOND_DAY, {"plan": PLAN}, ("leader", ""))
    assert seen.view.filters.agency is None and OTHER in seen.options.agencies

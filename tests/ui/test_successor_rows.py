"""What an officer of a successor reads of its predecessors: everything since the merger, nothing before that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module
from io import BytesIO
from typing import Any

import pytest

from kpis.access.identities import Viewer
from kpis.access.rights import Entry, Person
from kpis.measures.findings import list_rejections
from kpis.measures.rows_to_confirm import RowToConfirm, hide_rows_of_others
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.agency.page import load_agency
from kpis.ui.entries.page import render_entries
from kpis.ui.findings.page import render_findings
from kpis.ui.frame import startup
from kpis.ui.frame.startup import OpenVersion
from kpis.ui.frame.view_resolution import ResolvedView, resolve_view
from kpis.ui.server.list_downloads import build_file
from kpis.ui.shared.table_query import TableQuery
from tests.cli.agency_mergers import build_merger
from tests.cli.conftest import Project

OPENPYXL: Any = import_module("openpyxl")  # it has no types
PLAN, TARGET = "dong-thap", "dong-thap.10"
FORMER, COMING, MERGED_INTO, STRANGER = "Sở Thông tin", "Sở Du lịch mới", "Sở Khoa học và Công nghệ", "Sở Công Thương"
AGENCIES = f"""{build_merger(FORMER, MERGED_INTO)}
[[agency]]
plan = "{PLAN}"
name = "{COMING}"
kind = "department"
successor = "{MERGED_INTO}"
from = 2027-03-01
"""
NAMES = {"former": FORMER, "coming": COMING, "own": MERGED_INTO, "stranger": STRANGER}
TODAY, MERGED = date(2026, 11, 21), date(2027, 3, 1)
LISTS_OF_ROWS = ("entries", "task-reports", "findings", "entries-history", "agency-rows-to-fix")


def build_rows(quantity: int) -> list[tuple[object, ...]]:
    """Return of each agency a row that counts and one that has to be fixed, both known by its key."""
    rows: list[tuple[object, ...]] = []
    for key, name in NAMES.items():
        rows.append((date(2026, 3, 1), name, TARGET, quantity, None, f"https://a.example/{key}-counted"))
        rows.append((f"31/02/{key}", name, TARGET, 3, None, f"https://a.example/{key}-rejected"))
    return rows


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Two readings, the second with every row edited."""
    project = Project(tmp_path_factory.mktemp("successor"))
    (project.folder / "register" / "agencies").mkdir(parents=True)
    (project.folder / "register" / "agencies" / f"{PLAN}.toml").write_text(AGENCIES, encoding="utf-8")
    for quantity in (6, 7):
        project.write_workbook(build_rows(quantity))
        run = project.run_kpis("sync", now=datetime(2026, 6, quantity))
        assert run.code == 0, run.err
    opened = Database.open(project.database)
    assert opened is not None
    yield opened
    opened.close()


def build_officer(agency: str) -> Viewer:
    return Viewer(Person("a@x.vn", frozenset({Entry("a@x.vn", "officer", frozenset({PLAN}), frozenset({agency}))})))


def resolve(database: Database, agency: str, page: str, query: dict[str, str], today: date = TODAY) -> ResolvedView:
    version = OpenVersion(database.pointer, 1, database, today, False)
    return resolve_view(query, version, build_officer(agency), page)


def read_everything(database: Database, agency: str, query: dict[str, str], today: date = TODAY) -> str:
    """Return what an officer reads of rows on the pages, with the history of a target and the day of the figures."""
    own_agency = resolve(database, agency, pages.AGENCY, query, today)
    entries = resolve(database, agency, pages.ENTRIES, query, today)
    findings = resolve(database, agency, pages.FINDINGS, query, today)
    every_year = TableQuery(only=("every_year",), target=TARGET)
    return " ".join(
        (
            *load_agency(own_agency.database, own_agency.row_database, own_agency.view),
            render_entries(entries.database, entries.row_database, entries.view, every_year),
            render_findings(findings.row_database, findings.view),
        )
    )


def list_keys(text: str) -> set[str]:
    """Return the agencies of which rows are in a text."""
    return {key for key in NAMES if f"{key}-counted" in text or f"31/02/{key}" in text}


@pytest.mark.parametrize("day", ["2026-06-30", "2027-02-28", "2027-03-01"])
def test_no_address_shows_a_row_before_the_merger(database: Database, day: str) -> None:
    query = {"as_of": day, "agency": COMING, "plan": PLAN}
    assert list_keys(read_everything(database, MERGED_INTO, query)) == (
        {"own"} if day < "2026-07-01" else {"own", "former"}
    )


@pytest.mark.parametrize(
    ("day", "notice"),
    [("2027-02-28", ""), ("2027-03-01", "Đến ngày 01/03/2027"), ("2028-01-01", "Đến ngày 01/01/2028")],
)
def test_a_day_behind_a_merger_to_come_is_today(database: Database, day: str, notice: str) -> None:
    seen = resolve(database, MERGED_INTO, pages.AGENCY, {"as_of": day})
    assert seen.view.as_of == (TODAY if notice else date.fromisoformat(day))
    assert notice in " ".join(seen.view.filters.notices)
    # Whose merger it is not may look ahead.
    for agency in (COMING, STRANGER):
        assert resolve(database, agency, pages.AGENCY, {"as_of": day}).view.as_of == date.fromisoformat(day)


def test_from_the_merger_on_the_rows_and_their_history_are_the_successors(database: Database) -> None:
    assert list_keys(read_everything(database, MERGED_INTO, {})) == {"own", "former"}
    assert list_keys(read_everything(database, MERGED_INTO, {}, MERGED)) == {"own", "former", "coming"}
    assert list_keys(read_everything(database, STRANGER, {}, MERGED)) == {"stranger"}
    history = read_everything(database, MERGED_INTO, {}).partition("Lịch sử các dòng")[2]
    assert FORMER in history and COMING not in history


def test_who_joins_reads_the_others_rows_from_that_day_on(database: Database) -> None:
    assert list_keys(read_everything(database, COMING, {})) == {"coming"}
    assert list_keys(read_everything(database, FORMER, {})) == {"own", "former"}, "as an officer of the successor"
    assert list_keys(read_everything(database, COMING, {}, MERGED)) == {"own", "former", "coming"}


@pytest.mark.parametrize("day", ["2026-06-30", "2028-01-01"])
def test_no_file_has_a_row_before_the_merger(database: Database, day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    version = OpenVersion(database.pointer, 1, database, TODAY, False)
    monkeypatch.setattr(startup, "open_version", lambda _environ: version)
    keys: set[str] = set()
    for name in LISTS_OF_ROWS:
        query = {"as_of": day, "only": "every_year", "target": TARGET}
        built = build_file(name, query, build_officer(MERGED_INTO), {})
        if built is not None:
            cells = OPENPYXL.load_workbook(BytesIO(built[1])).active.iter_rows(values_only=True)
            keys |= list_keys(" ".join(str(cell) for row in cells for cell in row))
    assert keys == ({"own"} if day == "2026-06-30" else {"own", "former"})


@pytest.mark.parametrize(
    ("day", "names"), [(TODAY, {FORMER, MERGED_INTO}), (date(2026, 6, 30), {MERGED_INTO}), (None, {MERGED_INTO})]
)
def test_rows_to_fix_are_those_of_whom_an_agency_answers_for_that_day(
    database: Database, day: date | None, names: set[str]
) -> None:
    findings = list_rejections(database, "vi", PLAN, MERGED_INTO, None, day)
    assert {finding["agency"] for finding in findings} == names


def test_a_predecessors_row_in_one_doubt_with_the_own_one_is_shown(database: Database) -> None:
    row = {"agency": MERGED_INTO, "row": 5, "quantity": 1, "content": "a", "source": "s", "tab": "t"}
    former = {**row, "agency": FORMER, "row": 6, "answering_agency": MERGED_INTO}
    stranger = {**row, "agency": STRANGER, "row": 7}
    item = RowToConfirm("possibly_same_event", row, [former, stranger], PLAN, TARGET, "", "")  # type: ignore[arg-type, list-item]
    [hidden] = hide_rows_of_others([item], MERGED_INTO)
    assert [other["row"] for other in hidden.others] == [6, 0]
    assert [other["content"] for other in hidden.others] == ["a", None]

"""A list of a page as a file: the query of the page, the scope of its viewer, a line in the audit."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from kpis.access.identities import OPEN_VIEWER, Viewer
from kpis.access.rights import Entry, Person, Role
from kpis.store.database import Database
from kpis.ui.server import list_downloads
from kpis.ui.server.gate.routes import RouteTable
from kpis.ui.server.list_downloads import LISTS, build_file

OPENPYXL: Any = import_module("openpyxl")  # it has no types
OVERDUE = {"status": "overdue"}


def build_viewer(role: Role, plan: str, *agencies: str) -> Viewer:
    entry = Entry("a@x.vn", role, frozenset({plan}), frozenset(agencies))
    return Viewer(Person("a@x.vn", frozenset({entry})), "session")


def read(name: str, params: dict[str, str], viewer: Viewer, pointer: Path) -> list[tuple[object, ...]]:
    built = build_file(name, params, viewer, {"KPIS_DATABASE": str(pointer)})
    assert built is not None
    [sheet] = OPENPYXL.load_workbook(BytesIO(built[1])).worksheets
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def test_all_rows_that_the_filters_leave_are_in_the_file(sample_pointer: Path) -> None:
    header, *rows = read("tasks", {}, OPEN_VIEWER, sample_pointer)
    overdue = read("tasks", OVERDUE, OPEN_VIEWER, sample_pointer)[1:]
    state, due = header.index("Tình trạng"), header.index("Thời hạn")
    assert len(rows) == 89
    assert overdue == [row for row in rows if row[state] == "Quá hạn"]
    assert overdue and all(isinstance(row[due], datetime) for row in overdue)
    searched = read("tasks", {"q": "ha noi", "sort": "-due"}, OPEN_VIEWER, sample_pointer)[1:]
    assert 0 < len(searched) < len(rows)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_has_rows_and_as_many_cells_as_titles(name: str, sample_pointer: Path) -> None:
    rows = read(name, {"plan": "dong-thap"}, OPEN_VIEWER, sample_pointer)
    assert all(rows[0])
    assert len(rows) > 1 or name == "explanations"  # nobody has been asked anything


def test_a_leader_of_one_plan_gets_no_row_of_another(sample_pointer: Path) -> None:
    viewer = build_viewer("leader", "dong-thap")
    params: dict[str, str]
    for params in ({}, {"plan": "thai-nguyen"}):
        places = {row[0] for row in read("tasks", params, viewer, sample_pointer)[1:]}
        assert places == {"Đồng Tháp"}


def test_an_officer_gets_the_own_agencys_rows(sample_pointer: Path) -> None:
    viewer = build_viewer("officer", "dong-thap", "Sở Công Thương")
    everything = read("tasks", {"plan": "dong-thap"}, OPEN_VIEWER, sample_pointer)[1:]
    own_rows = read("tasks", {"plan": "dong-thap", "agency": "Công an tỉnh"}, viewer, sample_pointer)[1:]
    assert 0 < len(own_rows) < len(everything)


def test_a_list_of_a_page_that_the_viewer_may_not_open_does_not_exist(
    sample_pointer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = build_viewer("officer", "dong-thap", "Sở Công Thương")
    environ = {"KPIS_DATABASE": str(sample_pointer)}
    monkeypatch.setattr(list_downloads, "LISTS", {"tasks": ("overview", LISTS["tasks"][1])})
    assert build_file("tasks", {}, viewer, environ) is None
    assert build_file("passwords", {}, OPEN_VIEWER, environ) is None


def test_without_a_reading_there_is_no_file(tmp_path: Path) -> None:
    assert build_file("tasks", {}, OPEN_VIEWER, {"KPIS_DATABASE": str(tmp_path / "kpis.json")}) is None


def test_the_gate_knows_the_lists_and_no_other_spelling() -> None:
    def find(path: str) -> str | None:
        return RouteTable("", []).find({"type": "http", "path": path, "raw_path": path.encode()})

    for name in LISTS:
        assert find(f"/tai-bang/{name}.xlsx") == "download"
    for path in ("/tai-bang/tasks", "/tai-bang/../tasks.xlsx", "/tai-bang/tasks.xlsx/", "/tai-bang/Tasks.xlsx"):
        assert find(path) is None


@pytest.mark.parametrize("name", ["agencies", "all-agencies"])
@pytest.mark.parametrize("params", [{}, {"plan": "dong-thap"}, {"agency": "Công an tỉnh"}, {"plan": "ha-noi"}])
def test_an_officer_has_no_list_with_figures_of_every_agency(
    sample_pointer: Path, name: str, params: dict[str, str]
) -> None:
    officer = build_viewer("officer", "dong-thap", "Sở Công Thương")
    environ = {"KPIS_DATABASE": str(sample_pointer)}
    assert build_file(name, params, officer, environ) is None
    assert build_file(name, params, build_viewer("leader", "dong-thap"), environ) is not None


@pytest.mark.parametrize("name", LISTS)
def test_an_officer_gets_nothing_that_another_agency_wrote(sample_pointer: Path, name: str) -> None:
    name_of_agency = "Sở Công Thương"
    officer = build_viewer("officer", "dong-thap", name_of_agency)
    built = build_file(name, {"only": "every_year"} if name == "entries" else {}, officer, environ(sample_pointer))
    if built is None:
        return
    [sheet] = OPENPYXL.load_workbook(BytesIO(built[1])).worksheets
    texts = {cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    database = Database.open(sample_pointer)
    assert database is not None
    written: dict[bool, set[object]] = {True: set(), False: set()}
    for table, columns in (("entries", "content, evidence"), ("task_reports", "result, difficulty, evidence")):
        for row in database.fetch_rows(f"select agency, {columns} from {table} where plan = 'dong-thap'"):  # noqa: S608
            is_own = row.pop("agency") == name_of_agency
            written[is_own] |= {value for value in row.values() if value and len(str(value)) > 12}
    foreign = written[False] - written[True]
    assert foreign and not texts & foreign


def environ(pointer: Path) -> dict[str, str]:
    return {"KPIS_DATABASE": str(pointer)}


def test_of_a_plan_in_which_somebody_is_an_officer_there_are_the_files_of_an_officer_alone(
    sample_pointer: Path,
) -> None:
    entries = {
        Entry("a@x.vn", "leader", frozenset({"ha-noi"})),
        Entry("a@x.vn", "officer", frozenset({"dong-thap"}), frozenset({"Sở Công Thương"})),
    }
    viewer = Viewer(Person("a@x.vn", frozenset(entries)), "session")
    about = {"plan": "dong-thap"}
    assert {row[1] for row in read("entries", about, viewer, sample_pointer)[1:]} == {"Sở Công Thương"}
    sources = read("sources", about, viewer, sample_pointer)
    assert sources == read("sources", {"plan": "khong-co"}, viewer, sample_pointer)
    assert "dong-thap" not in str(sources) and len(sources) > 1

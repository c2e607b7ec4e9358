"""The page Giao ban tuần: what its address selects, two editions compared, its tables as workbooks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from bench.databases import ensure_database
from kpis.access.identities import OPEN_VIEWER, Viewer
from kpis.language.messages import Language
from kpis.pack.edition.folders import Edition, compute_digest, get_default_folder
from kpis.pack.figures.weeks import parse_week
from kpis.ui.frame import startup
from kpis.ui.frame.view_resolution import resolve_view
from kpis.ui.pack.comparison import find_pair, render_comparison
from kpis.ui.pack.edition_table import render_editions
from kpis.ui.pack.selection import PackSelection, find_selection, format_week, list_offered_scopes
from kpis.ui.server import list_downloads
from kpis.ui.server.list_downloads import build_file
from kpis.ui.server.page_tables import find_scope_of_file
from kpis.ui.shared.table_query import TableQuery, parse_table_query
from tests.ui.handmade_rows import build_view
from tests.ui.test_table_downloads import build_viewer, download

OPENPYXL: Any = import_module("openpyxl")  # it has no types


@pytest.mark.parametrize(
    ("week", "lang", "expected"),
    [
        ("2026-W47", "vi", "2026-W47 · 16–22/11"),
        ("2026-W49", "vi", "2026-W49 · 30/11–06/12"),
        ("2026-W53", "vi", "2026-W53 · 28/12–03/01"),
        ("2026-W47", "en", "2026-W47 · 16 Nov–22 Nov"),
    ],
)
def test_the_name_of_a_week_is_short(week: str, lang: Language, expected: str) -> None:
    assert format_week(parse_week(week), lang) == expected


def _write_edition(folder: Path, week: str, state: str, revision: int = 1) -> Edition:
    folder.mkdir(parents=True)
    path = folder / "figures.json"
    task = {"task": "ha-noi.III.1", "year": 2026, "state": state}
    target = {"target": "ha-noi.01", "plan": "ha-noi", "place": "Hà Nội", "period_start": "2026-01-01"}
    figures = {"measure": "count", "comparator": ">=", "floor": 50, "actual": 24, "unit": "tin bài", "status": "behind"}
    content = {"targets": [{**target, "title_vi": "Tin <bài>", **figures}], "tasks": [task]}
    path.write_text(json.dumps(content), encoding="utf-8")
    day, now = date(2026, 11, 22), datetime(2026, 11, 22)
    files = {"figures.json": compute_digest(path)}
    return Edition(week, "all", "", "vi", revision, day, day, now, None, 1, False, {}, now, "", files, (), folder)


def test_a_changed_task_is_shown_even_if_the_editions_have_only_its_id(tmp_path: Path) -> None:
    first = _write_edition(tmp_path / "a", "2026-W46", "done")
    second = _write_edition(tmp_path / "b", "2026-W47", "in_progress")
    markup = render_comparison(build_view(), first, second)
    assert "0/1 chỉ tiêu khác nhau." in markup
    assert "1/1 nhiệm vụ khác nhau." in markup
    assert "ha-noi.III.1" in markup
    assert "Hà Nội" in markup
    assert "Tin &lt;bài&gt;" not in markup


def test_lost_figures_are_reported_instead_of_the_comparison(tmp_path: Path) -> None:
    first = _write_edition(tmp_path / "a", "2026-W46", "done")
    second = _write_edition(tmp_path / "b", "2026-W47", "done")
    (second.folder / "figures.json").unlink()
    markup = render_comparison(build_view(), first, second)
    assert "Số liệu lưu kèm bản chốt 2026-W47 đã mất hoặc hỏng" in markup
    assert str(tmp_path) not in markup
    assert "<table" not in markup


def _store_edition(out: Path, week: str, state: str, revision: int = 1, scope: str = "all") -> None:
    """Store an edition as `seal` does, without pages."""
    edition = replace(_write_edition(out / f"{week}-{scope}" / f"r{revision}", week, state, revision), scope=scope)
    (edition.folder / "edition.json").write_text(json.dumps(edition.to_record()), encoding="utf-8")


@pytest.fixture(scope="module")
def pointer(sample_pointer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample with four editions of all plans and one of Hà Nội."""
    folder = tmp_path_factory.mktemp("editions") / "var"
    shutil.copytree(sample_pointer.parent, folder)
    pointer = folder / sample_pointer.name
    out = get_default_folder(pointer)
    _store_edition(out, "2026-W45", "done")
    _store_edition(out, "2026-W46", "paused")
    _store_edition(out, "2026-W47", "overdue")
    _store_edition(out, "2026-W47", "in_progress", 2)
    _store_edition(out, "2026-W47", "silent", scope="ha-noi")
    return pointer


def _select(pointer: Path, params: Mapping[str, str], viewer: Viewer = OPEN_VIEWER) -> PackSelection:
    version = startup.open_version({"KPIS_DATABASE": str(pointer)})
    assert version is not None
    seen = resolve_view(params, version, viewer, "pack")
    selection = find_selection(seen.database, seen.view, parse_table_query(params))
    assert selection is not None
    return selection


@pytest.mark.parametrize(
    ("params", "week", "scope"),
    [
        ({}, "2026-W47", "all"),
        ({"week": "2026-W46"}, "2026-W46", "all"),
        ({"plan": "ha-noi"}, "2026-W47", "ha-noi"),
        ({"plan": "ha-noi", "scope": "all"}, "2026-W47", "all"),
        ({"scope": "dong-thap", "week": "2025-W01"}, "2025-W01", "dong-thap"),
        ({"as_of": "2026-10-31"}, "2026-W44", "all"),
        ({"as_of": "2026-10-31", "week": "2026-W46"}, "2026-W46", "all"),
        ({"week": "2026-W60"}, "2026-W47", "all"),
        ({"week": "2027-W10"}, "2026-W47", "all"),
        ({"week": "<b>", "scope": "../x"}, "2026-W47", "all"),
        ({"week": "0001-W01"}, "2026-W47", "all"),
        ({"week": "9999-W01"}, "2026-W47", "all"),
        ({"week": "2015-W01"}, "2015-W01", "all"),
    ],
)
def test_the_address_selects_week_and_scope(
    sample_pointer: Path, params: Mapping[str, str], week: str, scope: str
) -> None:
    selection = _select(sample_pointer, params)
    assert (str(selection.week), selection.scope) == (week, scope)


def test_an_address_selects_no_editions_that_the_viewer_may_not_see(sample_pointer: Path) -> None:
    focal = build_viewer("focal", "ha-noi")
    for scope in ("all", "dong-thap", ""):
        assert _select(sample_pointer, {"scope": scope}, focal).scope == "ha-noi"


def _show_choices_of_a_missing_plan() -> None:
    import streamlit as st

    from kpis.ui.frame import startup
    from kpis.ui.frame.view_resolution import resolve_view
    from kpis.ui.pack.selection import select_week_and_plan
    from kpis.ui.shared import data
    from tests.ui.test_table_downloads import build_viewer

    version = startup.open_version({"KPIS_DATABASE": st.session_state["pointer"]})
    assert version is not None
    seen = resolve_view({}, version, build_viewer("leader", "ca-mau"), "pack")
    data.use_database(seen.database, seen.row_database)
    assert select_week_and_plan(seen.view) is None


def test_a_leader_whose_only_plan_is_not_in_the_database_reads_a_sentence(sample_pointer: Path) -> None:
    page = AppTest.from_function(_show_choices_of_a_missing_plan, default_timeout=600)
    page.session_state["pointer"] = str(sample_pointer)
    page.run()
    assert not page.exception
    assert "Chưa có số liệu của kế hoạch nào" in page.get("html")[0].proto.body
    assert not page.selectbox
    viewer = build_viewer("leader", "ca-mau")
    assert download(sample_pointer, "/tai-bang/pack-editions.xlsx", viewer) is None


def test_with_34_plans_any_scope_can_be_selected(tmp_path_factory: pytest.TempPathFactory) -> None:
    pointer = ensure_database("2k", tmp_path_factory.mktemp("nation"))
    assert _select(pointer, {}).scope == "all"
    assert _select(pointer, {"scope": "vinh-long"}).scope == "vinh-long"
    assert _select(pointer, {"plan": "ca-mau"}).scope == "ca-mau"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (TableQuery(), ("2026-W46", "2026-W47")),
        (TableQuery(first="2026-W45"), ("2026-W45", "2026-W47")),
        (TableQuery(first="2026-W47", second="2026-W46"), ("2026-W47", "2026-W46")),
        (TableQuery(first="2020-W01", second="../x"), ("2026-W46", "2026-W47")),
    ],
)
def test_the_address_names_the_editions_to_compare(tmp_path: Path, query: TableQuery, names: tuple[str, str]) -> None:
    weeks = ("2026-W47", "2026-W46", "2026-W45")
    editions = [_write_edition(tmp_path / week, week, "done") for week in weeks]
    pair = find_pair(editions, query)
    assert pair is not None and (pair.first.name, pair.second.name) == names
    assert find_pair(editions[:1], query) is None


def test_the_editions_of_a_scope_are_a_workbook(pointer: Path) -> None:
    rows = download(pointer, "/tai-bang/pack-editions.xlsx")
    assert rows is not None
    assert [row[0] for row in rows[1:]] == ["2026-W47 r2", "2026-W47", "2026-W46", "2026-W45"]
    rows = download(pointer, "/tai-bang/pack-editions.xlsx?plan=ha-noi")
    assert rows is not None and [row[0] for row in rows[1:]] == ["2026-W47"]
    focal = build_viewer("focal", "dong-thap")
    assert download(pointer, "/tai-bang/pack-editions.xlsx?scope=ha-noi", focal) is None


def test_the_comparison_that_an_address_names_is_a_workbook(pointer: Path) -> None:
    rows = download(pointer, "/tai-bang/pack-compared-tasks.xlsx?first=2026-W45&second=2026-W46")
    assert rows is not None and rows[0][2:] == ("2026-W45", "2026-W46")
    assert rows[1][2:] == ("Hoàn thành", "Tạm dừng")
    rows = download(pointer, "/tai-bang/pack-compared-tasks.xlsx")
    assert rows is not None and rows[0][2:] == ("2026-W47", "2026-W47 r2")
    assert download(pointer, "/tai-bang/pack-compared-targets.xlsx") is None  # no target differs: there is no table
    assert download(pointer, "/tai-bang/pack-compared-tasks.xlsx?scope=ha-noi") is None


def _run_page() -> None:
    import streamlit as st

    from kpis.access.identities import OPEN_VIEWER
    from kpis.ui.frame import startup
    from kpis.ui.frame.view_resolution import resolve_view
    from kpis.ui.pack.comparison import render_edition_comparison
    from kpis.ui.pack.selection import select_week_and_plan
    from kpis.ui.shared import data, page_view
    from kpis.ui.shared.table_query import parse_table_query, store_table_query

    params = st.query_params.to_dict()
    version = startup.open_version({"KPIS_DATABASE": st.session_state["pointer"]})
    assert version is not None
    seen = resolve_view(params, version, OPEN_VIEWER, "pack")
    data.use_database(seen.database, seen.row_database)
    page_view.store_view(seen.view)
    store_table_query(parse_table_query(params))
    selection = select_week_and_plan(seen.view)
    assert selection is not None
    render_edition_comparison(seen.view, selection, parse_table_query(params))


def _get_choices(page: AppTest) -> list[str]:
    return [str(getattr(box.value, "monday", box.value)) for box in page.selectbox]


def _get_query(page: AppTest) -> dict[str, str]:
    return {name: value if isinstance(value, str) else value[0] for name, value in page.query_params.items()}


def test_a_choice_stands_in_the_address_and_the_address_decides_what_is_chosen(pointer: Path) -> None:
    page = AppTest.from_function(_run_page, default_timeout=600)
    page.session_state["pointer"] = str(pointer)
    page.run()
    assert _get_choices(page) == ["2026-11-16", "all", "2026-W47", "2026-W47 r2"]
    page.selectbox[2].set_value("2026-W45").run()
    assert _get_query(page) == {"first": "2026-W45"}
    page.selectbox[0].set_value(parse_week("2026-W46")).run()
    assert _get_query(page) == {"first": "2026-W45", "week": "2026-W46"}
    assert _get_choices(page) == ["2026-11-09", "all", "2026-W45", "2026-W47 r2"]
    page.selectbox[1].set_value("dong-thap").run()
    assert _get_query(page) == {"week": "2026-W46", "scope": "dong-thap"}
    assert len(page.selectbox) == 2  # that plan has no editions to compare
    page.query_params.clear()
    page.query_params["first"] = "2026-W46"
    page.query_params["second"] = "2019-W01"
    page.run()
    assert not page.exception, page.exception
    assert _get_choices(page) == ["2026-11-16", "all", "2026-W46", "2026-W47 r2"]


def test_the_link_below_a_comparison_names_its_editions(tmp_path: Path) -> None:
    first = _write_edition(tmp_path / "a", "2026-W46", "done")
    second = _write_edition(tmp_path / "b", "2026-W47", "in_progress")
    query = TableQuery(first="2026-W46", scope="all")
    markup = render_comparison(build_view(), first, second, query)
    assert "/tai-bang/pack-compared-tasks.xlsx?" in markup
    assert "first=2026-W46" in markup and "scope=all" in markup


def test_another_plan_day_or_language_leaves_no_edition_of_the_earlier_one_in_the_address() -> None:
    query = TableQuery(q="tin", page=3, week="2026-W46", scope="ha-noi", first="2026-W45", second="2026-W46")
    assert query.for_changed_filters({"plan"}) == TableQuery(q="tin", week="2026-W46")
    assert query.for_changed_filters({"as_of"}) == replace(query, page=1, week="")
    assert query.for_changed_filters({"lang"}) == replace(query, page=1, first="", second="")
    assert query.for_changed_filters({"agency"}) == replace(query, page=1)
    of_plan = TableQuery(target="ha-noi.01", source="ha-noi")
    assert of_plan.for_changed_filters({"plan"}) == TableQuery()
    assert of_plan.for_changed_filters({"as_of"}) == of_plan


def test_the_only_plan_is_no_choice_between_itself_and_all(pointer: Path) -> None:
    view, week = build_view(), parse_week("2026-W47")
    about_all = PackSelection(week, None, "vi", {"dong-thap": "Đồng Tháp"}, pointer)
    assert list_offered_scopes(view, about_all) == ["all"]
    sealed_by_name = replace(about_all, place_names={"ha-noi": "Hà Nội"})
    assert list_offered_scopes(view, sealed_by_name) == ["all", "ha-noi"]
    by_address = replace(about_all, plan="dong-thap")
    assert list_offered_scopes(view, by_address) == ["all", "dong-thap"]
    assert list_offered_scopes(replace(view, sees_all_editions=False), by_address) == ["dong-thap"]
    several = replace(about_all, place_names={"dong-thap": "Đồng Tháp", "ha-noi": "Hà Nội"})
    assert list_offered_scopes(view, several) == ["all", "dong-thap", "ha-noi"]


def test_what_is_not_sealed_is_named_only_where_there_is_a_choice(tmp_path: Path) -> None:
    single = PackSelection(parse_week("2026-W47"), None, "vi", {"ha-noi": "Hà Nội"}, tmp_path / "kpis.json")
    several = replace(single, place_names={"dong-thap": "Đồng Tháp", "ha-noi": "Hà Nội"})
    of_plan = replace(several, plan="ha-noi")
    pairs = ((single, "nào."), (several, "nào của tất cả kế hoạch."), (of_plan, "nào của Hà Nội."))
    for selection, ending in pairs:
        assert f"Chưa chốt bản giao ban {ending}" in render_editions(build_view(), selection)


@pytest.mark.parametrize(
    ("path", "plan"),
    [
        ("/tai-bang/pack-editions.xlsx?plan=ha-noi&scope=all", "all"),
        ("/tai-bang/pack-editions.xlsx?plan=dong-thap&scope=ha-noi", "ha-noi"),
        ("/tai-bang/pack-editions.xlsx?plan=ha-noi", "ha-noi"),
        ("/tai-bang/tasks.xlsx?plan=ha-noi&scope=all", "ha-noi"),
        ("/tai-bang/sources.xlsx?scope=ha-noi", "all"),
    ],
)
def test_the_audit_names_the_plan_that_was_handed_out(
    pointer: Path, path: str, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded: list[str] = []
    monkeypatch.setattr(list_downloads, "record_action", lambda *_facts, **details: recorded.append(details["plan"]))
    address = urlsplit(path)
    name = address.path.removeprefix("/tai-bang/").removesuffix(".xlsx")
    built = build_file(name, dict(parse_qsl(address.query)), OPEN_VIEWER, {"KPIS_DATABASE": str(pointer)})
    assert built is not None
    assert recorded == [plan]
    title = OPENPYXL.load_workbook(BytesIO(built[1])).properties.title
    assert {"all": "tất cả kế hoạch", "ha-noi": "Hà Nội"}[plan] in title


def test_the_file_of_the_audit_is_about_no_plan(pointer: Path) -> None:
    version = startup.open_version({"KPIS_DATABASE": str(pointer)})
    assert version is not None
    seen = resolve_view({"plan": "ha-noi"}, version, OPEN_VIEWER, "audit")
    assert find_scope_of_file("audit", seen, parse_table_query({})) is None

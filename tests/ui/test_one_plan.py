"""What is kept until a row of one plan differs: it depends on nothing else, and is always what a fresh page shows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from markupsafe import Markup

from kpis.access.identities import OPEN_VIEWER
from kpis.language import clock
from kpis.services.refresh import refresh
from kpis.settings import Settings
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope
from kpis.ui import pages
from kpis.ui.agency.agency_choices import build_agency_list, render_agency_choices
from kpis.ui.agency.page import render_agency, render_entries_of_agency
from kpis.ui.agency.rows_to_fix import render_rows_to_fix
from kpis.ui.entries.entry_list import build_entry_list
from kpis.ui.entries.page import render_entries
from kpis.ui.explanations.page import render_explanations
from kpis.ui.findings.page import render_findings
from kpis.ui.frame.startup import OpenVersion
from kpis.ui.frame.view_resolution import ResolvedView, resolve_view
from kpis.ui.overview.late_answers import load_late_answers
from kpis.ui.overview.page import load_overview, render_overview
from kpis.ui.province.page import render_province
from kpis.ui.shared import data
from kpis.ui.shared.data import call_cached, call_cached_per_read
from kpis.ui.shared.entry_explanations import load_entry_explanations
from kpis.ui.shared.one_plan import list_marked_functions
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import NOTHING_ASKED
from kpis.ui.sources.page import render_sources
from kpis.ui.targets.page import build_plan_list, render_targets
from kpis.ui.targets.target_list import build_target_list
from kpis.ui.tasks.page import _build_overview, render_tasks
from kpis.ui.tasks.task_list import build_task_list

Ask = Callable[[Database, PageView], object]
MARKED: Mapping[object, Ask] = {
    render_overview: render_overview,
    render_province: render_province,
    _build_overview: _build_overview,
    build_task_list: lambda db, view: build_task_list(db, view, has_change=True),
    build_plan_list: build_plan_list,
    build_target_list: lambda db, view: build_target_list(db, view, has_change=True),
    render_agency: lambda db, view: render_agency(db, _choose_agency(view)),
    render_entries_of_agency: lambda db, view: render_entries_of_agency(db, _choose_agency(view)),
    build_agency_list: lambda db, view: build_agency_list(db, view, ()),
    build_entry_list: lambda db, view: build_entry_list(db, view, "", has_all_years=True),
}
DEPARTMENT = "Sở Công Thương"


def _choose_agency(view: PageView) -> PageView:
    return replace(view, filters=replace(view.filters, agency=DEPARTMENT))


def resolve(db: Database, page: str, query: Mapping[str, str], at: datetime | None = None) -> ResolvedView:
    moment = at or datetime.fromisoformat(db.meta["recorded_at"])
    version = OpenVersion(db.pointer, db.version, db, clock.to_local_day(moment), sample=False)
    return resolve_view(query, version, OPEN_VIEWER, page)


def test_every_marked_function_is_tried_here() -> None:
    assert set(MARKED) == list_marked_functions()


@pytest.fixture(scope="module")
def sample(sample_pointer: Path) -> Database:
    database = Database.open(sample_pointer)
    assert database is not None
    return database


@pytest.fixture(scope="module")
def bare_sample(sample: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The same version without journal, positions, ledger and whatever else lies beside it."""
    folder = tmp_path_factory.mktemp("bare")
    for path in (sample.pointer, sample.pointer.with_name(f"kpis-{sample.version}.duckdb")):
        shutil.copy(path, folder)
    database = Database.open(folder / sample.pointer.name)
    assert database is not None
    return database


@pytest.mark.parametrize("function", MARKED, ids=lambda function: function.__name__)
@pytest.mark.parametrize("plan", ["dong-thap", "bac-kan"])
def test_a_marked_function_reads_one_plan_and_no_file(
    plan: str, function: object, sample: Database, bare_sample: Database
) -> None:
    view = resolve(sample, pages.OVERVIEW, {"plan": plan}).view
    alone = bare_sample.for_scope(Scope(frozenset({plan})))
    assert MARKED[function](alone, view) == MARKED[function](sample, view)


TEXT = "Ngày,Cơ quan,Chỉ tiêu,Số lượng,Nội dung,Minh chứng,Xác nhận\n"
ROWS = {
    "dong-thap": ["15/03/2026,Sở Công Thương,dong-thap.03,2,Hội nghị,1/BC,", "31/02/2026,Sở Y tế,dong-thap.03,1,Sai,,"],
    "ha-noi": ["16/03/2026,Sở Công Thương,ha-noi.03,3,Tin bài,2/BC,", "17/03/2026,Sở Trăng Sao,ha-noi.03,3,Ai,,"],
}  # fmt: skip


@dataclass
class Project:
    """Two plans in CSV folders, the register's overlay, and the moment of the next sync."""

    folder: Path
    now: datetime = datetime(2026, 11, 21, 2)
    tabs: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @property
    def pointer(self) -> Path:
        return self.folder / "var" / "kpis.json"

    def set_up(self) -> None:
        for plan, rows in ROWS.items():
            self.tabs[plan] = {"Tiến độ": [TEXT.strip(), *rows]}
            (self.folder / plan).mkdir(parents=True)
        self.write_sources("dong-thap", "ha-noi")

    def write_sources(self, *plans: str) -> None:
        tables = (f'[[source]]\nid = "{plan}"\nplan = "{plan}"\nworkbook = "{plan}"\n' for plan in plans)
        (self.folder / "sources.toml").write_text("\n".join(tables), encoding="utf-8")

    def sync(self) -> None:
        for plan, tabs in self.tabs.items():
            for name, lines in tabs.items():
                (self.folder / plan / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.now += timedelta(minutes=5)
        overlay = self.folder / "register"
        settings = Settings(
            "vi", self.folder / "sources.toml", self.pointer, overlay if overlay.exists() else None, sample=False
        )
        results = refresh(settings, {}, self.now, explicit_now=True).sources
        assert {result.outcome for result in results} <= {"changed", "unchanged"}

    def open(self) -> Database:
        database = Database.open(self.pointer)
        assert database is not None
        return database

    # ---------- one thing changes ----------

    def change_nothing(self) -> None:
        """Read again."""

    def add_entry(self) -> None:
        self.tabs["dong-thap"]["Tiến độ"].append("20/04/2026,Sở Y tế,dong-thap.03,1,Lớp học,3/BC,")

    def edit_entry_of_the_other(self) -> None:
        self.tabs["ha-noi"]["Tiến độ"][1] = ROWS["ha-noi"][0].replace(",3,", ",30,")

    def confirm_entry(self) -> None:
        self.tabs["dong-thap"]["Tiến độ"][1] = ROWS["dong-thap"][0] + "x"

    def drop_evidence(self) -> None:
        self.tabs["dong-thap"]["Tiến độ"][-1] = "20/04/2026,Sở Y tế,dong-thap.03,1,Lớp học,,"

    def reject_another_row(self) -> None:
        self.tabs["ha-noi"]["Tiến độ"].append("18/03/2026,Sở Công Thương,ha-noi.03,ba,Chữ,,")

    def move_rows(self) -> None:
        header, *rows = self.tabs["dong-thap"]["Tiến độ"]
        self.tabs["dong-thap"]["Tiến độ"] = [header, *reversed(rows)]

    def report_task(self) -> None:
        self.tabs["dong-thap"]["Nhiệm vụ"] = [
            "Mã,Nhiệm vụ,Cơ quan,Trạng thái,Ngày hoàn thành", "dong-thap.III.6,,Sở Công Thương,Hoàn thành,02/06/2026",
        ]  # fmt: skip

    def explain(self) -> None:
        self.tabs["ha-noi"]["Giải trình"] = [
            "Mã,Cơ quan,Ngày yêu cầu,Nội dung yêu cầu,Giải trình",
            "ha-noi.03,Sở Công Thương,01/11/2026,Vì sao chậm?,", "ha-noi.03,Sở Y tế,01/11/2026,Vì sao?,Do mưa.",
        ]  # fmt: skip

    def set_a_row_aside(self) -> None:
        self.tabs["ha-noi"]["Tiến độ"].append(",,,,Tổng cộng,,")

    def ask(self) -> None:
        line = {
            "event": "asked", "id": "YC-dong-thap-2026-0001", "at": "2026-11-01T00:00:00.000000Z", "on": "2026-11-01",
            "by": "", "plan": "dong-thap", "entry": "dong-thap.03", "agency": DEPARTMENT, "question": "Sao?",
        }  # fmt: skip
        ledger = self.pointer.with_name("kpis-requests.jsonl")
        ledger.write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")

    def amend_register(self) -> None:
        plans = self.folder / "register" / "plans"
        plans.mkdir(parents=True)
        (plans / "amended.toml").write_text('[[target]]\nid = "ha-noi.03"\nfloor = 7\n', encoding="utf-8")

    def drop_source(self) -> None:
        self.write_sources("dong-thap")

    def pass_a_sunday(self) -> None:
        self.now += timedelta(days=3)

    def lose_version(self) -> None:
        database = self.open()
        path = self.pointer.with_name(f"kpis-{database.version}.duckdb")
        database.close()
        path.rename(path.with_name(path.name + ".damaged"))


CHANGES = (
    Project.change_nothing, Project.add_entry, Project.edit_entry_of_the_other, Project.confirm_entry,
    Project.drop_evidence, Project.reject_another_row, Project.move_rows, Project.report_task, Project.explain,
    Project.set_a_row_aside, Project.ask, Project.amend_register, Project.pass_a_sunday, Project.lose_version,
    Project.drop_source,
)  # fmt: skip


def draw_agency(resolved: ResolvedView) -> Markup:
    db, rows, view = resolved.database, resolved.row_database, resolved.view
    if view.plan is None:
        return render_agency_choices(db, view)
    late = load_late_answers(rows, view, view.filters.agency)
    entries = call_cached(rows, render_entries_of_agency, view)
    page = call_cached(db, render_agency, view, late, load_entry_explanations(rows, view), entries)
    return page + call_cached_per_read(rows, render_rows_to_fix, view)


def draw_province(resolved: ResolvedView) -> Markup:
    explanations = load_entry_explanations(resolved.row_database, resolved.view)
    return call_cached(resolved.database, render_province, resolved.view, explanations)


def draw_list(render: Callable[..., Markup]) -> Callable[[ResolvedView], Markup]:
    def draw(resolved: ResolvedView) -> Markup:
        explanations = load_entry_explanations(resolved.row_database, resolved.view)
        return render(resolved.database, resolved.view, NOTHING_ASKED, explanations)

    return draw


PAGES: Mapping[str, Callable[[ResolvedView], Markup]] = {
    pages.OVERVIEW: lambda resolved: load_overview(resolved.database, resolved.view),
    pages.PROVINCE: draw_province,
    pages.TARGETS: draw_list(render_targets),
    pages.TASKS: draw_list(render_tasks),
    pages.AGENCY: draw_agency,
    pages.ENTRIES: lambda resolved: render_entries(resolved.database, resolved.row_database, resolved.view),
    pages.FINDINGS: lambda resolved: render_findings(resolved.database, resolved.view),
    pages.EXPLANATIONS: lambda resolved: render_explanations(resolved.database, resolved.view),
    pages.SOURCES: lambda resolved: render_sources(resolved.database, resolved.view),
}
DRAWN_PAGES = (("", pages.OVERVIEW), *((plan, page) for plan in ROWS for page in PAGES))
"""The plan and page that are drawn: what several plans share is kept by the whole version, whatever the page."""


@contextmanager
def start_afresh() -> Iterator[None]:
    """Forget what is kept, inside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "_get_shared_result", cache(lambda *_: data._SharedResult()))
        yield


def draw_all(db: Database, at: datetime) -> dict[tuple[str, str], str]:
    drawn = {}
    for plan, page in DRAWN_PAGES:
        query = {"plan": plan, **({"agency": DEPARTMENT} if page == pages.AGENCY else {})} if plan else {}
        drawn[plan, page] = str(PAGES[page](resolve(db, page, query, at)))
    return drawn


@pytest.mark.slow
def test_what_is_kept_is_what_a_fresh_page_shows(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.set_up()
    project.sync()
    earlier, unseen = draw_all(project.open(), project.now), []
    for change in CHANGES:
        change(project)
        project.sync()
        db = project.open()
        cached = draw_all(db, project.now)
        with start_afresh():
            fresh = draw_all(db, project.now)
        different = [page for page in fresh if fresh[page] != cached[page]]
        assert different == [], change.__name__
        figures = {page: html for page, html in fresh.items() if page[1] != pages.SOURCES}
        unseen += [change.__name__] if figures.items() <= earlier.items() else []
        earlier = fresh
    assert set(unseen) == {"change_nothing", "lose_version", "drop_source"}  # a lost version is read again at once


def test_a_change_of_one_plan_keeps_the_pages_of_another(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.set_up()
    project.sync()

    def ask(plan: str) -> object:
        db = project.open()
        return call_cached(db, render_province, resolve(db, pages.PROVINCE, {"plan": plan}, project.now).view)

    first = {plan: ask(plan) for plan in ROWS}
    project.add_entry()
    project.sync()
    assert ask("ha-noi") is first["ha-noi"]
    assert ask("dong-thap") != first["dong-thap"]

"""What pages show to people with rights: own plans and agencies, no path of the server, no link that is refused."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from markupsafe import Markup

from kpis.access.identities import OPEN_VIEWER, Viewer
from kpis.access.rights import Entry, Person, Role
from kpis.errors import StoreError
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope
from kpis.sync.result import Message
from kpis.ui import pages
from kpis.ui.agency.page import render_agency, render_entries_of_agency
from kpis.ui.findings.page import render_findings
from kpis.ui.overview.page import render_overview
from kpis.ui.province.page import render_province
from kpis.ui.shared import data
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.filters import parse_filters
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import choose_access, list_page_slugs
from kpis.ui.sources.page import render_sources
from kpis.ui.targets.page import render_targets
from kpis.ui.tasks.page import render_tasks

DAY = date(2026, 11, 21)
NAMES = {
    "ha-noi": "Hà Nội", "dong-thap": "Đồng Tháp", "thai-nguyen": "Thái Nguyên", "tuyen-quang": "Tuyên Quang",
    "bac-kan": "Bắc Kạn",
}  # fmt: skip
RENDERERS = (
    render_overview, render_province, render_agency, render_findings, render_sources, render_targets, render_tasks,
)  # fmt: skip


@pytest.fixture(scope="module")
def db(sample_pointer: Path) -> Database:
    database = Database.open(sample_pointer)
    assert database is not None
    return database


def build_viewer(*entries: tuple[Role, str | None, tuple[str, ...]]) -> Viewer:
    built = {
        Entry("a@x.vn", role, None if plan is None else frozenset({plan}), frozenset(agencies))
        for role, plan, agencies in entries
    }
    return Viewer(Person("a@x.vn", frozenset(built)), "session")


def build_view(db: Database, query: dict[str, str], *, fixed: bool = False, folders: bool = True) -> PageView:
    options = load_filter_options(db, DAY, query.get("plan"))
    filters = parse_filters(query, options)
    return PageView(filters, options.find_plan(filters.plan), DAY, False, fixed, folders)


@pytest.mark.parametrize("plan", NAMES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_leader_of_one_plan_finds_no_word_of_another(db: Database, plan: str, lang: str) -> None:
    access = choose_access(build_viewer(("leader", plan, ())), None, pages.AGENCY)
    assert access.scope == Scope(frozenset({plan}))
    scoped = db.for_scope(access.scope)
    for query in ({"lang": lang}, {"lang": lang, "plan": plan}):
        view = build_view(scoped, query, folders=False)
        for render in RENDERERS:
            markup = str(render(scoped, view))
            other_names = [
                name for other, name in NAMES.items() if other != plan and (name in markup or f"{other}." in markup)
            ]
            # A ward's plan names its province, and a province that was merged names the other.
            allowed = {"bac-kan": {"Thái Nguyên"}, "thai-nguyen": {"Bắc Kạn"}}.get(plan, set())
            assert set(other_names) <= allowed, (render.__name__, other_names)


def test_another_plan_is_answered_like_one_that_does_not_exist(db: Database) -> None:
    scoped = db.for_scope(Scope(frozenset({"ha-noi"})))
    invented, other = (build_view(scoped, {"plan": plan}).filters for plan in ("invented", "dong-thap"))
    assert [notice.replace("dong-thap", "invented") for notice in other.notices] == list(invented.notices)


@pytest.mark.parametrize("render", [render_overview, render_sources, render_targets, render_tasks])
def test_a_page_that_the_administrator_warmed_is_another_for_a_leader(
    db: Database, render: Callable[[Database, PageView], Markup]
) -> None:
    scoped = db.for_scope(Scope(frozenset({"dong-thap"})))
    view = build_view(scoped, {}, folders=False)
    names = [
        {plan for plan in NAMES if f"plan={plan}" in markup or f">{plan}<" in markup or NAMES[plan] in markup}
        for markup in (str(data.call_cached(database, render, view)) for database in (db, scoped, db))
    ]
    assert names[1] == {"dong-thap"} < names[0] == names[2]


def test_scopes_follow_the_entries() -> None:
    assert choose_access(OPEN_VIEWER, None, pages.AGENCY).scope is None
    assert choose_access(build_viewer(("administrator", None, ())), "ha-noi", pages.AGENCY).scope is None
    assert choose_access(build_viewer(("leader", None, ())), None, pages.AGENCY).scope is None
    both = build_viewer(("focal", "ha-noi", ()), ("officer", "dong-thap", ("Sở Y tế",)))
    assert choose_access(both, None, pages.AGENCY).scope == Scope(frozenset({"ha-noi"}))
    about_officer_plan = choose_access(both, "dong-thap", pages.AGENCY)
    assert about_officer_plan.scope == Scope(frozenset({"dong-thap"}))
    assert about_officer_plan.agencies == {"dong-thap": frozenset({"Sở Y tế"})}
    assert about_officer_plan.row_scope == Scope(frozenset({"dong-thap"}), frozenset({("dong-thap", "Sở Y tế")}))
    # What shows plans whole knows nothing of a plan in which the viewer is an officer.
    for slug in {page.slug for page in pages.PAGES} - set(pages.OFFICER_PAGES):
        assert choose_access(both, "dong-thap", slug) == choose_access(both, "no-plan", slug)
        assert choose_access(both, "dong-thap", slug).scope == Scope(frozenset({"ha-noi"}))
    full_and_officer = build_viewer(("leader", "ha-noi", ()), ("officer", "ha-noi", ("Sở Y tế",)))
    assert choose_access(full_and_officer, "ha-noi", pages.AGENCY).agencies is None
    assert list_page_slugs(build_viewer(("officer", "ha-noi", ("Sở Y tế",)))) == pages.OFFICER_PAGES
    assert set(list_page_slugs(full_and_officer)) == {page.slug for page in pages.PAGES} - {
        pages.PLAN_IMPORT,
        pages.AUDIT,
    }
    assert pages.PLAN_IMPORT in list_page_slugs(both) and pages.AUDIT not in list_page_slugs(both)
    for viewer in (OPEN_VIEWER, build_viewer(("administrator", None, ()))):
        assert len(list_page_slugs(viewer)) == len(pages.PAGES)


@pytest.mark.parametrize(("plan", "agency"), [("ha-noi", "Sở Y tế"), ("dong-thap", "Sở Công Thương")])
def test_an_officer_sees_no_row_of_another_agency(db: Database, plan: str, agency: str) -> None:
    view = build_view(db, {"plan": plan, "agency": agency}, fixed=True, folders=False)
    assert view.filters.agency == agency
    others = db.fetch_rows(
        "select distinct content, evidence from entries where plan = $plan and agency <> $agency",
        {"plan": plan, "agency": agency},
    )
    theirs = db.fetch_rows(
        "select distinct content, evidence from entries where plan = $plan and agency = $agency",
        {"plan": plan, "agency": agency},
    )
    shared = {value for row in theirs for value in row.values()}
    texts = {
        str(value) for row in others for value in row.values() if value and value not in shared and len(str(value)) > 12
    }
    reports = db.fetch_rows(
        "select result, difficulty, evidence from task_reports where plan = $plan and agency is distinct from $agency",
        {"plan": plan, "agency": agency},
    )
    texts |= {str(value) for row in reports for value in row.values() if value and len(str(value)) > 12}
    assert texts
    for render in (render_agency, render_entries_of_agency, render_findings, render_tasks, render_targets):
        markup = str(render(db, view))
        assert not [text for text in texts if f">{text}<" in markup or f'"{text}"' in markup], render.__name__
        for page in pages.PAGES:
            link = f'href="/{page.url_path}?' if page.url_path else 'href="/?'
            assert page.slug in pages.OFFICER_PAGES or link not in markup, (render.__name__, page.slug)


def test_a_message_hides_the_folders_of_the_server() -> None:
    inner = Message("{path} is damaged", {"path": "/srv/kpi/sheets/ha-noi.xlsx"})
    message = Message("{name}: {reason} {n}", {"name": "ha-noi", "reason": inner, "n": 3})
    assert message.hide_folders().to_text("en") == "ha-noi: ha-noi.xlsx is damaged 3"
    assert Message("{f}", {"f": "C:\\data\\x.csv"}).hide_folders().to_text("en") == "x.csv"
    assert Message("{f}", {"f": "15/KH-UBND"}).hide_folders().to_text("en") == "15/KH-UBND"


def test_an_error_shown_to_a_viewer_has_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    from kpis.ui.shared import states

    error = StoreError("{path} could not be used", path="/srv/kpi/kpis-3.duckdb")
    monkeypatch.setattr(states, "get_viewer", lambda: build_viewer(("leader", "ha-noi", ())))
    assert "/srv" not in str(states.render_error(states._hide_from_viewer(error), "vi"))
    monkeypatch.setattr(states, "get_viewer", lambda: OPEN_VIEWER)
    assert "/srv" in str(states.render_error(states._hide_from_viewer(error), "vi"))

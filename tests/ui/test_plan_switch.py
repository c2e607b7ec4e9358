"""Who sees one plan whole and is an officer in another finds both, on every page, each within its own scope."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpis.access.identities import OPEN_VIEWER, Viewer
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.frame.plan_switch import render_plan_switch
from kpis.ui.frame.startup import OpenVersion
from kpis.ui.frame.view_resolution import ResolvedView, resolve_view
from kpis.ui.shared.viewer import list_officer_plans, list_page_slugs
from tests.ui.test_viewers import build_viewer

DAY = date(2026, 11, 21)
MIXED = build_viewer(
    ("leader", "ha-noi", ()), ("officer", "dong-thap", ("Sở Y tế", "Sở Tư pháp")), ("officer", "bac-kan", ("UBND",))
)


@pytest.fixture(scope="module")
def db(sample_pointer: Path) -> Database:
    database = Database.open(sample_pointer)
    assert database is not None
    return database


def resolve(db: Database, viewer: Viewer, page: str, **query: str) -> ResolvedView:
    return resolve_view(query, OpenVersion(db.pointer, 1, db, DAY, False), viewer, page)


def render(db: Database, viewer: Viewer, page: str = pages.OVERVIEW, **query: str) -> str:
    return str(render_plan_switch(db, resolve(db, viewer, page, **query).view, viewer))


def test_the_start_page_leads_to_each_plan_of_an_officer(db: Database) -> None:
    markup = render(db, MIXED, as_of="2026-10-31")
    assert 'href="/agency?as_of=2026-10-31&amp;plan=dong-thap"' in markup
    assert 'href="/agency?as_of=2026-10-31&amp;plan=bac-kan"' in markup
    assert "Đồng Tháp (Sở Tư pháp, Sở Y tế)" in markup
    assert '<strong aria-current="true">Hà Nội</strong>' in markup and 'href="/?' not in markup


def test_a_page_of_an_officers_plan_leads_back_to_the_plans_seen_whole(db: Database) -> None:
    markup = render(db, MIXED, pages.AGENCY, plan="dong-thap", agency="Sở Y tế", lang="en")
    assert 'href="/?lang=en"' in markup and "plan=bac-kan" in markup
    assert '<strong aria-current="true">Đồng Tháp' in markup and "plan=dong-thap" not in markup


def test_several_plans_seen_whole_are_one_link(db: Database) -> None:
    viewer = build_viewer(
        ("leader", "ha-noi", ()), ("focal", "tuyen-quang", ()), ("officer", "dong-thap", ("Sở Y tế",))
    )
    markup = render(db, viewer, pages.AGENCY, plan="dong-thap")
    assert "2 kế hoạch xem toàn bộ" in markup and "Hà Nội" not in markup


@pytest.mark.parametrize(
    "viewer",
    [
        OPEN_VIEWER,
        build_viewer(("administrator", None, ())),
        build_viewer(("leader", "ha-noi", ())),
        build_viewer(("officer", "ha-noi", ("Sở Y tế",)), ("officer", "dong-thap", ("Sở Y tế",))),
        build_viewer(("leader", None, ()), ("officer", "ha-noi", ("Sở Y tế",))),
        build_viewer(("leader", "ha-noi", ()), ("officer", "ha-noi", ("Sở Y tế",))),
    ],
)
def test_nobody_else_has_it(db: Database, viewer: Viewer) -> None:
    assert render(db, viewer) == ""
    assert list_page_slugs(viewer, "ha-noi") == list_page_slugs(viewer)


def test_no_name_of_another_plan_stands_there(db: Database) -> None:
    viewer = build_viewer(("leader", "ha-noi", ()), ("officer", "dong-thap", ("Sở Y tế",)))
    markup = render(db, viewer)
    assert all(name not in markup for name in ("Thái Nguyên", "Tuyên Quang", "Bắc Kạn"))


def test_a_plan_that_the_register_does_not_have_is_no_link(db: Database) -> None:
    viewer = build_viewer(("leader", "ha-noi", ()), ("officer", "khong-co", ("Sở Y tế",)))
    assert "khong-co" not in render(db, viewer)


def test_the_navigation_of_an_officers_plan_has_an_officers_pages(db: Database) -> None:
    assert list_page_slugs(MIXED, "dong-thap") == pages.OFFICER_PAGES
    assert list_page_slugs(MIXED, "ha-noi") == list_page_slugs(MIXED, None) == list_page_slugs(MIXED, "khong-co")
    assert pages.OVERVIEW in list_page_slugs(MIXED)
    assert set(list_officer_plans(MIXED)) == {"dong-thap", "bac-kan"}


def test_each_plan_stays_within_its_own_scope(db: Database) -> None:
    leading, limited = resolve(db, MIXED, pages.AGENCY), resolve(db, MIXED, pages.AGENCY, plan="dong-thap")
    assert {plan.plan for plan in leading.options.plans} == {"ha-noi"} and not leading.view.has_fixed_agency
    assert {plan.plan for plan in limited.options.plans} == {"dong-thap", "bac-kan"} and limited.view.has_fixed_agency
    assert set(limited.options.agencies) == {"Sở Y tế", "Sở Tư pháp"}

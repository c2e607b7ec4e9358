"""The prerendered pages are those that a visitor requests."""

from dataclasses import replace
from pathlib import Path

import pytest

from kpis.access.identities import OPEN_VIEWER
from kpis.store.scopes.scope import Scope
from kpis.ui import pages
from kpis.ui.frame import startup
from kpis.ui.frame.view_resolution import resolve_view
from kpis.ui.overview.page import render_overview
from kpis.ui.province.page import render_province
from kpis.ui.server import prerender
from kpis.ui.shared import data, filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.page_view import PageView

pytestmark = pytest.mark.slow


def build_visitor_view(version: startup.OpenVersion, query: dict[str, str]) -> PageView:
    """Return the view of a visitor with this query in the light theme, built as by the frame."""
    options = load_filter_options(version.database, version.today, query.get("plan"))
    selected = filters.parse_filters(query, options)
    return PageView(selected, options.find_plan(selected.plan), version.today, version.sample, "light")


def test_the_first_pages_of_a_new_version_are_prerendered(
    sample_pointer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"KPIS_DATABASE": str(sample_pointer)}
    version = startup.open_version(environ)
    assert version is not None
    rendered: list[tuple[object, PageView]] = []
    monkeypatch.setattr(data, "call_cached", lambda _db, page, view, *_answers: rendered.append((page, view)))
    prerender.prerender_latest_version(environ)
    plans = load_filter_options(version.database, version.today, None).plans
    assert {choice.plan for choice in plans if choice.is_ward}
    assert rendered == [
        (render_overview, build_visitor_view(version, {"lang": "vi"})),
        (render_overview, build_visitor_view(version, {"lang": "en"})),
        *(
            (render_province, build_visitor_view(version, {"plan": choice.plan}))
            for choice in plans
            if not choice.is_ward
        ),
    ]


def test_of_the_only_plan_its_own_overview_is_prerendered(
    sample_pointer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = startup.open_version({"KPIS_DATABASE": str(sample_pointer)})
    assert version is not None
    version = replace(version, database=version.database.for_scope(Scope(frozenset({"dong-thap"}))))
    requested = [
        resolve_view({"lang": lang}, version, OPEN_VIEWER, "light", pages.OVERVIEW).view for lang in ("vi", "en")
    ]
    assert [view.filters.plan for view in requested] == ["dong-thap"] * 2
    monkeypatch.setattr(startup, "open_version", lambda _environ: version)
    rendered: list[tuple[object, PageView]] = []
    monkeypatch.setattr(data, "call_cached", lambda _db, page, view, *_answers: rendered.append((page, view)))
    prerender.prerender_latest_version({})
    assert rendered[:2] == [(render_overview, view) for view in requested]


def test_a_missing_database_is_no_error(tmp_path: Path) -> None:
    prerender.prerender_latest_version({"KPIS_DATABASE": str(tmp_path / "kpis.json")})

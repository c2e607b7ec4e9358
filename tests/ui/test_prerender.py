"""What is drawn before anybody asks is what a visitor's page then asks for."""

from pathlib import Path

import pytest

from kpis.ui.frame import startup
from kpis.ui.overview.page import render_overview
from kpis.ui.province.page import render_province
from kpis.ui.server import prerender
from kpis.ui.shared import data, filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.page_view import PageView


def build_visitor_view(version: startup.OpenVersion, query: dict[str, str]) -> PageView:
    """The view of a visitor in the light who asks so, made as the frame makes it."""
    offered = load_filter_options(version.database, version.today, query.get("plan"))
    chosen = filters.parse_filters(query, offered)
    return PageView(chosen, offered.find_plan(chosen.plan), version.today, version.sample, "light")


def test_a_new_versions_first_pages_are_drawn_ahead(
    sample_pointer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"KPIS_DATABASE": str(sample_pointer)}
    opened = startup.open_version(environ)
    assert opened is not None
    drawn: list[tuple[object, PageView]] = []
    monkeypatch.setattr(data, "call_cached", lambda _db, page, view: drawn.append((page, view)))
    prerender.prerender_latest_version(environ)
    plans = load_filter_options(opened.database, opened.today, None).plans
    assert {choice.plan for choice in plans if choice.is_ward}
    assert drawn == [
        (render_overview, build_visitor_view(opened, {"lang": "vi"})),
        (render_overview, build_visitor_view(opened, {"lang": "en"})),
        *(
            (render_province, build_visitor_view(opened, {"plan": choice.plan}))
            for choice in plans
            if not choice.is_ward
        ),
    ]


def test_a_database_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    prerender.prerender_latest_version({"KPIS_DATABASE": str(tmp_path / "kpis.json")})

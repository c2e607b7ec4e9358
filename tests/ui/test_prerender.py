"""What is drawn before anybody asks is what a visitor's page then asks for."""

from pathlib import Path

import pytest

from kpis.ui.frame import startup
from kpis.ui.overview.page import overview
from kpis.ui.province.page import province
from kpis.ui.server import prerender
from kpis.ui.shared import data, filters
from kpis.ui.shared.filter_options import scope
from kpis.ui.shared.page_view import View


def visited(opened: startup.Opened, asked: dict[str, str]) -> View:
    """The view of a visitor in the light who asks so, made as the frame makes it."""
    offered = scope(opened.database, opened.today, asked.get("plan"))
    chosen = filters.read(asked, offered)
    return View(chosen, offered.find(chosen.plan), opened.today, opened.sample, "light")


def test_a_new_versions_first_pages_are_drawn_ahead(
    sample_pointer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"KPIS_DATABASE": str(sample_pointer)}
    opened = startup.opened(environ)
    assert opened is not None
    drawn: list[tuple[object, View]] = []
    monkeypatch.setattr(data, "ask", lambda _db, page, view: drawn.append((page, view)))
    prerender.newest(environ)
    plans = scope(opened.database, opened.today, None).plans
    assert {choice.plan for choice in plans if choice.ward}
    assert drawn == [
        (overview, visited(opened, {"lang": "vi"})),
        (overview, visited(opened, {"lang": "en"})),
        *((province, visited(opened, {"plan": choice.plan})) for choice in plans if not choice.ward),
    ]


def test_a_database_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    prerender.newest({"KPIS_DATABASE": str(tmp_path / "kpis.json")})

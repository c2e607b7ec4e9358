"""The prerendered pages are those that a visitor requests: people with equal scopes share them, and nobody renders."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kpis.access.identities import OPEN_VIEWER, Viewer
from kpis.access.rights import Entry, Person
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope
from kpis.ui import pages
from kpis.ui.agency import page as agency
from kpis.ui.frame import startup
from kpis.ui.frame.view_resolution import ResolvedView, resolve_view
from kpis.ui.overview import page as overview
from kpis.ui.province import page as province
from kpis.ui.server import prerender
from kpis.ui.server.gate.websockets import OpenSockets

RIGHTS = """
address = "https://kpi.example.vn"
[[person]]
email = "a@x.vn"
role = "leader"
plans = ["ha-noi"]
[[person]]
email = "b@x.vn"
role = "leader"
plans = ["ha-noi"]
[[person]]
email = "c@x.vn"
role = "officer"
plans = ["dong-thap"]
agencies = ["Sở Y tế"]
"""
ADMINISTRATOR = '[[person]]\nemail = "d@x.vn"\nrole = "administrator"\n'
Rendered = list[tuple[str, Scope | None, str | None, str]]


@pytest.fixture
def environ(sample_pointer: Path, tmp_path: Path) -> dict[str, str]:
    """The sample, with a rights file of its own to write."""
    for file in sample_pointer.parent.glob(f"{sample_pointer.stem}*"):
        (tmp_path / file.name).symlink_to(file)
    return {"KPIS_DATABASE": str(tmp_path / sample_pointer.name), "KPIS_SOURCES": str(tmp_path / "sources.toml")}


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Rendered:
    """Return what is rendered from now on, without the work: page, scope, plan and language."""
    calls: Rendered = []

    def stand_in(name: str) -> Callable[..., str]:
        def render(database: Database, view: object, *_more: object) -> str:
            calls.append((name, database.scope, view.filters.plan, view.lang))  # type: ignore[attr-defined]
            return name

        return render

    monkeypatch.setattr(overview, "render_overview", stand_in("overview"))
    monkeypatch.setattr(province, "render_province", stand_in("province"))
    monkeypatch.setattr(agency, "render_agency", stand_in("agency"))
    monkeypatch.setattr(agency, "render_rows_to_fix", stand_in("rows to fix"))
    return calls


def resolve(environ: dict[str, str], viewer: Viewer, page: str, **query: str) -> ResolvedView:
    version = startup.open_version(environ)
    assert version is not None
    return resolve_view(query, version, viewer, page)


def build_viewer(role: str, plan: str | None, *agencies: str, email: str = "z@x.vn") -> Viewer:
    plans = None if plan is None else frozenset({plan})
    return Viewer(Person(email, frozenset({Entry(email, role, plans, frozenset(agencies))})), "s")  # type: ignore[arg-type]


def test_without_a_rights_file_the_overview_and_every_province_are_ready(
    environ: dict[str, str], rendered: Rendered
) -> None:
    prerender.prerender_latest_version(environ)
    assert rendered[:2] == [("overview", None, None, "vi"), ("overview", None, None, "en")]
    assert {plan for name, _, plan, _ in rendered[2:] if name == "province"} == {
        "ha-noi", "dong-thap", "thai-nguyen", "tuyen-quang",
    }  # fmt: skip
    rendered.clear()
    for page, load in ((pages.OVERVIEW, "overview"), (pages.PROVINCE, "province")):
        query = {"plan": "ha-noi"} if load == "province" else {}
        seen = resolve(environ, OPEN_VIEWER, page, **query)
        if load == "province":
            province.load_province(seen.database, seen.row_database, seen.view)
        else:
            overview.load_overview(seen.database, seen.view)
    assert rendered == [], "a visitor gets what is ready"


def test_every_scope_of_the_rights_file_is_ready_once(
    environ: dict[str, str], tmp_path: Path, rendered: Rendered
) -> None:
    (tmp_path / "access.toml").write_text(RIGHTS, encoding="utf-8")
    prerender.prerender_latest_version(environ)
    ha_noi, dong_thap = Scope(frozenset({"ha-noi"})), Scope(frozenset({"dong-thap"}))
    assert rendered == [
        ("overview", ha_noi, "ha-noi", "vi"),
        ("agency", dong_thap, "dong-thap", "vi"),
        ("rows to fix", Scope(frozenset({"dong-thap"}), frozenset({("dong-thap", "Sở Y tế")})), "dong-thap", "vi"),
    ], "two leaders with the same plan share a page; nobody sees every province"
    rendered.clear()
    for email in ("a@x.vn", "b@x.vn"):
        seen = resolve(environ, build_viewer("leader", "ha-noi", email=email), pages.OVERVIEW)
        overview.load_overview(seen.database, seen.view)
    seen = resolve(environ, build_viewer("officer", "dong-thap", "Sở Y tế", email="c@x.vn"), pages.AGENCY)
    agency.load_agency(seen.database, seen.row_database, seen.view)
    assert rendered == []
    other = resolve(environ, build_viewer("leader", "tuyen-quang"), pages.OVERVIEW)
    overview.load_overview(other.database, other.view)
    assert [scope for _, scope, _, _ in rendered] == [Scope(frozenset({"tuyen-quang"}))]


def test_an_administrator_finds_the_provinces_ready(
    environ: dict[str, str], tmp_path: Path, rendered: Rendered
) -> None:
    (tmp_path / "access.toml").write_text(RIGHTS + ADMINISTRATOR, encoding="utf-8")
    prerender.prerender_latest_version(environ)
    assert sum(name == "province" for name, *_ in rendered) == 4
    rendered.clear()
    seen = resolve(environ, build_viewer("administrator", None), pages.PROVINCE, plan="dong-thap")
    province.load_province(seen.database, seen.row_database, seen.view)
    assert rendered == []


def test_the_rights_of_most_people_come_first_and_are_bounded(environ: dict[str, str], tmp_path: Path) -> None:
    officers = "".join(
        f'[[person]]\nemail = "o{number}@x.vn"\nrole = "officer"\nplans = ["ha-noi"]\nagencies = ["Sở {number}"]\n'
        for number in range(200)
    )
    (tmp_path / "access.toml").write_text(RIGHTS + officers, encoding="utf-8")
    viewers = prerender.list_viewers(environ)
    assert len(viewers) == 50
    assert viewers[0].person is not None and viewers[0].person.roles == {"leader"}
    (tmp_path / "access.toml").write_text("broken", encoding="utf-8")
    assert prerender.list_viewers(environ) == []
    prerender.prerender_latest_version(environ)


def test_visitors_go_first_for_a_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: moments[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: moments.__setitem__(0, moments[0] + seconds))
    monkeypatch.setattr(OpenSockets, "active_at", 99.8)
    prerender._wait_until_quiet()
    assert 100.7 <= moments[0] <= 101
    monkeypatch.setattr(OpenSockets, "active_at", 1_000.0)
    begin = moments[0]
    prerender._wait_until_quiet()
    assert 5 <= moments[0] - begin <= 5.2


def test_a_missing_database_is_no_error(tmp_path: Path) -> None:
    prerender.prerender_latest_version({"KPIS_DATABASE": str(tmp_path / "kpis.json")})

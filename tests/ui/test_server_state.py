"""The section about the server on the page of the sources: for who runs it, with what `/health` knows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kpis.access.rights import SessionLimits
from kpis.access.store import AccessStore
from kpis.language import clock
from kpis.services.health import Health
from kpis.services.server_state import ServerState, publish_server_state
from kpis.services.watcher_status import WatcherStatus, set_watcher_status
from kpis.ui.shared.filters import FilterOptions, parse_filters
from kpis.ui.shared.page_view import PageView
from kpis.ui.sources import server_state

NOW = datetime.fromisoformat("2026-11-29T08:00:00")
DAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "get_utc_now", lambda: NOW)
    yield
    set_watcher_status(WatcherStatus())


def build_view(lang: str = "vi", *, runs_server: bool = True) -> PageView:
    filters = parse_filters({"lang": lang}, FilterOptions(DAY, ()))
    return PageView(filters, None, DAY, False, False, runs_server)


def set_health(monkeypatch: pytest.MonkeyPatch, health: Health) -> None:
    monkeypatch.setattr(server_state, "check_health", lambda *_: health)


def test_who_runs_the_server_sees_its_state(monkeypatch: pytest.MonkeyPatch) -> None:
    set_health(monkeypatch, Health((), NOW - timedelta(hours=5), 17, 3 << 30))
    set_watcher_status(WatcherStatus("running", timedelta(minutes=5)))
    text = server_state.render_server_state(build_view()).striptags()
    for part in ("Máy chủ", "tốt", "0.1.0", "17", "10:00 29/11/2026", "5 giờ trước", "cứ 5 phút một lần", "3 GB"):
        assert part in text, part
    set_watcher_status(WatcherStatus("running", timedelta(seconds=20)))
    assert "cứ 20 giây một lần" in server_state.render_server_state(build_view()).striptags()
    set_watcher_status(WatcherStatus("ended", timedelta(hours=3), NOW))
    assert "is started again; every 3 h" in server_state.render_server_state(build_view("en")).striptags()


def test_every_problem_is_named_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = tuple(server_state._PROBLEM_LABELS)
    set_health(monkeypatch, Health(problems, None, None, 0))
    vietnamese, english = (server_state.render_server_state(build_view(lang)).striptags() for lang in ("vi", "en"))
    assert vietnamese != english and "chưa lần nào" in vietnamese and "đĩa sắp đầy" in vietnamese
    assert all(label in english for label in server_state._PROBLEM_LABELS.values())


def test_nobody_else_sees_it() -> None:
    assert server_state.render_server_state(build_view(runs_server=False)) == ""


def test_it_is_that_of_the_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, file in (("KPIS_DATABASE", "kpis.json"), ("KPIS_SOURCES", "sources.toml")):
        monkeypatch.setitem(os.environ, name, str(tmp_path / file))
    assert "no figures yet" in server_state.render_server_state(build_view("en")).striptags()


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(-5, "0 min"), (59, "59 min"), (60, "1 h"), (47 * 60, "47 h"), (48 * 60, "2 days"), (15 * 24 * 60, "2 weeks")],
)
def test_an_age_has_its_largest_unit(minutes: int, text: str) -> None:
    assert server_state.format_age(timedelta(minutes=minutes), replace(build_view("en"))) == text


def test_the_use_of_the_server_and_its_last_look_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, file in (("KPIS_DATABASE", "kpis.json"), ("KPIS_SOURCES", "sources.toml")):
        monkeypatch.setitem(os.environ, name, str(tmp_path / file))
    set_health(monkeypatch, Health((), NOW, 17, 3 << 30))
    monkeypatch.setattr(server_state, "find_last_pass_end", lambda _: NOW - timedelta(minutes=4))
    (tmp_path / "access.toml").write_text(
        'address = "https://kpi.example.vn"\n[[person]]\nemail = "a@x.vn"\nrole = "administrator"\n', encoding="utf-8"
    )
    limits = SessionLimits(timedelta(hours=1), timedelta(hours=2))
    AccessStore(tmp_path / "kpis-access.sqlite").open_session("a@x.vn", "provider", limits, NOW)
    state = ServerState(1, "0.0.9", NOW - timedelta(days=1), NOW, WatcherStatus(), 1_234, 20_000, 12)
    publish_server_state(tmp_path / "kpis.json", state)
    try:
        text = server_state.render_server_state(build_view("en")).striptags()
    finally:
        publish_server_state(tmp_path / "kpis.json", None)
    for part in ("0.0.9", "runs since", "4 min ago", "1,234 of 20,000", "Open pages12", "1, in 1 sessions"):
        assert part in text, part

"""A page that does not stand whole is named for what it lacks; only this machine's app is opened."""

from __future__ import annotations

import pytest

from kpis.errors import UsageError
from kpis.screenshot.app_server import find_running_app
from kpis.screenshot.errors import ScreenshotError
from kpis.screenshot.page_snapshot import PageSnapshot
from tests.cli.command_runner import run_kpis

MARK = {"state": "ok", "version": "7", "charts": "3", "page": "overview", "asOf": "2026-11-20", "plan": ""}
REQUIRED_MARK = {"page": "overview", "asOf": "2026-11-20"}


def _build_snapshot(**changes: object) -> PageSnapshot:
    answer: dict[str, object] = {
        "script": "notRunning",
        "mark": MARK,
        "drawn": 3,
        "dialogs": 0,
        "waiting": 0,
        "exceptions": 0,
        "fonts": True,
    }
    return PageSnapshot.parse(answer | changes)


def test_a_whole_page_lacks_nothing() -> None:
    assert _build_snapshot().list_problems(REQUIRED_MARK, "en") == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mark": None}, "ready mark is missing"),
        ({"script": "running"}, "still running"),
        ({"drawn": 2}, "2 of 3 charts"),
        ({"exceptions": 1}, "an error"),
        ({"dialogs": 1}, "a dialog"),
        ({"fonts": False}, "typeface"),
        ({"waiting": 5}, "5 of its parts are not drawn yet"),
        ({"mark": MARK | {"state": "error"}}, "says that it failed"),
        ({"mark": MARK | {"version": ""}}, "no figures"),
        ({"mark": MARK | {"asOf": "2026-11-21"}}, "“2026-11-21” instead of “2026-11-20”"),
        ({"mark": MARK | {"page": "targets"}}, "“targets” instead of “overview”"),
    ],
)
def test_what_a_page_lacks_is_named(changes: dict[str, object], said: str) -> None:
    assert said in "; ".join(_build_snapshot(**changes).list_problems(REQUIRED_MARK, "en"))


@pytest.mark.parametrize(
    ("changes", "rests"),
    [
        ({}, True),
        ({"mark": MARK | {"state": "error"}}, True),
        ({"script": "running"}, False),
        ({"mark": None}, False),
        ({"waiting": 1}, False),
        ({"fonts": False}, False),
    ],
)
def test_a_page_is_at_rest_when_nothing_more_is_to_come(changes: dict[str, object], rests: bool) -> None:
    assert _build_snapshot(**changes).is_settled is rests


@pytest.mark.parametrize(
    "url", ["http://example.org", "http://10.0.0.1:8501", "file:///etc/passwd", "127.0.0.1:8501"]
)
def test_only_an_app_on_this_machine_is_opened(url: str) -> None:
    with pytest.raises(UsageError):
        find_running_app(url)


def test_an_app_that_does_not_answer_is_named() -> None:
    with pytest.raises(ScreenshotError, match=r"127\.0\.0\.1:9"):
        find_running_app("http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--out", "a.png"), "--page"),
        (("--page", "moon", "--out", "a.png"), "overview"),
        (("--page", "overview,targets", "--out", "a.png"), "a.png"),
        (("--page", "overview", "--out", "a.png", "--width", "12"), "320"),
        (("--page", "overview", "--out", "a.png", "--province", "Atlantis"), "Đồng Tháp"),
        (("--page", "overview", "--out", "a.png", "--url", "http://example.org"), "127.0.0.1"),
    ],
)
def test_a_wrong_command_says_what_would_be_right(argv: tuple[str, ...], said: str) -> None:
    ran = run_kpis("screenshot", *argv)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_without_a_browser_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    ran = run_kpis("screenshot", "--page", "overview", "--out", "a.png", "--lang", "en")
    assert ran.code == 3
    assert "apt install chromium" in ran.err
    assert "kpis pack" in ran.err

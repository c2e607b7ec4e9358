"""The problems of an incomplete page are listed; only an app on this machine is opened."""

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


def test_a_complete_page_has_no_problems() -> None:
    assert _build_snapshot().list_problems(REQUIRED_MARK, "en") == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"mark": None}, "ready mark is missing"),
        ({"script": "running"}, "still running"),
        ({"drawn": 2}, "2 of 3 charts"),
        ({"exceptions": 1}, "an error"),
        ({"dialogs": 1}, "a dialog"),
        ({"fonts": False}, "font"),
        ({"waiting": 5}, "5 of its parts are not drawn yet"),
        ({"mark": MARK | {"state": "error"}}, "reports that it failed"),
        ({"mark": MARK | {"version": ""}}, "no figures"),
        ({"mark": MARK | {"asOf": "2026-11-21"}}, "“2026-11-21” instead of “2026-11-20”"),
        ({"mark": MARK | {"page": "targets"}}, "“targets” instead of “overview”"),
    ],
)
def test_the_problems_of_a_page_are_listed(changes: dict[str, object], problem: str) -> None:
    assert problem in "; ".join(_build_snapshot(**changes).list_problems(REQUIRED_MARK, "en"))


@pytest.mark.parametrize(
    ("changes", "is_settled"),
    [
        ({}, True),
        ({"mark": MARK | {"state": "error"}}, True),
        ({"script": "running"}, False),
        ({"mark": None}, False),
        ({"waiting": 1}, False),
        ({"fonts": False}, False),
    ],
)
def test_a_page_is_settled_if_it_will_not_change_any_more(changes: dict[str, object], is_settled: bool) -> None:
    assert _build_snapshot(**changes).is_settled is is_settled


@pytest.mark.parametrize("url", ["http://example.org", "http://10.0.0.1:8501", "file:///etc/passwd", "127.0.0.1:8501"])
def test_only_an_app_on_this_machine_is_opened(url: str) -> None:
    with pytest.raises(UsageError):
        find_running_app(url)


def test_an_app_that_does_not_answer_is_reported() -> None:
    with pytest.raises(ScreenshotError, match=r"127\.0\.0\.1:9"):
        find_running_app("http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("--out", "a.png"), "--page"),
        (("--page", "moon", "--out", "a.png"), "overview"),
        (("--page", "overview,targets", "--out", "a.png"), "a.png"),
        (("--page", "overview", "--out", "a.png", "--width", "12"), "320"),
        (("--page", "overview", "--out", "a.png", "--province", "Atlantis"), "Đồng Tháp"),
        (("--page", "overview", "--out", "a.png", "--url", "http://example.org"), "127.0.0.1"),
    ],
)
def test_a_usage_error_says_what_is_accepted(argv: tuple[str, ...], message: str) -> None:
    run = run_kpis("screenshot", *argv)
    assert (run.code, run.out) == (2, "")
    assert message in run.err


def test_without_a_browser_the_message_says_how_to_install_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    run = run_kpis("screenshot", "--page", "overview", "--out", "a.png", "--lang", "en")
    assert run.code == 3
    assert "apt install chromium" in run.err
    assert "kpis pack" in run.err

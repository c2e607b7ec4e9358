"""A sentence about an error has no folder of the server and no other plan, on whatever page it stands."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn, cast

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from kpis.access.identities import OPEN_VIEWER, Viewer
from kpis.access.rights import Entry, Person
from kpis.errors import ErrorList, KpisError, RegisterError, StoreError, UsageError
from kpis.pack.edition.folders import EditionError
from kpis.services.watcher_status import WatcherStatus, set_watcher_status
from kpis.store.database import Database
from kpis.ui.explanations import ask_form, request_actions
from kpis.ui.frame.watcher_notice import list_watcher_notices
from kpis.ui.pack import comparison, edition_buttons
from kpis.ui.province import report_button
from kpis.ui.server import figures_api, server
from kpis.ui.shared.first_steps import find_setup_state, render_first_steps
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer_errors import explain_to_viewer
from kpis.ui.sources import read_now
from tests.paths import ROOT
from tests.ui.handmade_rows import build_view

FOLDER = "/srv/kpi/thư mục"
WHERE = Path(FOLDER) / "kpis-3.duckdb"
ERROR = StoreError("{path} could not be used: {reason}.", path=WHERE, reason="x")
ERRORS = (
    ERROR,
    UsageError("{reason}", reason=ERROR),
    StoreError("{faults}", faults=ErrorList((ERROR, ERROR))),
    RegisterError("{file}: {key} of bac-kan", file=f"{FOLDER}/bac-kan.toml", key="plan"),
)
_PAGES_OF_THE_SERVER = {"kpis/ui/shared/viewer_errors.py", "kpis/ui/shared/states.py", "kpis/ui/shared/first_steps.py",
                        "kpis/ui/sources/server_state.py", "kpis/ui/frame/watcher_notice.py",
                        "kpis/ui/server/start_checks.py",
                        "kpis/ui/plan_import/register_faults.py", "kpis/ui/server/gate/signed_in.py"}  # fmt: skip
"""What uses the whole sentence: for who runs the server, after having asked that, or of a file's name alone."""


def fail(error: KpisError) -> Callable[..., NoReturn]:
    def refuse(*_args: object, **_more: object) -> NoReturn:
        raise error

    return refuse


@pytest.fixture(params=[False, True], ids=["signed in", "runs the server"])
def view(request: pytest.FixtureRequest) -> PageView:
    return replace(build_view(), sees_folders=request.param)


@pytest.mark.parametrize("error", ERRORS)
def test_only_who_runs_the_server_reads_its_folders(error: KpisError, view: PageView) -> None:
    text = explain_to_viewer(error, view)
    assert (FOLDER in text) == view.sees_folders
    assert view.sees_folders or "bac-kan" not in text


def list_outcomes(error: KpisError, view: PageView, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield what the pages say when their action fails."""
    yield edition_buttons._run_with_progress(view, fail(error), cast(Any, None))
    for module in (ask_form, request_actions):
        monkeypatch.setattr(module, "require_asker", fail(error))
    yield ask_form._send(ask_form._Draft("ha-noi", None, ("x",), "?", date(2026, 6, 1)), view)
    yield request_actions._apply(cast(Any, None), cast(Any, SimpleNamespace(plan="ha-noi")), view)
    monkeypatch.setattr(report_button, "require_right", fail(error))
    request = report_button.ReportRequest("ha-noi", 2026, date(2026, 6, 1), 1)
    yield str(report_button._build_report(cast(Database, None), request, view, lambda *_: None))
    monkeypatch.setattr(read_now, "require_right", fail(error))
    yield read_now._read_and_summarize(view)


@pytest.mark.parametrize("error", ERRORS)
def test_an_action_that_fails_tells_a_viewer_no_folder(
    error: KpisError, view: PageView, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = list(list_outcomes(error, view, monkeypatch))
    assert len(outcomes) == 5
    for outcome in outcomes:
        assert (FOLDER in outcome) == view.sees_folders
        assert view.sees_folders or "bac-kan" not in outcome


def test_a_setting_that_is_wrong_is_told_on_every_page_without_its_folder(tmp_path: Path) -> None:
    set_watcher_status(WatcherStatus("refused", error=ERROR))
    try:
        (notice,) = list_watcher_notices(tmp_path / "kpis.json", "vi")
        (with_path,) = list_watcher_notices(tmp_path / "kpis.json", "vi", with_folders=True)
    finally:
        set_watcher_status(WatcherStatus())
    assert FOLDER not in notice and WHERE.name in notice
    assert FOLDER in with_path


def test_editions_that_cannot_be_compared_say_so_without_folders(
    view: PageView, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = EditionError("{folder} is lost", folder=Path(FOLDER))
    monkeypatch.setattr(comparison, "compare_editions", fail(lost))
    markup = str(comparison.render_comparison(view, cast(Any, None), cast(Any, None)))
    assert (FOLDER in markup) == view.sees_folders


def test_figures_for_programs_refuse_without_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    error = UsageError("{path} cannot hold the database", path=WHERE)
    monkeypatch.setattr(figures_api, "build_attainment", fail(error))
    monkeypatch.setattr(server, "find_request_viewer", lambda _request: OPEN_VIEWER)
    answer = TestClient(Starlette(routes=[Route("/a", server._serve_attainment)])).get("/a")
    assert answer.status_code == 400 and WHERE.name in answer.text and "/srv" not in answer.text


def test_no_other_module_of_the_pages_writes_a_whole_sentence() -> None:
    users = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "kpis/ui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module == "kpis.language.messages"
        and any(name.name == "explain" for name in node.names)
    }
    assert users <= _PAGES_OF_THE_SERVER


def test_the_first_steps_count_no_source_of_another_plan(tmp_path: Path) -> None:
    sources = tmp_path / "sources.toml"
    source = '[[source]]\nid = "{plan}"\nplan = "{plan}"\nworkbook = "{plan}.xlsx"\n'
    sources.write_text("".join(source.format(plan=plan) for plan in ("ha-noi", "bac-kan", "dong-thap")), "utf-8")
    environ = {"KPIS_SOURCES": str(sources), "KPIS_DATABASE": str(tmp_path / "var" / "kpis.json")}

    def build_focal(plan: str) -> Viewer:
        return Viewer(Person("a@x.vn", frozenset({Entry("a@x.vn", "focal", frozenset({plan}))})))

    assert find_setup_state(environ, OPEN_VIEWER).sources == 3
    assert find_setup_state(environ, build_focal("ha-noi")).sources == 1
    state = find_setup_state(environ, build_focal("can-tho-2027"))
    assert state.sources == 0 and state.needs_steps
    markup = str(render_first_steps(state, replace(build_view(), sees_folders=False), was_read=False))
    assert "bac-kan" not in markup and "dong-thap" not in markup

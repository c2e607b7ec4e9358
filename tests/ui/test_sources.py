"""The page of sources as HTML: the age of each good read, and what happens to figures after a failure."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kpis.access.errors import NotAllowedError
from kpis.access.identities import OPEN_VIEWER, Viewer
from kpis.language.messages import Language
from kpis.services.refresh import refresh
from kpis.settings import Settings
from kpis.store.database import Database
from kpis.sync.result import SourceResult, SyncResult
from kpis.sync.state import read_states
from kpis.ui.sources import loss_buttons, read_now
from kpis.ui.sources.page import render_sources
from tests.cli.conftest import VALID_ROWS, Project
from tests.ui.handmade_rows import build_view

CHANGED_AT, READ_AT = datetime(2026, 10, 1, 3), datetime(2026, 11, 20, 18)
READ_ON = date(2026, 11, 21)
"""The local day of READ_AT, which is one in the morning in Việt Nam."""


@pytest.mark.parametrize(
    ("days", "lang", "age"),
    [(0, "vi", "hôm nay"), (3, "vi", "3 ngày trước"), (21, "vi", "3 tuần trước"), (1, "en", "1 day ago")],
)
def test_the_last_good_read_has_its_age(days: int, lang: Language, age: str, tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write_workbook(VALID_ROWS)
    settings = Settings("vi", project.sources, project.database, None, sample=False)
    for read_at in (CHANGED_AT, READ_AT):  # the second read is unchanged, so the two ages differ
        refresh(settings, {}, read_at)
    database = Database.open(project.database)
    assert database is not None
    view = build_view(lang, today=READ_ON + timedelta(days=days))
    markup = str(render_sources(database, view))
    database.close()
    last_good, unchanged = markup.split("<td")[2:4]
    assert f">{age}</small>" in last_good
    assert f">{age}</small>" not in unchanged


@pytest.mark.parametrize(
    ("read_before", "expected", "unexpected"),
    [
        (True, "Số liệu tốt lần trước vẫn được giữ đến khi sửa xong.", "Chưa có số liệu nào từ nguồn này."),
        (False, "Chưa có số liệu nào từ nguồn này.", "Số liệu tốt lần trước"),
    ],
)
def test_figures_are_kept_only_for_a_source_that_has_any(
    read_before: bool, expected: str, unexpected: str, tmp_path: Path
) -> None:
    project = Project(tmp_path)
    project.write_sources("dong-thap", "other")
    project.write_workbook(VALID_ROWS)
    if read_before:
        project.write_workbook(VALID_ROWS[:1], name="other")
    settings = Settings("vi", project.sources, project.database, None, sample=False)
    refresh(settings, {}, CHANGED_AT)
    (project.folder / "other.xlsx").unlink(missing_ok=True)
    refresh(settings, {}, READ_AT)
    database = Database.open(project.database)
    assert database is not None
    markup = str(render_sources(database, build_view(today=READ_ON)))
    database.close()
    assert expected in markup
    assert unexpected not in markup


def test_the_result_of_a_sync_does_not_promise_figures_of_a_source_never_read() -> None:
    failed = SyncResult((SourceResult("a", "failed"), SourceResult("b", "unchanged")), 1)
    sentence = read_now.format_outcome(failed, build_view())
    assert sentence.startswith("1/2 nguồn chưa lấy được; số liệu đã lấy trước đó (nếu có) vẫn được giữ.")


def test_rows_that_are_no_data_have_a_column_of_their_own(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write_workbook([*VALID_ROWS, ("Cộng", None, None, 12)])
    refresh(Settings("vi", project.sources, project.database, None, sample=False), {}, READ_AT)
    database = Database.open(project.database)
    assert database is not None
    markup = str(render_sources(database, build_view("vi", today=READ_ON)))
    database.close()
    assert "Không phải số liệu</a></th>" in markup
    assert markup.split("</tbody>")[0].rsplit("<td", 1)[1].count(">1<") == 1


@pytest.fixture
def shrunk_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose only source is held back, since its sheet has lost all rows."""
    project = Project(tmp_path)
    monkeypatch.setenv("KPIS_SOURCES", str(project.sources))
    monkeypatch.setenv("KPIS_DATABASE", str(project.database))
    settings = Settings("vi", project.sources, project.database, None, sample=False)
    for rows in (VALID_ROWS, ()):
        project.write_workbook(rows)
        refresh(settings, {}, READ_AT)
    return project


def accept_only_loss(project: Project) -> str:
    """Press the button of the only source that is held back; returns the sentence about it."""
    database, view = Database.open(project.database), build_view("en", today=READ_ON)
    assert database is not None
    with closing(database):
        (status,) = loss_buttons.list_held_sources(database, view)
        return loss_buttons.accept_loss(status, read_states(database), view)


def read_result(project: Project) -> tuple[int, int, int]:
    """Return the version, the accepted rows of the source, and how many sources are held back."""
    database, view = Database.open(project.database), build_view("en", today=READ_ON)
    assert database is not None
    with closing(database):
        held_sources = loss_buttons.list_held_sources(database, view)
        return database.version, read_states(database)["dong-thap"].accepted, len(held_sources)


def test_a_loss_is_accepted_by_the_button_of_its_source(shrunk_project: Project) -> None:
    assert accept_only_loss(shrunk_project) == "The loss of “dong-thap” is accepted; the figures are updated."
    _, accepted, held_count = read_result(shrunk_project)
    assert (accepted, held_count) == (0, 0)


def test_a_loss_is_not_published_where_the_right_is_gone_once_all_is_read(
    shrunk_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[tuple[str, str | None]] = []

    def require_right(action: str, plan: str | None = None) -> Viewer:
        checks.append((action, plan))
        if len(checks) > 1:
            raise NotAllowedError("Your rights do not allow this. Ask the administrator of the dashboard.")
        return OPEN_VIEWER

    monkeypatch.setattr(loss_buttons, "require_right", require_right)
    held_result = read_result(shrunk_project)
    assert held_result[1] > 0
    assert accept_only_loss(shrunk_project).startswith("Your rights do not allow this.")
    assert checks == [("accept_shrink", "dong-thap")] * 2
    version, accepted, _ = read_result(shrunk_project)
    assert (version, accepted) == held_result[:2]


def test_a_source_without_attempts_has_no_history(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write_workbook(VALID_ROWS)
    settings = Settings("vi", project.sources, project.database, None, sample=False)
    refresh(settings, {}, READ_AT)
    database = Database.open(project.database)
    assert database is not None
    view = build_view(today=READ_ON)
    assert str(render_sources(database, view)).count("Lịch sử đọc") == 1
    for journal in project.database.parent.glob("*journal*"):
        journal.unlink()
    markup = str(render_sources(database, view))
    database.close()
    assert ">dong-thap<" in markup and "Lịch sử đọc" not in markup and "kpis-details" not in markup

"""Who is refused writes a bounded number of lines: once a minute for a person and action, thirty for everybody."""

from __future__ import annotations

import time

import pytest

from kpis.access.errors import NotAllowedError
from kpis.access.identities import Viewer
from kpis.access.own_sessions import COOKIE_NAME, end_own_session, set_own_session
from kpis.access.record_limits import RecordLimit
from kpis.ui.shared import viewer
from tests.ui.gate.asgi import HOST
from tests.ui.gate.conftest import Installation


def test_a_person_gets_one_line_a_minute_for_each_action(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    limit = RecordLimit()
    assert [limit.take("unknown_person", "a@x.vn") for _ in range(3)] == [True, False, False]
    assert limit.take("refused_account", "a@x.vn") and limit.take("unknown_person", "b@x.vn")
    now += 59.9
    assert not limit.take("unknown_person", "a@x.vn")
    now += 0.2
    assert limit.take("unknown_person", "a@x.vn")


def test_many_people_together_get_thirty_lines_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    limit = RecordLimit()
    assert sum(limit.take("unknown_person", f"{number}@x.vn") for number in range(500)) == 30
    now += 61
    assert limit.take("unknown_person", "499@x.vn")


def test_who_presses_without_the_right_writes_one_line(
    with_rights: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A focal department may type the id of any plan into the form of an import."""
    person = with_rights.state.get_rights().find_person("focal@example.vn")
    monkeypatch.setattr(viewer, "get_viewer", lambda: Viewer(person))
    monkeypatch.setenv("KPIS_DATABASE", str(with_rights.paths.pointer))
    monkeypatch.setenv("KPIS_SOURCES", str(with_rights.folder / "sources.toml"))
    (with_rights.folder / "sources.toml").write_text("", encoding="utf-8")
    assert viewer.require_right("import_plan", "ha-noi").name == "focal@example.vn"
    for number in range(10):
        with pytest.raises(NotAllowedError):
            viewer.require_right("import_plan", f"plan-{number}")
    with pytest.raises(NotAllowedError):
        viewer.require_right("read_again")
    lines = [(line.action, line.details["wanted"]) for line in with_rights.state.audit.read()]
    assert lines == [("refused", "import_plan"), ("refused", "read_again")]


def test_a_browser_of_ours_for_nobody_writes_one_line(with_rights: Installation) -> None:
    set_own_session("secret", "nobody@example.vn")
    try:
        statuses = {with_rights.ask("/", ("cookie", f"{COOKIE_NAME}=secret"), host=HOST).status for _ in range(10)}
    finally:
        end_own_session()
    assert statuses == {403}
    assert [line.person for line in with_rights.state.audit.read()] == ["nobody@example.vn"]

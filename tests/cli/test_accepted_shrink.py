"""Who accepts the loss of a source's rows is written down before it is accepted, or it is not."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from kpis.access.audit import AuditLog, get_system_person
from kpis.cli import sync_command
from kpis.errors import StoreError
from tests.cli.conftest import Project

RIGHTS = 'address = "https://k.vn"\n[[person]]\nemail = "a@x.vn"\nrole = "administrator"\n'


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project in which people sign in and nothing is read."""

    def stop(*_: object, **__: object) -> NoReturn:
        raise StoreError("reached the reading")

    monkeypatch.setattr(sync_command, "refresh", stop)
    project = Project(tmp_path)
    (tmp_path / "access.toml").write_text(RIGHTS, encoding="utf-8")
    return project


def test_an_accepted_loss_is_in_the_audit(written: Project) -> None:
    assert "reached the reading" in written.run_kpis("sync", "--accept-shrink", "dong-thap").err
    [line] = AuditLog(written.database).read()
    assert (line.action, line.person, line.details["source"]) == ("accept_shrink", get_system_person(), "dong-thap")
    assert "reached the reading" in written.run_kpis("sync").err
    assert len(list(AuditLog(written.database).read())) == 1, "any other reading is none"


def test_without_its_line_nothing_is_accepted(written: Project) -> None:
    written.database.parent.mkdir()
    (written.database.parent / "audit").write_text("no folder", encoding="utf-8")
    run = written.run_kpis("sync", "--accept-shrink", "dong-thap")
    assert run.code != 0 and "reached the reading" not in run.err

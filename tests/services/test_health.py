"""The health of an installation: old figures, a watcher that ended, a full disk, a broken rights file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from kpis.errors import UsageError
from kpis.services import health
from kpis.services.health import check_health, read_max_age
from kpis.services.watcher_status import WatcherStatus
from tests.cli.conftest import Project, create_project

NOW = datetime(2026, 11, 20, 3)


class Usage(NamedTuple):
    total: int = 1 << 40
    used: int = 0
    free: int = 1 << 39


@pytest.fixture(autouse=True)
def _empty_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return create_project(tmp_path)


def build_environ(project: Project) -> Mapping[str, str]:
    return {"KPIS_SOURCES": str(project.sources), "KPIS_DATABASE": str(project.database)}


def read_moment(project: Project) -> datetime:
    assert project.run_kpis("sync").code in (0, 1)
    journal = project.database.with_name(f"{project.database.stem}-journal.jsonl")
    moments = [
        source["last_good_at"] for line in journal.read_text().splitlines() for source in json.loads(line)["sources"]
    ]
    return datetime.fromisoformat(max(filter(None, moments)))


def test_figures_are_old_a_day_after_the_last_good_read(project: Project) -> None:
    environ = build_environ(project)
    assert check_health(environ, WatcherStatus(), NOW).problems == ("no_figures",)
    read_at = read_moment(project)
    result = check_health(environ, WatcherStatus(), read_at + timedelta(hours=24))
    assert (result.problems, result.read_at, result.version) == ((), read_at, 1)
    late = read_at + timedelta(hours=24, seconds=1)
    assert check_health(environ, WatcherStatus(), late).problems == ("old_figures",)
    assert check_health({**environ, "KPIS_MAX_AGE": "off"}, WatcherStatus(), late).problems == ()
    assert check_health({**environ, "KPIS_MAX_AGE": "soon"}, WatcherStatus(), late).problems == ("settings",)


def test_a_watcher_that_ended_is_a_problem_until_a_reading_ends(project: Project) -> None:
    read_at = read_moment(project)
    ended = WatcherStatus("ended", timedelta(minutes=5), read_at + timedelta(minutes=1))
    assert check_health(build_environ(project), ended, read_at + timedelta(minutes=2)).problems == ("watcher",)
    late = WatcherStatus("running", timedelta(minutes=5))
    assert check_health(build_environ(project), late, read_at + timedelta(minutes=26)).problems == ("watcher",)
    assert check_health(build_environ(project), late, read_at + timedelta(minutes=25)).problems == ()


def test_a_nearly_full_disk_is_a_problem(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    read_at = read_moment(project)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(free=health.MIN_FREE_BYTES - 1))
    assert check_health(build_environ(project), WatcherStatus(), read_at).problems == ("disk",)


def test_a_broken_rights_file_is_a_problem(project: Project) -> None:
    read_at = read_moment(project)
    (project.sources.parent / "access.toml").write_text("address = 1\n", encoding="utf-8")
    assert check_health(build_environ(project), WatcherStatus(), read_at).problems == ("rights",)


def test_the_age_is_a_duration() -> None:
    assert read_max_age({}) == timedelta(hours=24)
    assert read_max_age({"KPIS_MAX_AGE": "6h"}) == timedelta(hours=6)
    with pytest.raises(UsageError):
        read_max_age({"KPIS_MAX_AGE": "never"})

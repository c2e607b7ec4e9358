"""An installation with everything that a backup holds, made by the commands."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kpis.access.enforcement import AccessState, get_access_paths
from kpis.access.rights import SessionLimits
from kpis.settings import Settings, load_settings
from tests.cli.conftest import Project, create_project

RIGHTS = """
address = "https://kpi.example.vn"

[[person]]
email = "leader@example.vn"
role = "leader"
plans = "all"
"""
NOW = datetime(2026, 11, 29, 3)
LIMITS = SessionLimits(timedelta(hours=8), timedelta(hours=12))


@dataclass
class Installation:
    """A project with figures, an accepted register, an edition, people and an audit."""

    project: Project

    @property
    def environ(self) -> dict[str, str]:
        return {"KPIS_SOURCES": str(self.project.sources), "KPIS_DATABASE": str(self.project.database)}

    @property
    def settings(self) -> Settings:
        return load_settings(self.environ)

    @property
    def state(self) -> AccessState:
        return AccessState(get_access_paths(self.settings), self.environ)

    def fill(self) -> None:
        """Read the sheets, enforce rights, sign a person in, add a draft and an edition."""
        assert self.project.run_kpis("sync").code in (0, 1)
        folder = self.project.folder
        (folder / "access.toml").write_text(RIGHTS, encoding="utf-8")
        draft = folder / "register" / "drafts" / "x" / "proposal.json"
        draft.parent.mkdir(parents=True)
        draft.write_text('{"tên": "dự thảo"}', encoding="utf-8")
        edition = folder / "var" / "kpis-editions" / "2026-W47-all" / "r1" / "edition.json"
        edition.parent.mkdir(parents=True)
        edition.write_text("{}", encoding="utf-8")
        store = self.state.store
        self.state.get_rights()
        (folder / "var" / "kpis-access-enforced").write_text("x", encoding="utf-8")
        assert store.bind("leader@example.vn", "https://accounts.example.vn", "1", NOW)
        self.state.audit.append("sign_in", "leader@example.vn", NOW)


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    installation = Installation(create_project(tmp_path_factory.mktemp("backup") / "kpis"))
    installation.fill()
    return installation.project.folder


def copy_installation(source: Path, target: Path) -> Installation:
    """Return a copy of an installation in another folder."""
    shutil.copytree(source, target)
    project = Project.__new__(Project)
    project.folder, project.database, project.sources = target, target / "var" / "kpis.json", target / "sources.toml"
    return Installation(project)


@pytest.fixture
def installation(filled_folder: Path, tmp_path: Path) -> Installation:
    return copy_installation(filled_folder, tmp_path / "kpis")

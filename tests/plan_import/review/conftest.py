"""Installations that take seconds to make, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.plan_import.review.amended_plan import AmendedInstallation, write_amendment

CLAUSE = "Thay thế cụm từ “90%” bằng cụm từ “95%” tại khoản 1 mục I."


@pytest.fixture(scope="session")
def accepted_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an installation whose plan is accepted."""
    folder = tmp_path_factory.mktemp("accepted") / "tỉnh"
    AmendedInstallation(folder).accept_plan()
    return folder


@pytest.fixture(scope="session")
def decided_folder(accepted_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an installation with a decided amendment of its plan, by CLAUSE."""
    folder = tmp_path_factory.mktemp("decided") / "tỉnh"
    shutil.copytree(accepted_folder, folder)
    installation = AmendedInstallation(folder)
    run = installation.import_amendment(write_amendment(CLAUSE))
    assert run.code == 0, run.err
    installation.decide_amendment()
    return folder


@pytest.fixture
def installation(accepted_folder: Path, tmp_path: Path) -> AmendedInstallation:
    """Return an installation whose plan is accepted."""
    shutil.copytree(accepted_folder, tmp_path / "tỉnh")
    return AmendedInstallation(tmp_path / "tỉnh")


@pytest.fixture
def amended(decided_folder: Path, tmp_path: Path) -> AmendedInstallation:
    """Return an installation with a decided amendment of its plan."""
    shutil.copytree(decided_folder, tmp_path / "tỉnh")
    return AmendedInstallation(tmp_path / "tỉnh")

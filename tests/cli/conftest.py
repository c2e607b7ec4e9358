"""A province's workbook, its sources file and a path for the database, all in a temporary folder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from tests.cli.command_runner import NOW, CliRun, run_kpis

PROGRESS_HEADER = ("Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng", "Tổng số", "Minh chứng")
TASK_HEADER = ("Mã", "Nhiệm vụ", "Cơ quan", "Trạng thái", "Ngày hoàn thành")
VALID_ROWS: tuple[tuple[object, ...], ...] = (
    (date(2026, 3, 1), "Sở Công Thương", "Tin bài", 3, None, "https://a.example/1"),
    (date(2026, 4, 1), "SCT", "dong-thap.10", 4, None, "https://a.example/2"),
    (date(2026, 5, 1), "Uỷ ban nhân dân phường Cao Lãnh", "Tin bài", 5, None, None),
)
INVALID_ROWS: tuple[tuple[object, ...], ...] = (
    ("31/02/2026", "Sở Công Thương", "Tin bài", 3, None, "https://a.example/3"),
    (date(2026, 6, 1), "Sở Trăng Sao", "Tin bài", "hai", None, "https://a.example/4"),
)


class Project:
    """A sources file with the source "dong-thap", and the path of its database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.database = folder / "var" / "kpis.json"
        self.sources = folder / "sources.toml"
        self.write_sources("dong-thap")

    def write_sources(self, *names: str) -> None:
        """Write the sources file: one workbook per source, named like it, all of Đồng Tháp's plan."""
        tables = [f'[[source]]\nid = "{name}"\nplan = "dong-thap"\nworkbook = "{name}.xlsx"\n' for name in names]
        self.sources.write_text("\n".join(tables), encoding="utf-8")

    def prepend_to_sources(self, text: str) -> None:
        """Insert top-level keys before the sources: sample, today, earlier."""
        self.sources.write_text(text + self.sources.read_text(encoding="utf-8"), encoding="utf-8")

    def write_workbook(
        self,
        rows: Sequence[Sequence[object]],
        tasks: Sequence[Sequence[object]] = (),
        name: str = "dong-thap",
        header: Sequence[str] = PROGRESS_HEADER,
        task_header: Sequence[str] = TASK_HEADER,
    ) -> None:
        """Write one workbook."""
        with Workbook(self.folder / f"{name}.xlsx", {"default_date_format": "dd/mm/yyyy"}) as book:
            for title, columns, lines in [
                ("Tiến độ", header, rows),
                ("Nhiệm vụ", task_header, tasks),
            ]:
                tab = book.add_worksheet(title)
                for number, line in enumerate([columns, *lines]):
                    tab.write_row(number, 0, line)

    def run_kpis(self, command: str, *argv: str, now: datetime = NOW) -> CliRun:
        """Run a command on this project's database and sources."""
        environ = {"KPIS_DATABASE": str(self.database), "KPIS_SOURCES": str(self.sources)}
        return run_kpis(command, *argv, environ=environ, now=now)


def create_project(folder: Path) -> Project:
    """Create a project whose workbook has three valid rows, two invalid ones and a finished task."""
    project = Project(folder)
    project.write_workbook(
        [*VALID_ROWS, *INVALID_ROWS],
        [("dong-thap.III.6", None, "Sở Công Thương", "Hoàn thành", date(2026, 6, 2))],
    )
    return project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project that has not been read yet."""
    return create_project(tmp_path)


@pytest.fixture(scope="session")
def synced_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same project after one sync, for tests that only read."""
    project = create_project(tmp_path_factory.mktemp("project"))
    assert project.run_kpis("sync").code == 0
    return project

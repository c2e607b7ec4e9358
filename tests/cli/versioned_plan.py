"""An installation with versions of one plan, written by hand, and a folder of CSV files as its source."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kpis.plan_import.review.versions.toml_output import format_toml
from kpis.store.database import Database
from tests.cli.command_runner import CliRun, run_kpis

PLAN = "can-tho-2026"
LEAD, HEALTH, POLICE = "Sở Công Thương", "Sở Y tế", "Công an thành phố"
HEADER = """[plan]
id = "can-tho-2026"
province = "Cần Thơ"
place = "thành phố Cần Thơ"
kind = "province"
title_vi = "Vệ sinh chợ"
issuer = "UBND thành phố Cần Thơ"
number = "1/KH-UBND"
issued_on = 2026-01-05
start_year = 2026
end_year = 2027
focal_agency = "Sở Công Thương"
reporting_days = [{ day = "15/12", of = "year" }]
"""
TARGET_FIELDS: Mapping[str, object] = {
    "indicator": "news_items", "section": "I.1", "comparator": ">=", "recurrence_basis": "stated", "force": "binding",
    "lead": LEAD, "lead_basis": "stated", "pace": "linear",
}  # fmt: skip
TASK_FIELDS: Mapping[str, object] = {
    "title_vi": "Lập danh sách chợ", "number": "1", "leads": [LEAD], "coordinators": [], "schedule": "Quý III",
    "timing": "once", "first_year": 2026, "last_year": 2026, "due_on": "30/09",
}  # fmt: skip
AGENCIES = [{"plan": PLAN, "name": name, "kind": "department"} for name in (LEAD, HEALTH, POLICE)]

TargetText = tuple[str, str, int] | Mapping[str, object]
"""Recurrence, title and floor of a target; or its fields, where others differ from TARGET_FIELDS too."""


class Installation:
    """A register with versions of one plan, and a folder of CSV files as its source."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bang").mkdir(parents=True)
        self.sources = folder / "sources.toml"
        self.sources.write_text(f'[[source]]\nid = "a"\nplan = "{PLAN}"\nworkbook = "bang"\n', encoding="utf-8")

    def write_version(
        self,
        number: int,
        targets: Mapping[str, TargetText],
        *,
        accepted: str,
        facts: str = "",
        tasks: Mapping[str, Mapping[str, object]] | None = None,
        clauses: str = "",
    ) -> None:
        """Write a version: targets by number, tasks by key (fields that differ from TASK_FIELDS)."""
        folder = self.folder / "register" / "plans" / PLAN / str(number)
        folder.mkdir(parents=True)
        tables = {
            "target": [{"id": f"{PLAN}.{key}", **_build_target(fields)} for key, fields in targets.items()],
            "task": [{"id": f"{PLAN}.{key}", **TASK_FIELDS, **fields} for key, fields in (tasks or {}).items()],
        }
        (folder / "plan.toml").write_text(f"{HEADER}\n{format_toml(tables)}", encoding="utf-8")
        (folder / "agencies.toml").write_text(format_toml({"agency": AGENCIES}), encoding="utf-8")
        hashes = "".join(
            f'"{name}" = "{hashlib.sha256((folder / name).read_bytes()).hexdigest()}"\n'
            for name in ("plan.toml", "agencies.toml")
        )
        version = f'[version]\nnumber = {number}\naccepted_at = "{accepted}T03:00:00Z"\n{facts}\n'
        (folder / "version.toml").write_text(f"{version}\n[sha256]\n{hashes}\n{clauses}", encoding="utf-8")

    def write_rows(self, *rows: tuple[str, str, object], **more: object) -> None:
        """Write the sheet: day, target number, quantity; `more` are further columns with one text for all rows."""
        names = "".join(f",{name}" for name in more)
        lines = [f"Ngày,Cơ quan,Chỉ tiêu,Số lượng,Nội dung,Minh chứng{names}"]
        texts = "".join(f",{text}" for text in more.values())
        lines += [
            f"{day},{LEAD},{PLAN}.{number},{quantity},việc {at},{at}/BC{texts}"
            for at, (day, number, quantity) in enumerate(rows)
        ]
        (self.folder / "bang" / "tien-do.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def write_reports(self, *reports: tuple[str, str, str, str], title: str = "") -> None:
        """Write the tab of tasks: day, agency, task as typed, status."""
        lines = ["Mã,Nhiệm vụ,Cơ quan,Trạng thái,Ngày hoàn thành,Kết quả,Minh chứng"]
        lines += [
            f"{task},{title},{agency},{status},{day},kết quả {at},{at}/BC"
            for at, (day, agency, task, status) in enumerate(reports)
        ]
        (self.folder / "bang" / "nhiem-vu.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, *arguments: str) -> CliRun:
        """Run a command on this installation."""
        environ = {"KPIS_SOURCES": str(self.sources), "KPIS_DATABASE": str(self.folder / "var" / "kpis.json")}
        return run_kpis(*arguments, environ=environ)

    def sync(self, now: str) -> None:
        """Read the sheet at a moment."""
        run = self.run("sync", "--now", now, "--yes-future", "--json")
        assert run.code == 0, run.err + run.out

    @contextmanager
    def open_database(self) -> Iterator[Database]:
        """Open the published version."""
        database = Database.open(self.folder / "var" / "kpis.json")
        assert database is not None
        try:
            yield database
        finally:
            database.close()

    def ask(self, day: str, known_at: str | None = None, year: str | None = None) -> dict[str, tuple[float, str]]:
        """Return target number -> floor and status of the whole targets."""
        more = [*(("--known-at", known_at) if known_at else ()), *(("--year", year) if year else ())]
        rows = self.run("attainment", "--as-of", day, "--json", *more).json
        return {row["target"].rpartition(".")[2]: (row["floor"], row["status"]) for row in rows if row["span"] is None}


def _build_target(fields: TargetText) -> dict[str, object]:
    if isinstance(fields, Mapping):
        return {**TARGET_FIELDS, **fields}
    recurrence, title, floor = fields
    pace = None if recurrence == "quarterly" else TARGET_FIELDS["pace"]
    return {**TARGET_FIELDS, "recurrence": recurrence, "title_vi": title, "floor": floor, "pace": pace}

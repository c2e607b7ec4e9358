"""A small plan on its way into a register: imported, decided on in its workbook, accepted, by the commands."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft
from tests.cli.command_runner import NOW, CliRun, run_kpis
from tests.plan_import.review.small_draft import TEXT, fill_in, fill_in_all

PLAN = "can-tho"


class Installation:
    """A folder with sources file, register, database and the workbook of one plan."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.sources = folder / "sources.toml"
        self.sources.write_text("", encoding="utf-8")
        self.register = folder / "register"
        self.book = folder / "so-duyet.xlsx"
        self.version = self.register / "plans" / PLAN / "1"

    def run(self, *arguments: str, now: datetime = NOW) -> CliRun:
        """Run a command of this installation."""
        environ = {
            "KPIS_SOURCES": str(self.sources),
            "KPIS_DATABASE": str(self.folder / "var" / "kpis.json"),
            "KPIS_LANGUAGE": "en",
        }
        return run_kpis(*arguments, environ=environ, now=now)

    def import_text(self, text: str = TEXT) -> CliRun:
        """Import a plan that is written as plain text."""
        path = self.folder / "ke-hoach.txt"
        path.write_text(text, encoding="utf-8")
        return self.import_file(path)

    def import_file(self, path: Path) -> CliRun:
        """Import a document."""
        place = "thành phố Cần Thơ"
        run = self.run("plan", "import", str(path), "--plan", PLAN, "--place", place, "--out", str(self.book))
        assert run.code == 0, run.err
        return run

    def decide(self) -> None:
        """Decide on every row of the workbook."""
        draft = self.read_draft()
        fill_in_all(self.book, draft)
        for row in draft.list_rows("target"):
            if row.proposed and row.proposed["measure"] == "count":
                unit = {} if row.proposed.get("unit") else {"unit": "đợt"}
                fill_in(
                    self.book,
                    "target",
                    row.id,
                    "accept",
                    accumulation="cộng dồn các lần nhập",
                    lead="Sở Công Thương",
                    **unit,
                )

    def read_draft(self) -> Draft:
        """Return the draft of the plan."""
        return DraftFolder(self.register, PLAN).read()

    def accept(self, *arguments: str) -> CliRun:
        """Accept the workbook."""
        return self.run("plan", "accept", str(self.book), *arguments)

"""docs/rules.md names every SQL file, and every file says what its rows are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kpis.measures
from kpis.measures.attainment_rows import STATUSES
from kpis.register.tables import REGISTER_TABLES
from tests.paths import ROOT

FOLDER = Path(kpis.measures.__file__).parent
PAGE = ROOT / "docs" / "rules.md"
FILES = sorted(FOLDER.glob("sql/**/*.sql"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_sql_file_says_what_a_row_is_and_is_named_on_the_page(file: Path) -> None:
    first_line = file.read_text(encoding="utf-8").partition("\n")[0]
    assert first_line.startswith("-- one row") or file.name.startswith(("delete_", "copy_"))
    assert f"`{file.name}`" in PAGE.read_text(encoding="utf-8")


def test_the_page_names_every_status() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [status for status in STATUSES if f"`{status}`" not in text] == []


READS_ALL_ROWS_OF_THE_REGISTER = {
    "any_span.sql", "changed_targets.sql", "copied_days.sql", "copy_entries.sql", "copy_periods.sql",
    "narrowed_entries.sql",
}  # fmt: skip


@pytest.mark.parametrize("folder", ["measures", "report", "pack", "ui", "feedback", "wording"])
def test_the_register_is_read_as_known_at_a_moment(folder: str) -> None:
    """Its tables hold retired rows too; a statement reads them by the steps `known_targets`, `known_periods`, …"""
    tables = "|".join(REGISTER_TABLES)
    paths = [
        path for path in (ROOT / "kpis" / folder).rglob("*.sql") if path.name not in READS_ALL_ROWS_OF_THE_REGISTER
    ]
    wrong = [path.name for path in paths if re.search(rf"\b(from|join) ({tables})\b", path.read_text(encoding="utf-8"))]
    assert wrong == []

"""docs/rules.md names every SQL file, and every file says what its rows are."""

from __future__ import annotations

from pathlib import Path

import pytest

import kpis.measures
from kpis.measures.attainment_rows import STATUSES
from tests.paths import ROOT

FOLDER = Path(kpis.measures.__file__).parent
PAGE = ROOT / "docs" / "rules.md"
FILES = sorted(FOLDER.glob("sql/**/*.sql"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_sql_file_says_what_a_row_is_and_is_named_on_the_page(file: Path) -> None:
    first_line = file.read_text(encoding="utf-8").partition("\n")[0]
    assert first_line.startswith("-- one row") or file.name.startswith("delete_")
    assert f"`{file.name}`" in PAGE.read_text(encoding="utf-8")


def test_the_page_names_every_status() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [status for status in STATUSES if f"`{status}`" not in text] == []

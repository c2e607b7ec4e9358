"""The guides name all that a user can meet: codes, settings, commands; and their links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kpis.cli.commands import COMMANDS
from kpis.settings import SETTINGS
from kpis.sheets.codes import REJECTIONS, WARNINGS
from kpis.sheets.layout import HEADERS
from kpis.sheets.statuses import WORDS

ROOT = Path(__file__).parents[2]
OFFICERS = ("huong-dan-can-bo.md", "guide-officer.md")
ADMINISTRATORS = ("quan-tri.md", "administrator.md")
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))


def _text(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("guide", OFFICERS)
def test_the_officers_guide_names_every_code(guide: str) -> None:
    text = _text(guide)
    assert [code for code in (*REJECTIONS, *WARNINGS) if f"`{code}`" not in text] == []


@pytest.mark.parametrize("page", ADMINISTRATORS)
def test_the_administrators_page_names_every_setting_and_command(page: str) -> None:
    text = _text(page)
    assert [setting.name for setting in SETTINGS if f"`{setting.name}`" not in text] == []
    assert [name for name in COMMANDS if not re.search(rf"`(python -m kpis )?{name}[` ]", text)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_decision_stands_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [
        page.name for page in folder.glob("*.md") if page.name != "README.md" and page.name not in index
    ] == []


def test_every_direct_requirement_is_explained() -> None:
    explained = "".join(
        page.read_text(encoding="utf-8").lower() for page in (ROOT / "docs" / "decisions").glob("*.md")
    )
    direct = [
        line.split("==")[0].lower()
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / name).read_text(encoding="utf-8").split("# needed by")[0].splitlines()
        if "==" in line
    ]
    assert [name for name in direct if name not in explained] == []


@pytest.mark.parametrize("guide", OFFICERS)
def test_the_officers_guide_names_every_header_and_status(guide: str) -> None:
    text = _text(guide)
    headers = [name for fields in HEADERS.values() for names in fields.values() for name in names]
    assert [name for name in headers if name not in text] == []
    assert [words[0] for words in WORDS.values() if words[0] not in text] == []

"""The pages of docs/ are readable as text and name only what the repository holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kpis.settings import BUNDLE
from tests.paths import DOCS, ROOT

PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md")))
MAX_LINE_LENGTH = 120

_ISSUE = re.compile(
    r"\b(?:an?|the|this|that|these|those|and|or|see|of|in|by|from|with|github) issues?\b"
    r"|\bissues? (?:#?\d+|tracker)|/issues\b|(?<![\w(])#\d+\b",
    re.IGNORECASE,
)
"""A reference to the issue tracker; "a province issues a plan" and "an issued document" are none."""

_PATH = re.compile(r"(?<![\w/.~])(?:kpis|tests)/[\w./*-]*[\w/*]")


def _find_slugs(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ["design.md", "rules.md"])
def test_lines_of_the_page_are_short(name: str) -> None:
    lines = (DOCS / name).read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > MAX_LINE_LENGTH] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_refers_to_the_issue_tracker(page: Path) -> None:
    assert [match[0] for match in _ISSUE.finditer(page.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_a_page_and_a_section_that_exist(page: Path) -> None:
    links = re.findall(r"\]\(((?!\w+:)[^)]+)\)", page.read_text(encoding="utf-8"))
    targets = [(link, page.parent / link.partition("#")[0] if link[0] != "#" else page) for link in links]
    assert [link for link, target in targets if not target.exists()] == []
    sections = [(link, target) for link, target in targets if "#" in link]
    assert [link for link, target in sections if link.partition("#")[2] not in _find_slugs(target)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_paths_named_in_the_page_exist(page: Path) -> None:
    paths = {path.rstrip(".") for path in _PATH.findall(page.read_text(encoding="utf-8"))}
    missing = {path for path in paths if not (ROOT / path).exists() and not any(ROOT.glob(path))}
    assert sorted(missing - {f"kpis/{BUNDLE}/"}) == []


@pytest.mark.parametrize(
    ("text", "is_reference"),
    [
        ("Where this page and an issue disagree", True),
        ("see issue 12", True),
        ("fixed in #12", True),
        ("A province issues a plan", False),
        ("the issued document", False),
        ("the formula gives no value (#REF!)", False),
    ],
)
def test_a_reference_to_an_issue_is_recognised(text: str, is_reference: bool) -> None:
    assert bool(_ISSUE.search(text)) is is_reference

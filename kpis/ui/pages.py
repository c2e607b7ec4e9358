"""The pages there are: addresses, files, names. A new page is one line here and one file in pages/."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kpis.settings import get_project_root


@dataclass(frozen=True)
class PageDefinition:
    """One page: `slug` is its address and its name for `screenshot`; `title`, `help` are catalogue keys."""

    slug: str
    title: str
    help: str

    @property
    def url_path(self) -> str:
        """Its address below the site's root; the first page stands at the root itself."""
        return "" if self is PAGES[0] else self.slug

    @property
    def script(self) -> Path:
        """Its script; one folder down, or a deep link would open it without the frame (design.md §7)."""
        return get_project_root() / "pages" / self.slug / f"{self.slug}.py"


OVERVIEW, PROVINCE, AGENCY, TASKS = "overview", "province", "agency", "tasks"
FINDINGS, SOURCES, TARGETS, PACK = "findings", "sources", "targets", "pack"

PAGES: tuple[PageDefinition, ...] = (
    PageDefinition(OVERVIEW, "Overview", "What is met, on pace and late in every province, and who owes it."),
    PageDefinition(
        PROVINCE,
        "Province or ward",
        "Every target of one plan: figures, what is owed, who adds what, tasks, latest entries.",
    ),
    PageDefinition(
        AGENCY, "Agency", "What an agency has done, owes and leads, its rows to mend, when it last reported."
    ),
    PageDefinition(TASKS, "Tasks", "The annex tasks by lead, state and section."),
    PageDefinition(
        FINDINGS,
        "Rows to mend",
        "Every row that was sent back or needs a look, with its cell and what to do.",
    ),
    PageDefinition(
        SOURCES, "Sources", "Every source: when it was last read well, what failed, and what to do."
    ),
    PageDefinition(
        PACK, "Weekly meeting", "One week's pack: see it, seal it, download it, compare two editions."
    ),
    PageDefinition(
        TARGETS, "Catalogue of targets", "The plans, their targets with citations, and how they are read."
    ),
)
"""In the order of the navigation; the first opens at the root of the site."""

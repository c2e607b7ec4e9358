"""The list of pages: addresses, files, names. A new page is one line here and one file in pages/."""

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
        """The address below the root of the site; empty for the first page, which is the root."""
        return "" if self is PAGES[0] else self.slug

    @property
    def script(self) -> Path:
        """Its file, in a subfolder since a file directly in pages/ can be opened without the frame."""
        return get_project_root() / "pages" / self.slug / f"{self.slug}.py"


OVERVIEW, PROVINCE, AGENCY, TASKS = "overview", "province", "agency", "tasks"
FINDINGS, SOURCES, TARGETS, PACK = "findings", "sources", "targets", "pack"
PLAN_IMPORT, AUDIT, EXPLANATIONS, ENTRIES = "plan-import", "audit", "explanations", "entries"

PAGES: tuple[PageDefinition, ...] = (
    PageDefinition(OVERVIEW, "Overview", "What is met, on pace or late in every province, and who still owes results."),
    PageDefinition(
        PROVINCE,
        "Province or ward",
        "Every target of one plan: figures, what is owed, contributions, tasks, latest entries.",
    ),
    PageDefinition(AGENCY, "Agency", "What an agency has done, owes and leads, its rows to fix, its last report."),
    PageDefinition(TASKS, "Tasks", "The annex tasks by lead, state and section."),
    PageDefinition(
        EXPLANATIONS, "Explanations", "What agencies were asked, what they answered, what they promised; asking."
    ),
    PageDefinition(
        FINDINGS,
        "Rows to fix",
        "Every row that was rejected or needs review, with its cell and what to do.",
    ),
    PageDefinition(SOURCES, "Sources", "Every source: its last successful read, what failed, and what to do."),
    PageDefinition(PACK, "Weekly meeting", "One week's pack: see it, seal it, download it, compare two editions."),
    PageDefinition(TARGETS, "Catalogue of targets", "The plans, their targets with citations, and how they are read."),
    PageDefinition(
        ENTRIES, "Entries of the sheets", "The accepted rows behind a count, and what each reading changed of them."
    ),
    PageDefinition(
        PLAN_IMPORT, "Import a plan", "From an issued document to a plan: each proposal decided beside its text."
    ),
    PageDefinition(AUDIT, "Audit", "Who signed in, sealed, downloaded or was refused, and whether a line was changed."),
)
"""In navigation order; the first opens at the root of the site."""

PAGES_WITHOUT_FIGURES = (PLAN_IMPORT, AUDIT)
HIDDEN_PAGES = (ENTRIES,)
"""Pages that the navigation does not name: links of counts lead there."""
OFFICER_PAGES = (AGENCY, FINDINGS, TASKS, EXPLANATIONS, TARGETS, ENTRIES)
"""The pages of an officer: the own agency, its rows to fix, its tasks, what it is asked, the catalogue, its entries."""

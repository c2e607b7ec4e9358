"""The pages that are projected: overview, changes, asked and answered, one a place.

They show the figures of the annex's pages, and mostly its tables, with the lists cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kpis.language.messages import Language, translate
from kpis.language.normalization import fold_to_alphanumeric
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.meeting.changes import plan_asked, plan_changes
from kpis.pack.meeting.cuts import AnnexSheets
from kpis.pack.meeting.fitting import MeetingPage
from kpis.pack.meeting.overview import plan_overview
from kpis.pack.meeting.place import plan_place
from kpis.pack.pages.contents import Page


def name_pictures(page: Page, lang: Language) -> Page:
    """Return the page with a name for its pictures that says what they show: "tong-quan", "ha-noi"."""
    words = {"overview": "Overview", "changes": "Changes", "asked": "Asked and answered"}
    if page.kind == "place":
        return replace(page, picture_name=page.key.removeprefix("place-"))
    title = translate(lang, words[page.kind])
    return replace(page, picture_name="-".join(map(fold_to_alphanumeric, title.split())))


def plan_meeting_pages(figures: EditionFigures, pages: Mapping[str, Page], annex: AnnexSheets) -> list[MeetingPage]:
    """Return the pages with their lists at their longest; `pages` are those of the annex by key."""
    overview, changes = pages["overview"], pages["changes"]
    if not figures.places:
        return [MeetingPage(lambda _limits: overview, {}), MeetingPage(lambda _limits: changes, {})]
    answers = plan_asked(figures, changes, annex)
    return [
        plan_overview(figures, overview, annex),
        plan_changes(figures, changes, annex),
        *([answers] if answers else []),
        *(plan_place(place, figures, pages[f"place-{place.plan}"], annex) for place in figures.places),
    ]

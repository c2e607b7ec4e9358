"""The pages that are projected on what changed, and on what was asked for last time."""

from __future__ import annotations

from dataclasses import replace

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.explanations import Explanation
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.meeting.cuts import AnnexSheets, cut_table
from kpis.pack.meeting.fitting import Limits, MeetingPage
from kpis.pack.pages import changes_page, explanations_page
from kpis.pack.pages.contents import Note, Page, Table
from kpis.pack.pages.follow_up_table import FOLLOW_UP_KEY

_CHANGED_ROWS, _ASKED_ROWS = 6, 14
_ELSEWHERE = (FOLLOW_UP_KEY, changes_page.SILENT_KEY)


def plan_changes(figures: EditionFigures, page: Page, annex: AnnexSheets) -> MeetingPage:
    """Plan the page: every kind of change, the silent agencies as a number."""
    lang = figures.query.lang
    tables = [table for table in page.tables if table.key not in _ELSEWHERE or is_empty_follow_up(table)]
    notes = [block for block in page.blocks if isinstance(block, Note)]
    filled = [table for table in tables if table.rows]
    nothing = " ".join(filter(None, (table.empty_text for table in tables if not table.rows)))
    silence = format_silence(
        len(figures.changes.silent_agencies), len(figures.changes.newly_silent_agencies), annex, lang
    )

    def build(limits: Limits) -> Page:
        lists = (cut_table(table, limits[table.key], annex) for table in filled)
        sentences = (Note(text) for text in (nothing, silence) if text)
        return replace(page, blocks=(*notes, *lists, *sentences))

    return MeetingPage(build, {table.key: min(_CHANGED_ROWS, len(table.rows)) for table in filled})


def format_silence(silent: int, newly_silent: int, annex: AnnexSheets, lang: Language) -> str:
    """Return how many agencies are silent, and newly so; nothing where none is."""
    if not silent:
        return ""
    parts = [translate(lang, "Silent agencies: {n}", n=formatting.format_number(silent, lang))]
    if newly_silent:
        parts.append(translate(lang, "{n} of them newly", n=formatting.format_number(newly_silent, lang)))
    return ", ".join(filter(None, (*parts, annex.format_reference(changes_page.SILENT_KEY))))


def is_empty_follow_up(table: Table) -> bool:
    """True for the table of what was asked for last time, if that is nothing: then it needs no page."""
    return table.key == FOLLOW_UP_KEY and not table.rows


def list_recent_explanations(figures: EditionFigures) -> list[Explanation]:
    """Return what the meeting asks about: late and open answers, and those given since the day compared with."""
    since = figures.query.since
    return [
        item
        for item in figures.explanations
        if item.is_open or (item.state == "answered" and item.answered_on is not None and item.answered_on > since)
    ]


def plan_asked(figures: EditionFigures, changes: Page, annex: AnnexSheets) -> MeetingPage | None:
    """Plan the page on explanations, then on what the last edition asked for; None where there is neither.

    `changes` is the annex's page of changes.
    """
    lang = annex.lang
    follow_ups = [table for table in changes.tables if table.key == FOLLOW_UP_KEY and table.rows]
    recent = list_recent_explanations(figures)
    explanations = [explanations_page.build_table(recent, figures, lang)] if recent else []
    tables = [*explanations, *follow_ups]
    if not tables:
        return None

    def build(limits: Limits) -> Page:
        blocks = tuple(cut_table(table, limits[table.key], annex) for table in tables)
        return Page("asked", "asked", translate(lang, "Asked and answered"), changes.subtitle, blocks)

    return MeetingPage(build, {table.key: min(_ASKED_ROWS, len(table.rows)) for table in tables})

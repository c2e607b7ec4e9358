"""The contents of an edition from its figures, in its language (design.md §5)."""

from __future__ import annotations

from datetime import datetime

from kpis.language import formatting
from kpis.language.messages import translate
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.figures.previous_edition import FollowUp, PreviousEdition
from kpis.pack.figures.weeks import get_week
from kpis.pack.pages import changes_page, explanations_page, overview_page, place_page, sources_page
from kpis.pack.pages.contents import Contents
from kpis.wording import owed_sentences, target_figures, task_sentences


def build_contents(figures: EditionFigures, sealed_at: datetime, previous: PreviousEdition | None) -> Contents:
    """Build every page: overview, changes, one for each province or ward, sources."""
    lang = figures.query.lang
    week = get_week(figures.query.as_of)
    title = translate(lang, "Weekly meeting, week {week} of {year}", week=week.number, year=week.year)
    place_names = figures.place_names
    pages = (
        overview_page.build_page(figures, title, place_names, previous),
        changes_page.build_page(figures, place_names, previous),
        *([explanations_page.build_page(figures)] if figures.explanations else []),
        *(place_page.build_page(place, figures) for place in figures.places),
        sources_page.build_page(figures),
    )
    return Contents(
        lang=lang,
        title=title,
        as_of=translate(lang, "As of {day}", day=formatting.format_day(figures.query.as_of, lang)),
        scope=format_scope(figures),
        sealed_at=translate(lang, "made {moment}", moment=formatting.format_moment(sealed_at, lang)),
        version=translate(lang, "version {n} of the figures", n=figures.version),
        sample=translate(lang, "Sample figures") if figures.sample else "",
        page_number_template=translate(lang, "page {page}/{pages}", page="{page}", pages="{pages}"),
        pages=pages,
    )


def format_scope(figures: EditionFigures) -> str:
    """Return the name of the query's place, also where its plan is the only one; else "all plans (5)"."""
    lang = figures.query.lang
    if figures.query.plan:
        return figures.place_names[figures.query.plan]
    if len(figures.places) == 1:
        return figures.places[0].name
    return translate(lang, "all plans ({n})", n=formatting.format_number(len(figures.places), lang))


def list_follow_ups(figures: EditionFigures) -> tuple[FollowUp, ...]:
    """Return what this edition asks for, most urgent first; stored with it and checked by the next one."""
    lang = figures.query.lang
    targets = tuple(
        FollowUp(
            target=row["target"],
            plan=row["plan"],
            period_start=row["period_start"].isoformat(),
            place=figures.place_names[row["plan"]],
            title=target_figures.get_title(row, lang),
            lead=row["lead"],
            status=str(row["status"]),
            owed_text=owed_sentences.format_sentence(row, lang),
            period_end=row["period_end"].isoformat(),
        )
        for row in (owed.row for owed in figures.to_do)
    )
    return targets + tuple(
        FollowUp(
            target=task["task"],
            plan=task["plan"],
            period_start=task["starts_on"].isoformat(),
            place=figures.place_names[task["plan"]],
            title=target_figures.get_title(task, lang),
            lead=task_sentences.format_leads(task),
            status=task["state"],
            owed_text=task_sentences.format_days_overdue(task, lang),
        )
        for task in figures.overdue_tasks
    )

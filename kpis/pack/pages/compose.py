"""Figures into the pages of an edition, worded in its language (issue "weekly pack", design.md §5)."""

from __future__ import annotations

from datetime import datetime

from kpis.language import formatting as written
from kpis.language.messages import translate
from kpis.pack.figures.gather import EditionFigures
from kpis.pack.figures.previous_edition import FollowUp, PreviousEdition
from kpis.pack.figures.weeks import get_week
from kpis.pack.pages import changes_page, overview_page, place_page, sources_page
from kpis.pack.pages.contents import Contents
from kpis.wording import owed_sentences
from kpis.wording import target_figures as words


def build_contents(
    figures: EditionFigures, sealed_at: datetime, previous: PreviousEdition | None
) -> Contents:
    """Every page: overview, changes, one a province or ward, sources. Without a target the pages say so."""
    lang = figures.query.lang
    week = get_week(figures.query.as_of)
    named = translate(lang, "Weekly meeting, week {week} of {year}", week=week.number, year=week.year)
    names = figures.place_names
    pages = (
        overview_page.build_page(figures, named, names, previous),
        changes_page.build_page(figures, names, previous),
        *(place_page.build_page(place, figures) for place in figures.places),
        sources_page.build_page(figures),
    )
    return Contents(
        lang=lang,
        title=named,
        as_of=translate(lang, "As of {day}", day=written.format_day(figures.query.as_of, lang)),
        scope=format_scope(figures),
        sealed_at=translate(lang, "made {moment}", moment=written.format_moment(sealed_at, lang)),
        version=translate(lang, "version {n} of the figures", n=figures.version),
        sample=translate(lang, "Sample figures") if figures.sample else "",
        page_number_template=translate(lang, "page {page}/{pages}", page="{page}", pages="{pages}"),
        pages=pages,
    )


def format_scope(figures: EditionFigures) -> str:
    """Whose figures: one place's name, or all plans and how many."""
    lang = figures.query.lang
    if figures.query.plan:
        return figures.place_names[figures.query.plan]
    return translate(lang, "all plans ({n})", n=written.format_number(len(figures.places), lang))


def list_follow_ups(figures: EditionFigures) -> tuple[FollowUp, ...]:
    """What this edition asks for, most pressing first: kept with it, and held against the next one."""
    lang = figures.query.lang
    names = figures.place_names
    return tuple(
        FollowUp(
            target=one.row["target"],
            plan=one.row["plan"],
            period_start=one.row["period_start"].isoformat(),
            place=names[one.row["plan"]],
            title=words.get_title(one.row, lang),
            lead=one.row["lead"],
            status=str(one.row["status"]),
            said=owed_sentences.format_sentence(one.row, lang),
        )
        for one in figures.to_do
    )

"""Figures into the pages of an edition, worded in its language (issue "weekly pack", design.md §5)."""

from __future__ import annotations

from datetime import datetime

from kpis.language import formatting as written
from kpis.language.messages import translate
from kpis.pack.figures.gather import Figures
from kpis.pack.figures.previous_edition import AskedFor, Before
from kpis.pack.figures.weeks import week_of
from kpis.pack.pages import changes_page, overview_page, place_page, sources_page
from kpis.pack.pages.contents import Contents
from kpis.wording import owed_sentences
from kpis.wording import target_figures as words


def contents(figures: Figures, sealed_at: datetime, before: Before | None) -> Contents:
    """Every page: overview, changes, one a province or ward, sources. Without a target the pages say so."""
    lang = figures.asked.lang
    week = week_of(figures.asked.as_of)
    named = translate(lang, "Weekly meeting, week {week} of {year}", week=week.number, year=week.year)
    names = figures.names
    pages = (
        overview_page.page(figures, named, names, before),
        changes_page.page(figures, names, before),
        *(place_page.page(place, figures) for place in figures.places),
        sources_page.page(figures),
    )
    return Contents(
        lang=lang,
        title=named,
        as_of=translate(lang, "As of {day}", day=written.day(figures.asked.as_of, lang)),
        scope=scope(figures),
        made=translate(lang, "made {moment}", moment=written.moment(sealed_at, lang)),
        version=translate(lang, "version {n} of the figures", n=figures.version),
        sample=translate(lang, "Sample figures") if figures.sample else "",
        page_of=translate(lang, "page {page}/{pages}", page="{page}", pages="{pages}"),
        pages=pages,
    )


def scope(figures: Figures) -> str:
    """Whose figures: one place's name, or all plans and how many."""
    lang = figures.asked.lang
    if figures.asked.plan:
        return figures.names[figures.asked.plan]
    return translate(lang, "all plans ({n})", n=written.number(len(figures.places), lang))


def asked_for(figures: Figures) -> tuple[AskedFor, ...]:
    """What this edition asks for, most pressing first: kept with it, and held against the next one."""
    lang = figures.asked.lang
    names = figures.names
    return tuple(
        AskedFor(
            target=one.row["target"],
            plan=one.row["plan"],
            period_start=one.row["period_start"].isoformat(),
            place=names[one.row["plan"]],
            title=words.title(one.row, lang),
            lead=one.row["lead"],
            status=str(one.row["status"]),
            said=owed_sentences.sentence(one.row, lang),
        )
        for one in figures.to_do
    )

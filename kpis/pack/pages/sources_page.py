"""The sources and their age: when each was last read well, when its content last changed, what counted."""

from __future__ import annotations

from datetime import datetime

from kpis.language import clock
from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.pack.figures.gather import Figures
from kpis.pack.pages.contents import Cell, Column, Note, Page, Table
from kpis.sync.status import SourceStatus, not_read_any_more


def page(figures: Figures) -> Page:
    """One row per source, with what is wrong in sign and word, and one per place that has none."""
    lang = figures.asked.lang
    columns = (
        Column(translate(lang, "Source"), width=1.6),
        Column(translate(lang, "Province or ward"), width=1.7),
        Column(translate(lang, "Last good read"), width=2.2),
        Column(translate(lang, "Content unchanged since"), width=2.2),
        Column(translate(lang, "State"), "status", 2.4),
        Column(translate(lang, "Rows read"), "number"),
        Column(translate(lang, "Counted"), "number"),
        Column(translate(lang, "With a warning"), "number"),
        Column(translate(lang, "Sent back"), "number"),
    )
    table = Table(
        "sources",
        translate(lang, "Sources and their age"),
        columns,
        tuple(_line(one, place, figures.asked_at, lang) for place, one in listed(figures)),
        translate(lang, "No source has been read yet"),
    )
    subtitle = _read(figures, lang)
    notes: tuple[Note, ...] = ()
    if figures.sample:
        made_up = translate(lang, "Made up to show the dashboard at work; no province's real results.")
        notes = (Note(made_up, strong=True),)
    return Page("sources", "sources", translate(lang, "Sources"), subtitle, (*notes, table))


def _read(figures: Figures, lang: Language) -> str:
    if figures.read_at is None:
        return translate(lang, "No source has been read yet")
    return translate(lang, "Figures read {moment}", moment=written.moment(figures.read_at, lang))


def listed(figures: Figures) -> list[tuple[str, SourceStatus | None]]:
    """Every source with the name of its place, then every place of the edition that has none."""
    known = {one.plan for one in figures.sources}
    return [
        *((figures.names.get(one.plan, one.plan), one) for one in figures.sources),
        *((place.name, None) for place in figures.places if not place.read and place.plan not in known),
    ]


def _line(one: SourceStatus | None, place: str, now: datetime, lang: Language) -> tuple[Cell, ...]:
    said = state(one, now, lang)
    if one is None:
        nothing = Cell(written.NOTHING)
        return nothing, Cell(place), _moment(None, lang), nothing, said, nothing, nothing, nothing, nothing
    return (
        Cell(one.id),
        Cell(place),
        _moment(one.last_good_at, lang),
        _changed(one, now, lang),
        said,
        *(
            Cell(written.number(number, lang), number=number)
            for number in (one.read, one.accepted, one.warned, one.rejected)
        ),
    )


def _moment(moment: datetime | None, lang: Language) -> Cell:
    if moment is None:
        return Cell(translate(lang, "never"))
    return Cell(written.moment(moment, lang), value=moment)


def _changed(one: SourceStatus, now: datetime, lang: Language) -> Cell:
    if one.changed_at is None:
        return Cell(written.NOTHING)
    days = days_unchanged(one, now)
    said = translate(lang, "{time} ago", time=written.weeks(days, lang)) if days else translate(lang, "today")
    return Cell(written.moment(one.changed_at, lang), small=said, value=one.changed_at)


def days_unchanged(one: SourceStatus, now: datetime) -> int | None:
    """Days since the content last changed; None where it was never read."""
    return None if one.changed_at is None else max((clock.today(now) - clock.today(one.changed_at)).days, 0)


def state(one: SourceStatus | None, now: datetime, lang: Language) -> Cell:
    """What is wrong with a source, if anything, in sign and word; None is a place that has no source."""
    if one is None:
        return Cell(translate(lang, "no source yet"), "no_data")
    if not_read := _not_read(one, now, lang):
        return not_read
    if not one.read:
        return Cell(translate(lang, "no row yet"), "no_data")
    if one.stale:
        return Cell(translate(lang, "unchanged for over 14 days"), "at_risk")
    return Cell(translate(lang, "up to date"), "attained")


def _not_read(one: SourceStatus, now: datetime, lang: Language) -> Cell | None:
    outcome = one.last.result.outcome if one.last else None
    if not one.configured:
        return Cell(translate(lang, "not read any more"), "at_risk")
    if outcome == "failed":
        return Cell(translate(lang, "could not be read last time"), "overdue")
    if outcome == "held":
        return Cell(translate(lang, "read last time, but held back"), "at_risk")
    if not_read_any_more(one, now):
        return Cell(translate(lang, "not read for over 3 days"), "at_risk")
    return None

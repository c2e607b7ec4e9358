"""The sources page: when each source was last read, when its content last changed, how many rows count."""

from __future__ import annotations

from datetime import datetime

from kpis.language import clock, formatting
from kpis.language.messages import Language, translate
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.pages.contents import Note, Page, Table, TableCell, TableColumn
from kpis.sync.status import ABANDONED_AFTER, STALE_AFTER, SourceStatus, is_abandoned


def build_page(figures: EditionFigures) -> Page:
    """Build the page: one row per source with its state, and one per place that has no source."""
    lang = figures.query.lang
    columns = (
        TableColumn(translate(lang, "Source"), width=1.6),
        TableColumn(translate(lang, "Province or ward"), width=1.7),
        TableColumn(translate(lang, "Last good read"), width=2.2),
        TableColumn(translate(lang, "Content unchanged since"), width=2.2),
        TableColumn(translate(lang, "State"), "status", 2.4),
        TableColumn(translate(lang, "Rows read"), "number"),
        TableColumn(translate(lang, "Counted"), "number"),
        TableColumn(translate(lang, "With a warning"), "number"),
        TableColumn(translate(lang, "Rejected"), "number"),
        TableColumn(translate(lang, "Not data"), "number"),
    )
    table = Table(
        "sources",
        translate(lang, "Sources and their age"),
        columns,
        tuple(_build_source_row(source, place, figures.gathered_at, lang) for place, source in list_sources(figures)),
        translate(lang, "No source has been read yet"),
    )
    subtitle = _format_read_at(figures, lang)
    notes: tuple[Note, ...] = ()
    if figures.sample:
        sample = translate(lang, "Invented to demonstrate the dashboard; not the real results of any province.")
        notes = (Note(sample, strong=True),)
    return Page("sources", "sources", translate(lang, "Sources"), subtitle, (*notes, table))


def _format_read_at(figures: EditionFigures, lang: Language) -> str:
    if figures.read_at is None:
        return translate(lang, "No source has been read yet")
    return translate(lang, "Figures read {moment}", moment=formatting.format_moment(figures.read_at, lang))


def list_sources(figures: EditionFigures) -> list[tuple[str, SourceStatus | None]]:
    """Return every source with the name of its place, then every place of the edition without a source."""
    with_source = {source.plan for source in figures.sources}
    return [
        *((figures.place_names.get(source.plan, source.plan), source) for source in figures.sources),
        *((place.name, None) for place in figures.places if not place.has_been_read and place.plan not in with_source),
    ]


def _build_source_row(source: SourceStatus | None, place: str, now: datetime, lang: Language) -> tuple[TableCell, ...]:
    state = build_state_cell(source, now, lang)
    if source is None:
        empty = TableCell(formatting.NO_VALUE)
        return (empty, TableCell(place), _build_moment_cell(None, lang), empty, state, *(empty,) * 5)
    return (
        TableCell(source.id),
        TableCell(place),
        _build_moment_cell(source.last_good_at, lang),
        _build_changed_cell(source, now, lang),
        state,
        *(
            TableCell(formatting.format_number(number, lang), number=number)
            for number in (source.read, source.accepted, source.warned, source.rejected, source.set_aside)
        ),
    )


def _build_moment_cell(moment: datetime | None, lang: Language) -> TableCell:
    if moment is None:
        return TableCell(translate(lang, "never"))
    return TableCell(formatting.format_moment(moment, lang), date_value=moment)


def _build_changed_cell(source: SourceStatus, now: datetime, lang: Language) -> TableCell:
    if source.changed_at is None:
        return TableCell(formatting.NO_VALUE)
    days = count_days_unchanged(source, now)
    age = translate(lang, "{time} ago", time=formatting.format_weeks(days, lang)) if days else translate(lang, "today")
    moment = formatting.format_moment(source.changed_at, lang)
    return TableCell(moment, subtext=age, date_value=source.changed_at)


def count_days_unchanged(source: SourceStatus, now: datetime) -> int | None:
    """Return the days since the content last changed; None if the source was never read."""
    if source.changed_at is None:
        return None
    return max((clock.to_local_day(now) - clock.to_local_day(source.changed_at)).days, 0)


def build_state_cell(source: SourceStatus | None, now: datetime, lang: Language) -> TableCell:
    """Build the cell of a source's state, up to date or what is wrong; None is a place without a source."""
    if source is None:
        return TableCell(translate(lang, "no source yet"), "no_data")
    if not_read := _build_not_read_cell(source, now, lang):
        return not_read
    if not source.read:
        return TableCell(translate(lang, "no rows yet"), "no_data")
    if source.stale:
        return TableCell(translate(lang, "unchanged for over {n} days", n=STALE_AFTER.days), "at_risk")
    return TableCell(translate(lang, "up to date"), "attained")


def _build_not_read_cell(source: SourceStatus, now: datetime, lang: Language) -> TableCell | None:
    outcome = source.last_attempt.result.outcome if source.last_attempt else None
    if not source.configured:
        return TableCell(translate(lang, "no longer read"), "at_risk")
    if outcome == "failed":
        return TableCell(translate(lang, "could not be read last time"), "overdue")
    if outcome == "held":
        return TableCell(translate(lang, "held back at the last read"), "at_risk")
    if is_abandoned(source, now):
        return TableCell(translate(lang, "not read for over {n} days", n=ABANDONED_AFTER.days), "at_risk")
    return None

"""The changes since the previous edition: newly late, lowered, newly met, silent, and the follow-ups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.amended import Amendment
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import LoweredFigure
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.figures.previous_edition import PreviousEdition
from kpis.pack.pages.agencies_table import group_names
from kpis.pack.pages.contents import Note, Page, Table, TableCell, TableColumn
from kpis.pack.pages.follow_up_table import build_follow_up_table
from kpis.pack.pages.task_tables import build_task_tables
from kpis.wording import (
    doubt_sentences,
    missing_data,
    owed_sentences,
    target_figures,
)
from kpis.wording.amendments import format_amendment

AMENDED_KEY = "amended"
SILENT_KEY = "silent"
"""The key of the table of silent agencies."""


def build_page(figures: EditionFigures, place_names: Mapping[str, str], previous: PreviousEdition | None) -> Page:
    """Build the page: changes since the previous edition, else since the Sunday before as known then."""
    lang, changes = figures.query.lang, figures.changes
    subtitle = _format_comparison(figures, previous)
    title = translate(
        lang,
        "Changes since the last edition" if previous else "Changes since {day}",
        day=formatting.format_day(changes.baseline_day, lang),
    )
    if not figures.places:
        nothing = translate(lang, "Nothing to compare: there are no figures.")
        return Page("changes", "changes", title, subtitle, (Note(nothing),))
    left_out = missing_data.format_left_out(
        changes.newly_late_unread_count, lang, as_additional=bool(changes.newly_late)
    )
    late = _build_targets_table(
        "newly-late", "Newly late", "Nothing has become late.", changes.newly_late, place_names, lang
    )
    amended = (_build_amended_table(figures.amendments, place_names, lang),) if figures.amendments else ()
    tables = (
        *amended,
        replace(late, empty_text=left_out, note=left_out) if left_out else late,
        *build_task_tables(
            "newly-overdue-tasks", "Newly overdue tasks", changes.newly_overdue_tasks, place_names, lang
        ),
        _build_lowered_table(changes.lowered_figures, place_names, lang),
        _build_targets_table(
            "newly-met", "Newly attained", "Nothing more was attained.", changes.newly_met, place_names, lang
        ),
        *build_task_tables("newly-done-tasks", "Newly done tasks", changes.newly_done_tasks, place_names, lang),
        build_follow_up_table(figures, previous),
        _build_silent_table(figures, place_names),
    )
    return Page("changes", "changes", title, subtitle, tables)


def _format_comparison(figures: EditionFigures, previous: PreviousEdition | None) -> str:
    """Name the day and edition compared with, and the earlier revisions of the same week."""
    lang = figures.query.lang
    revisions = (
        translate(
            lang,
            "Revises {revision}, sealed {moment}; figures lowered since then are listed too.",
            revision=revision.name,
            moment=formatting.format_moment(revision.sealed_at, lang),
        )
        for revision in figures.earlier_revisions
    )
    return " ".join([_format_compared_day(figures, previous), *revisions])


def _format_compared_day(figures: EditionFigures, previous: PreviousEdition | None) -> str:
    """Name the day compared with, and the places first read later, which are compared as known now."""
    lang, changes = figures.query.lang, figures.changes
    day = formatting.format_day(changes.baseline_day, lang)
    unread = [place.name for place in figures.places if place.plan in changes.unread_plans]
    if previous:
        text = translate(lang, "Compared with the edition of {week}, as of {day}.", week=previous.name, day=day)
    elif unread and len(unread) == len(figures.places):
        key = "No earlier edition: compared with {day} as known now, since nothing had been read by then."
        return translate(lang, key, day=day)
    else:
        text = translate(lang, "No earlier edition: compared with {day} as known then.", day=day)
    if not unread:
        return text
    later = translate(lang, "First read after that, so as known now: {places}.", places=", ".join(unread))
    return f"{text} {later}"


def _build_targets_table(
    key: str,
    title: str,
    empty_text: str,
    rows: Sequence[Attainment],
    place_names: Mapping[str, str],
    lang: Language,
) -> Table:
    columns = (
        TableColumn(translate(lang, "Province or ward"), width=1.3),
        TableColumn(translate(lang, "Target"), width=3.4),
        TableColumn(translate(lang, "So far"), width=1.2),
        TableColumn(translate(lang, "Status"), "status", 1.4),
        TableColumn(translate(lang, "Still owed"), width=3),
    )
    return Table(
        key,
        translate(lang, title),
        columns,
        tuple(_build_target_row(row, place_names, lang) for row in rows),
        translate(lang, empty_text),
    )


def _build_target_row(row: Attainment, place_names: Mapping[str, str], lang: Language) -> tuple[TableCell, ...]:
    status = str(row["status"])
    return (
        TableCell(place_names[row["plan"]]),
        TableCell(target_figures.get_title(row, lang)),
        TableCell(target_figures.format_counted_fraction(row, lang), number=row["actual"]),
        TableCell(doubt_sentences.format_status(row, lang), status),
        TableCell(owed_sentences.format_sentence(row, lang) or formatting.NO_VALUE),
    )


def _build_amended_table(
    amendments: Sequence[Amendment], place_names: Mapping[str, str], lang: Language
) -> Table:  # fmt: skip
    return Table(
        AMENDED_KEY,
        translate(lang, "Amended or corrected plans"),
        (
            TableColumn(translate(lang, "Province or ward"), width=1.3),
            TableColumn(translate(lang, "Target or task"), width=3.4),
            TableColumn(translate(lang, "What changes"), width=4.2),
            TableColumn(translate(lang, "Accepted by"), width=1.5),
        ),
        tuple(
            (
                TableCell(place_names.get(each.plan, each.plan)),
                TableCell(each.title_vi),
                TableCell(format_amendment(each, lang)),
                TableCell(each.version.reviewer),
            )
            for each in amendments
        ),
    )


def _build_lowered_table(rows: Sequence[LoweredFigure], place_names: Mapping[str, str], lang: Language) -> Table:
    return Table(
        "lowered",
        translate(lang, "Lowered since last shown"),
        (
            TableColumn(translate(lang, "Province or ward"), width=1.3),
            TableColumn(translate(lang, "Target"), width=3.4),
            TableColumn(translate(lang, "Shown then"), "number", 1.2),
            TableColumn(translate(lang, "The same day, as known now"), "number", 1.4),
            TableColumn(translate(lang, "Status of that day, as known now"), "status", 3),
        ),
        tuple(_build_lowered_row(row, place_names, lang) for row in rows),
        translate(lang, "No figure was lowered."),
    )


def _build_lowered_row(lowered: LoweredFigure, place_names: Mapping[str, str], lang: Language) -> tuple[TableCell, ...]:
    status = str(lowered.current_row["status"])
    subtext = translate(lang, "no longer attained") if lowered.lost_attainment else ""
    return (
        TableCell(place_names[lowered.current_row["plan"]]),
        TableCell(target_figures.get_title(lowered.current_row, lang)),
        _build_counted_cell(lowered.known_row, lang),
        _build_counted_cell(lowered.current_row, lang),
        TableCell(palette.get_status_label(status, lang), status, subtext),
    )


def _build_counted_cell(row: Attainment, lang: Language) -> TableCell:
    """Return what was counted, as a cell; for a milestone "done" or "not done"."""
    if row["measure"] == "milestone":
        text = translate(lang, "done" if row["numerator"] else "not done")
    else:
        text = target_figures.format_counted_with_unit(row, lang)
    return TableCell(text, number=row["numerator"])


def _build_silent_table(figures: EditionFigures, place_names: Mapping[str, str]) -> Table:
    """Agencies of a place that have been silent equally long share a row; the longest silence comes first."""
    lang, changes = figures.query.lang, figures.changes
    newly = {(silent["plan"], silent["agency"]) for silent in changes.newly_silent_agencies}
    groups: dict[tuple[str, date | None, int, bool], list[str]] = {}
    for silent in changes.silent_agencies:  # the longest silence first
        is_new = (silent["plan"], silent["agency"]) in newly
        key = silent["plan"], silent["last_report_on"], silent["days_silent"], is_new
        groups.setdefault(key, []).append(silent["agency"])
    title = translate(lang, "Silent agencies")
    note = translate(lang, "{n} of them newly", n=formatting.format_number(len(newly), lang)) if newly else ""
    return Table(
        SILENT_KEY,
        f"{title} ({formatting.format_number(len(changes.silent_agencies), lang)})",
        (
            TableColumn(translate(lang, "Province or ward"), width=1.4),
            TableColumn(translate(lang, "Last report"), width=1.3),
            TableColumn(translate(lang, "Silent for"), "status", 1.3),
            TableColumn(translate(lang, "How many"), "number", 0.8),
            TableColumn(translate(lang, "Agencies"), width=6),
        ),
        tuple(
            (*_build_silence_cells(place_names[plan], last, days, is_new, lang), *cells)
            for (plan, last, days, is_new), agencies in groups.items()
            for cells in group_names(agencies, lang)
        ),
        translate(lang, "No agency that owes something is silent."),
        note,
        len(changes.silent_agencies),
    )


def _build_silence_cells(
    place: str, last_report_on: date | None, days_silent: int, is_newly_silent: bool, lang: Language
) -> tuple[TableCell, ...]:
    last_report = formatting.format_day(last_report_on, lang) if last_report_on else translate(lang, "never")
    state, subtext = ("at_risk", translate(lang, "newly silent")) if is_newly_silent else (None, "")
    duration = TableCell(formatting.format_weeks(days_silent, lang), state, subtext, number=days_silent)
    return TableCell(place), TableCell(last_report, date_value=last_report_on), duration

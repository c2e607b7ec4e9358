"""What changed since the last edition: met, late, lowered, silent, and what came of what was asked then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import LoweredFigure
from kpis.pack.figures.gather import EditionFigures
from kpis.pack.figures.previous_edition import FollowUp, PreviousEdition
from kpis.pack.pages.agencies_table import group_names
from kpis.pack.pages.contents import Note, Page, Table, TableCell, TableColumn
from kpis.wording import missing_data, owed_sentences
from kpis.wording import target_figures as words


def build_page(
    figures: EditionFigures, place_names: Mapping[str, str], previous: PreviousEdition | None
) -> Page:
    """The changes against the edition before, else against the Sunday before as it was known then."""
    lang, changes = figures.query.lang, figures.changes
    against = _format_comparison(figures, previous)
    title = translate(
        lang,
        "Changes since the last edition" if previous else "Changes since {day}",
        day=written.format_day(changes.baseline_day, lang),
    )
    if not figures.places:
        nothing = translate(lang, "Nothing to compare: there are no figures.")
        return Page("changes", "changes", title, against, (Note(nothing),))
    left_out = missing_data.format_left_out(
        changes.newly_late_unread_count, lang, as_additional=bool(changes.newly_late)
    )
    late = _build_targets_table(
        "newly-late", "Newly late", "Nothing has become late.", changes.newly_late, place_names, lang
    )
    tables = (
        replace(late, empty_text=left_out, note=left_out) if left_out else late,
        _build_lowered_table(changes.lowered_figures, place_names, lang),
        _build_targets_table(
            "newly-met", "Newly attained", "Nothing more was attained.", changes.newly_met, place_names, lang
        ),
        _build_follow_up_table(figures, previous),
        _build_silent_table(figures, place_names),
    )
    return Page("changes", "changes", title, against, tables)


def _format_comparison(figures: EditionFigures, previous: PreviousEdition | None) -> str:
    """Which day and edition is compared with, and which revisions of the same week."""
    lang = figures.query.lang
    revised = (
        translate(
            lang,
            "Revises {revision}, sealed {moment}; figures lowered since then are listed too.",
            revision=one.name,
            moment=written.format_moment(one.sealed_at, lang),
        )
        for one in figures.earlier_revisions
    )
    return " ".join([_format_compared_day(figures, previous), *revised])


def _format_compared_day(figures: EditionFigures, previous: PreviousEdition | None) -> str:
    """Which day is compared with, and of what it is known now only, since it was first read later."""
    lang, changes = figures.query.lang, figures.changes
    day = written.format_day(changes.baseline_day, lang)
    unread = [place.name for place in figures.places if place.plan in changes.unread_plans]
    if previous:
        said = translate(lang, "Against the edition of {week}, as of {day}.", week=previous.name, day=day)
    elif unread and len(unread) == len(figures.places):
        key = "No earlier edition: against {day}, as it is known now: nothing had been read by then."
        return translate(lang, key, day=day)
    else:
        said = translate(lang, "No earlier edition: against {day}, as it was known then.", day=day)
    if not unread:
        return said
    later = translate(lang, "First read since, so as known now: {places}.", places=", ".join(unread))
    return f"{said} {later}"


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


def _build_target_row(
    row: Attainment, place_names: Mapping[str, str], lang: Language
) -> tuple[TableCell, ...]:
    status = str(row["status"])
    return (
        TableCell(place_names[row["plan"]]),
        TableCell(words.get_title(row, lang)),
        TableCell(words.format_fraction(row, lang), number=row["actual"]),
        TableCell(palette.get_status_label(status, lang), status),
        TableCell(owed_sentences.format_sentence(row, lang) or written.NO_VALUE),
    )


def _build_lowered_table(
    rows: Sequence[LoweredFigure], place_names: Mapping[str, str], lang: Language
) -> Table:
    return Table(
        "lowered",
        translate(lang, "Lowered since we last showed it"),
        (
            TableColumn(translate(lang, "Province or ward"), width=1.3),
            TableColumn(translate(lang, "Target"), width=3.4),
            TableColumn(translate(lang, "Shown then"), "number", 1.2),
            TableColumn(translate(lang, "The same day, as known now"), "number", 1.4),
            TableColumn(translate(lang, "Status of that day, as known now"), "status", 3),
        ),
        tuple(_build_lowered_row(one, place_names, lang) for one in rows),
        translate(lang, "No figure was lowered."),
    )


def _build_lowered_row(
    lowered: LoweredFigure, place_names: Mapping[str, str], lang: Language
) -> tuple[TableCell, ...]:
    status = str(lowered.current_row["status"])
    small = translate(lang, "no longer attained") if lowered.lost_attainment else ""
    return (
        TableCell(place_names[lowered.current_row["plan"]]),
        TableCell(words.get_title(lowered.current_row, lang)),
        _build_counted_cell(lowered.known_row, lang),
        _build_counted_cell(lowered.current_row, lang),
        TableCell(palette.get_status_label(status, lang), status, small),
    )


def _build_counted_cell(row: Attainment, lang: Language) -> TableCell:
    """What was counted; a milestone is done or not."""
    if row["measure"] == "milestone":
        said = translate(lang, "done" if row["numerator"] else "not done")
    else:
        said = words.format_counted(row, lang)
    return TableCell(said, number=row["numerator"])


def _build_silent_table(figures: EditionFigures, place_names: Mapping[str, str]) -> Table:
    """Those that have been silent equally long stand in one row, the longest silence first."""
    lang, changes = figures.query.lang, figures.changes
    newly = {(one["plan"], one["agency"]) for one in changes.newly_silent_agencies}
    alike: dict[tuple[str, date | None, int, bool], list[str]] = {}
    for one in changes.silent_agencies:  # the longest silence first
        new = (one["plan"], one["agency"]) in newly
        alike.setdefault((one["plan"], one["last_report_on"], one["days_silent"], new), []).append(
            one["agency"]
        )
    title = translate(lang, "Silent agencies")
    said = translate(lang, "{n} of them newly", n=written.format_number(len(newly), lang)) if newly else ""
    return Table(
        "silent",
        f"{title} ({written.format_number(len(changes.silent_agencies), lang)})",
        (
            TableColumn(translate(lang, "Province or ward"), width=1.4),
            TableColumn(translate(lang, "Last report"), width=1.3),
            TableColumn(translate(lang, "Silent for"), "status", 1.3),
            TableColumn(translate(lang, "How many"), "number", 0.8),
            TableColumn(translate(lang, "Agencies"), width=6),
        ),
        tuple(
            (*_build_silence_cells(place_names[plan], last, days, new, lang), *named)
            for (plan, last, days, new), agencies in alike.items()
            for named in group_names(agencies, lang)
        ),
        translate(lang, "No agency that owes something is silent."),
        said,
        len(changes.silent_agencies),
    )


def _build_silence_cells(
    place: str, last_report_on: date | None, days_silent: int, is_newly_silent: bool, lang: Language
) -> tuple[TableCell, ...]:
    said = written.format_day(last_report_on, lang) if last_report_on else translate(lang, "never")
    state, small = ("at_risk", translate(lang, "newly silent")) if is_newly_silent else (None, "")
    long = TableCell(written.format_weeks(days_silent, lang), state, small, number=days_silent)
    return TableCell(place), TableCell(said, date_value=last_report_on), long


def _build_follow_up_table(figures: EditionFigures, previous: PreviousEdition | None) -> Table:
    lang = figures.query.lang
    rows = [*figures.ended_targets, *(row for place in figures.places for row in place.targets)]
    now = {(row["target"], row["period_start"].isoformat()): row for row in rows}
    asked = previous.follow_ups if previous else ()
    empty = (
        "The last edition asked for nothing." if previous else "There is no earlier edition to hold against."
    )
    return Table(
        "asked",
        translate(lang, "What was asked last time"),
        (
            TableColumn(translate(lang, "Province or ward"), width=1.3),
            TableColumn(translate(lang, "Target"), width=2.8),
            TableColumn(translate(lang, "Owed then"), width=2.3),
            TableColumn(translate(lang, "Status now"), "status", 1.6),
            TableColumn(translate(lang, "Still owed"), width=2.4),
            TableColumn(translate(lang, "Lead"), width=1.6),
        ),
        tuple(
            _build_follow_up_row(one, now.get((one.target, one.period_start)), figures, lang) for one in asked
        ),
        translate(lang, empty),
    )


def _build_follow_up_row(
    follow_up: FollowUp, row: Attainment | None, figures: EditionFigures, lang: Language
) -> tuple[TableCell, ...]:
    if row is None:
        status, owed = TableCell(translate(lang, "no longer in the register")), TableCell(written.NO_VALUE)
    else:
        word = palette.get_status_label(str(row["status"]), lang)
        over = translate(lang, "its period is over") if row["period_end"] < figures.query.as_of else ""
        status = TableCell(word, str(row["status"]), over)
        owed = TableCell(owed_sentences.format_sentence(row, lang) or written.NO_VALUE)
    return (
        TableCell(follow_up.place),
        TableCell(follow_up.title),
        TableCell(follow_up.said),
        status,
        owed,
        TableCell(follow_up.lead),
    )

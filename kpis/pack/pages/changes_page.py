"""What changed since the last edition: met, late, lowered, silent, and what came of what was asked then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import Lowered
from kpis.pack.figures.gather import Figures
from kpis.pack.figures.previous_edition import AskedFor, Before
from kpis.pack.pages.agencies_table import named_together
from kpis.pack.pages.contents import Cell, Column, Note, Page, Table
from kpis.wording import missing_data, owed_sentences
from kpis.wording import target_figures as words


def page(figures: Figures, names: Mapping[str, str], before: Before | None) -> Page:
    """The changes against the edition before, else against the Sunday before as it was known then."""
    lang, changes = figures.asked.lang, figures.changes
    against = _against(figures, before)
    title = translate(
        lang,
        "Changes since the last edition" if before else "Changes since {day}",
        day=written.day(changes.since, lang),
    )
    if not figures.places:
        nothing = translate(lang, "Nothing to compare: there are no figures.")
        return Page("changes", "changes", title, against, (Note(nothing),))
    left_out = missing_data.left_out(changes.late_unread, lang, more=bool(changes.newly_late))
    late = _targets("newly-late", "Newly late", "Nothing has become late.", changes.newly_late, names, lang)
    tables = (
        replace(late, empty=left_out, note=left_out) if left_out else late,
        _lowered(changes.lowered, names, lang),
        _targets("newly-met", "Newly attained", "Nothing more was attained.", changes.newly_met, names, lang),
        _asked(figures, before),
        _silent(figures, names),
    )
    return Page("changes", "changes", title, against, tables)


def _against(figures: Figures, before: Before | None) -> str:
    """Which day and edition is compared with, and which revisions of the same week."""
    lang = figures.asked.lang
    revised = (
        translate(
            lang,
            "Revises {revision}, sealed {moment}; figures lowered since then are listed too.",
            revision=one.name,
            moment=written.moment(one.sealed_at, lang),
        )
        for one in figures.revised
    )
    return " ".join([_against_day(figures, before), *revised])


def _against_day(figures: Figures, before: Before | None) -> str:
    """Which day is compared with, and of what it is known now only, since it was first read later."""
    lang, changes = figures.asked.lang, figures.changes
    day = written.day(changes.since, lang)
    unread = [place.name for place in figures.places if place.plan in changes.unread_then]
    if before:
        said = translate(lang, "Against the edition of {week}, as of {day}.", week=before.name, day=day)
    elif unread and len(unread) == len(figures.places):
        key = "No earlier edition: against {day}, as it is known now: nothing had been read by then."
        return translate(lang, key, day=day)
    else:
        said = translate(lang, "No earlier edition: against {day}, as it was known then.", day=day)
    if not unread:
        return said
    later = translate(lang, "First read since, so as known now: {places}.", places=", ".join(unread))
    return f"{said} {later}"


def _targets(
    key: str, title: str, empty: str, rows: Sequence[Attainment], names: Mapping[str, str], lang: Language
) -> Table:
    columns = (
        Column(translate(lang, "Province or ward"), width=1.3),
        Column(translate(lang, "Target"), width=3.4),
        Column(translate(lang, "So far"), width=1.2),
        Column(translate(lang, "Status"), "status", 1.4),
        Column(translate(lang, "Still owed"), width=3),
    )
    return Table(
        key,
        translate(lang, title),
        columns,
        tuple(_target(row, names, lang) for row in rows),
        translate(lang, empty),
    )


def _target(row: Attainment, names: Mapping[str, str], lang: Language) -> tuple[Cell, ...]:
    status = str(row["status"])
    return (
        Cell(names[row["plan"]]),
        Cell(words.title(row, lang)),
        Cell(words.fraction(row, lang), number=row["actual"]),
        Cell(palette.word(status, lang), status),
        Cell(owed_sentences.sentence(row, lang) or written.NOTHING),
    )


def _lowered(rows: Sequence[Lowered], names: Mapping[str, str], lang: Language) -> Table:
    return Table(
        "lowered",
        translate(lang, "Lowered since we last showed it"),
        (
            Column(translate(lang, "Province or ward"), width=1.3),
            Column(translate(lang, "Target"), width=3.4),
            Column(translate(lang, "Shown then"), "number", 1.2),
            Column(translate(lang, "The same day, as known now"), "number", 1.4),
            Column(translate(lang, "Status of that day, as known now"), "status", 3),
        ),
        tuple(_fallen(one, names, lang) for one in rows),
        translate(lang, "No figure was lowered."),
    )


def _fallen(one: Lowered, names: Mapping[str, str], lang: Language) -> tuple[Cell, ...]:
    status = str(one.now["status"])
    small = translate(lang, "no longer attained") if one.lost else ""
    return (
        Cell(names[one.now["plan"]]),
        Cell(words.title(one.now, lang)),
        _counted(one.then, lang),
        _counted(one.now, lang),
        Cell(palette.word(status, lang), status, small),
    )


def _counted(row: Attainment, lang: Language) -> Cell:
    """What was counted; a milestone is done or not."""
    if row["measure"] == "milestone":
        said = translate(lang, "done" if row["numerator"] else "not done")
    else:
        said = words.counted(row, lang)
    return Cell(said, number=row["numerator"])


def _silent(figures: Figures, names: Mapping[str, str]) -> Table:
    """Those that have been silent equally long stand in one row, the longest silence first."""
    lang, changes = figures.asked.lang, figures.changes
    newly = {(one["plan"], one["agency"]) for one in changes.newly_silent}
    alike: dict[tuple[str, date | None, int, bool], list[str]] = {}
    for one in changes.silent:  # the longest silence first
        new = (one["plan"], one["agency"]) in newly
        alike.setdefault((one["plan"], one["last_report_on"], one["days_silent"], new), []).append(
            one["agency"]
        )
    title = translate(lang, "Silent agencies")
    said = translate(lang, "{n} of them newly", n=written.number(len(newly), lang)) if newly else ""
    return Table(
        "silent",
        f"{title} ({written.number(len(changes.silent), lang)})",
        (
            Column(translate(lang, "Province or ward"), width=1.4),
            Column(translate(lang, "Last report"), width=1.3),
            Column(translate(lang, "Silent for"), "status", 1.3),
            Column(translate(lang, "How many"), "number", 0.8),
            Column(translate(lang, "Agencies"), width=6),
        ),
        tuple(
            (*_silence(names[plan], last, days, new, lang), *named)
            for (plan, last, days, new), agencies in alike.items()
            for named in named_together(agencies, lang)
        ),
        translate(lang, "No agency that owes something is silent."),
        said,
        len(changes.silent),
    )


def _silence(place: str, last: date | None, days: int, newly: bool, lang: Language) -> tuple[Cell, ...]:
    said = written.day(last, lang) if last else translate(lang, "never")
    state, small = ("at_risk", translate(lang, "newly silent")) if newly else (None, "")
    long = Cell(written.weeks(days, lang), state, small, number=days)
    return Cell(place), Cell(said, value=last), long


def _asked(figures: Figures, before: Before | None) -> Table:
    lang = figures.asked.lang
    rows = [*figures.ended, *(row for place in figures.places for row in place.targets)]
    now = {(row["target"], row["period_start"].isoformat()): row for row in rows}
    asked = before.asked if before else ()
    empty = (
        "The last edition asked for nothing." if before else "There is no earlier edition to hold against."
    )
    return Table(
        "asked",
        translate(lang, "What was asked last time"),
        (
            Column(translate(lang, "Province or ward"), width=1.3),
            Column(translate(lang, "Target"), width=2.8),
            Column(translate(lang, "Owed then"), width=2.3),
            Column(translate(lang, "Status now"), "status", 1.6),
            Column(translate(lang, "Still owed"), width=2.4),
            Column(translate(lang, "Lead"), width=1.6),
        ),
        tuple(_answered(one, now.get((one.target, one.period_start)), figures, lang) for one in asked),
        translate(lang, empty),
    )


def _answered(one: AskedFor, row: Attainment | None, figures: Figures, lang: Language) -> tuple[Cell, ...]:
    if row is None:
        status, owed = Cell(translate(lang, "no longer in the register")), Cell(written.NOTHING)
    else:
        word = palette.word(str(row["status"]), lang)
        over = translate(lang, "its period is over") if row["period_end"] < figures.asked.as_of else ""
        status = Cell(word, str(row["status"]), over)
        owed = Cell(owed_sentences.sentence(row, lang) or written.NOTHING)
    return Cell(one.place), Cell(one.title), Cell(one.said), status, owed, Cell(one.lead)

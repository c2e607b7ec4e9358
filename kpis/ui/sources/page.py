"""The sources as one block of HTML: what the journal and the published version know of each."""

from __future__ import annotations

from datetime import datetime, timedelta

from markupsafe import Markup

from kpis.language import clock
from kpis.language import formatting as written
from kpis.store.database import Database
from kpis.sync.attempts import Attempt
from kpis.sync.status import SourceStatus, source_statuses
from kpis.ui import pages
from kpis.ui.shared import html, states
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import View
from kpis.ui.shared.tables import Column, table
from kpis.ui.sources.advice import OUTCOMES, advice

_SHOWN = 12
"""Attempts that a source's history shows; the journal keeps all."""


def sources(db: Database, view: View) -> Markup:
    """Every source with its age in days, its last outcome, what to do about it, its counts, its history."""
    now = clock.end_of_day(view.today)
    found = source_statuses(db, db.pointer, now)
    found = [status for status in found if view.filters.plan in (None, status.plan)]
    if not found:
        return states.nothing_here(view.lang, view.t("No source is configured for this plan."))
    columns = [
        Column(view.t("Source")),
        Column(view.t("Last attempt")),
        Column(view.t("Last good read")),
        Column(view.t("Content unchanged since")),
        Column(view.t("Rows read"), "number"),
        Column(view.t("Counted"), "number"),
        Column(view.t("With a warning"), "number"),
        Column(view.t("Sent back"), "number"),
    ]
    caption = view.t("Rows are those behind the figures shown, not of the last attempt.")
    return tag(
        "div",
        table(caption, columns, [_line(status, view, now) for status in found]),
        tag(
            "section", tag("h2", view.t("History of readings")), *(_history(status, view) for status in found)
        ),
        class_="kpis",
        lang=view.lang,
    )


def _line(status: SourceStatus, view: View, now: datetime) -> list[Child]:
    return [
        _name(status, view),
        _outcome(status, view),
        _read_at(status, view, now),
        _unchanged(status, view, now),
        written.number(status.read, view.lang),
        written.number(status.accepted, view.lang),
        _findings(status.warned, status, view),
        _findings(status.rejected, status, view),
    ]


def _name(status: SourceStatus, view: View) -> Markup:
    kinds = {
        "workbook": view.t("Excel workbook"),
        "folder": view.t("folder of CSV files"),
        "google": view.t("Google Sheet"),
    }
    small: list[Child] = [tag("small", kinds.get(status.kind, status.kind), class_="kpis-under")]
    if not status.configured:
        said = view.t("no longer in the sources file; its last figures still count")
        small.append(tag("small", said, class_="kpis-under"))
    return tag("span", status.id, *small)


def _outcome(status: SourceStatus, view: View) -> Child:
    if status.last is None:
        return tag("span", view.t("not read yet"), class_="kpis-quiet")
    result = status.last.result
    state, word = OUTCOMES[result.outcome]
    parts: list[Child] = [html.status(state, view.t(word))]
    said = (result.message(view.lang), advice(status, view))
    parts.extend(tag("small", sentence, class_="kpis-under") for sentence in said if sentence)
    return join(parts)


def _read_at(status: SourceStatus, view: View, now: datetime) -> Child:
    return view.t("never") if status.last_good_at is None else join(_aged(status.last_good_at, view, now))


def _unchanged(status: SourceStatus, view: View, now: datetime) -> Child:
    if status.changed_at is None:
        return written.NOTHING
    shown = _aged(status.changed_at, view, now)
    return join([*shown, html.status("at_risk", view.t("over 14 days"))] if status.stale else shown)


def _aged(moment: datetime, view: View, now: datetime) -> list[Child]:
    """A moment, and under it how long ago that was."""
    days = (clock.today(now) - clock.today(moment)) // timedelta(days=1)
    said = view.t("today") if days <= 0 else view.t("{time} ago", time=written.weeks(days, view.lang))
    return [written.moment(moment, view.lang), tag("small", said, class_="kpis-under")]


def _findings(number: int, status: SourceStatus, view: View) -> Child:
    shown = written.number(number, view.lang)
    return html.link(view.address(pages.FINDINGS, plan=status.plan), shown) if number else shown


def _history(status: SourceStatus, view: View) -> Markup:
    columns = [
        Column(view.t("Time")),
        Column(view.t("Outcome")),
        Column(view.t("Rows read"), "number"),
        Column(view.t("New"), "number"),
        Column(view.t("Withdrawn"), "number"),
        Column(view.t("Said")),
    ]
    shown = status.history[:_SHOWN]
    caption = view.t("Latest {n} of {all} attempts", n=len(shown), all=len(status.history))
    lines = [_attempt(attempt, view) for attempt in shown]
    return tag("details", tag("summary", status.id), table(caption, columns, lines), class_="kpis-details")


def _attempt(attempt: Attempt, view: View) -> list[Child]:
    result = attempt.result
    state, word = OUTCOMES[result.outcome]
    return [
        written.moment(attempt.at, view.lang),
        html.status(state, view.t(word)),
        written.number(result.read, view.lang),
        written.number(result.recorded, view.lang),
        written.number(result.retired, view.lang),
        result.message(view.lang),
    ]

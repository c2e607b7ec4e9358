"""The sources as one block of HTML, from the journal and the published version."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from kpis.language import clock, formatting
from kpis.store.database import Database
from kpis.sync.attempts import Attempt
from kpis.sync.status import STALE_AFTER, SourceStatus, list_source_statuses
from kpis.ui import pages
from kpis.ui.shared import html, states
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.ui.sources.advice import OUTCOME_LABELS, format_advice

_MAX_ATTEMPTS = 12
"""Attempts shown per source; the journal has all."""


def render_sources(db: Database, view: PageView) -> Markup:
    """Return every source with its age, last outcome, what to do, row counts and history."""
    now = clock.get_end_of_day(view.today)
    statuses = [
        status for status in list_source_statuses(db, db.pointer, now) if view.filters.plan in (None, status.plan)
    ]
    if not statuses:
        return states.render_empty(view.lang, view.t("No source is configured for this plan."))
    columns = [
        ColumnHeader(view.t("Source")),
        ColumnHeader(view.t("Last attempt")),
        ColumnHeader(view.t("Last good read")),
        ColumnHeader(view.t("Content unchanged since")),
        ColumnHeader(view.t("Rows read"), "number"),
        ColumnHeader(view.t("Counted"), "number"),
        ColumnHeader(view.t("With a warning"), "number"),
        ColumnHeader(view.t("Rejected"), "number"),
        ColumnHeader(view.t("Not data"), "number"),
    ]
    caption = view.t("Row counts belong to the figures shown, not to the last attempt.")
    return tag(
        "div",
        render_table(caption, columns, [_render_row(status, view, now) for status in statuses]),
        tag(
            "section",
            tag("h2", view.t("Read history")),
            *(_render_history(status, view) for status in statuses),
        ),
        class_="kpis",
        lang=view.lang,
    )


def _render_row(status: SourceStatus, view: PageView, now: datetime) -> list[Child]:
    return [
        _render_name(status, view),
        _render_outcome(status, view),
        _render_last_good_read(status, view, now),
        _render_unchanged_since(status, view, now),
        formatting.format_number(status.read, view.lang),
        formatting.format_number(status.accepted, view.lang),
        _render_findings_link(status.warned, status, view),
        _render_findings_link(status.rejected, status, view),
        _render_findings_link(status.set_aside, status, view),
    ]


def _render_name(status: SourceStatus, view: PageView) -> Markup:
    kinds = {
        "workbook": view.t("Excel workbook"),
        "folder": view.t("folder of CSV files"),
        "google": view.t("Google Sheet"),
    }
    notes: list[Child] = [tag("small", kinds.get(status.kind, status.kind), class_="kpis-under")]
    if not status.configured:
        note = view.t("no longer in the sources file; its last figures still count")
        notes.append(tag("small", note, class_="kpis-under"))
    return tag("span", status.id, *notes)


def _render_outcome(status: SourceStatus, view: PageView) -> Child:
    if status.last_attempt is None:
        return tag("span", view.t("not read yet"), class_="kpis-quiet")
    result = status.last_attempt.result
    state, label = OUTCOME_LABELS[result.outcome]
    parts: list[Child] = [html.render_status(state, view.t(label))]
    sentences = (result.format_messages(view.lang, with_folders=view.sees_folders), format_advice(status, view))
    parts.extend(tag("small", sentence, class_="kpis-under") for sentence in sentences if sentence)
    return join(parts)


def _render_last_good_read(status: SourceStatus, view: PageView, now: datetime) -> Child:
    if status.last_good_at is None:
        return view.t("never")
    return join(_render_moment_with_age(status.last_good_at, view, now))


def _render_unchanged_since(status: SourceStatus, view: PageView, now: datetime) -> Child:
    if status.changed_at is None:
        return formatting.NO_VALUE
    parts = _render_moment_with_age(status.changed_at, view, now)
    if status.stale:
        label = view.t("over {days} days", days=STALE_AFTER.days)
        parts.append(html.render_status("at_risk", label))
    return join(parts)


def _render_moment_with_age(moment: datetime, view: PageView, now: datetime) -> list[Child]:
    """Return a moment, and how long ago that was."""
    days = (clock.to_local_day(now) - clock.to_local_day(moment)).days
    age = view.t("today") if days <= 0 else view.t("{time} ago", time=formatting.format_weeks(days, view.lang))
    return [formatting.format_moment(moment, view.lang), tag("small", age, class_="kpis-under")]


def _render_findings_link(count: int, status: SourceStatus, view: PageView) -> Child:
    number = formatting.format_number(count, view.lang)
    return html.render_link(view.build_url(pages.FINDINGS, plan=status.plan), number) if count else number


def _render_history(status: SourceStatus, view: PageView) -> Markup:
    columns = [
        ColumnHeader(view.t("Time")),
        ColumnHeader(view.t("Outcome")),
        ColumnHeader(view.t("Rows read"), "number"),
        ColumnHeader(view.t("New"), "number"),
        ColumnHeader(view.t("Withdrawn"), "number"),
        ColumnHeader(view.t("Messages")),
    ]
    attempts = status.history[:_MAX_ATTEMPTS]
    caption = view.t("Latest {n} of {all} attempts", n=len(attempts), all=len(status.history))
    lines = [_render_attempt(attempt, view) for attempt in attempts]
    return tag("details", tag("summary", status.id), render_table(caption, columns, lines), class_="kpis-details")


def _render_attempt(attempt: Attempt, view: PageView) -> list[Child]:
    result = attempt.result
    state, label = OUTCOME_LABELS[result.outcome]
    return [
        formatting.format_moment(attempt.at, view.lang),
        html.render_status(state, view.t(label)),
        formatting.format_number(result.read, view.lang),
        formatting.format_number(result.recorded, view.lang),
        formatting.format_number(result.retired, view.lang),
        result.format_messages(view.lang, with_folders=view.sees_folders),
    ]

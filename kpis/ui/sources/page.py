"""The sources as one block of HTML, from the journal and the published version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from markupsafe import Markup

from kpis.language import clock, formatting
from kpis.store.database import Database
from kpis.sync.attempts import Attempt
from kpis.sync.status import STALE_AFTER, SourceStatus, is_abandoned, list_source_statuses
from kpis.ui import pages
from kpis.ui.shared import data, html, states
from kpis.ui.shared.html import Child, join, show_markup, tag
from kpis.ui.shared.list_links import link_to_findings, render_count
from kpis.ui.shared.lists.columns import build_columns
from kpis.ui.shared.lists.drawing import render_list
from kpis.ui.shared.lists.model import ListCell, ListRow, ListTable
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_downloads import TableName
from kpis.ui.shared.table_query import NOTHING_ASKED, TableQuery
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.ui.sources.advice import OUTCOME_LABELS, format_advice

NAME = "sources"
_MAX_ATTEMPTS = 12
"""Attempts shown per source; the journal has all."""


def show_sources(db: Database, view: PageView, query: TableQuery) -> None:
    """Draw the page below its button."""
    show_markup(render_sources(db, view, query))


def render_sources(db: Database, view: PageView, query: TableQuery = NOTHING_ASKED) -> Markup:
    """Return every source with its age, last outcome, what to do, row counts and history."""
    table = load_list(db, view)
    if not table.rows:
        return states.render_empty(view.lang, view.t("No source is configured for this plan."))
    history = data.call_cached_per_read(db, _render_histories, view)
    return tag("div", render_list(table, view, query), history, class_="kpis", lang=view.lang)


def load_list(db: Database, view: PageView) -> ListTable:
    """Return the sources of the view."""
    return data.call_cached_per_read(db, build_source_list, view)


def _list_statuses(db: Database, view: PageView) -> list[SourceStatus]:
    now = clock.get_end_of_day(view.today)
    return [status for status in list_source_statuses(db, db.pointer, now) if view.filters.plan in (None, status.plan)]


def build_source_list(db: Database, view: PageView) -> ListTable:
    """Return the list of sources."""
    now = clock.get_end_of_day(view.today)
    return ListTable(
        name=NAME,
        page=pages.SOURCES,
        title=view.t("Sources"),
        caption=view.t("Row counts belong to the figures shown, not to the last attempt."),
        file_stem="nguon-so-lieu",
        columns=build_columns(view, _TITLES, _COUNTS),
        value_titles=(view.t("Source"), view.t("Outcome"), *(view.t(title) for title in list(_TITLES.values())[1:])),
        rows=tuple(_build_row(status, view, now) for status in _list_statuses(db, view)),
        as_of=view.as_of,
        statuses={
            "failed": view.t("Could not be read"),
            "held": view.t("Held back"),
            "stale": view.t("over {days} days", days=STALE_AFTER.days),
            "abandoned": view.t("no longer read"),
        },
    )


_COUNTS = ("read", "accepted", "warned", "rejected", "set_aside")
_TITLES = {
    "source": "Source", "attempt": "Last attempt", "good": "Last good read", "unchanged": "Content unchanged since",
    "read": "Rows read", "accepted": "Counted", "warned": "With a warning", "rejected": "Rejected",
    "set_aside": "Not data",
}  # fmt: skip


def _build_row(status: SourceStatus, view: PageView, now: datetime) -> ListRow:
    attempt = status.last_attempt
    moments = [attempt.at if attempt else None, status.last_good_at, status.changed_at]
    counts = (status.read, status.accepted, status.warned, status.rejected, status.set_aside)
    cells: list[tuple[Child, object]] = [
        (_render_name(status, view), status.id),
        (_render_outcome(status, view), moments[0]),
        (_render_last_good_read(status, view, now), moments[1]),
        (_render_unchanged_since(status, view, now), moments[2]),
        *((formatting.format_number(count, view.lang), count) for count in counts[:2]),
        *(
            (_render_findings_link(count, kind, status, view), count)
            for kind, count in zip(("warned", "rejected", "set_aside"), counts[2:], strict=True)
        ),
    ]
    outcome = view.t(OUTCOME_LABELS[attempt.result.outcome][1]) if attempt else None
    local_moments = (clock.to_local(moment).replace(tzinfo=None) if moment else None for moment in moments)
    kinds = tuple(_list_kinds(status, now))
    return ListRow(
        cells=tuple(ListCell(content, order) for content, order in cells),
        values=(status.id, outcome, *local_moments, *counts),
        texts=(status.id, status.plan),
        statuses=kinds,
        source=status.id,
        is_open=bool(kinds),
    )


def _list_kinds(status: SourceStatus, now: datetime) -> Iterator[str]:
    """Yield what is wrong with a source, as the line under every title counts it."""
    outcome = status.last_attempt.result.outcome if status.configured and status.last_attempt else ""
    if outcome in ("failed", "held"):
        yield outcome
    if status.stale and status.last_good_at is not None:
        yield "stale"
    if is_abandoned(status, now):
        yield "abandoned"


def _render_histories(db: Database, view: PageView) -> Markup:
    """Return the attempts of each source that was ever read; nothing where none was."""
    parts = [_render_history(status, view) for status in _list_statuses(db, view) if status.history]
    return tag("section", tag("h2", view.t("Read history")), *parts) if parts else Markup()


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


def _render_findings_link(count: int, kind: str, status: SourceStatus, view: PageView) -> Child:
    url = link_to_findings(view, status=(kind,), source=status.id, plan=status.plan, agency=None)
    return render_count(view, count, url)


def _render_history(status: SourceStatus, view: PageView) -> Markup:
    columns = [
        ColumnHeader(view.t("Time")),
        ColumnHeader(view.t("Outcome")),
        ColumnHeader(view.t("Rows read"), "number"),
        ColumnHeader(view.t("New"), "number"),
        ColumnHeader(view.t("Withdrawn"), "number"),
        ColumnHeader(view.t("Messages")),
    ]
    count = len(status.history)
    caption = view.t("Latest {n} of {all} attempts", n=min(count, _MAX_ATTEMPTS), all=count)
    lines = (_render_attempt(attempt, view) for attempt in status.history)
    download = TableName(pages.SOURCES, "attempts", status.id, view, TableQuery(source=status.id))
    table = render_table(caption, columns, lines, download=download, max_rows=_MAX_ATTEMPTS)
    return tag("details", tag("summary", status.id), table, class_="kpis-details")


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

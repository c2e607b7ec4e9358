"""Every task in the order of the annex: state, lead agency, due day, latest report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.measures.clauses import ClausesByEntry
from kpis.measures.register_facts import format_place_name
from kpis.measures.task_status import TaskStatus
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.clauses import render_clauses
from kpis.ui.shared.entry_explanations import NO_EXPLANATIONS, EntryExplanations, render_explanation_link
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.request_links import render_request_link
from kpis.ui.shared.table_downloads import TableName
from kpis.ui.shared.tables import BodyRow, ColumnHeader, GroupHeading, render_table
from kpis.wording import target_figures
from kpis.wording.member_counts import format_member_count

_MAX_DAYS_LEFT_SHOWN = 366
"""With more days left, only the due day is shown."""


@dataclass(frozen=True)
class TaskNotes:
    """What stands beside tasks: their clauses in the accepted document, and what agencies were asked about them."""

    clauses: ClausesByEntry = field(default_factory=dict)
    explanations: EntryExplanations = NO_EXPLANATIONS


NO_NOTES = TaskNotes()


def render_tasks_by_section(rows: Sequence[TaskStatus], view: PageView, notes: TaskNotes = NO_NOTES) -> Markup:
    """Return one line per task, under a heading per plan and section."""
    columns = [
        ColumnHeader(view.t("Task")),
        ColumnHeader(view.t("State")),
        ColumnHeader(view.t("Lead agency")),
        ColumnHeader(view.t("Due")),
        ColumnHeader(view.t("Latest report")),
    ]
    caption = view.t("In the order of each plan's annex; the code is that of the sheet's column Mã.")
    return tag(
        "section",
        tag("h2", view.t("Every task")),
        render_table(
            caption,
            columns,
            _build_rows(rows, view, notes),
            download=TableName(pages.AGENCY, "tasks", view.t("Every task"), view),
            folded_on_phone=True,
        ),
    )


def _build_rows(rows: Sequence[TaskStatus], view: PageView, notes: TaskNotes) -> Iterator[BodyRow]:
    last_section = None
    for row in rows:
        if (row["plan"], row["section"]) != last_section:
            last_section = row["plan"], row["section"]
            place = "" if view.plan else f"{format_place_name(row)} · "
            yield GroupHeading(f"{place}{format_section(row, view)}")
        yield render_cells(row, view, notes)


def format_section(row: TaskStatus, view: PageView) -> str:
    """Return the section of the annex in which a task stands."""
    title = row["section_vi"] if view.lang == "vi" else row["section_en"]
    return f"{row['section']}. {title or ''}" if row["section"] else view.t("Without a section")


def render_cells(row: TaskStatus, view: PageView, notes: TaskNotes, *, with_place: bool = False) -> list[Child]:
    """Return task, state, leads, due day and latest report; `with_place` names the place too."""
    return [
        _render_task(row, view, notes, [format_place_name(row)] if with_place else []),
        _render_state(row, view),
        _render_leads(row),
        _render_due_day(row, view),
        _render_latest_report(row, view),
    ]


def _render_task(row: TaskStatus, view: PageView, notes: TaskNotes, places: Sequence[str]) -> Markup:
    details = [row["task"], *places]
    if row["output"]:
        details.append(view.t("output: {output}", output=row["output"]))
    return tag(
        "span",
        target_figures.get_title(row, view.lang),
        tag("small", " · ".join(details), class_="kpis-under"),
        render_clauses(notes.clauses.get(row["task"], ()), view, row["title_vi"]),
        render_explanation_link(row["task"], notes.explanations, view),
        render_request_link(row["task"], row["plan"], view),
    )


def _render_state(row: TaskStatus, view: PageView) -> Markup:
    parts: list[Child] = [html.render_status(row["state"], palette.get_task_state_label(row["state"], view.lang))]
    if note := format_member_count(row, view.lang):
        parts.append(tag("small", note, class_="kpis-under"))
    if row["timing"] == "ongoing" and row["weeks_silent"]:
        weeks = formatting.format_number(row["weeks_silent"], view.lang)
        note = view.t("no update for {n} weeks", n=weeks)
        parts.append(tag("small", note, class_="kpis-under"))
    return join(parts)


def _render_leads(row: TaskStatus) -> Markup:
    return join([tag("span", lead, class_="kpis-line") for lead in row["leads"]])


def _render_due_day(row: TaskStatus, view: PageView) -> Markup:
    if row["due_on"] is None:
        return join([row["schedule"] or view.t("ongoing, no day")])
    days_left = (row["due_on"] - row["as_of"]).days
    if row["state"] in ("done", "done_late") or days_left > _MAX_DAYS_LEFT_SHOWN:
        note = None
    elif days_left < 0:
        note = view.t("{time} late", time=formatting.format_weeks(-days_left, view.lang))
    else:
        note = view.t("{time} left", time=formatting.format_weeks(days_left, view.lang))
    return join([view.format_day(row["due_on"]), note and tag("small", note, class_="kpis-under")])


def hides_report(row: TaskStatus, view: PageView) -> bool:
    """True if the latest report is not for the viewer: an officer sees those of the own agency and its predecessors."""
    return view.has_fixed_agency and row["last_report_by"] not in {view.filters.agency, *view.answered_agencies}


def _render_latest_report(row: TaskStatus, view: PageView) -> Markup:
    if row["last_report_on"] is None:
        return tag("span", view.t("no report yet"), class_="kpis-quiet")
    if hides_report(row, view):
        text = view.t("reported by another agency" if row["last_report_by"] else "agency not named")
        return tag("span", text, class_="kpis-quiet")
    agency = row["last_report_by"] or view.t("agency not named")
    day = tag("span", view.format_day(row["last_report_on"]), class_="kpis-day")
    parts: list[Child] = [day, f" · {agency}"]
    if row["result"]:
        parts.append(tag("small", row["result"], class_="kpis-under"))
    if row["difficulty"]:
        note = view.t("difficulty: {text}", text=row["difficulty"])
        parts.append(tag("small", note, class_="kpis-under"))
    if row["evidence"]:
        parts.append(tag("small", html.render_evidence(row["evidence"]), class_="kpis-under"))
    return join(parts)

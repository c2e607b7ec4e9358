"""Every task in the annex's own order: its state, who leads, when it is due, what was last said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.measures.task_status import TaskStatus
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import BodyRow, ColumnHeader, GroupHeading, render_table
from kpis.ui.tasks.lead_table import format_place_name
from kpis.wording import target_figures


def render_tasks_by_section(rows: Sequence[TaskStatus], view: PageView) -> Markup:
    """One line per task, under its plan and section."""
    columns = [
        ColumnHeader(view.t("Task")),
        ColumnHeader(view.t("State")),
        ColumnHeader(view.t("Lead agency")),
        ColumnHeader(view.t("Due")),
        ColumnHeader(view.t("Latest report")),
    ]
    caption = view.t("In the order of each plan's annex; the code is what the sheet's column Mã holds.")
    return tag(
        "section", tag("h2", view.t("Every task")), render_table(caption, columns, _build_rows(rows, view))
    )


def _build_rows(rows: Sequence[TaskStatus], view: PageView) -> Iterator[BodyRow]:
    last = None
    for row in rows:
        if (row["plan"], row["section"]) != last:
            last = row["plan"], row["section"]
            title = row["section_vi"] if view.lang == "vi" else row["section_en"]
            place = [] if view.plan else [f"{format_place_name(row)} · "]
            yield GroupHeading(join([*place, f"{row['section']}. {title or ''}"]))
        yield [
            _render_task(row, view),
            _render_state(row, view),
            _render_leads(row),
            _render_due_day(row, view),
            _render_latest_report(row, view),
        ]


def _render_task(row: TaskStatus, view: PageView) -> Markup:
    small = [row["task"]]
    if row["output"]:
        small.append(view.t("output: {output}", output=row["output"]))
    return tag(
        "span", target_figures.get_title(row, view.lang), tag("small", " · ".join(small), class_="kpis-under")
    )


def _render_state(row: TaskStatus, view: PageView) -> Markup:
    parts: list[Child] = [
        html.render_status(row["state"], palette.get_task_state_label(row["state"], view.lang))
    ]
    if row["members"] is not None:
        done = written.format_number(row["members_done"] or 0, view.lang)
        said = view.t(
            "{done}/{all} members done", done=done, all=written.format_number(row["members"], view.lang)
        )
        parts.append(tag("small", said, class_="kpis-under"))
    if row["timing"] == "ongoing" and row["weeks_silent"]:
        said = view.t("no update for {n} weeks", n=written.format_number(row["weeks_silent"], view.lang))
        parts.append(tag("small", said, class_="kpis-under"))
    return join(parts)


def _render_leads(row: TaskStatus) -> Markup:
    return join([tag("span", lead, class_="kpis-line") for lead in row["leads"]])


def _render_due_day(row: TaskStatus, view: PageView) -> Markup:
    if row["due_on"] is None:
        return join([row["schedule"] or view.t("ongoing, no day")])
    left = (row["due_on"] - row["as_of"]).days
    open_task = row["state"] not in ("done", "done_late")
    if not open_task or left > 366:
        said = None
    elif left < 0:
        said = view.t("{time} over", time=written.format_weeks(-left, view.lang))
    else:
        said = view.t("{time} left", time=written.format_weeks(left, view.lang))
    return join([view.format_day(row["due_on"]), said and tag("small", said, class_="kpis-under")])


def _render_latest_report(row: TaskStatus, view: PageView) -> Markup:
    if row["last_report_on"] is None:
        return tag("span", view.t("no report yet"), class_="kpis-quiet")
    who = row["last_report_by"] or view.t("agency not named")
    parts: list[Child] = [f"{view.format_day(row['last_report_on'])} · {who}"]
    if row["result"]:
        parts.append(tag("small", row["result"], class_="kpis-under"))
    if row["difficulty"]:
        said = view.t("difficulty: {text}", text=row["difficulty"])
        parts.append(tag("small", said, class_="kpis-under"))
    if row["evidence"]:
        parts.append(tag("small", html.render_evidence(row["evidence"]), class_="kpis-under"))
    return join(parts)

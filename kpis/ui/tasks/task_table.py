"""Every task in the annex's own order: its state, who leads, when it is due, what was last said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.measures.task_status import TaskStatus
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import View
from kpis.ui.shared.tables import Column, Group, Row, table
from kpis.ui.tasks.lead_table import place_of
from kpis.wording import target_figures


def by_section(rows: Sequence[TaskStatus], view: View) -> Markup:
    """One line per task, under its plan and section."""
    columns = [
        Column(view.t("Task")),
        Column(view.t("State")),
        Column(view.t("Lead agency")),
        Column(view.t("Due")),
        Column(view.t("Latest report")),
    ]
    caption = view.t("In the order of each plan's annex; the code is what the sheet's column Mã holds.")
    return tag("section", tag("h2", view.t("Every task")), table(caption, columns, _lines(rows, view)))


def _lines(rows: Sequence[TaskStatus], view: View) -> Iterator[Row]:
    last = None
    for row in rows:
        if (row["plan"], row["section"]) != last:
            last = row["plan"], row["section"]
            title = row["section_vi"] if view.lang == "vi" else row["section_en"]
            place = [] if view.plan else [f"{place_of(row)} · "]
            yield Group(join([*place, f"{row['section']}. {title or ''}"]))
        yield [_task(row, view), _state(row, view), _leads(row), _due(row, view), _report(row, view)]


def _task(row: TaskStatus, view: View) -> Markup:
    small = [row["task"]]
    if row["output"]:
        small.append(view.t("output: {output}", output=row["output"]))
    return tag(
        "span", target_figures.title(row, view.lang), tag("small", " · ".join(small), class_="kpis-under")
    )


def _state(row: TaskStatus, view: View) -> Markup:
    parts: list[Child] = [html.status(row["state"], palette.task_word(row["state"], view.lang))]
    if row["members"] is not None:
        done = written.number(row["members_done"] or 0, view.lang)
        said = view.t("{done}/{all} members done", done=done, all=written.number(row["members"], view.lang))
        parts.append(tag("small", said, class_="kpis-under"))
    if row["timing"] == "ongoing" and row["weeks_silent"]:
        said = view.t("no update for {n} weeks", n=written.number(row["weeks_silent"], view.lang))
        parts.append(tag("small", said, class_="kpis-under"))
    return join(parts)


def _leads(row: TaskStatus) -> Markup:
    return join([tag("span", lead, class_="kpis-line") for lead in row["leads"]])


def _due(row: TaskStatus, view: View) -> Markup:
    if row["due_on"] is None:
        return join([row["schedule"] or view.t("ongoing, no day")])
    left = (row["due_on"] - row["as_of"]).days
    open_task = row["state"] not in ("done", "done_late")
    if not open_task or left > 366:
        said = None
    elif left < 0:
        said = view.t("{time} over", time=written.weeks(-left, view.lang))
    else:
        said = view.t("{time} left", time=written.weeks(left, view.lang))
    return join([view.day(row["due_on"]), said and tag("small", said, class_="kpis-under")])


def _report(row: TaskStatus, view: View) -> Markup:
    if row["last_report_on"] is None:
        return tag("span", view.t("no report yet"), class_="kpis-quiet")
    who = row["last_report_by"] or view.t("agency not named")
    parts: list[Child] = [f"{view.day(row['last_report_on'])} · {who}"]
    if row["result"]:
        parts.append(tag("small", row["result"], class_="kpis-under"))
    if row["difficulty"]:
        said = view.t("difficulty: {text}", text=row["difficulty"])
        parts.append(tag("small", said, class_="kpis-under"))
    if row["evidence"]:
        parts.append(tag("small", html.evidence(row["evidence"]), class_="kpis-under"))
    return join(parts)

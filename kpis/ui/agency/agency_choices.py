"""The agencies of a plan as a list worth opening: how their targets stand, their last report, what is to fix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.measures.agency_activity import list_agency_activities
from kpis.measures.agency_kinds import load_agency_kinds
from kpis.measures.agency_lines import AgencyLine, build_agency_lines
from kpis.measures.attainment import compute_by_agency, compute_targets
from kpis.measures.attainment_rows import select_targets
from kpis.measures.rows_to_confirm import list_rows_to_confirm
from kpis.measures.task_status import compute_task_status
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.province.plan_choices import render_plan_choices
from kpis.ui.shared import filter_options, html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import BodyRow, ColumnHeader, GroupHeading, render_table


def render_agency_choices(db: Database, view: PageView, answers_due: Mapping[str, int] | None = None) -> Markup:
    """Return the plan's agencies that have something to do or reported; without a plan, the choice of one.

    `answers_due`: agency -> the explanations that it still has to give; without any the table has no such column.
    """
    view = view.narrow_to_single_plan(filter_options.load_plan_choices(db))
    if view.filters.plan is None:
        return render_plan_choices(compute_targets(db, replace(view.question, plans=None)), view, pages.AGENCY)
    answers_due = answers_due or {}
    lines = load_agency_lines(db, view, view.filters.plan)
    columns = [
        ColumnHeader(view.t("Agency")),
        ColumnHeader(view.t("Targets by status")),
        ColumnHeader(view.t("Tasks overdue, of those led"), "number"),
        ColumnHeader(view.t("Last report")),
        ColumnHeader(view.t("Silent for")),
        ColumnHeader(view.t("Rejected rows"), "number"),
        ColumnHeader(view.t("Rows to confirm"), "number"),
        *([ColumnHeader(view.t("Explanations due"), "number")] if answers_due else []),
    ]
    caption = view.t(
        "Agencies that lead a target or a task, must take part, hold a share or have reported, the most silent first. "
        "A target that an agency leads is counted by its status as a whole, another by the agency's own part."
    )
    rows = list(_build_rows(view, lines, answers_due))
    return tag("div", render_table(caption, columns, rows), class_="kpis", lang=view.lang)


def load_agency_lines(db: Database, view: PageView, plan: str) -> list[AgencyLine]:
    """Return the lines of a plan's agencies, departments before communes, the most silent first."""
    question = replace(view.question, agency=None)
    lines = build_agency_lines(
        plan,
        compute_targets(db, question),
        select_targets(compute_by_agency(db, question)),
        compute_task_status(db, question),
        list_agency_activities(db, question),
        load_agency_kinds(db, {plan}),
    )
    return sorted(lines, key=lambda line: (line.is_commune, line.get_silence_key(view.as_of)))


def _build_rows(view: PageView, lines: list[AgencyLine], answers_due: Mapping[str, int]) -> Iterator[BodyRow]:
    """Yield the rows; where there are communes, each kind stands under a heading with its number."""
    has_communes = any(line.is_commune for line in lines)
    for are_communes, key in ((False, "Departments and other bodies"), (True, "Communes")):
        group = [line for line in lines if line.is_commune == are_communes]
        if group and has_communes:
            yield GroupHeading(f"{view.t(key)} ({formatting.format_number(len(group), view.lang)})")
        for line in group:
            yield _render_row(view, line, answers_due)


def _render_row(view: PageView, line: AgencyLine, answers_due: Mapping[str, int]) -> list[Child]:
    days = line.activity.count_days_silent(view.as_of)
    to_confirm = {item.place for item in list_rows_to_confirm(line.parts.values(), line.agency)}
    numbers = [line.activity.rejected_rows, len(to_confirm)]
    last_report = line.activity.last_report_on
    return [
        html.render_link(view.build_url(pages.AGENCY, agency=line.agency), line.agency),
        _render_statuses(view, line),
        _format_tasks(view, line),
        view.t("has never reported") if last_report is None else view.format_day(last_report),
        formatting.NO_VALUE if days is None else formatting.format_weeks(days, view.lang),
        *(formatting.format_number(number, view.lang) for number in numbers),
        *([formatting.format_number(answers_due.get(line.agency, 0), view.lang)] if answers_due else []),
    ]


def _render_statuses(view: PageView, line: AgencyLine) -> Child:
    """Return the number of its targets of each status, worst first, with its sign and its word for screen readers."""
    counts = [
        tag(
            "span",
            html.render_sign(status, f"{palette.get_status_label(status, view.lang)} "),
            formatting.format_number(number, view.lang),
            class_=f"kpis-tally kpis-{status}",
            title=palette.get_status_label(status, view.lang),
        )
        for status, number in line.counts.items()
        if number
    ]
    return join(counts, " ") if counts else formatting.NO_VALUE


def _format_tasks(view: PageView, line: AgencyLine) -> str:
    """Return "2/7": how many of the tasks that its reports decide are overdue; a dash without a task."""
    tasks = [task for task in line.tasks if task["current"]]
    if not tasks:
        return formatting.NO_VALUE
    overdue = sum(task["state"] == "overdue" for task in tasks)
    return f"{formatting.format_number(overdue, view.lang)}/{formatting.format_number(len(tasks), view.lang)}"

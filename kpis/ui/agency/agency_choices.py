"""The agencies of a plan as a list worth opening: how their targets stand, their last report, what is to fix.

Without a plan the agencies of all plans are found by name, and the silent ones listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.normalization import to_sort_key
from kpis.measures.agency_activity import list_agency_activities
from kpis.measures.agency_kinds import load_agency_kinds
from kpis.measures.agency_lines import AgencyLine, build_agency_lines
from kpis.measures.attainment import compute_by_agency, compute_targets
from kpis.measures.attainment_rows import STATUSES, select_targets
from kpis.measures.commune_summary import count_lacking_parts
from kpis.measures.rows_to_confirm import list_rows_to_confirm
from kpis.measures.task_status import compute_task_status
from kpis.pack.xlsx.tab import CellValue
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.agency.silence import Silence, build_all_agencies_list, find_silent_agencies
from kpis.ui.overview.commune_line import LACKING
from kpis.ui.overview.late_answers import AnswersDue, count_answers_due
from kpis.ui.province.plan_choices import render_plan_choices
from kpis.ui.shared import data, filter_options, html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.list_links import build_list_url, link_to_findings, link_to_targets, link_to_tasks, render_count
from kpis.ui.shared.lists.columns import build_columns
from kpis.ui.shared.lists.drawing import render_list
from kpis.ui.shared.lists.model import ListCell, ListRow, ListTable
from kpis.ui.shared.one_plan import reads_one_plan
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import NOTHING_ASKED, TableQuery

NAME = "agencies"


def render_agency_choices(db: Database, view: PageView, query: TableQuery = NOTHING_ASKED) -> Markup:
    """Return the plan's agencies that have something to do or reported; without a plan, the choice of one."""
    view = view.narrow_to_single_plan(filter_options.load_plan_choices(db))
    if view.filters.plan is None and not query.q and not query.status:
        return data.call_cached(db, _render_plans, view)
    table = load_list(db, view)
    return tag("div", render_list(table, view, query), class_="kpis", lang=view.lang)


def _render_plans(db: Database, view: PageView) -> Markup:
    return render_plan_choices(compute_targets(db, replace(view.question, plans=None)), view, pages.AGENCY)


def load_list(db: Database, view: PageView) -> ListTable:
    """Return the agencies of the view's plan, or of all."""
    view = view.narrow_to_single_plan(filter_options.load_plan_choices(db))
    if view.filters.plan is None:
        return data.call_cached(db, build_all_agencies_list, view)
    return data.call_cached(db, build_agency_list, view, count_answers_due(db, view))


@reads_one_plan
def build_agency_list(db: Database, view: PageView, answers_due: AnswersDue) -> ListTable:
    """Return the list of one plan's agencies; without any `answers_due` it has no such column."""
    plan = view.filters.plan or ""
    lines = load_agency_lines(db, view, plan, [agency for agency, _ in answers_due])
    silence = find_silent_agencies(db, view)
    titles = {
        "agency": "Agency", "targets": "Targets by status", "tasks": "Tasks overdue, of those led",
        "report": "Last report", "silent": "Silent for", "rejected": "Rejected rows", "confirm": "Rows to confirm",
        **({"answers": "Explanations due"} if answers_due else {}),
    }  # fmt: skip
    headings = _build_headings(lines, view)
    return ListTable(
        name=NAME,
        page=pages.AGENCY,
        title=view.t("Agencies"),
        caption=view.t(
            "Agencies that lead a target or a task, must take part, hold a share, have reported or were asked to "
            "explain something, the most silent first. A target that an agency leads is counted by its status as a "
            "whole, another by the agency's own part."
        ),
        file_stem="co-quan",
        columns=build_columns(view, titles, {"tasks", "rejected", "confirm", "answers"}),
        value_titles=(
            view.t("Agency"),
            *(palette.get_status_label(status, view.lang) for status in STATUSES if status != "carried"),
            *(
                view.t(title)
                for title in (
                    "Tasks overdue",
                    "Tasks led",
                    "Last report",
                    "Days silent",
                    "Rejected rows",
                    "Rows to confirm",
                )
            ),
            *([view.t("Explanations due")] if answers_due else []),
        ),
        rows=tuple(
            _build_row(view, line, dict(answers_due) if answers_due else None, headings[line.is_commune], silence)
            for line in lines
        ),
        as_of=view.as_of,
        statuses={**silence.format_labels(view), LACKING: view.t("Communes late with their own part")},
    )


def _build_headings(lines: Sequence[AgencyLine], view: PageView) -> dict[bool, str]:
    """Return the headings of departments and communes with their numbers; none where there is no commune."""
    communes = sum(line.is_commune for line in lines)
    if not communes:
        return {False: "", True: ""}
    counts = {False: len(lines) - communes, True: communes}
    keys = {False: "Departments and other bodies", True: "Communes"}
    return {kind: f"{view.t(key)} ({formatting.format_number(counts[kind], view.lang)})" for kind, key in keys.items()}


def load_agency_lines(db: Database, view: PageView, plan: str, others: Iterable[str] = ()) -> list[AgencyLine]:
    """Return the lines of a plan's agencies, departments before communes, the most silent first."""
    question = replace(view.question, agency=None)
    lines = build_agency_lines(
        plan,
        compute_targets(db, question),
        select_targets(compute_by_agency(db, question)),
        compute_task_status(db, question),
        list_agency_activities(db, question),
        load_agency_kinds(db, {plan}),
        others,
    )
    return sorted(lines, key=lambda line: (line.is_commune, line.get_silence_key(view.as_of)))


def _build_row(
    view: PageView, line: AgencyLine, answers_due: Mapping[str, int] | None, heading: str, silence: Silence
) -> ListRow:
    name, plan = line.agency, view.filters.plan or ""
    days = line.activity.count_days_silent(view.as_of)
    to_confirm = len({item.place for item in list_rows_to_confirm(line.parts.values(), name)})
    last_report = line.activity.last_report_on
    tasks = [task for task in line.tasks if task["current"]]
    overdue = sum(task["state"] == "overdue" for task in tasks)
    answers = () if answers_due is None else (answers_due.get(name, 0),)
    rejected = line.activity.rejected_rows
    cells: list[tuple[Child, object]] = [
        (html.render_link(view.build_url(pages.AGENCY, plan=plan, agency=name), name), to_sort_key(name)),
        (_render_statuses(view, line), tuple(-line.counts[status] for status in line.counts)),
        (_render_tasks(view, name, overdue, len(tasks)), overdue if tasks else None),
        (view.t("has never reported") if last_report is None else view.format_day(last_report), last_report),
        (formatting.NO_VALUE if days is None else formatting.format_weeks(days, view.lang), days),
        (render_count(view, rejected, link_to_findings(view, status=("rejected",), plan=plan, agency=name)), rejected),
        (
            render_count(view, to_confirm, link_to_findings(view, status=("confirm",), plan=plan, agency=name)),
            to_confirm,
        ),
        *((render_count(view, number, _link_to_answers(view, plan, name)), number) for number in answers),
    ]
    values: tuple[CellValue, ...] = (
        name, *line.counts.values(), overdue, len(tasks), last_report, days, rejected, to_confirm, *answers,
    )  # fmt: skip
    return ListRow(
        cells=tuple(ListCell(content, order) for content, order in cells),
        values=values,
        texts=(name,),
        group=heading,
        statuses=(*silence.get_statuses(plan, name), *([LACKING] if _is_lacking(line) else [])),
    )


def _is_lacking(line: AgencyLine) -> bool:
    """True for a commune of which a part of its own is late or without a report, as the overview counts them."""
    return line.is_commune and count_lacking_parts(line) > 0


def _link_to_answers(view: PageView, plan: str, agency: str) -> str:
    query = TableQuery(status=("late", "open"))
    return build_list_url(view, pages.EXPLANATIONS, query, plan=plan, agency=agency)


def _render_statuses(view: PageView, line: AgencyLine) -> Child:
    """Return the number of its targets of each status, worst first, with its sign and its word for screen readers."""
    counts = [
        tag(
            "span",
            html.render_sign(status, f"{palette.get_status_label(status, view.lang)} "),
            render_count(view, number, link_to_targets(view, status=(f"own_{status}",), agency=line.agency)),
            class_=f"kpis-tally kpis-{status}",
            title=palette.get_status_label(status, view.lang),
        )
        for status, number in line.counts.items()
        if number
    ]
    return join(counts, " ") if counts else formatting.NO_VALUE


def _render_tasks(view: PageView, agency: str, overdue: int, count: int) -> Child:
    """Return "2/7": how many of the tasks that its reports decide are overdue; a dash without a task."""
    if not count:
        return formatting.NO_VALUE
    return join(
        [
            render_count(view, overdue, link_to_tasks(view, status=("overdue",), only_agency=True, agency=agency)),
            "/",
            render_count(view, count, link_to_tasks(view, only_agency=True, agency=agency)),
        ]
    )

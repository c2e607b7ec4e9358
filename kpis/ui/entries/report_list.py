"""Reports on annex tasks as a list that is searched, sorted and downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpis.charts import palette
from kpis.language import clock, formatting
from kpis.language.normalization import to_sort_key
from kpis.measures.report_list import ReportRow, list_all_reports
from kpis.measures.task_status import TASK_STATES
from kpis.pack.xlsx.tab import CellValue
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, tag
from kpis.ui.shared.lists.columns import build_columns
from kpis.ui.shared.lists.model import ListCell, ListRow, ListTable
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import ONLY_EVERY_YEAR, ONLY_REPORTS
from kpis.wording import target_figures

NAME = "task-reports"


def build_report_list(db: Database, view: PageView, max_rows: int) -> ListTable:
    """Return the reports of every year, the latest day first."""
    listed = list_all_reports(db, replace(view.question, agency=view.filters.agency), max_rows)
    titles = {
        "day": "Day", "agency": "Agency", "task": "Task", "state": "State", "result": "Result",
        "difficulty": "Difficulty", "evidence": "Evidence", "where": "Where", "recorded": "Recorded",
    }  # fmt: skip
    return ListTable(
        name=NAME,
        page=pages.ENTRIES,
        title=view.t("Reports on tasks"),
        caption=view.t("Accepted rows of the sheets, the latest day first."),
        file_stem="bao-cao-nhiem-vu",
        columns=build_columns(view, titles),
        value_titles=tuple(view.t(title) for title in _VALUE_TITLES),
        rows=tuple(_build_row(report, view) for report in listed.reports),
        as_of=view.as_of,
        statuses={state: palette.get_task_state_label(state, view.lang) for state in TASK_STATES},
        total=listed.total,
    )


_VALUE_TITLES = (
    "Day", "Agency", "Code", "Task", "State", "Result", "Difficulty", "Evidence", "Source", "Tab", "Row", "Recorded",
)  # fmt: skip


def _build_row(report: ReportRow, view: PageView) -> ListRow:
    title = target_figures.get_title(report, view.lang)
    agency, evidence, plan = report["agency"], report["evidence"], view.filters.plan
    state = palette.get_task_state_label(report["status"], view.lang)
    nothing = tag("span", formatting.NO_VALUE, class_="kpis-quiet")
    place = tag(
        "span",
        view.t("row {row}", row=report["row"]),
        tag("small", f"{report['tab']} · {report['source']}", class_="kpis-under"),
    )
    reporter = html.render_link(view.build_url(pages.AGENCY, plan=plan, agency=agency), agency) if agency else nothing
    cells: Sequence[tuple[Child, object]] = (
        (view.format_day(report["occurred_on"]), report["occurred_on"]),
        (reporter, to_sort_key(agency) if agency else None),
        (title, to_sort_key(title)),
        (html.render_status(report["status"], state), TASK_STATES.index(report["status"])),
        *((text or nothing, to_sort_key(text) if text else None) for text in (report["result"], report["difficulty"])),
        (html.render_evidence(evidence) if evidence else nothing, evidence),
        (place, (report["source"], report["tab"], report["row"])),
        (formatting.format_moment(report["recorded_at"], view.lang), report["recorded_at"]),
    )
    recorded = clock.to_local(report["recorded_at"]).replace(tzinfo=None)
    values: tuple[CellValue, ...] = (
        report["occurred_on"], agency, report["task"], title, state, report["result"], report["difficulty"], evidence,
        report["source"], report["tab"], report["row"], recorded,
    )  # fmt: skip
    return ListRow(
        cells=tuple(ListCell(content, order) for content, order in cells),
        values=values,
        texts=(report["task"], title, agency or "", report["result"] or "", report["difficulty"] or ""),
        statuses=(report["status"],),
        flags=frozenset({ONLY_REPORTS, ONLY_EVERY_YEAR}),
        entry=report["task"],
    )

"""What the agencies say of a task in the yearly report: who decides comes first, the missing are marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from kpis.language import formatting as written
from kpis.language.messages import translate
from kpis.measures.task_status import TaskStatus
from kpis.report.figures import AgencyTaskReport, ReportFigures
from kpis.report.phrases import t
from kpis.report.word_document import CellLines, Placeholder

ReportField = Literal["result", "evidence"]
"""What an agency's report says in words."""

_MAX_NAMED_REPORTS = 5  # reports written out beside those of the agencies that decide; the rest are counted
_EMPTY_TEXTS: Mapping[ReportField, str] = {"result": "No result reported", "evidence": "No evidence"}
_MISSING_TEXTS: Mapping[ReportField, str] = {
    "result": "{agency}: no result reported",
    "evidence": "{agency}: no evidence",
}


def build_task_report_lines(figures: ReportFigures, task: TaskStatus, field: ReportField) -> CellLines:
    """One field of the agencies' latest reports, a line each.

    Whose word decides comes first, always: the single leads, then the focal department of a collective one
    (docs/rules.md). Of the others, who are named, the newest. A lead without a word is marked as missing.
    """
    reports = {report["agency"]: report for report in figures.reports.get(task["task"], [])}
    said = {agency: report for agency, report in reports.items() if report[field]}
    if not said and (field == "evidence" or not reports):
        return CellLines((Placeholder(f"[{translate('vi', _EMPTY_TEXTS[field])}]"),))
    decide = list_deciding_agencies(task)
    rest = [report for agency, report in said.items() if agency not in decide]
    alone = task["leads"] == decide and len(decide) == 1 and not rest
    if alone and not said:
        return CellLines((Placeholder(f"[{translate('vi', _EMPTY_TEXTS[field])}]"),))
    lines = []
    for agency in decide:
        if agency in said:
            lines.append(_format_report(said[agency], field, figures.year, with_agency=not alone))
        elif missing := _format_missing(figures, task, agency, field, agency in reports):
            lines.append(Placeholder(f"[{missing}]"))
    rest.sort(key=lambda report: report["occurred_on"], reverse=True)
    lines += [_format_report(report, field, figures.year) for report in rest[:_MAX_NAMED_REPORTS]]
    if len(rest) > _MAX_NAMED_REPORTS:
        lines.append(t("and {n} more reports", n=written.format_number(len(rest) - _MAX_NAMED_REPORTS, "vi")))
    if missing := _format_missing_members(figures, task, reports, field):
        lines.append(Placeholder(f"[{missing}]"))
    return CellLines(tuple(lines))


def list_deciding_agencies(task: TaskStatus) -> list[str]:
    """The agencies whose word decides: the single leads as the plan names them, then the focal department."""
    decide = [report["agency"] for report in task["lead_reports"]]
    leads = [agency for agency in task["leads"] if agency in decide]
    return [*leads, *(agency for agency in decide if agency not in leads)]


def format_members_progress(figures: ReportFigures, task: TaskStatus) -> str:
    """How far the members of a collective lead are: "3/92 xã, phường báo cáo hoàn thành"; empty without any.

    Of an ongoing task, which is never done, how many have reported.
    """
    if not task["members"]:
        return ""
    if task["timing"] == "ongoing":
        key = (
            "{n}/{all} communes have reported" if task["communes_alone"] else "{n}/{all} bodies have reported"
        )
        own = figures.members.get(task["task"], frozenset())
        number = len({report["agency"] for report in figures.reports.get(task["task"], [])} & own)
    else:
        key = (
            "{n}/{all} communes report it done"
            if task["communes_alone"]
            else "{n}/{all} bodies report it done"
        )
        number = task["members_done"] or 0
    return translate(
        "vi", key, n=written.format_number(number, "vi"), all=written.format_number(task["members"], "vi")
    )


def _format_report(
    report: AgencyTaskReport, field: ReportField, year: int, *, with_agency: bool = True
) -> str:
    """What a report says, by whom; one of an earlier year with its day."""
    text = str(report[field])
    if report["occurred_on"].year < year:
        text = t("{text} (reported on {day})", text=text, day=written.format_day(report["occurred_on"], "vi"))
    return f"{report['agency'] or t('Agency not named')}: {text}" if with_agency else text


def _format_missing(
    figures: ReportFigures, task: TaskStatus, agency: str, field: ReportField, has_reported: bool
) -> str:
    """What is missing of an agency that decides; empty where its members' count or the result says it."""
    if has_reported or (field == "evidence" and agency in task["leads"]):
        return translate("vi", _MISSING_TEXTS[field], agency=agency)
    if agency in task["leads"]:
        return t("{agency}: no report", agency=agency)
    if field == "evidence":
        return ""
    if figures.members.get(task["task"]):
        return t("{agency}: no summary", agency=agency)
    groups = [lead for lead in task["leads"] if lead not in list_deciding_agencies(task)]
    return t("{agency}: no report", agency="; ".join(groups) or agency)


def _format_missing_members(
    figures: ReportFigures,
    task: TaskStatus,
    reports: Mapping[str | None, AgencyTaskReport],
    field: ReportField,
) -> str:
    """How many members of a collective lead have not reported, or have without evidence; empty for none."""
    own, communes = figures.members.get(task["task"], frozenset()), task["communes_alone"]
    if field == "result":
        number = len(own - reports.keys())
        key = "{n}/{all} communes: no report" if communes else "{n}/{all} bodies: no report"
    else:
        number = sum(agency in own and not report[field] for agency, report in reports.items())
        key = "{n}/{all} communes: no evidence" if communes else "{n}/{all} bodies: no evidence"
    if not number:
        return ""
    return translate(
        "vi", key, n=written.format_number(number, "vi"), all=written.format_number(len(own), "vi")
    )

"""What agencies reported on a task, for the annex: deciding agencies first, missing reports marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from kpis.language import formatting
from kpis.language.messages import translate
from kpis.measures.task_status import TaskStatus
from kpis.report.figures import ReportFigures
from kpis.report.phrases import t
from kpis.report.task_reports import AgencyTaskReport
from kpis.report.word_document import CellLines, Placeholder
from kpis.wording.member_counts import format_member_count

ReportField = Literal["result", "evidence"]
"""A text field of an agency's report."""

_MAX_NAMED_REPORTS = 5  # reports of agencies that do not decide; the rest are counted
_EMPTY_TEXTS: Mapping[ReportField, str] = {"result": "No result reported", "evidence": "No evidence"}
_MISSING_TEXTS: Mapping[ReportField, str] = {
    "result": "{agency}: no result reported",
    "evidence": "{agency}: no evidence",
}


def build_task_report_lines(figures: ReportFigures, task: TaskStatus, field: ReportField) -> CellLines:
    """Return one field of the agencies' latest reports, one line each.

    Deciding agencies come first: the single leads, then the focal department of a collective lead
    (docs/rules.md); then the newest reports of others, by name. A lead without a report is marked as missing.
    """
    reports = _get_reports_by_agency(figures, task)
    reports_with_text = {agency: report for agency, report in reports.items() if report[field]}
    if not reports_with_text and (field == "evidence" or not reports):
        return CellLines((Placeholder(f"[{translate('vi', _EMPTY_TEXTS[field])}]"),))
    deciding = list_deciding_agencies(task)
    spoken = {agency: _list_spoken(figures, task, agency) for agency in deciding}
    speakers = {name for reports_of in spoken.values() for report in reports_of if (name := report["agency"])}
    rest = [report for agency, report in reports_with_text.items() if agency not in speakers]
    is_only_lead = task["leads"] == deciding and len(deciding) == 1 and not rest and speakers <= set(deciding)
    if is_only_lead and not reports_with_text:
        return CellLines((Placeholder(f"[{translate('vi', _EMPTY_TEXTS[field])}]"),))
    lines = []
    for agency in deciding:
        with_text = [report for report in spoken[agency] if report[field]]
        for report in with_text:
            speaker = None if is_only_lead else _name_speaker(report, agency)
            lines.append(_format_report(report, field, figures.year, speaker))
        if not with_text and (missing := _format_missing(figures, task, agency, field, spoken[agency])):
            lines.append(Placeholder(f"[{missing}]"))
    rest.sort(key=lambda report: report["occurred_on"], reverse=True)
    for report in rest[:_MAX_NAMED_REPORTS]:
        speaker = report["agency"] or t("Agency not named")
        lines.append(_format_report(report, field, figures.year, speaker))
    if len(rest) > _MAX_NAMED_REPORTS:
        lines.append(t("and {n} more reports", n=formatting.format_number(len(rest) - _MAX_NAMED_REPORTS, "vi")))
    if missing := _format_missing_members(figures, task, reports, field):
        lines.append(Placeholder(f"[{missing}]"))
    return CellLines(tuple(lines))


def _get_reports_by_agency(figures: ReportFigures, task: TaskStatus) -> dict[str | None, AgencyTaskReport]:
    return {report["agency"]: report for report in figures.reports.get(task["task"], [])}


def _list_spoken(figures: ReportFigures, task: TaskStatus, agency: str) -> list[AgencyTaskReport]:
    """Return the reports that speak for an agency that decides, each once.

    Those are the last words of the agencies that the plan names and for which it stands: their own ones, until it has
    reported itself since the merger.
    """
    reports = _get_reports_by_agency(figures, task)
    latest: dict[str, AgencyTaskReport] = {}
    for voice in figures.voices.list_of(task["task"], agency):
        report = reports.get(voice.agency)
        if report is not None and report["occurred_on"] >= voice.from_day:
            latest[voice.named_agency] = report
    return list({report["agency"]: report for report in latest.values()}.values())


def list_deciding_agencies(task: TaskStatus) -> list[str]:
    """Return the agencies that decide: single leads in the plan's order, then the focal department."""
    deciding = [report["agency"] for report in task["lead_reports"]]
    leads = [agency for agency in task["leads"] if agency in deciding]
    return [*leads, *(agency for agency in deciding if agency not in leads)]


def format_members_progress(figures: ReportFigures, task: TaskStatus) -> str:
    """Return how many members of a collective lead are done: "3/92 xã, phường báo cáo hoàn thành".

    Empty without members. For an ongoing task, which is never done, how many have reported.
    """
    if not task["members"]:
        return ""
    if task["timing"] != "ongoing":
        return format_member_count(task, "vi")
    key = "{n}/{all} communes have reported" if task["communes_alone"] else "{n}/{all} bodies have reported"
    members = figures.members.get(task["task"], frozenset())
    number = len(members & _list_reporters(figures, _get_reports_by_agency(figures, task)))
    return translate(
        "vi",
        key,
        n=formatting.format_number(number, "vi"),
        all=formatting.format_number(task["members"], "vi"),
    )


def _list_reporters(figures: ReportFigures, agencies: Iterable[str | None]) -> set[str]:
    """Return the agencies that have reported, those that have ended as the ones that stand for them."""
    return {figures.voices.find_standing(agency) for agency in agencies if agency}


def _name_speaker(report: AgencyTaskReport, agency: str) -> str:
    """Return whose report speaks for an agency: itself, or one that has ended since and for which it stands."""
    speaker = report["agency"] or t("Agency not named")
    return speaker if speaker == agency else t("{agency} (before the merger)", agency=speaker)


def _format_report(report: AgencyTaskReport, field: ReportField, year: int, speaker: str | None) -> str:
    """Return a report's text, with the name of who speaks unless that is None; of an earlier year, with its day."""
    text = str(report[field])
    if report["occurred_on"].year < year:
        text = t("{text} (reported on {day})", text=text, day=formatting.format_day(report["occurred_on"], "vi"))
    return text if speaker is None else f"{speaker}: {text}"


def _format_missing(
    figures: ReportFigures, task: TaskStatus, agency: str, field: ReportField, spoken: Sequence[AgencyTaskReport]
) -> str:
    """Return what the reports that speak for a deciding agency lack; empty if another line already says so."""
    if spoken or (field == "evidence" and agency in task["leads"]):
        speakers = [_name_speaker(report, agency) for report in spoken] or [agency]
        return translate("vi", _MISSING_TEXTS[field], agency="; ".join(speakers))
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
    """Return how many members of a collective lead did not report, or without evidence; empty for none."""
    members, communes = figures.members.get(task["task"], frozenset()), task["communes_alone"]
    if field == "result":
        number = len(members - _list_reporters(figures, reports))
        key = "{n}/{all} communes: no report" if communes else "{n}/{all} bodies: no report"
    else:
        lacking = [agency for agency, report in reports.items() if not report[field]]
        with_evidence = _list_reporters(figures, reports.keys() - set(lacking))
        number = len(members & _list_reporters(figures, lacking) - with_evidence)
        key = "{n}/{all} communes: no evidence" if communes else "{n}/{all} bodies: no evidence"
    if not number:
        return ""
    return translate(
        "vi", key, n=formatting.format_number(number, "vi"), all=formatting.format_number(len(members), "vi")
    )

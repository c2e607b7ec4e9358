"""The yearly report as a Word document, in the form of Vietnamese administration (Nghị định 30/2020/NĐ-CP).

It states only what the figures show; whatever a person still has to write is in [brackets] and highlighted.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from kpis.charts import palette
from kpis.language import formatting
from kpis.measures.task_status import TASK_STATES
from kpis.report.amendments import add_amendments
from kpis.report.annex import add_annex
from kpis.report.difficulties import add_difficulties
from kpis.report.figures import ReportFigures
from kpis.report.phrases import format_task_title, lower_first_letter, mark_unless_known, t
from kpis.report.target_section import add_targets
from kpis.report.task_reports import ReporterCounts
from kpis.report.word_document import WordDocument

_BOLD: dict[str, Any] = {"bold": True}


def write_report(figures: ReportFigures, path: Path) -> Path:
    """Write the report; equal figures give equal bytes."""
    word = WordDocument()
    _add_letterhead(word, figures)
    _add_leadership(word, figures)
    add_targets(word, figures)
    add_amendments(word, figures)
    _add_tasks(word, figures)
    add_difficulties(word, figures)
    _add_proposals(word)
    _add_signature(word)
    add_annex(word, figures)
    sample = t("SAMPLE FIGURES, not real results") if figures.sample else ""
    day, number = formatting.format_day(figures.as_of, "vi"), formatting.format_number(figures.version, "vi")
    word.add_header_and_footer(sample, t("Figures as of {day}; database version {n}", day=day, n=number))
    word.save(path, _format_subject(figures), figures.plan["focal_agency"], figures.recorded_at)
    return path


def _format_subject(figures: ReportFigures) -> str:
    """Return the report's title; for a plan without a number, the number is left to fill in."""
    plan = figures.plan
    name = t("Plan {number}", number=plan["number"]) if plan["number"] else t("the plan [number and date]")
    if plan["issued_on"]:
        name += " " + t("of {day}", day=formatting.format_day(plan["issued_on"], "vi"))
    values = {"year": figures.year, "plan": name, "issuer": plan["issuer"], "title": plan["title_vi"]}
    return t("Results in {year} of {plan} of {issuer}: {title}", **values)


def _add_letterhead(document: WordDocument, figures: ReportFigures) -> None:
    plan = figures.plan
    place = plan["place"] if plan["kind"] == "ward" else plan["province"]
    place = place.removeprefix("phường ").removeprefix("xã ")
    document.add_two_columns(
        [
            (plan["issuer"].upper(), {"size": 12}),
            (plan["focal_agency"].upper(), {"size": 12, "bold": True}),
            ("――――", {"size": 8}),
            ("Số: […]/BC-[…]", {}),
        ],
        [
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", {"size": 12, "bold": True}),
            ("Độc lập - Tự do - Hạnh phúc", _BOLD),
            ("――――――――――", {"size": 8}),
            (f"{place}, ngày […] tháng […] năm […]", {"italic": True}),
        ],
        (62, 103),
    )
    document.add_paragraph("", centre=True)
    document.add_paragraph(t("REPORT"), bold=True, centre=True, size=14)
    document.add_paragraph("", template=_format_subject(figures), bold=True, centre=True, size=14)
    issuer = plan["issuer"].replace("UBND", "Ủy ban nhân dân", 1)
    document.add_paragraph(issuer, centre=True, template="Kính gửi: {} [và nơi nhận khác, nếu có]")
    document.add_paragraph(
        t(
            "{agency} reports the results of {year} as of {day}, based on the agencies' reports:",
            agency=plan["focal_agency"],
            year=figures.year,
            day=formatting.format_day(figures.as_of, "vi"),
        )
    )
    for caveat in figures.caveats:
        document.add_paragraph("", template=f"[{caveat}]")


def _add_leadership(document: WordDocument, figures: ReportFigures) -> None:
    document.add_heading(t("I. LEADERSHIP AND ORGANISATION"))
    document.add_paragraph("", template=f"[{t('List the documents, meetings, inspections and budget of the year')}]")
    entries = sum(counts.in_year for counts in figures.entry_counts.values())
    number = formatting.format_number(entries, "vi")
    sentence = (
        t("In {year} the targets have {n} progress entries.", year=figures.year, n=number)
        if entries
        else t("In {year} the targets have no progress entries.", year=figures.year)
    )
    document.add_paragraph(mark_unless_known(figures.can_state_results, sentence))
    if not figures.tasks:
        return
    sentence = t(
        "In {year}, {reported}.",
        year=figures.year,
        reported=_format_reporters(figures.reporters_in_year, figures),
    )
    if figures.reporters_to_date != figures.reporters_in_year:
        sentence += " " + t(
            "Including previous years, {reported}.",
            reported=_format_reporters(figures.reporters_to_date, figures),
        )
    document.add_paragraph(mark_unless_known(figures.can_state_tasks, sentence))


def _format_reporters(reporters: ReporterCounts, figures: ReportFigures) -> str:
    """Return how many agencies reported on how many of the tasks."""
    if not reporters.tasks:
        return t("no agency has reported on a task")
    return t(
        "{reporters} agencies have reported on {tasks} of {all} tasks",
        reporters=formatting.format_number(reporters.agencies, "vi"),
        tasks=formatting.format_number(reporters.tasks, "vi"),
        all=formatting.format_number(len(figures.tasks), "vi"),
    )


def _add_tasks(document: WordDocument, figures: ReportFigures) -> None:
    document.add_heading(t("III. RESULTS BY TASK"))
    if not figures.tasks:
        document.add_paragraph(t("The plan has no annex of tasks, so this report has none either."))
        document.add_paragraph("", template=f"[{t('Describe the work done on the tasks in the body of the plan')}]")
        return
    counts = Counter(task["state"] for task in figures.tasks)
    state_counts = [
        t(
            "{n} tasks {state}",
            n=formatting.format_number(counts[state], "vi"),
            state=lower_first_letter(palette.get_task_state_label(state, "vi")),
        )
        for state in reversed(TASK_STATES)
        if counts[state]
    ]
    summary = mark_unless_known(
        figures.can_state_tasks,
        t(
            "The annex has {n} tasks: {states}. The result of each is in the annex of this report.",
            n=formatting.format_number(len(figures.tasks), "vi"),
            states=", ".join(state_counts),
        ),
    )
    document.add_paragraph(summary)
    for state in ("overdue", "paused", "silent"):
        tasks = [task for task in figures.tasks if task["state"] == state]
        if tasks:
            document.add_paragraph(
                mark_unless_known(figures.can_state_tasks, f"{palette.get_task_state_label(state, 'vi')}:"),
                italic=True,
            )
        for task in tasks:
            line = f"{format_task_title(task)} ({'; '.join(task['leads'])})."
            document.add_paragraph(mark_unless_known(figures.can_state_tasks, line), template="- {}")
    document.add_paragraph("", template=f"[{t('Add an assessment of the main results')}]")


def _add_proposals(document: WordDocument) -> None:
    document.add_heading(t("V. PROPOSALS"))
    document.add_paragraph("", template=f"[{t('Write the proposals to the province, the ministry and the agencies')}]")


def _add_signature(document: WordDocument) -> None:
    small = {"size": 11, "left": True}
    document.add_two_columns(
        [
            ("Nơi nhận:", {"size": 12, "bold": True, "italic": True, "left": True}),
            ("- Như trên;", dict(small)),
            ("- [nơi nhận khác];", dict(small)),
            ("- Lưu: VT, [đơn vị soạn thảo].", dict(small)),
        ],
        [
            ("[QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ]", _BOLD),
            ("[chữ ký, dấu của cơ quan]", {"italic": True}),
            ("", {}),
            ("", {}),
            ("[Họ và tên]", _BOLD),
        ],
        (80, 85),
    )

"""The yearly report as a Word document, in the form of Vietnamese administration (Nghị định 30/2020/NĐ-CP).

It says what the figures say and invents nothing: what a person has to write stands in [brackets], marked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.measures.attainment_rows import MET, STATUSES, Attainment
from kpis.measures.task_status import TASK_STATES
from kpis.report.annex import add_annex
from kpis.report.figures import Entries, Reporters, ReportFigures
from kpis.report.phrases import owed, promise, result, stated, t
from kpis.report.word_document import ToFill, Word

_BOLD: dict[str, Any] = {"bold": True}
_WIDTHS = (9.0, 41.0, 27.0, 27.0, 19.0, 21.0, 21.0)  # mm, 165 in all


def write_report(figures: ReportFigures, path: Path) -> Path:
    """Write the report; equal figures give equal bytes."""
    word = Word()
    _head(word, figures)
    _leadership(word, figures)
    _targets(word, figures)
    _tasks(word, figures)
    _difficulties(word, figures)
    _proposals(word)
    _signature(word)
    add_annex(word, figures)
    sample = t("SAMPLE FIGURES, no real results") if figures.sample else ""
    day, number = written.day(figures.as_of, "vi"), written.number(figures.version, "vi")
    word.furniture(sample, t("Figures as of {day}; version {n} of the figures", day=day, n=number))
    word.save(path, _subject(figures), figures.plan["focal_agency"], figures.recorded_at)
    return path


def _subject(figures: ReportFigures) -> str:
    """The report's title; a plan whose text has no number leaves it to write."""
    plan = figures.plan
    named = t("Plan {number}", number=plan["number"]) if plan["number"] else t("the plan [number and date]")
    if plan["issued_on"]:
        named += " " + t("of {day}", day=written.day(plan["issued_on"], "vi"))
    values = {"year": figures.year, "plan": named, "issuer": plan["issuer"]}
    return t("Results in {year} of {plan} of {issuer} on protecting consumers' rights", **values)


def _head(word: Word, figures: ReportFigures) -> None:
    plan = figures.plan
    place = plan["place"] if plan["kind"] == "ward" else plan["province"]
    place = place.removeprefix("phường ").removeprefix("xã ")
    word.sides(
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
    word.paragraph("", centre=True)
    word.paragraph(t("REPORT"), bold=True, centre=True, size=14)
    word.paragraph("", template=_subject(figures), bold=True, centre=True, size=14)
    issuer = plan["issuer"].replace("UBND", "Ủy ban nhân dân", 1)
    word.paragraph(issuer, centre=True, template="Kính gửi: {} [và nơi nhận khác, nếu có]")
    word.paragraph(
        t(
            "{agency} reports the results in {year} as of {day}, from what the agencies have reported:",
            agency=plan["focal_agency"],
            year=figures.year,
            day=written.day(figures.as_of, "vi"),
        )
    )
    for said in figures.caveats:
        word.paragraph("", template=f"[{said}]")


def _leadership(word: Word, figures: ReportFigures) -> None:
    word.heading(t("I. LEADERSHIP AND ORGANISATION"))
    word.paragraph(
        "", template=f"[{t('Name the documents issued, meetings, inspections and money of the year')}]"
    )
    entries = sum(own.in_year for own in figures.entries.values())
    number = written.number(entries, "vi")
    said = (
        t("In {year} the targets have {n} progress entries.", year=figures.year, n=number)
        if entries
        else t("In {year} the targets have no progress entry.", year=figures.year)
    )
    word.paragraph(stated(figures.tell, said))
    if not figures.tasks:
        return
    said = t("In {year}, {reported}.", year=figures.year, reported=_reported(figures.in_year, figures))
    if figures.ever != figures.in_year:
        said += " " + t("With the years before, {reported}.", reported=_reported(figures.ever, figures))
    word.paragraph(stated(figures.tell_of_tasks, said))


def _reported(reporters: Reporters, figures: ReportFigures) -> str:
    """How many agencies reported on how many of the tasks."""
    if not reporters.tasks:
        return t("no agency has reported on a task")
    return t(
        "{reporters} agencies have reported on {tasks} of {all} tasks",
        reporters=written.number(reporters.agencies, "vi"),
        tasks=written.number(reporters.tasks, "vi"),
        all=written.number(len(figures.tasks), "vi"),
    )


def _targets(word: Word, figures: ReportFigures) -> None:
    word.heading(t("II. RESULTS BY TARGET"))
    rows = figures.targets
    counts = Counter(str(row["status"]) for row in rows)
    met = sum(row["status"] in MET for row in rows)
    said = [
        t(
            "{n} targets {state}",
            n=written.number(counts[status], "vi"),
            state=_lower(palette.word(status, "vi")),
        )
        for status in sorted(counts, key=_best_first)
    ]
    now = stated(
        figures.tell,
        t(
            "As of {day}, {met} of {all} targets of {year} are attained ({states}).",
            day=written.day(figures.as_of, "vi"),
            met=written.number(met, "vi"),
            all=written.number(len(rows), "vi"),
            year=figures.year,
            states=", ".join(said),
        ),
    )
    word.paragraph(now)
    titles = ["TT", "Chỉ tiêu", "Mức phải đạt", "Kết quả", "Tình trạng", "Thời hạn", "Mục có minh chứng"]
    word.table(titles, [_target(n, row, figures) for n, row in enumerate(rows, start=1)], _WIDTHS, 10)
    open_ones = [(row, text) for row in rows if row["status"] not in MET and (text := owed(row))]
    if open_ones:
        word.paragraph(stated(figures.tell, t("Targets not attained yet:")))
    for row, said_of in open_ones:
        template = "- {} " + f"[{t('Give the reason and what will be done')}]"
        word.paragraph(stated(figures.tell, f"{row['title_vi']}: {said_of}."), template=template)


def _target(number: int, row: Any, figures: ReportFigures) -> Sequence[str]:
    own = figures.entries.get(row["target"])
    evidence: str = ToFill(f"[{t('None')}]")
    if own is not None:
        evidence = f"{written.number(own.with_evidence, 'vi')}/{written.number(own.counted, 'vi')}"
        evidence = evidence if own.with_evidence == own.counted else ToFill(f"[{evidence}]")
    return (
        str(number),
        f"{row['title_vi']}\n({row['lead']})",
        promise(row),
        _result(row, own, figures.year) if row["entries"] else ToFill(f"[{t('no figures yet')}]"),
        stated(figures.tell, palette.word(str(row["status"]), "vi")),
        written.day(row["due_on"], "vi"),
        evidence,
    )


def _result(row: Attainment, own: Entries | None, year: int) -> str:
    """The result; of a period that began before the year, since when, or the day a milestone was reached."""
    said, start = result(row), row["period_start"].year
    if start >= year or row["status"] == "not_applicable":
        return said
    if row["measure"] != "milestone":
        since = t("in all since {year}", year=start)
        return f"{said[:-1]}; {since})" if said.endswith(")") else f"{said} ({since})"
    if not row["met"] or own is None or own.first_done_on is None:
        return said
    return t("{result} (on {day})", result=said, day=written.day(own.first_done_on, "vi"))


def _tasks(word: Word, figures: ReportFigures) -> None:
    word.heading(t("III. RESULTS BY TASK"))
    if not figures.tasks:
        word.paragraph(t("The plan has no annex of tasks, so this report has none either."))
        word.paragraph("", template=f"[{t('Describe the work done on the tasks in the body of the plan')}]")
        return
    counts = Counter(task["state"] for task in figures.tasks)
    said = [
        t(
            "{n} tasks {state}",
            n=written.number(counts[state], "vi"),
            state=_lower(palette.task_word(state, "vi")),
        )
        for state in reversed(TASK_STATES)
        if counts[state]
    ]
    now = stated(
        figures.tell_of_tasks,
        t(
            "The annex has {n} tasks: {states}. What came of each stands in the annex of this report.",
            n=written.number(len(figures.tasks), "vi"),
            states=", ".join(said),
        ),
    )
    word.paragraph(now)
    for state in ("overdue", "paused", "silent"):
        named = [task for task in figures.tasks if task["state"] == state]
        if named:
            word.paragraph(stated(figures.tell_of_tasks, f"{palette.task_word(state, 'vi')}:"), italic=True)
        for task in named:
            number = task["task"].removeprefix(f"{task['plan']}.")
            named_so = f"{number} {task['title_vi']} ({'; '.join(task['leads'])})."
            word.paragraph(stated(figures.tell_of_tasks, named_so), template="- {}")
    word.paragraph("", template=f"[{t('Add a judgement of the main results')}]")


def _best_first(status: str) -> tuple[bool, int]:
    """The order in which a sentence counts them; what is not to be judged comes last."""
    place = [str(one) for one in STATUSES].index(status)
    return status in ("not_started", "not_applicable"), -place


def _ended(text: str) -> str:
    """A quoted text as a sentence, with one full stop."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text.rstrip(',;:')}."


def _lower(word: str) -> str:
    return word[:1].lower() + word[1:]


def _difficulties(word: Word, figures: ReportFigures) -> None:
    word.heading(t("IV. DIFFICULTIES"))
    found = [
        (task, report)
        for task in figures.tasks
        for report in figures.reports.get(task["task"], [])
        if report["difficulty"]
    ]
    if not found and any(figures.reports.values()):
        word.paragraph(t("The reports on tasks name no difficulty."))
    for task, report in found:
        number = task["task"].removeprefix(f"{task['plan']}.")
        who = report["agency"] or t("Agency not named")
        day = written.day(report["occurred_on"], "vi")
        word.paragraph(f"- {number} {task['title_vi']} ({who}, {day}): {_ended(report['difficulty'] or '')}")
    word.paragraph("", template=f"[{t('Add other difficulties and their causes')}]")


def _proposals(word: Word) -> None:
    word.heading(t("V. PROPOSALS"))
    word.paragraph(
        "", template=f"[{t('Write the proposals to the province, the ministry and the agencies')}]"
    )


def _signature(word: Word) -> None:
    small = {"size": 11, "left": True}
    word.sides(
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

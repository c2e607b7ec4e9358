"""One province's or ward's page: targets as bullet bars, what is owed, agencies, tasks, the countdown."""

from __future__ import annotations

from datetime import date

from kpis.charts import palette
from kpis.charts.specs import Bullet
from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import MET, Attainment
from kpis.measures.task_status import TASK_STATES, TaskStatus
from kpis.pack.figures.gather import Figures, Place
from kpis.pack.pages.agencies_table import agencies
from kpis.pack.pages.contents import Block, Cell, Column, Note, Page, Table
from kpis.wording import missing_data, owed_sentences, ratios
from kpis.wording import target_figures as words
from kpis.wording.member_counts import members

COUNTDOWN_FROM = 56
"""Days before the reporting deadline from which it counts down: eight weeks."""


def page(place: Place, figures: Figures) -> Page:
    """Targets worst first, then who owes and leads, then every task of the year, worst first."""
    lang = figures.asked.lang
    said = countdown(place, figures.asked.as_of, lang)
    blocks: list[Block] = [Note(said, "at_risk", strong=True)] if said else []
    blocks += [Note(text, "no_data", strong=True) for text in figures.caveats([place]).values()]
    blocks.append(_targets(place, lang))
    leads, owing_now = agencies(place, lang)
    tasks = _tasks(place, lang)
    # A table without rows is a line, which might stand on a page alone behind a long one.
    behind = [table for table in (leads, owing_now, tasks) if table.rows]
    blocks += [table for table in (leads, owing_now, tasks) if not table.rows] + behind
    met = sum(row["status"] in MET for row in place.targets)
    numbers = written.number(met, lang), written.number(len(place.targets), lang)
    attained = translate(lang, "{met}/{all} attained", met=numbers[0], all=numbers[1])
    title = f"{place.name} · {attained if place.read else missing_data.short(lang)}"
    document = place.title_vi if lang == "vi" else place.title_en
    subtitle = f"{place.number} · {document}" if place.number else document
    if place.ward:
        apart = translate(lang, "ward of {province}, counted apart", province=place.province)
        subtitle = f"{subtitle} · {apart}"
    return Page(f"place-{place.plan}", "place", title, subtitle, tuple(blocks))


def countdown(place: Place, as_of: date, lang: Language) -> str:
    """The line on the reporting deadline, from eight weeks before it and after it; else empty."""
    if place.reporting_day is None:
        return ""
    month, day = place.reporting_day.split("-")
    due = date(as_of.year, int(month), int(day))
    left = (due - as_of).days
    if left > COUNTDOWN_FROM:
        return ""
    key = "Report due on {day}: {time} left."
    if left < 0:
        key, left = "Report was due on {day}: {time} ago.", -left
    elif left == 0:
        key = "Report due today, {day}."
    return translate(lang, key, day=written.day(due, lang), time=written.weeks(left, lang))


def _targets(place: Place, lang: Language) -> Table:
    columns = (
        Column(translate(lang, "Target"), width=4.4),
        Column(translate(lang, "Actual, floor and pace"), "chart", 1.9),
        Column(translate(lang, "So far"), "number", 1.65),
        Column(translate(lang, "Needed by now"), "number", 1.1),
        Column(translate(lang, "Status"), "status", 2.1),
        Column(translate(lang, "Still owed"), width=3.2),
    )
    rows = sorted(place.targets, key=lambda row: (palette.rank(str(row["status"])), row["position"]))
    return Table(
        f"targets-{place.plan}",
        translate(lang, "Targets"),
        columns,
        tuple(_target(row, lang) for row in rows),
        translate(lang, "The plan promises nothing for this year."),
    )


def _target(row: Attainment, lang: Language) -> tuple[Cell, ...]:
    status = str(row["status"])
    milestone = row["measure"] == "milestone"
    done = translate(lang, "done" if row["met"] else "not done") if milestone else words.fraction(row, lang)
    unit = "" if milestone or row["measure"] == "ratio" else row["unit" if lang == "vi" else "unit_en"]
    counted = words.counted(row, lang) if row["measure"] == "ratio" and row["denominator"] else unit
    expected = written.NOTHING if milestone else words.expected(row, lang)
    is_needed = not milestone and not ratios.is_ceiling(row)
    return (
        Cell(words.title(row, lang), small=row["lead"]),
        Cell(bullet=_bullet(row)),
        Cell(done, small=words.beside(row, lang) or counted, number=row["actual"]),
        Cell(expected, number=row["expected"] if is_needed else None),
        Cell(palette.word(status, lang), status, small=_due(row, lang)),
        Cell(owed_sentences.sentence(row, lang) or written.NOTHING),
    )


def _due(row: Attainment, lang: Language) -> str:
    return translate(lang, "due {day}", day=written.day(row["due_on"], lang))


def _bullet(row: Attainment) -> Bullet | None:
    if row["floor"] is None or row["measure"] == "milestone":
        return None
    expected = None if row["as_of"] >= row["due_on"] else ratios.pace(row)
    stretch = None if row["stretch"] is None else float(row["stretch"])
    return Bullet(ratios.reached(row), float(row["floor"]), expected, stretch, str(row["status"]))


def _tasks(place: Place, lang: Language) -> Table:
    columns = (
        Column(translate(lang, "No."), width=0.8),
        Column(translate(lang, "Task"), width=4),
        Column(translate(lang, "Lead"), width=2.4),
        Column(translate(lang, "State"), "status", 1.9),
        Column(translate(lang, "Due"), width=1.35),
        Column(translate(lang, "Last report"), width=1.9),
    )
    tasks = sorted(place.tasks, key=lambda task: (TASK_STATES.index(task["state"]), task["position"]))
    return Table(
        f"tasks-{place.plan}",
        translate(lang, "Tasks"),
        columns,
        tuple(_task(task, lang) for task in tasks),
        translate(lang, "The plan has no annex of tasks for this year."),
    )


def _task(task: TaskStatus, lang: Language) -> tuple[Cell, ...]:
    state = task["state"]
    last, due = task["last_report_on"], task["due_on"]
    return (
        Cell(task["task"].removeprefix(f"{task['plan']}.")),
        Cell(words.title(task, lang)),
        Cell("; ".join(task["leads"]), small=members(task, lang)),
        Cell(palette.task_word(state, lang), state),
        Cell(written.day(due, lang) if due else translate(lang, "ongoing"), value=due),
        Cell(
            written.day(last, lang) if last else translate(lang, "never"),
            small=task["last_report_by"] or "",
            value=last,
        ),
    )

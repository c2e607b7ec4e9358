"""The page of one province or ward: countdown, targets as bullet charts, agencies and tasks."""

from __future__ import annotations

from datetime import date

from kpis.charts import palette
from kpis.charts.specs import BulletValues
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.task_status import TASK_STATES, TaskStatus
from kpis.pack.figures.edition_figures import EditionFigures, PlaceFigures
from kpis.pack.pages.agencies_table import build_agency_tables
from kpis.pack.pages.contents import Block, Note, Page, Table, TableCell, TableColumn
from kpis.pack.pages.overview_page import format_attained, format_ward_suffix
from kpis.wording import doubt_sentences, owed_sentences, ratios, reporting_days, target_figures
from kpis.wording.clauses import format_places
from kpis.wording.member_counts import format_member_count
from kpis.wording.predecessors import format_parts

COUNTDOWN_DAYS = 56
"""The countdown to the reporting deadline begins so many days before it."""


def build_page(place: PlaceFigures, figures: EditionFigures) -> Page:
    """Build the page: the targets, the agencies that lead or owe, and every task of the year, worst first."""
    lang = figures.query.lang
    blocks: list[Block] = []
    if countdowns := " ".join(list_countdowns(place, figures.query.as_of, lang)):
        blocks.append(Note(countdowns, "at_risk", strong=True))
    blocks += [Note(text, "no_data", strong=True) for text in figures.build_caveats([place]).values()]
    blocks.append(_build_targets_table(place, figures))
    tables = (*build_agency_tables(place, lang), _build_tasks_table(place, lang))
    # An empty table is one sentence, which after a long table might be alone on a sheet: it comes first.
    ordered = sorted(tables, key=lambda table: bool(table.rows))
    blocks += ordered
    title = f"{place.name} · {format_attained(place, lang)}"
    document = place.title_vi if lang == "vi" else place.title_en
    subtitle = f"{place.number} · {document}" if place.number else document
    subtitle += format_ward_suffix(place, lang)
    return Page(f"place-{place.plan}", "place", title, subtitle, tuple(blocks))


def list_countdowns(place: PlaceFigures, as_of: date, lang: Language) -> list[str]:
    """Return a sentence on each report that is due next, from `COUNTDOWN_DAYS` before its day on."""
    return [
        reporting_days.format_countdown(report, as_of, lang)
        for report in reporting_days.list_next_reports(place.reporting_days, as_of, as_of.year, place.start_year)
        if (report.due_on - as_of).days <= COUNTDOWN_DAYS
    ]


def _build_targets_table(place: PlaceFigures, figures: EditionFigures) -> Table:
    lang = figures.query.lang
    columns = (
        TableColumn(translate(lang, "Target"), width=4.4),
        TableColumn(translate(lang, "Actual, floor and pace"), "chart", 1.9),
        TableColumn(translate(lang, "So far"), "number", 1.65),
        TableColumn(translate(lang, "Needed by now"), "number", 1.1),
        TableColumn(translate(lang, "Status"), "status", 2.1),
        TableColumn(translate(lang, "Still owed"), width=3.2),
    )
    rows = sorted(place.targets, key=lambda row: (palette.get_severity_rank(str(row["status"])), row["position"]))
    return Table(
        f"targets-{place.plan}",
        translate(lang, "Targets"),
        columns,
        tuple(_build_target_row(row, figures, lang) for row in rows),
        translate(lang, "The plan has no targets for this year."),
    )


def _build_target_row(row: Attainment, figures: EditionFigures, lang: Language) -> tuple[TableCell, ...]:
    status = str(row["status"])
    words = figures.words.get(row["target"], "")
    place = format_places(figures.clauses.get(row["target"], ()), lang)
    is_milestone = row["measure"] == "milestone"
    if is_milestone:
        progress, counted = translate(lang, "done" if row["met"] else "not done"), ""
    else:
        progress, counted = target_figures.format_counted_fraction(row, lang), _format_counted(row, lang)
    expected = formatting.NO_VALUE if is_milestone else target_figures.format_expected(row, lang)
    is_needed = not is_milestone and (row["starts_at_baseline"] or not row["is_ceiling"])
    return (
        TableCell(target_figures.get_title(row, lang), subtext=" · ".join(filter(None, (row["lead"], place)))),
        TableCell(bullet=_build_bullet(row)),
        TableCell(progress, subtext=target_figures.format_qualifier(row, lang) or counted, number=row["actual"]),
        TableCell(expected, number=row["expected"] if is_needed else None),
        TableCell(doubt_sentences.format_status(row, lang), status, subtext=_format_due(row, lang)),
        TableCell(
            words or owed_sentences.format_sentence(row, lang) or formatting.NO_VALUE,
            subtext=format_parts(figures.predecessor_parts.list_of_target(row), lang),
        ),
    )


def _format_counted(row: Attainment, lang: Language) -> str:
    """Return the numbers behind a share or a change: "45/60", "70 vụ"; empty for other measures."""
    if row["measure"] == "ratio":
        return target_figures.format_counted(row, lang) if row["denominator"] else ""
    if row["measure"] == "change" and row["entries"]:
        return target_figures.format_counted_with_unit(row, lang)
    return ""


def _format_due(row: Attainment, lang: Language) -> str:
    return translate(lang, "due {day}", day=formatting.format_day(row["due_on"], lang))


def _build_bullet(row: Attainment) -> BulletValues | None:
    if row["floor"] is None or row["status"] == "carried" or row["measure"] == "milestone" or row["has_spans"]:
        return None
    expected = None if row["as_of"] >= row["due_on"] else ratios.compute_bar_pace(row)
    stretch = None if row["stretch"] is None else ratios.compute_bar_limit(row, row["stretch"])
    floor = ratios.compute_bar_limit(row, row["floor"])
    return BulletValues(ratios.compute_bar_value(row), floor, expected, stretch, str(row["status"]))


def _build_tasks_table(place: PlaceFigures, lang: Language) -> Table:
    columns = (
        TableColumn(translate(lang, "No."), width=0.8),
        TableColumn(translate(lang, "Task"), width=4),
        TableColumn(translate(lang, "Lead"), width=2.4),
        TableColumn(translate(lang, "State"), "status", 1.9),
        TableColumn(translate(lang, "Due"), width=1.35),
        TableColumn(translate(lang, "Last report"), width=1.9),
    )
    tasks = sorted(place.tasks, key=lambda task: (TASK_STATES.index(task["state"]), task["position"]))
    return Table(
        f"tasks-{place.plan}",
        translate(lang, "Tasks"),
        columns,
        tuple(_build_task_row(task, lang) for task in tasks),
        translate(lang, "The plan has no annex of tasks for this year."),
    )


def _build_task_row(task: TaskStatus, lang: Language) -> tuple[TableCell, ...]:
    state = task["state"]
    last, due = task["last_report_on"], task["due_on"]
    return (
        TableCell(task["task"].removeprefix(f"{task['plan']}.")),
        TableCell(target_figures.get_title(task, lang)),
        TableCell("; ".join(task["leads"]), subtext=format_member_count(task, lang)),
        TableCell(palette.get_task_state_label(state, lang), state),
        TableCell(formatting.format_day(due, lang) if due else translate(lang, "ongoing"), date_value=due),
        TableCell(
            formatting.format_day(last, lang) if last else translate(lang, "never"),
            subtext=task["last_report_by"] or "",
            date_value=last,
        ),
    )

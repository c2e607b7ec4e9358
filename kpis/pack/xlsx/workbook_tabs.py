"""The tabs of an edition's workbook: every figure of every page, as values.

Each row has the key of the pages' table that it belongs to, so that the row counts of both can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from kpis.charts import palette
from kpis.language import clock
from kpis.measures.attainment_rows import Attainment
from kpis.measures.doubtful_entries import get_period_key
from kpis.measures.overdue_tasks import count_days_overdue
from kpis.measures.owed import Owed
from kpis.measures.task_status import TaskStatus
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.pages import explanations_page
from kpis.pack.pages.agencies_table import is_part_to_do
from kpis.pack.pages.contents import Contents, TableCell, Tiles
from kpis.pack.pages.overview_page import OVERDUE_TASKS_KEY, OWED_KEY
from kpis.pack.pages.sources_page import build_state_cell, count_days_unchanged, list_sources
from kpis.pack.xlsx.changes_tab import build_changes_tab
from kpis.pack.xlsx.figure_columns import build_figure_columns, format_never_read
from kpis.pack.xlsx.tab import CellValue, TabColumns, WorkbookTab, build_tab, to_cell_value
from kpis.sync.status import SourceStatus
from kpis.wording import explanation_sentences, owed_sentences, target_figures, task_sentences
from kpis.wording.clauses import format_places, format_quotes


def build_tabs(figures: EditionFigures, contents: Contents) -> tuple[WorkbookTab, ...]:
    """Build all tabs in order; agencies have one as on the pages and one with a row per target."""
    return (
        _build_overview_tab(figures, contents),
        _build_targets_tab(figures),
        _build_agencies_tab(figures, contents),
        _build_parts_tab(figures),
        _build_tasks_tab(figures),
        _build_owed_tab(figures),
        _build_overdue_tasks_tab(figures),
        build_changes_tab(figures, contents),
        *([_build_explanations_tab(figures)] if figures.explanations else []),
        _build_sources_tab(figures),
    )


def _build_overview_tab(figures: EditionFigures, contents: Contents) -> WorkbookTab:
    columns: TabColumns = (
        ("Status", lambda tile: tile.label),
        ("Now", lambda tile: tile.number),
        ("On the day compared with", lambda tile: tile.previous_number),
        ("Change", lambda tile: None if figures.is_new_year else tile.number - tile.previous_number),
        ("Of", lambda tile: tile.total),
        ("As of", lambda _: figures.query.as_of),
        ("Day compared with", lambda _: figures.query.since),
    )
    blocks = [block for page in contents.pages for block in page.blocks if isinstance(block, Tiles)]
    tiles = [("", tile) for block in blocks for tile in block.tiles]
    return build_tab(contents.lang, "Overview", columns, lambda: tiles)


def _build_targets_tab(figures: EditionFigures) -> WorkbookTab:
    lang = figures.query.lang

    def get_previous_status(row: Attainment) -> CellValue:
        has_begun = row["period_start"] <= figures.query.since
        status = figures.previous_statuses.get(row["target"]) if has_begun else None
        return palette.get_status_label(status, lang) if status else None

    columns = (
        *build_figure_columns(figures),
        ("Lead", lambda row: row["lead"]),
        ("Agencies that reported", lambda row: row["reporting_agencies"]),
        ("Agencies on the roster", lambda row: row["roster_size"] or None),
        ("Agencies on the roster that reported", lambda row: row["roster_reported"] if row["roster_size"] else None),
        ("Status on the day compared with", get_previous_status),
        ("Status code", lambda row: row["status"]),
        ("In words", lambda row: figures.words.get(row["target"])),
        ("Place of the clause", lambda row: format_places(figures.clauses.get(row["target"], ()), lang) or None),
        ("Clause of the document", lambda row: format_quotes(figures.clauses.get(row["target"], ())) or None),
    )
    rows = [(f"targets-{place.plan}", row) for place in figures.places for row in place.targets]
    # Targets that ended with the year before have no row on the pages, only a sentence.
    keys = {get_period_key(row) for _, row in rows}
    rows += [("", row) for row in figures.ended_targets if get_period_key(row) not in keys]
    return build_tab(lang, "Targets", columns, lambda: rows)


def _build_agencies_tab(figures: EditionFigures, contents: Contents) -> WorkbookTab:
    """Build the tab from the pages' tables; the table of a plan without tasks lacks some columns."""
    lang, names = figures.query.lang, figures.place_names
    tables = [table for table in contents.tables if table.key.startswith("agencies-")]
    titles = dict.fromkeys(column.title for table in tables for column in table.columns)

    def make_reader(title: str) -> Callable[[Any], CellValue]:
        def read_cell(row: tuple[str, dict[str, TableCell]]) -> CellValue:
            cell = row[1].get(title, TableCell())
            return cell.text if cell.number is None else cell.number

        return read_cell

    columns: TabColumns = (
        ("Province or ward", lambda row: row[0]),
        *((title, make_reader(title)) for title in titles),
    )
    rows = []
    for table in tables:
        place = names[table.key.removeprefix("agencies-")]
        table_titles = [column.title for column in table.columns]
        rows += [(table.key, (place, dict(zip(table_titles, row, strict=True)))) for row in table.rows]
    return build_tab(lang, "Agencies", columns, lambda: rows)


def _build_parts_tab(figures: EditionFigures) -> WorkbookTab:
    lang = figures.query.lang
    columns: TabColumns = (
        ("Agency", lambda row: row["agency"]),
        *build_figure_columns(figures),
        ("Share", lambda row: to_cell_value(row, row["share"])),
    )

    def iterate_rows() -> Iterator[tuple[str, Attainment]]:
        for place in figures.places:
            for row in place.agency_rows:
                yield f"owing-{place.plan}" if is_part_to_do(row) else "", row

    return build_tab(lang, "Agencies by target", columns, iterate_rows)


def _build_tasks_tab(figures: EditionFigures) -> WorkbookTab:
    lang, names = figures.query.lang, figures.place_names

    def format_state(task: TaskStatus) -> CellValue:
        return palette.get_task_state_label(task["state"], lang)

    columns: TabColumns = (
        ("Province or ward", lambda task: names[task["plan"]]),
        ("Code", lambda task: task["task"]),
        ("Task", lambda task: target_figures.get_title(task, lang)),
        ("Lead", lambda task: "; ".join(task["leads"])),
        ("Coordinators", lambda task: "; ".join(task["coordinators"])),
        ("Output", lambda task: task["output"]),
        ("Schedule", lambda task: task["schedule"]),
        ("State", format_state),
        ("Due", lambda task: task["due_on"]),
        ("Done on", lambda task: task["done_on"]),
        ("Members of the lead", lambda task: task["members"]),
        ("Members done", lambda task: None if task["timing"] == "ongoing" else task["members_done"]),
        ("Members that reported", lambda task: task["members_reported"]),
        ("Reports", lambda task: task["reports"]),
        ("Last report", lambda task: task["last_report_on"]),
        ("Reported by", lambda task: task["last_report_by"]),
        ("Result", lambda task: task["result"]),
        ("Evidence", lambda task: task["evidence"]),
        ("Difficulty", lambda task: task["difficulty"]),
        ("State code", lambda task: task["state"]),
        ("Sources", lambda task: format_never_read(task["plan"], figures)),
    )
    rows = [(f"tasks-{place.plan}", task) for place in figures.places for task in place.tasks]
    return build_tab(lang, "Tasks", columns, lambda: rows)


def _build_owed_tab(figures: EditionFigures) -> WorkbookTab:
    lang, names = figures.query.lang, figures.place_names

    def get_rate(owed: Owed, rate: float | None) -> CellValue:
        return rate if owed.row["measure"] == "count" else None

    columns: TabColumns = (
        ("Province or ward", lambda owed: names[owed.row["plan"]]),
        ("Code", lambda owed: owed.row["target"]),
        ("Target", lambda owed: target_figures.get_title(owed.row, lang)),
        ("Status", lambda owed: palette.get_status_label(owed.row["status"], lang)),
        ("Still owed", lambda owed: owed_sentences.format_sentence(owed.row, lang)),
        ("Missing", lambda owed: owed.missing),
        ("Too many", lambda owed: owed.excess),
        ("Agencies missing", lambda owed: owed.agencies_missing),
        ("Not counted yet", lambda owed: owed.uncounted),
        ("Due", lambda owed: owed.row["due_on"]),
        ("Days left", lambda owed: owed.days_left),
        ("Needed a week", lambda owed: get_rate(owed, owed.needed_per_week)),
        ("So far a week", lambda owed: get_rate(owed, owed.current_per_week)),
        ("Lead", lambda owed: owed.row["lead"]),
    )
    rows = [(OWED_KEY, owed) for owed in figures.to_do]
    return build_tab(lang, "To do now", columns, lambda: rows)


def _build_overdue_tasks_tab(figures: EditionFigures) -> WorkbookTab:
    lang, names = figures.query.lang, figures.place_names
    columns: TabColumns = (
        ("Province or ward", lambda task: names[task["plan"]]),
        ("Code", lambda task: task["task"]),
        ("Task", lambda task: target_figures.get_title(task, lang)),
        ("Lead", task_sentences.format_leads),
        ("Due", lambda task: task["due_on"]),
        ("Days overdue", count_days_overdue),
    )
    rows = [(OVERDUE_TASKS_KEY, task) for task in figures.overdue_tasks]
    return build_tab(lang, "Overdue tasks", columns, lambda: rows)


def _build_sources_tab(figures: EditionFigures) -> WorkbookTab:
    lang = figures.query.lang

    def to_local_time(moment: datetime | None) -> CellValue:
        return clock.to_local(moment).replace(tzinfo=None) if moment else None

    def make_reader(
        read: Callable[[SourceStatus], CellValue],
    ) -> Callable[[tuple[str, SourceStatus | None]], CellValue]:
        """Read the value from a row's source; None for a place that has no source."""
        return lambda row: None if row[1] is None else read(row[1])

    columns: TabColumns = (
        ("Source", make_reader(lambda source: source.id)),
        ("Province or ward", lambda row: row[0]),
        ("Last good read", make_reader(lambda source: to_local_time(source.last_good_at))),
        ("Content unchanged since", make_reader(lambda source: to_local_time(source.changed_at))),
        ("Days unchanged", make_reader(lambda source: count_days_unchanged(source, figures.gathered_at))),
        ("State", lambda row: build_state_cell(row[1], figures.gathered_at, lang).text),
        ("Rows read", make_reader(lambda source: source.read)),
        ("Counted", make_reader(lambda source: source.accepted)),
        ("With a warning", make_reader(lambda source: source.warned)),
        ("Rejected", make_reader(lambda source: source.rejected)),
        ("Not data", make_reader(lambda source: source.set_aside)),
    )
    return build_tab(lang, "Sources", columns, lambda: [("sources", row) for row in list_sources(figures)])


def _build_explanations_tab(figures: EditionFigures) -> WorkbookTab:
    lang, names = figures.query.lang, figures.place_names
    columns: TabColumns = (
        ("Request", lambda item: item.id),
        ("Province or ward", lambda item: names.get(item.plan, item.plan)),
        ("Code", lambda item: item.entry),
        ("Target or task", lambda item: explanations_page.get_title(item, lang)),
        ("Agency", lambda item: item.agency),
        ("Question", lambda item: item.question),
        ("Requested on", lambda item: item.asked_on),
        ("Due", lambda item: item.due_on),
        ("State", lambda item: explanation_sentences.format_state(item, lang)),
        ("Explanation", lambda item: item.answer),
        ("Measures", lambda item: item.measures),
        ("To be done by", lambda item: item.promise_on),
        ("Promise", lambda item: explanation_sentences.format_promise(item, lang)),
        ("Answered on", lambda item: item.answered_on),
        ("Answered by", lambda item: item.answered_by),
    )
    rows = [(explanations_page.EXPLANATIONS_KEY, item) for item in figures.explanations]
    return build_tab(lang, "Explanations", columns, lambda: rows)

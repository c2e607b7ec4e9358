"""The page of one province or ward that is projected: the worst targets, overdue tasks, everything else counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.overdue_tasks import count_days_overdue
from kpis.measures.task_status import TaskStatus
from kpis.pack.figures.edition_figures import EditionFigures, PlaceFigures
from kpis.pack.meeting.changes import format_silence
from kpis.pack.meeting.cuts import AnnexSheets, cut_table, format_status_counts
from kpis.pack.meeting.fitting import Limits, MeetingPage
from kpis.pack.pages.contents import Block, Note, Page, Table, TableCell, TableColumn
from kpis.wording import target_figures, task_sentences

MAX_TARGETS, MAX_TASKS = 8, 6


def plan_place(place: PlaceFigures, figures: EditionFigures, page: Page, annex: AnnexSheets) -> MeetingPage:
    """Plan the page from the annex's `page` of the place: tasks are cut before targets are."""
    lang, plan = figures.query.lang, place.plan
    targets = next(table for table in page.tables if table.key == f"targets-{plan}")
    statuses = sorted((str(row["status"]) for row in place.targets), key=palette.get_severity_rank)
    tasks = _build_tasks_table([task for task in figures.overdue_tasks if task["plan"] == plan], plan, lang)
    notes = [block for block in page.blocks if isinstance(block, Note)]
    changes = figures.changes
    silent, newly_silent = (
        sum(agency["plan"] == plan for agency in agencies)
        for agencies in (changes.silent_agencies, changes.newly_silent_agencies)
    )
    silence = format_silence(silent, newly_silent, annex, lang)

    def build(limits: Limits) -> Page:
        row_limit = limits["targets"]
        blocks: list[Block] = [*notes]
        others = _format_others(statuses[row_limit:], targets.key, annex)
        if row_limit or not targets.rows:
            blocks.append(replace(_shorten_targets(targets, row_limit, lang), ending=others))
        else:
            blocks.append(Note(f"{targets.title}: {others}"))
        if tasks.rows:
            blocks.append(cut_table(tasks, limits["tasks"], annex, annex.format_reference(f"tasks-{plan}")))
        if silence:
            blocks.append(Note(silence))
        return replace(page, blocks=tuple(blocks))

    return MeetingPage(
        build, {"targets": min(MAX_TARGETS, len(targets.rows)), "tasks": min(MAX_TASKS, len(tasks.rows))}
    )


def _format_others(statuses: Sequence[str], key: str, annex: AnnexSheets) -> str:
    """Return how many targets of each status are left out; nothing for none."""
    if not statuses:
        return ""
    text = translate(annex.lang, "and {counts}", counts=format_status_counts(statuses, annex.lang))
    return ", ".join(filter(None, (text, annex.format_reference(key))))


def _shorten_targets(table: Table, row_limit: int, lang: Language) -> Table:
    """Return the first rows of the annex's table, worst first, each on as few lines as its words need."""
    columns = (
        TableColumn(translate(lang, "Target"), width=4.3),
        TableColumn(translate(lang, "Actual, floor and pace"), "chart", 1.6),
        TableColumn(translate(lang, "So far"), "number", 1.6),
        TableColumn(translate(lang, "Status"), "status", 1.7),
        TableColumn(translate(lang, "Still owed"), width=3.1),
        TableColumn(translate(lang, "Lead"), width=2.1),
    )
    rows = []
    for title, chart, so_far, _, status, owed in table.rows[:row_limit]:
        lead = TableCell(title.subtext)
        rows.append((*(replace(cell, subtext="") for cell in (title, chart, so_far, status, owed)), lead))
    return replace(table, columns=columns, rows=tuple(rows), is_dense=True)


def _build_tasks_table(tasks: Sequence[TaskStatus], plan: str, lang: Language) -> Table:
    number = formatting.format_number(len(tasks), lang)
    columns = (
        TableColumn(translate(lang, "Task"), width=6.6),
        TableColumn(translate(lang, "State"), "status", 2.2),
        TableColumn(translate(lang, "Lead"), width=3.2),
    )
    rows = tuple(
        (
            TableCell(target_figures.get_title(task, lang)),
            TableCell(task_sentences.format_days_overdue(task, lang), task["state"], number=count_days_overdue(task)),
            TableCell(task_sentences.format_leads(task)),
        )
        for task in tasks
    )
    return Table(f"overdue-tasks-{plan}", f"{translate(lang, 'Overdue annex tasks')} ({number})", columns, rows)

"""The tab of changes: newly late, newly attained, lowered, silent, and the follow-ups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kpis.charts import palette
from kpis.language.messages import Language, translate
from kpis.measures.amended import Amendment
from kpis.measures.attainment_rows import Attainment
from kpis.measures.doubtful_entries import get_period_key
from kpis.measures.silent_agencies import SilentAgency
from kpis.measures.task_status import TaskStatus
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.pages.changes_page import AMENDED_KEY
from kpis.pack.pages.contents import Contents, TableCell
from kpis.pack.pages.follow_up_table import FOLLOW_UP_KEY
from kpis.pack.xlsx.tab import CellValue, TabColumns, WorkbookTab, build_tab, to_cell_value
from kpis.wording import owed_sentences, target_figures, task_sentences
from kpis.wording.amendments import format_amendment


@dataclass(frozen=True)
class _ChangeRow:
    kind: str
    place: str
    subject: str
    previous_value: CellValue = None
    same_day_value: CellValue = None
    current_value: CellValue = None
    status: str = ""
    owed: str = ""
    promise: str = ""
    lead: str = ""
    last_report_on: date | None = None
    days_silent: int | None = None
    newly_silent: str = ""
    amended: str = ""
    reviewer: str = ""


def build_changes_tab(figures: EditionFigures, contents: Contents) -> WorkbookTab:
    """Build the tab: one row per change, kind by kind."""
    lang = figures.query.lang
    rows = [*_list_changes(figures), *_list_follow_ups(contents)]
    columns: TabColumns = (
        ("Kind of change", lambda row: translate(lang, row.kind)),
        ("Province or ward", lambda row: row.place),
        ("Target or agency", lambda row: row.subject),
        ("Shown then", lambda row: row.previous_value),
        ("The same day, as known now", lambda row: row.same_day_value),
        ("Known now", lambda row: row.current_value),
        ("Status", lambda row: row.status or None),
        ("Still owed", lambda row: row.owed or None),
        ("Promise", lambda row: row.promise or None),
        ("Lead", lambda row: row.lead or None),
        ("Last report", lambda row: row.last_report_on),
        ("Days silent", lambda row: row.days_silent),
        ("Newly silent", lambda row: row.newly_silent or None),
        ("What changes", lambda row: row.amended or None),
        ("Accepted by", lambda row: row.reviewer or None),
    )
    return build_tab(lang, "Changes", columns, lambda: rows)


def _list_changes(figures: EditionFigures) -> Iterator[tuple[str, _ChangeRow]]:
    lang, names, changes = figures.query.lang, figures.place_names, figures.changes
    for amendment in figures.amendments:
        yield AMENDED_KEY, _build_amended_row(amendment, names, lang)
    for row in changes.newly_late:
        yield "newly-late", _build_target_row("Newly late", row, names, lang)
    for task in changes.newly_overdue_tasks:
        yield "newly-overdue-tasks", _build_task_row("Newly overdue tasks", task, names, lang)
    for row in changes.newly_met:
        yield "newly-met", _build_target_row("Newly attained", row, names, lang)
    for task in changes.newly_done_tasks:
        yield "newly-done-tasks", _build_task_row("Newly done tasks", task, names, lang)
    rows_today = {get_period_key(row): row for place in figures.places for row in place.targets}
    for pair in changes.lowered_figures:
        # A target of an earlier year has no row today: its period is over.
        row_today = rows_today.get(get_period_key(pair.current_row), pair.current_row)
        change = _build_target_row("Lowered since last shown", row_today, names, lang)
        previous, same_day = (to_cell_value(row, row["actual"]) for row in (pair.known_row, pair.current_row))
        yield "lowered", replace(change, previous_value=previous, same_day_value=same_day)
    for agency in changes.silent_agencies:
        yield "silent", _build_silent_row(agency, agency in changes.newly_silent_agencies, names, lang)


def _build_amended_row(amendment: Amendment, place_names: Mapping[str, str], lang: Language) -> _ChangeRow:
    """Return what changed in words: the version's own values have no column of the day's figures."""
    kind = "Corrected plan" if amendment.is_correction else "Amended plan"
    place = place_names.get(amendment.plan, amendment.plan)
    return _ChangeRow(kind, place, amendment.title_vi, amended=format_amendment(amendment, lang),
                      reviewer=amendment.version.reviewer)  # fmt: skip


def _build_silent_row(
    agency: SilentAgency, is_newly_silent: bool, place_names: Mapping[str, str], lang: Language
) -> _ChangeRow:
    return _ChangeRow(
        "Silent agencies",
        place_names[agency["plan"]],
        agency["agency"],
        last_report_on=agency["last_report_on"],
        days_silent=agency["days_silent"],
        newly_silent=translate(lang, "newly silent") if is_newly_silent else "",
    )


def _build_task_row(kind: str, task: TaskStatus, place_names: Mapping[str, str], lang: Language) -> _ChangeRow:
    return _ChangeRow(
        kind,
        place_names[task["plan"]],
        target_figures.get_title(task, lang),
        status=palette.get_task_state_label(task["state"], lang),
        owed=task_sentences.format_days_overdue(task, lang) if task["state"] == "overdue" else "",
        lead=task_sentences.format_leads(task),
    )


def _build_target_row(kind: str, row: Attainment, place_names: Mapping[str, str], lang: Language) -> _ChangeRow:
    return _ChangeRow(
        kind,
        place_names[row["plan"]],
        target_figures.get_title(row, lang),
        current_value=to_cell_value(row, row["actual"]),
        status=palette.get_status_label(str(row["status"]), lang),
        owed=owed_sentences.format_sentence(row, lang),
        lead=row["lead"],
    )


def _list_follow_ups(contents: Contents) -> Iterator[tuple[str, _ChangeRow]]:
    """Yield the rows of the page's table of follow-ups."""
    for table in contents.tables:
        if table.key == FOLLOW_UP_KEY:
            for row in table.rows:
                yield table.key, _build_follow_up_row(table.title, row)


def _build_follow_up_row(kind: str, row: Sequence[TableCell]) -> _ChangeRow:
    """Return a follow-up with all that its row of the pages says: under its status and under what is owed too."""
    place, title, previous, status, owed, lead = row
    return _ChangeRow(
        kind,
        place.text,
        title.text,
        previous.text,
        status=f"{status.text} ({status.subtext})" if status.subtext else status.text,
        owed=owed.text,
        promise=owed.subtext,
        lead=lead.text,
    )

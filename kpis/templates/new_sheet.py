"""A plan's workbook ready to fill: header, drop-downs, checks, locked feedback, guide (design.md §4, §6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from kpis.errors import UsageError
from kpis.language.messages import translate
from kpis.register.model import Register
from kpis.templates import target_words
from kpis.templates.guide import WIDTHS, guide
from kpis.templates.new_sheet_checks import NAMES, add_checks
from kpis.templates.new_sheet_formats import Formats, height
from kpis.templates.plan_sheet import (
    GUIDE,
    LISTS,
    PROGRESS,
    PROGRESS_COLUMNS,
    STATUSES,
    TARGET_HEADERS,
    TARGETS,
    TASK_COLUMNS,
    TASKS,
    Column,
    Template,
    template,
)

LAST_ROW = 5000
"""The last row that carries drop-downs and checks; rows below it are read like any other."""

# What a person may do without unlocking: everything but typing under Phản hồi. Excel itself refuses to
# delete a row that holds a locked cell, so the guide says to empty it.
_ALLOWED = {
    "objects": True, "scenarios": True, "format_cells": True, "format_columns": True, "format_rows": True,
    "insert_columns": True, "insert_rows": True, "insert_hyperlinks": True, "delete_columns": True,
    "delete_rows": True, "sort": True, "autofilter": True, "pivot_tables": True,
}  # fmt: skip


def write_new_sheet(register: Register, plan: str, out: Path) -> None:
    """Write the workbook of `plan` to `out`.

    UsageError for an unknown plan, and where `out` holds something else: rows that people typed are never
    written over.
    """
    content = new_sheet(register, plan)
    if out.exists() and out.read_bytes() not in {b"", content}:
        raise UsageError("“{path}” is there already. Choose another name; nothing was written.", path=out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content)


def new_sheet(register: Register, plan: str) -> bytes:
    """The workbook of `plan` as .xlsx; the same register gives the same bytes."""
    filled = template(register, plan)
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True, "default_format_properties": {}}) as workbook:
        # A fixed day, since the day of writing would be other bytes each time.
        created = datetime(filled.plan.start_year, 1, 1, tzinfo=UTC)
        workbook.set_properties({"title": filled.plan.title_vi, "created": created})
        formats = Formats(workbook)
        _guide_tab(workbook.add_worksheet(GUIDE), filled, formats)
        progress = workbook.add_worksheet(PROGRESS)
        _entry_tab(progress, PROGRESS_COLUMNS, filled, formats)
        if filled.tasks:
            tasks = workbook.add_worksheet(TASKS)
            _entry_tab(tasks, TASK_COLUMNS, filled, formats)
            _task_rows(tasks, register, filled, formats)
        _targets_tab(workbook.add_worksheet(TARGETS), register, filled, formats)
        _lists_tab(workbook, filled)
    return buffer.getvalue()


def _entry_tab(sheet: Worksheet, columns: Sequence[Column], filled: Template, formats: Formats) -> None:
    """A tab that people type into: only its feedback column is locked, its header too."""
    by_kind = {"day": formats.day, "count": formats.count, "total": formats.count,
               "feedback": formats.feedback, "note": formats.note}  # fmt: skip
    sheet.set_column(0, 51, None, formats.anywhere)  # a column of their own may be added
    sheet.set_row(0, 32)
    for position, column in enumerate(columns):
        sheet.set_column(position, position, column.width, by_kind.get(column.kind, formats.open_))
        head = formats.feedback_head if column.kind == "feedback" else formats.head
        sheet.write_string(0, position, column.header, head)
        sheet.write_comment(0, position, translate("vi", column.hint), {"x_scale": 2, "author": "KPI"})
        if column.kind == "feedback":
            for sign, colour in [("✓", formats.counted), ("!", formats.to_look_at), ("✗", formats.to_mend)]:
                shown = {"type": "text", "criteria": "begins with", "value": sign, "format": colour}
                sheet.conditional_format(1, position, LAST_ROW - 1, position, shown)
    add_checks(sheet, columns, filled, LAST_ROW)
    locked_from = next(position for position, column in enumerate(columns) if column.kind == "feedback")
    sheet.autofilter(0, 0, LAST_ROW - 1, locked_from - 1)  # Excel sorts only where no cell is locked
    sheet.freeze_panes(1, 0)
    sheet.protect("", _ALLOWED)
    _on_paper(sheet)
    sheet.repeat_rows(0)


def _task_rows(sheet: Worksheet, register: Register, filled: Template, formats: Formats) -> None:
    for number, row in enumerate(filled.task_rows, 1):
        cells = {
            "Mã": row.task.id, "Nhiệm vụ": row.task.title_vi, "Cơ quan": row.agency,
            "Chủ trì theo kế hoạch": "; ".join(row.task.leads),
            "Thời hạn": target_words.task_due(register, row.task),
        }  # fmt: skip
        texts = [cells.get(column.header, "") for column in TASK_COLUMNS]
        sheet.set_row(number, height(texts, [column.width for column in TASK_COLUMNS]))
        for position, (column, text) in enumerate(zip(TASK_COLUMNS, texts, strict=True)):
            if text:
                shown = formats.note if column.kind == "note" else formats.open_
                sheet.write_string(number, position, text, shown)


def _targets_tab(sheet: Worksheet, register: Register, filled: Template, formats: Formats) -> None:
    """The plan's promises for reference; nothing here is read."""
    for position, (header, width) in enumerate(TARGET_HEADERS):
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, header, formats.read_only_head)
    sheet.set_row(0, 24)
    for number, target in enumerate(filled.targets, 1):
        cells = target_words.row(register, target)
        sheet.set_row(number, height(cells, [width for _, width in TARGET_HEADERS]))
        for position, text in enumerate(cells):
            sheet.write_string(number, position, text, formats.read_only)
    sheet.freeze_panes(1, 2)
    _on_paper(sheet)


def _lists_tab(workbook: Workbook, filled: Template) -> None:
    """What the drop-downs offer, on a tab out of sight: a list inside a check ends at 255 characters."""
    sheet = workbook.add_worksheet(LISTS)
    lists = (filled.agencies, filled.target_names, filled.tasks, STATUSES)
    for position, (kind, items) in enumerate(zip(NAMES, lists, strict=True)):
        sheet.write_string(0, position, NAMES[kind])
        sheet.write_column(1, position, items)
        letter = chr(ord("A") + position)
        if items:
            workbook.define_name(NAMES[kind], f"='{LISTS}'!${letter}$2:${letter}${len(items) + 1}")
    sheet.very_hidden()


def _guide_tab(sheet: Worksheet, filled: Template, formats: Formats) -> None:
    for position, width in enumerate(WIDTHS):
        sheet.set_column(position, position, width)
    heights = {"title": 34, "subtitle": 20, "heading": 32, "head": 20}
    styles = {"title": formats.title, "subtitle": formats.subtitle, "heading": formats.heading,
              "head": formats.read_only_head, "cells": formats.read_only}  # fmt: skip
    for number, line in enumerate(guide(filled)):
        sheet.set_row(number, heights.get(line.style) or height(line.cells, WIDTHS))
        for position, text in enumerate(line.cells):
            row_style = formats.label if position == 0 else formats.text
            sheet.write_string(number, position, text, styles.get(line.style, row_style))
    sheet.hide_gridlines(2)
    _on_paper(sheet)


def _on_paper(sheet: Worksheet) -> None:
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.fit_to_pages(1, 0)

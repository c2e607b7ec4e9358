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
from kpis.templates import target_texts
from kpis.templates.guide_lines import COLUMN_WIDTHS, build_guide
from kpis.templates.new_sheet_checks import RANGE_NAMES, add_checks
from kpis.templates.new_sheet_formats import NewSheetFormats, compute_row_height
from kpis.templates.plan_sheet import (
    GUIDE_TAB,
    LISTS_TAB,
    PROGRESS_COLUMNS,
    PROGRESS_TAB,
    STATUS_CHOICES,
    TARGET_HEADERS,
    TARGETS_TAB,
    TASK_COLUMNS,
    TASKS_TAB,
    SheetTemplate,
    TemplateColumn,
    build_template,
)

LAST_CHECKED_ROW = 5000
"""The last row that carries drop-downs and checks; rows below it are read like any other."""

# What a person may do without unlocking: everything but typing under Phản hồi. Excel itself refuses to
# delete a row that holds a locked cell, so the guide says to empty it.
_ALLOWED_ACTIONS = {
    "objects": True, "scenarios": True, "format_cells": True, "format_columns": True, "format_rows": True,
    "insert_columns": True, "insert_rows": True, "insert_hyperlinks": True, "delete_columns": True,
    "delete_rows": True, "sort": True, "autofilter": True, "pivot_tables": True,
}  # fmt: skip


def write_new_sheet(register: Register, plan: str, out: Path) -> None:
    """Write the workbook of `plan` to `out`.

    UsageError for an unknown plan, and where `out` holds something else: rows that people typed are never
    written over.
    """
    content = build_new_sheet(register, plan)
    if out.exists() and out.read_bytes() not in {b"", content}:
        raise UsageError("“{path}” is there already. Choose another name; nothing was written.", path=out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content)


def build_new_sheet(register: Register, plan: str) -> bytes:
    """The workbook of `plan` as .xlsx; the same register gives the same bytes."""
    filled = build_template(register, plan)
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True, "default_format_properties": {}}) as workbook:
        # A fixed day, since the day of writing would be other bytes each time.
        created = datetime(filled.plan.start_year, 1, 1, tzinfo=UTC)
        workbook.set_properties({"title": filled.plan.title_vi, "created": created})
        formats = NewSheetFormats(workbook)
        _write_guide_tab(workbook.add_worksheet(GUIDE_TAB), filled, formats)
        progress = workbook.add_worksheet(PROGRESS_TAB)
        _write_entry_tab(progress, PROGRESS_COLUMNS, filled, formats)
        if filled.tasks:
            tasks = workbook.add_worksheet(TASKS_TAB)
            _write_entry_tab(tasks, TASK_COLUMNS, filled, formats)
            _write_task_rows(tasks, register, filled, formats)
        _write_targets_tab(workbook.add_worksheet(TARGETS_TAB), register, filled, formats)
        _write_lists_tab(workbook, filled)
    return buffer.getvalue()


def _write_entry_tab(
    sheet: Worksheet, columns: Sequence[TemplateColumn], template: SheetTemplate, formats: NewSheetFormats
) -> None:
    """A tab that people type into: only its feedback column is locked, its header too."""
    by_kind = {"day": formats.day, "count": formats.count, "total": formats.count,
               "feedback": formats.feedback, "note": formats.note}  # fmt: skip
    sheet.set_column(0, 51, None, formats.editable_column)  # a column of their own may be added
    sheet.set_row(0, 32)
    for position, column in enumerate(columns):
        sheet.set_column(position, position, column.width, by_kind.get(column.kind, formats.editable))
        head = formats.feedback_header if column.kind == "feedback" else formats.header
        sheet.write_string(0, position, column.header, head)
        sheet.write_comment(0, position, translate("vi", column.hint), {"x_scale": 2, "author": "KPI"})
        if column.kind == "feedback":
            for sign, colour in [("✓", formats.accepted), ("!", formats.warning), ("✗", formats.rejection)]:
                shown = {"type": "text", "criteria": "begins with", "value": sign, "format": colour}
                sheet.conditional_format(1, position, LAST_CHECKED_ROW - 1, position, shown)
    add_checks(sheet, columns, template, LAST_CHECKED_ROW)
    locked_from = next(position for position, column in enumerate(columns) if column.kind == "feedback")
    sheet.autofilter(0, 0, LAST_CHECKED_ROW - 1, locked_from - 1)  # Excel sorts only where no cell is locked
    sheet.freeze_panes(1, 0)
    sheet.protect("", _ALLOWED_ACTIONS)
    _set_print_layout(sheet)
    sheet.repeat_rows(0)


def _write_task_rows(
    sheet: Worksheet, register: Register, template: SheetTemplate, formats: NewSheetFormats
) -> None:
    for number, row in enumerate(template.task_rows, 1):
        cells = {
            "Mã": row.task.id, "Nhiệm vụ": row.task.title_vi, "Cơ quan": row.agency,
            "Chủ trì theo kế hoạch": "; ".join(row.task.leads),
            "Thời hạn": target_texts.format_task_due(register, row.task),
        }  # fmt: skip
        texts = [cells.get(column.header, "") for column in TASK_COLUMNS]
        sheet.set_row(number, compute_row_height(texts, [column.width for column in TASK_COLUMNS]))
        for position, (column, text) in enumerate(zip(TASK_COLUMNS, texts, strict=True)):
            if text:
                shown = formats.note if column.kind == "note" else formats.editable
                sheet.write_string(number, position, text, shown)


def _write_targets_tab(
    sheet: Worksheet, register: Register, template: SheetTemplate, formats: NewSheetFormats
) -> None:
    """The plan's promises for reference; nothing here is read."""
    for position, (header, width) in enumerate(TARGET_HEADERS):
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, header, formats.read_only_header)
    sheet.set_row(0, 24)
    for number, target in enumerate(template.targets, 1):
        cells = target_texts.format_target_row(register, target)
        sheet.set_row(number, compute_row_height(cells, [width for _, width in TARGET_HEADERS]))
        for position, text in enumerate(cells):
            sheet.write_string(number, position, text, formats.read_only)
    sheet.freeze_panes(1, 2)
    _set_print_layout(sheet)


def _write_lists_tab(workbook: Workbook, template: SheetTemplate) -> None:
    """What the drop-downs offer, on a tab out of sight: a list inside a check ends at 255 characters."""
    sheet = workbook.add_worksheet(LISTS_TAB)
    lists = (template.agencies, template.target_names, template.tasks, STATUS_CHOICES)
    for position, (kind, items) in enumerate(zip(RANGE_NAMES, lists, strict=True)):
        sheet.write_string(0, position, RANGE_NAMES[kind])
        sheet.write_column(1, position, items)
        letter = chr(ord("A") + position)
        if items:
            workbook.define_name(RANGE_NAMES[kind], f"='{LISTS_TAB}'!${letter}$2:${letter}${len(items) + 1}")
    sheet.very_hidden()


def _write_guide_tab(sheet: Worksheet, template: SheetTemplate, formats: NewSheetFormats) -> None:
    for position, width in enumerate(COLUMN_WIDTHS):
        sheet.set_column(position, position, width)
    heights = {"title": 34, "subtitle": 20, "heading": 32, "head": 20}
    styles = {"title": formats.title, "subtitle": formats.subtitle, "heading": formats.heading,
              "head": formats.read_only_header, "cells": formats.read_only}  # fmt: skip
    for number, line in enumerate(build_guide(template)):
        sheet.set_row(number, heights.get(line.style) or compute_row_height(line.cells, COLUMN_WIDTHS))
        for position, text in enumerate(line.cells):
            row_style = formats.label if position == 0 else formats.text
            sheet.write_string(number, position, text, styles.get(line.style, row_style))
    sheet.hide_gridlines(2)
    _set_print_layout(sheet)


def _set_print_layout(sheet: Worksheet) -> None:
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.fit_to_pages(1, 0)

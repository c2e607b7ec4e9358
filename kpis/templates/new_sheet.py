"""Write a plan's empty workbook: headers, lists, checks, locked feedback, guide (design.md §4, §6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
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
    EXPLANATION_COLUMNS,
    EXPLANATIONS_TAB,
    GUIDE_TAB,
    LISTS_TAB,
    PROGRESS_COLUMNS,
    PROGRESS_TAB,
    TARGET_HEADERS,
    TARGETS_TAB,
    TASK_COLUMNS,
    TASKS_TAB,
    SheetTemplate,
    TemplateColumn,
    build_template,
)

LAST_CHECKED_ROW = 5000
"""The last row with drop-downs and checks; rows below it are read like any other."""

# Everything is allowed except typing into the feedback column. Excel itself refuses to delete a row that
# holds a locked cell, so the guide says to empty the row.
_ALLOWED_ACTIONS = {
    "objects": True, "scenarios": True, "format_cells": True, "format_columns": True, "format_rows": True,
    "insert_columns": True, "insert_rows": True, "insert_hyperlinks": True, "delete_columns": True,
    "delete_rows": True, "sort": True, "autofilter": True, "pivot_tables": True,
}  # fmt: skip


def write_new_sheet(register: Register, plan: str, day: date, out: Path) -> None:
    """Write the workbook of `plan` to `out`, as `build_new_sheet` does.

    UsageError for an unknown plan, and if `out` holds anything else: rows that people typed are never
    overwritten.
    """
    content = build_new_sheet(register, plan, day)
    if out.exists() and out.read_bytes() not in {b"", content}:
        raise UsageError("“{path}” already exists. Choose another name; nothing was written.", path=out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content)


def build_new_sheet(register: Register, plan: str, day: date) -> bytes:
    """Return the workbook of `plan` as .xlsx, with the agencies that stand on a day.

    The same register gives the same bytes until an agency ends.
    """
    template = build_template(register, plan, day)
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True, "default_format_properties": {}}) as workbook:
        # A fixed date, since the date of writing would change the bytes each time.
        created = datetime(template.plan.start_year, 1, 1, tzinfo=UTC)
        workbook.set_properties({"title": template.plan.title_vi, "created": created})
        formats = NewSheetFormats(workbook)
        _write_guide_tab(workbook.add_worksheet(GUIDE_TAB), template, formats)
        progress = workbook.add_worksheet(PROGRESS_TAB)
        _write_entry_tab(progress, PROGRESS_COLUMNS, template, formats)
        if template.tasks:
            tasks = workbook.add_worksheet(TASKS_TAB)
            _write_entry_tab(tasks, TASK_COLUMNS, template, formats)
            _write_task_rows(tasks, register, template, formats)
        explanations = workbook.add_worksheet(EXPLANATIONS_TAB)
        _write_entry_tab(explanations, EXPLANATION_COLUMNS, template, formats)
        _write_targets_tab(workbook.add_worksheet(TARGETS_TAB), register, template, formats)
        _write_lists_tab(workbook, template)
    return buffer.getvalue()


def _write_entry_tab(
    sheet: Worksheet, columns: Sequence[TemplateColumn], template: SheetTemplate, formats: NewSheetFormats
) -> None:
    """Write a tab that people type into; only its feedback column is locked, including the header."""
    count = formats.amount if template.has_decimals else formats.count
    by_kind = {"day": formats.day, "any_day": formats.day, "count": count, "total": formats.count,
               "feedback": formats.feedback, "note": formats.note}  # fmt: skip
    sheet.set_column(0, 51, None, formats.editable_column)  # people may add columns
    sheet.set_row(0, 32)
    for position, column in enumerate(columns):
        sheet.set_column(position, position, column.width, by_kind.get(column.kind, formats.editable))
        header_format = formats.feedback_header if column.kind == "feedback" else formats.header
        sheet.write_string(0, position, column.header, header_format)
        sheet.write_comment(0, position, translate("vi", column.hint), {"x_scale": 2, "author": "KPI"})
        if column.kind == "feedback":
            signs = [("✓", formats.accepted), ("?", formats.warning), ("!", formats.warning),
                     ("✗", formats.rejection)]  # fmt: skip
            for sign, colour in signs:
                rule = {"type": "text", "criteria": "begins with", "value": sign, "format": colour}
                sheet.conditional_format(1, position, LAST_CHECKED_ROW - 1, position, rule)
    add_checks(sheet, columns, template, LAST_CHECKED_ROW)
    feedback_column = next(position for position, column in enumerate(columns) if column.kind == "feedback")
    # Excel sorts only ranges without locked cells.
    sheet.autofilter(0, 0, LAST_CHECKED_ROW - 1, feedback_column - 1)
    sheet.freeze_panes(1, 0)
    sheet.protect("", _ALLOWED_ACTIONS)
    _set_print_layout(sheet)
    sheet.repeat_rows(0)


def _write_task_rows(sheet: Worksheet, register: Register, template: SheetTemplate, formats: NewSheetFormats) -> None:
    for number, row in enumerate(template.task_rows, 1):
        cells = target_texts.format_task_row(register, row)
        texts = [cells.get(column.header, "") for column in TASK_COLUMNS]
        sheet.set_row(number, compute_row_height(texts, [column.width for column in TASK_COLUMNS]))
        for position, (column, text) in enumerate(zip(TASK_COLUMNS, texts, strict=True)):
            if text:
                cell_format = formats.note if column.kind == "note" else formats.editable
                sheet.write_string(number, position, text, cell_format)


def _write_targets_tab(sheet: Worksheet, register: Register, template: SheetTemplate, formats: NewSheetFormats) -> None:
    """Write the plan's targets for reference; a sync does not read this tab."""
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
    """Write the items of the drop-downs to a hidden tab: a list inside a check may have 255 characters."""
    sheet = workbook.add_worksheet(LISTS_TAB)
    for position, (kind, items) in enumerate(template.choices.items()):
        sheet.write_string(0, position, RANGE_NAMES[kind])
        sheet.write_column(1, position, items)
        letter = chr(ord("A") + position)
        if items:
            workbook.define_name(RANGE_NAMES[kind], f"='{LISTS_TAB}'!${letter}$2:${letter}${len(items) + 1}")
    sheet.very_hidden()


def _write_guide_tab(sheet: Worksheet, template: SheetTemplate, formats: NewSheetFormats) -> None:
    for position, width in enumerate(COLUMN_WIDTHS):
        sheet.set_column(position, position, width)
    heights = {"title": 34, "subtitle": 20, "heading": 32, "header": 20}
    styles = {"title": formats.title, "subtitle": formats.subtitle, "heading": formats.heading,
              "header": formats.read_only_header, "cells": formats.read_only}  # fmt: skip
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

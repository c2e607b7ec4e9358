"""Writes made-up workbooks; headers, order of columns and dates differ between plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from data.sample.plan_sheet import FormulaErrorCell, PercentCell, SampleRow, SampleValue
from kpis.sheet.model import Field

LayoutColumn = tuple[str, Field | None]
"""A header and its field; None for a column that is not read."""

_WIDE_FIELDS = {"content", "task_title", "result", "evidence", "difficulty", "target"}
_CREATED_AT = datetime(2026, 11, 21, 9, 0)  # noqa: DTZ001 - times in a workbook have no zone
_TASK_COLUMNS: tuple[LayoutColumn, ...] = (
    ("Mã", "task"),
    ("Nhiệm vụ", "task_title"),
    ("Cơ quan", "agency"),
    ("Trạng thái", "status"),
    ("Ngày hoàn thành", "finished_on"),
    ("Kết quả", "result"),
    ("Minh chứng", "evidence"),
    ("Khó khăn", "difficulty"),
    ("Phản hồi", None),
)


@dataclass(frozen=True)
class SampleLayout:
    """The layout of one plan's sheet."""

    tab: str
    title_lines: Sequence[str]
    columns: Sequence[LayoutColumn]
    date_style: Literal["cells", "text", "mixed"]


def write_workbook(path: Path, layout: SampleLayout, progress: Sequence[SampleRow], tasks: Sequence[SampleRow]) -> None:
    """Write the workbook; equal rows give equal bytes."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": _CREATED_AT, "title": "Số liệu minh họa"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
        percent = book.add_format({"num_format": "0%", "valign": "top"})
        plain = book.add_format({"valign": "top", "text_wrap": True})
        header = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "valign": "top"})
        formats = _CellFormats(header, plain, day, percent)
        _write_tab(
            book.add_worksheet(layout.tab),
            formats,
            layout.title_lines,
            layout.columns,
            progress,
            layout.date_style,
        )
        if tasks:
            _write_tab(book.add_worksheet("Nhiệm vụ"), formats, (), _TASK_COLUMNS, tasks, layout.date_style)


@dataclass(frozen=True)
class _CellFormats:
    header: Format
    plain: Format
    day: Format
    percent: Format


def _write_tab(
    sheet: Worksheet,
    formats: _CellFormats,
    title_lines: Sequence[str],
    columns: Sequence[LayoutColumn],
    rows: Sequence[SampleRow],
    date_style: str,
) -> None:
    for number, line in enumerate(title_lines):
        sheet.write_string(number, 0, line)
    top = len(title_lines)
    for column, (name, field) in enumerate(columns):
        sheet.set_column(column, column, 42 if field in _WIDE_FIELDS else 16)
        sheet.write_string(top, column, name, formats.header)
    sheet.freeze_panes(top + 1, 0)
    for number, row in enumerate(rows, start=top + 1):
        as_text = date_style == "text" or (date_style == "mixed" and number % 3 == 0)
        for column, (_, field) in enumerate(columns):
            if field is not None:
                _write_cell(sheet, formats, number, column, row.cells.get(field), as_text)


def _write_cell(
    sheet: Worksheet, formats: _CellFormats, row: int, column: int, value: SampleValue, as_text: bool
) -> None:
    match value:
        case None | "":
            return
        case FormulaErrorCell(error):
            sheet.write_formula(row, column, "=VLOOKUP(A1,Z1:Z9,2,FALSE)", formats.plain, error)
        case PercentCell(share):
            sheet.write_number(row, column, share, formats.percent)
        case date() if as_text:
            sheet.write_string(row, column, f"{value.day}/{value.month}/{value.year}", formats.plain)
        case date():
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), formats.day)  # noqa: DTZ001
        case int() | float():
            sheet.write_number(row, column, value, formats.plain)
        case str():
            sheet.write_string(row, column, value, formats.plain)

"""Writes one made-up workbook, each plan's in its own hand: headers, order of columns and dates differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from data.sample.plan_sheet import Broken, Percent, Row, Value
from kpis.sheet.model import Field

Column = tuple[str, Field | None]
"""A header as the officer wrote it, and the field it holds; None for a column that nobody reads."""

_WIDE = {"content", "task_title", "result", "evidence", "difficulty", "target"}
_WRITTEN_AT = datetime(2026, 11, 21, 9, 0)  # noqa: DTZ001 - a workbook's own time has no zone
_TASK_COLUMNS: tuple[Column, ...] = (
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
class Hand:
    """How one plan's officers keep their sheet."""

    tab: str
    title: Sequence[str]
    columns: Sequence[Column]
    dates: Literal["cells", "text", "mixed"]


def write(path: Path, hand: Hand, progress: Sequence[Row], tasks: Sequence[Row]) -> None:
    """Writes the workbook; equal rows give equal bytes."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": _WRITTEN_AT, "title": "Số liệu minh họa"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
        percent = book.add_format({"num_format": "0%", "valign": "top"})
        plain = book.add_format({"valign": "top", "text_wrap": True})
        header = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "valign": "top"})
        pen = _Pen(header, plain, day, percent)
        _tab(book.add_worksheet(hand.tab), pen, hand.title, hand.columns, progress, hand.dates)
        if tasks:
            _tab(book.add_worksheet("Nhiệm vụ"), pen, (), _TASK_COLUMNS, tasks, hand.dates)


@dataclass(frozen=True)
class _Pen:
    header: Format
    plain: Format
    day: Format
    percent: Format


def _tab(
    sheet: Worksheet,
    pen: _Pen,
    title: Sequence[str],
    columns: Sequence[Column],
    rows: Sequence[Row],
    dates: str,
) -> None:
    for number, line in enumerate(title):
        sheet.write_string(number, 0, line)
    top = len(title)
    for column, (name, field) in enumerate(columns):
        sheet.set_column(column, column, 42 if field in _WIDE else 16)
        sheet.write_string(top, column, name, pen.header)
    sheet.freeze_panes(top + 1, 0)
    for number, row in enumerate(rows, start=top + 1):
        as_text = dates == "text" or (dates == "mixed" and number % 3 == 0)
        for column, (_, field) in enumerate(columns):
            if field is not None:
                _cell(sheet, pen, number, column, row.cells.get(field), as_text)


def _cell(sheet: Worksheet, pen: _Pen, row: int, column: int, value: Value, as_text: bool) -> None:
    match value:
        case None | "":
            return
        case Broken(error):
            sheet.write_formula(row, column, "=VLOOKUP(A1,Z1:Z9,2,FALSE)", pen.plain, error)
        case Percent(share):
            sheet.write_number(row, column, share, pen.percent)
        case date() if as_text:
            sheet.write_string(row, column, f"{value.day}/{value.month}/{value.year}", pen.plain)
        case date():
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), pen.day)  # noqa: DTZ001
        case int() | float():
            sheet.write_number(row, column, value, pen.plain)
        case str():
            sheet.write_string(row, column, value, pen.plain)

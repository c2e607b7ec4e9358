"""A small list, as pages build them."""

from __future__ import annotations

from datetime import date, timedelta

from kpis.language.normalization import to_sort_key
from kpis.ui import pages
from kpis.ui.shared.lists.model import ListCell, ListColumn, ListRow, ListTable
from kpis.ui.shared.tables import ColumnHeader
from tests.ui.handmade_rows import TODAY

NAMES = ("Đường sá", "Dân cư", "Điện", "Ăn uống", "Án phí", "Công thương")


def build_row(number: int, **overrides: object) -> ListRow:
    """Return row `number`: overdue if odd, due that many days after today; every third has no due day."""
    title = f"{NAMES[number % len(NAMES)]} {number}"
    due_on = None if number % 3 == 2 else TODAY + timedelta(days=number - 5)
    values: dict[str, object] = {
        "cells": (
            ListCell(title, to_sort_key(title)),
            ListCell(str(due_on or "–"), due_on),
            ListCell(str(number % 4), number % 4),
        ),
        "values": (title, due_on, number % 4),
        "texts": (f"x.{number}", title),
        "group": f"nhóm {number // 10}",
        "statuses": ("overdue" if number % 2 else "done",),
        "due_on": due_on,
        "leads": ("Sở Y tế",) if number % 5 else ("Sở Y tế", "Công an"),
        "flags": frozenset({"read"} if number % 2 else {"read", "provinces"}),
        "source": "a" if number < 10 else "b",
        "is_open": bool(number % 2),
        **overrides,
    }
    return ListRow(**values)  # type: ignore[arg-type]


def build_list(count: int, as_of: date = TODAY, **overrides: object) -> ListTable:
    """Return a list of so many rows."""
    return ListTable(
        name="tasks",
        page=pages.TASKS,
        title="Danh sách",
        caption="Chú thích",
        file_stem="danh-sach",
        columns=(
            ListColumn("title", ColumnHeader("Tên")),
            ListColumn("due", ColumnHeader("Hạn")),
            ListColumn("number", ColumnHeader("Số", "number")),
        ),
        value_titles=("Tên", "Hạn", "Số"),
        rows=tuple(build_row(number, **overrides) for number in range(count)),
        as_of=as_of,
        statuses={"overdue": "Quá hạn", "done": "Xong"},
        has_due=True,
        has_leads=True,
    )

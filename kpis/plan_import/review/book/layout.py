"""The tabs and columns of a draft's workbook; both the writer and the reader use them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kpis.language.messages import translate
from kpis.plan_import.review.draft.fields import FIELDS, DraftField
from kpis.plan_import.review.draft.model import Decision, RowKind

TABS: Mapping[RowKind, str] = {
    "header": "Đầu mục",
    "target": "Chỉ tiêu",
    "milestone": "Mốc",
    "task": "Nhiệm vụ",
    "agency": "Cơ quan",
    "number": "Số còn lại",
}
TEXT_TAB, LISTS_TAB, SYSTEM_TAB = "Toàn văn", "Danh sách", "Hệ thống"
DECISIONS: Mapping[Decision, str] = {"accept": "Nhận", "change": "Sửa", "drop": "Bỏ"}
HEADER_VALUE = DraftField("value", "value", width=44)
ID_COLUMN, DECISION_COLUMN, QUOTE_COLUMN, PLACE_COLUMN, FIRST_FIELD_COLUMN = range(5)
FIRST_ROW = 2
"""The number of the first row below the header, from 1."""


class BookColumn(NamedTuple):
    """One column of a tab: the field whose proposed or entered value it holds."""

    item: DraftField
    is_entered: bool
    title: str


def list_columns(kind: RowKind) -> list[BookColumn]:
    """Return the columns of fields, from FIRST_FIELD_COLUMN on: each proposal, and the entered value beside it."""
    columns = []
    for item in (HEADER_VALUE,) if kind == "header" else FIELDS[kind]:
        label = translate("vi", item.label)
        if item.role == "shown":
            columns.append(BookColumn(item, False, label))
            continue
        if item.name in {"reason", "clause", "row"}:
            columns.append(BookColumn(item, True, label))
            continue
        if item.role == "reviewer":  # nothing is proposed but what an amendment finds in force
            columns.append(BookColumn(item, False, translate("vi", "{label} (in force)", label=label)))
            columns.append(BookColumn(item, True, label))
            continue
        columns.append(BookColumn(item, False, translate("vi", "{label} (proposed)", label=label)))
        columns.append(BookColumn(item, True, translate("vi", "{label} (changed)", label=label)))
    return columns


def list_titles(kind: RowKind) -> list[str]:
    """Return the first row of a tab."""
    titles = ("code", "Decision", "Item" if kind == "header" else "Clause of the document", "Place of the clause")
    return [*(translate("vi", title) for title in titles), *(column.title for column in list_columns(kind))]

"""The tabs and columns of a draft's workbook; both the writer and the reader use them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kpis.language.messages import translate
from kpis.plan_import.model import Place
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
ID_COLUMN, DECISION_COLUMN, FIRST_FIELD_COLUMN = 0, 1, 4
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
        if item.role == "reviewer" or item.name in {"clause", "row"}:
            columns.append(BookColumn(item, True, label))
            continue
        columns.append(BookColumn(item, False, translate("vi", "{label} (proposed)", label=label)))
        columns.append(BookColumn(item, True, translate("vi", "{label} (changed)", label=label)))
    return columns


def format_place(place: Place | None) -> str:
    """Return a place as a person cites it: "mục II.2.c, trang 4"."""
    if place is None:
        return ""
    parts = (
        translate("vi", "section {section}", section=place.section) if place.section else "",
        translate("vi", "page {page}", page=place.page) if place.page else "",
        translate("vi", "line {line}", line=place.line) if place.line else "",
    )
    return ", ".join(part for part in parts if part)

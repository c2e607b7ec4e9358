"""A small made-up plan, its draft and its workbook filled in by a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import openpyxl

from kpis.plan_import.documents.text_reader import read_text_blocks
from kpis.plan_import.model import Document, Place
from kpis.plan_import.outline import outline_document
from kpis.plan_import.propose import propose
from kpis.plan_import.review.book.layout import DECISIONS, FIRST_FIELD_COLUMN, TABS, list_columns
from kpis.plan_import.review.book.write import build_book
from kpis.plan_import.review.draft.build import build_draft
from kpis.plan_import.review.draft.model import Decision, Draft, DraftRow, RowKind
from kpis.plan_import.review.draft.places import read_place

TEXT = """ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ

Số: 77/KH-UBND

Cần Thơ, ngày 12 tháng 01 năm 2026

KẾ HOẠCH

Vệ sinh chợ trên địa bàn thành phố Cần Thơ giai đoạn 2026 - 2028

I. MỤC TIÊU

1. Mục tiêu cụ thể

- Hằng năm tổ chức ít nhất 04 đợt kiểm tra vệ sinh chợ.

- Đến năm 2028, 90% số chợ được lát nền.

- Bảng giá được treo ở 12 lối vào.

II. TỔ CHỨC THỰC HIỆN

1. Sở Công Thương

Chủ trì thực hiện Kế hoạch này.

PHỤ LỤC

DANH MỤC NHIỆM VỤ

STT\tNhiệm vụ\tCơ quan chủ trì\tCơ quan phối hợp\tSản phẩm\tThời gian
1\tLập danh sách chợ\tSở Công Thương\tSở Y tế\tDanh sách\tNăm 2026
2\tTập huấn người bán hàng\tSở Y tế\tSở Công Thương\tLớp học\tHằng năm
"""

OPENPYXL: Any = openpyxl  # its stubs know neither cells by name nor formats

HEADER = {
    "title": "Vệ sinh chợ Cần Thơ", "issuer": "UBND thành phố Cần Thơ", "focal_agency": "Sở Công Thương",
    "start_year": "2026", "end_year": "2028",
}  # fmt: skip


def build_small_draft(text: str = TEXT, plan: str = "can-tho") -> Draft:
    """Return the draft of the small plan."""
    document = Document("ke-hoach.txt", "0" * 64, read_text_blocks(text))
    place = read_place("thành phố Cần Thơ")
    return build_draft(plan, place, document, outline_document(document), propose(document, place.name))


def build_draft_with_number() -> Draft:
    """Return the draft of the small plan with a number left over, S001, that must be decided on."""
    draft = build_small_draft()
    quote, place = "Bảng giá được treo ở 12 lối vào.", Place("I.1", None, 8, 17)
    number = DraftRow("S001", "number", quote, place, {"text": "12"})
    return replace(draft, rows=(*draft.rows, number))


def write_small_book(path: Path, draft: Draft) -> Path:
    """Write the workbook of a draft."""
    path.write_bytes(build_book(draft, ["Sở Công Thương", "Sở Y tế"]))
    return path


class Decide(Protocol):
    """Decides on one row of an open workbook."""

    def __call__(self, kind: RowKind, row_id: str, decision: Decision | None, **entered: object) -> None:
        """Write the decision, and values by field."""


@contextmanager
def open_book(path: Path) -> Iterator[Decide]:
    """Open a workbook, and save what is decided in it."""
    book = OPENPYXL.load_workbook(path)

    def decide(kind: RowKind, row_id: str, decision: Decision | None, **entered: object) -> None:
        sheet = book[TABS[kind]]
        number = next(row[0].row for row in sheet.iter_rows(min_row=2) if row[0].value == row_id)
        sheet.cell(number, 2).value = None if decision is None else DECISIONS[decision]
        names = [column.item.name if column.is_entered else None for column in list_columns(kind)]
        for name, value in entered.items():
            sheet.cell(number, FIRST_FIELD_COLUMN + 1 + names.index(name)).value = value

    yield decide
    book.save(path)


def fill_in(path: Path, kind: RowKind, row_id: str, decision: Decision | None, **entered: object) -> None:
    """Decide on one row of the workbook, as a person would."""
    with open_book(path) as decide:
        decide(kind, row_id, decision, **entered)


def fill_in_all(path: Path, draft: Draft, skipped: Mapping[str, object] | None = None) -> None:
    """Decide on every row as a careful reviewer would."""
    book = OPENPYXL.load_workbook(path)
    for row in draft.rows:
        if row.is_added or row.id in (skipped or {}):
            continue
        sheet = book[TABS[row.kind]]
        number = next(cells[0].row for cells in sheet.iter_rows(min_row=2) if cells[0].value == row.id)
        names = [column.item.name if column.is_entered else None for column in list_columns(row.kind)]
        name = row.id.removeprefix("header.")
        decision: Decision = "drop" if row.kind == "number" else "accept"
        values: dict[str, str] = {}
        if row.kind == "header" and name in HEADER and row.proposed.get("value") != HEADER[name]:
            decision, values = "change", {"value": HEADER[name]}
        elif row.kind == "header" and not row.proposed:
            decision = "drop"
        if row.kind in {"target", "milestone"}:
            values = {"lead": "Sở Công Thương"}
            if not row.proposed.get("recurrence"):
                values |= {"recurrence": "đến hết kế hoạch", "reason": "Mục tiêu ghi mốc năm cuối."}
        sheet.cell(number, 2, DECISIONS[decision])
        for field, value in values.items():
            sheet.cell(number, FIRST_FIELD_COLUMN + 1 + names.index(field), value)
    book.save(path)

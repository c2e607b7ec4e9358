"""What the locked cells of a draft's workbook show; the reader compares them with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kpis.language.messages import translate
from kpis.plan_import.model import Place
from kpis.plan_import.review.book.layout import TEXT_TAB
from kpis.plan_import.review.draft.fields import list_fields
from kpis.plan_import.review.draft.model import DraftRow

MAX_CELL_LENGTH = 8_000
"""Characters of one cell; Excel holds 32,767 but shows few of a tall row, and prints a thousand."""

_BREAKS = re.compile(r"[\v\f\r\x85\u2028\u2029]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def to_cell_text(text: str) -> str:
    """Return a text that a cell can hold: without control characters and halves of characters."""
    return _UNWRITABLE.sub("", _BREAKS.sub(" ", text))


def format_quote(row: DraftRow) -> str:
    """Return the clause of a row, or the name of a row of the header; a very long clause is cut, and says so."""
    if row.kind == "header":
        return translate("vi", list_fields(row)[0].label)
    text = to_cell_text(row.quote)
    if len(text) <= MAX_CELL_LENGTH:
        return text
    return translate("vi", "{text}… (whole in the tab “{tab}”)", text=text[:MAX_CELL_LENGTH], tab=TEXT_TAB)


def split_text(text: str) -> Iterator[str]:
    """Yield a block of the document line by line, a longer line in parts: nothing of it is left out."""
    for line in to_cell_text(text).split("\n"):
        for start in range(0, max(len(line), 1), MAX_CELL_LENGTH):
            yield line[start : start + MAX_CELL_LENGTH]


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

"""The cells of the column `Phản hồi` to change, for Excel copies and Google Sheets alike (design.md §4)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kpis.feedback.status_text import is_feedback, join_row_texts
from kpis.language.messages import Language
from kpis.language.normalization import fold_to_alphanumeric
from kpis.sheet.layout import TabLayout
from kpis.sheet.tab_headers import FEEDBACK_HEADER

NO_TEXTS: Mapping[int, str] = MappingProxyType({})
_FOLDED_HEADER = fold_to_alphanumeric(FEEDBACK_HEADER)


def find_feedback_column(layout: TabLayout) -> int | None:
    """Return the feedback column, counted from 0, or None if the tab has none."""
    for row in layout.tab.rows:
        if row.number == layout.header_row:
            for column, cell in enumerate(row.cells):
                if cell.kind == "text" and is_feedback_header(cell.text):
                    return column
    return None


def is_feedback_header(text: str) -> bool:
    """True if a header names the feedback column."""
    return fold_to_alphanumeric(text) == _FOLDED_HEADER


def find_free_column(layout: TabLayout) -> int:
    """Return the first column to the right of everything on the tab, counted from 0."""
    return max(len(row.cells) for row in layout.tab.rows)


class ColumnTexts(dict[int, str]):
    """The current texts of a column by row number, without the cells that a merged cell hides.

    `visible_rows` gives, for each hidden cell, the row whose cell is shown in its place; None if that cell
    belongs to another column or to the header, so that no feedback can be written there.
    """

    visible_rows: Mapping[int, int | None] = {}


def read_column_texts(layout: TabLayout, column: int) -> ColumnTexts:
    """Return the current texts of a column by row number, for every non-empty row below the header."""
    texts = ColumnTexts(
        (row.number, row.cells[column].text if column < len(row.cells) else "") for row in layout.iterate_rows()
    )
    texts.visible_rows = _find_visible_rows(layout, column)
    for number, visible in texts.visible_rows.items():
        texts.pop(number, None)
        if visible is not None:
            texts.setdefault(visible, "")
    return texts


def _find_visible_rows(layout: TabLayout, column: int) -> dict[int, int | None]:
    rows: dict[int, int | None] = {}
    for top, left, bottom, right in layout.tab.merged:
        if not left <= column + 1 <= right or bottom <= layout.header_row:
            continue
        is_own = left == column + 1 and top > layout.header_row
        first_hidden = max(top + is_own, layout.header_row + 1)
        rows |= dict.fromkeys(range(first_hidden, bottom + 1), top if is_own else None)
    return rows


def compute_changes(
    current: Mapping[int, str],
    feedback: Mapping[int, str],
    lang: Language = "vi",
    *,
    set_aside: Mapping[int, str] = NO_TEXTS,
) -> dict[int, str]:
    """Return the texts to write by row number: those of `feedback` that differ from `current`.

    Feedback beside a row that no longer has any is cleared (""); text typed by a person is left alone. The
    feedback on rows whose cells are merged is written together into the cell that is shown. `set_aside` are the
    texts on rows that are no data: a title, header or signature may reach into the column, so they are written
    only into cells that are empty or hold feedback.
    """
    if isinstance(current, ColumnTexts) and current.visible_rows:
        feedback = _join_merged(feedback, current.visible_rows, lang)
    new_texts = {
        number: feedback.get(number, text if text and not is_feedback(text) else set_aside.get(number, ""))
        for number, text in current.items()
    }
    return {number: text for number, text in new_texts.items() if text != current[number]}


def _join_merged(feedback: Mapping[int, str], visible_rows: Mapping[int, int | None], lang: Language) -> dict[int, str]:
    texts_by_place: dict[int, dict[int, str]] = {}
    for number, text in sorted(feedback.items()):
        place = visible_rows.get(number, number)
        if place is not None:
            texts_by_place.setdefault(place, {})[number] = text
    return {
        place: next(iter(texts.values())) if len(texts) == 1 else join_row_texts(texts, lang)
        for place, texts in texts_by_place.items()
    }

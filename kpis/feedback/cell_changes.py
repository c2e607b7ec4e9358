"""The cells of the column `Phản hồi` to change, for Excel copies and Google Sheets alike (design.md §4)."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.feedback.status_text import is_feedback
from kpis.language.normalization import fold_to_alphanumeric
from kpis.sheet.layout import FEEDBACK_HEADER, TabLayout

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


def read_column_texts(layout: TabLayout, column: int) -> dict[int, str]:
    """Return the current texts of a column by row number, for every non-empty row below the header."""
    return {
        row.number: row.cells[column].text if column < len(row.cells) else "" for row in layout.iterate_rows()
    }


def compute_changes(current: Mapping[int, str], feedback: Mapping[int, str]) -> dict[int, str]:
    """Return the texts to write by row number: those of `feedback` that differ from `current`.

    Feedback beside a row that no longer has any is cleared (""); text typed by a person is left alone.
    """
    new_texts = {
        number: feedback.get(number, "" if is_feedback(text) else text) for number, text in current.items()
    }
    return {number: text for number, text in new_texts.items() if text != current[number]}

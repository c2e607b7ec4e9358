"""Which cells of the column `Phản hồi` are to change, whatever program then writes them (design.md §4)."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.feedback.status_text import is_feedback
from kpis.language.normalization import fold_to_alphanumeric
from kpis.sheet.layout import FEEDBACK_HEADER, TabLayout

_FOLDED_HEADER = fold_to_alphanumeric(FEEDBACK_HEADER)


def find_feedback_column(layout: TabLayout) -> int | None:
    """The column of verdicts, counted from 0; None where the sheet has none."""
    for row in layout.tab.rows:
        if row.number == layout.header_row:
            for column, cell in enumerate(row.cells):
                if cell.kind == "text" and fold_to_alphanumeric(cell.text) == _FOLDED_HEADER:
                    return column
    return None


def find_free_column(layout: TabLayout) -> int:
    """The first column to the right of everything on the tab."""
    return max(len(row.cells) for row in layout.tab.rows)


def read_column_texts(layout: TabLayout, column: int) -> dict[int, str]:
    """What stands in a column now, by row number, for every row below the header that holds anything."""
    return {
        row.number: row.cells[column].text if column < len(row.cells) else "" for row in layout.iterate_rows()
    }


def compute_changes(current: Mapping[int, str], feedback: Mapping[int, str]) -> dict[int, str]:
    """The text to write by row number: only what differs from what stands there `now`.

    `verdicts` are the tab's, by row number. A verdict beside a row that has none any more is cleared ("");
    what a person typed there is left alone.
    """
    wanted = {
        number: feedback.get(number, "" if is_feedback(text) else text) for number, text in current.items()
    }
    return {number: text for number, text in wanted.items() if text != current[number]}

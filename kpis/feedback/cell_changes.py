"""Which cells of the column `Phản hồi` are to change, whatever program then writes them (design.md §4)."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.feedback.status_text import is_verdict
from kpis.language.normalization import loose
from kpis.sheet.layout import FEEDBACK, Layout

_FEEDBACK = loose(FEEDBACK)


def feedback_column(layout: Layout) -> int | None:
    """The column of verdicts, counted from 0; None where the sheet has none."""
    for row in layout.tab.rows:
        if row.number == layout.header_row:
            for column, cell in enumerate(row.cells):
                if cell.kind == "text" and loose(cell.text) == _FEEDBACK:
                    return column
    return None


def free_column(layout: Layout) -> int:
    """The first column to the right of everything on the tab."""
    return max(len(row.cells) for row in layout.tab.rows)


def standing(layout: Layout, column: int) -> dict[int, str]:
    """What stands in a column now, by row number, for every row below the header that holds anything."""
    return {row.number: row.cells[column].text if column < len(row.cells) else "" for row in layout.rows()}


def changes(now: Mapping[int, str], verdicts: Mapping[int, str]) -> dict[int, str]:
    """The text to write by row number: only what differs from what stands there `now`.

    `verdicts` are the tab's, by row number. A verdict beside a row that has none any more is cleared ("");
    what a person typed there is left alone.
    """
    wanted = {number: verdicts.get(number, "" if is_verdict(text) else text) for number, text in now.items()}
    return {number: text for number, text in wanted.items() if text != now[number]}

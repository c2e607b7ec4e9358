"""The feedback columns of a sheet as one read found them (design.md §4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from kpis.feedback.cell_changes import compute_changes, find_feedback_column, read_column_texts
from kpis.sheet.layout import TabKind, find_layouts
from kpis.sheet.model import CheckedRow, RawSheet


@dataclass(frozen=True, slots=True)
class TabFeedback:
    """One tab with a feedback column: its texts by row number, and the tab's checked rows."""

    kind: TabKind
    name: str
    column: int
    current_texts: Mapping[int, str]
    rows: tuple[CheckedRow, ...]


@dataclass(frozen=True, slots=True)
class FeedbackSnapshot:
    """The feedback columns of a sheet as one read found them, to compare with the feedback computed later.

    `positions_hash` is equal for two reads that found the same rows in the same places.
    """

    tabs: tuple[TabFeedback, ...]
    without_column: tuple[str, ...]
    positions_hash: str

    def list_changes(self, get_text: Callable[[CheckedRow], str]) -> Iterator[tuple[TabFeedback, dict[int, str]]]:
        """Yield each tab with the texts to write by row number; `get_text` gives the feedback on a row."""
        for tab in self.tabs:
            yield tab, compute_changes(tab.current_texts, {row.number: get_text(row) for row in tab.rows})

    def without_details(self) -> FeedbackSnapshot:
        """Return a copy without texts that no feedback shows, to save memory with thousands of sheets."""
        tabs = (replace(tab, rows=tuple(map(_without_details, tab.rows))) for tab in self.tabs)
        return replace(self, tabs=tuple(tabs))


def snapshot_feedback(sheet: RawSheet, rows: Sequence[CheckedRow]) -> FeedbackSnapshot:
    """Return the feedback columns of `sheet`, whose checked rows are `rows`."""
    tabs: list[TabFeedback] = []
    without_column: list[str] = []
    for layout in find_layouts(sheet):
        column = find_feedback_column(layout)
        if column is None:
            without_column.append(layout.tab.name)
            continue
        tab_rows = tuple(row for row in rows if row.tab == layout.kind and row.tab_name == layout.tab.name)
        texts = read_column_texts(layout, column)
        tabs.append(TabFeedback(layout.kind, layout.tab.name, column, texts, tab_rows))
    positions = [(row.tab, row.number, row.row_hash) for row in rows]
    positions_hash = blake2b(f"{sheet.notes} {positions}".encode(), digest_size=16).hexdigest()
    return FeedbackSnapshot(tuple(tabs), tuple(without_column), positions_hash)


def _without_details(row: CheckedRow) -> CheckedRow:
    if row.entry is not None:
        return replace(row, entry=replace(row.entry, content=None, evidence=None, entered_by=None))
    if row.report is not None:
        return replace(row, report=replace(row.report, result=None, evidence=None, difficulty=None))
    return row

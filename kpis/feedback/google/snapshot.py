"""The feedback columns of a sheet as one read found them (design.md §4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b

from kpis.feedback.cell_changes import compute_changes, find_feedback_column, read_column_texts
from kpis.sheet.layout import find_explanation_layouts, find_layouts
from kpis.sheet.model import CheckedExplanations, CheckedRow, CheckedSheet, RawSheet, SetAsideRow
from kpis.sheet.tab_headers import TabKind


@dataclass(frozen=True, slots=True)
class TabFeedback:
    """One tab with a feedback column: its texts by row number, its checked rows, and those that are no data."""

    kind: TabKind
    name: str
    column: int
    current_texts: Mapping[int, str]
    rows: tuple[CheckedRow, ...]
    set_aside: tuple[SetAsideRow, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedbackSnapshot:
    """The feedback columns of a sheet as one read found them, to compare with the feedback computed later.

    `positions_hash` is equal for two reads that found the same rows in the same places.
    """

    tabs: tuple[TabFeedback, ...]
    without_column: tuple[str, ...]
    positions_hash: str

    def list_changes(
        self, get_text: Callable[[CheckedRow | SetAsideRow], str]
    ) -> Iterator[tuple[TabFeedback, dict[int, str]]]:
        """Yield each tab with the texts to write by row number; `get_text` gives the feedback on a row."""
        for tab in self.tabs:
            texts = {row.number: get_text(row) for row in tab.rows}
            set_aside = {row.number: get_text(row) for row in tab.set_aside}
            yield tab, compute_changes(tab.current_texts, texts, set_aside=set_aside)

    def without_details(self) -> FeedbackSnapshot:
        """Return a copy without texts that no feedback shows, to save memory with thousands of sheets."""
        tabs = (
            replace(
                tab,
                rows=tuple(map(_without_details, tab.rows)),
                set_aside=tuple(replace(row, text="") for row in tab.set_aside),
            )
            for tab in self.tabs
        )
        return replace(self, tabs=tuple(tabs))


def snapshot_feedback(
    sheet: RawSheet, checked: CheckedSheet, explanations: CheckedExplanations | None = None
) -> FeedbackSnapshot:
    """Return the feedback columns of `sheet`, whose rows were checked; `explanations` of a tab that can be read."""
    if explanations is not None:
        rows, aside = (*checked.rows, *explanations.rows), (*checked.set_aside, *explanations.set_aside)
        checked = replace(checked, rows=rows, set_aside=aside)
    tabs: list[TabFeedback] = []
    without_column: list[str] = []
    for layout in (*find_layouts(sheet), *(find_explanation_layouts(sheet) if explanations is not None else ())):
        column = find_feedback_column(layout)
        if column is None:
            without_column.append(layout.tab.name)
            continue
        name = layout.tab.name
        tab_rows = tuple(row for row in checked.rows if (row.tab, row.tab_name) == (layout.kind, name))
        set_aside = tuple(row for row in checked.set_aside if (row.tab, row.tab_name) == (layout.kind, name))
        texts = read_column_texts(layout, column)
        tabs.append(TabFeedback(layout.kind, name, column, texts, tab_rows, set_aside))
    positions = [(row.tab, row.number, row.row_hash) for row in checked.rows]
    positions += [(row.tab, row.number, row.row_hash) for row in checked.set_aside]
    positions_hash = blake2b(f"{sheet.notes} {positions}".encode(), digest_size=16).hexdigest()
    return FeedbackSnapshot(tuple(tabs), tuple(without_column), positions_hash)


def _without_details(row: CheckedRow) -> CheckedRow:
    if row.explanation is not None:
        return replace(row, explanation=replace(row.explanation, question=None, measures=None, answered_by=None))
    if row.entry is not None:
        return replace(row, entry=replace(row.entry, content=None, evidence=None, entered_by=None))
    if row.report is not None:
        return replace(row, report=replace(row.report, result=None, evidence=None, difficulty=None))
    return row

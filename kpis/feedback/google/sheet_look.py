"""One look at a Google Sheet before or after a write: its contents, tagged columns, and texts to write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kpis.feedback.google.sheet_contents import TabContents, read_contents
from kpis.feedback.google.snapshot import snapshot_feedback
from kpis.language.normalization import clean
from kpis.sheet.model import CheckedExplanations, CheckedRow, CheckedSheet, RawSheet, SetAsideRow, Source
from kpis.sheet.tab_headers import TabKind, find_tab_kind
from kpis.sources.google.client import GoogleClient, RecordingClient
from kpis.sources.google.sheet_reader import TabSnapshot, read_google_sheet

UNTAGGED = 0
"""Instead of a tag's id, which is positive, in a column that has none."""


@dataclass(frozen=True, slots=True)
class FeedbackCell:
    """One cell of a feedback column: the tab's id, the tag of the column, and the row from 1."""

    kind: TabKind
    tab_id: int
    tag_id: int
    row: int


@dataclass(frozen=True)
class SheetLook:
    """The texts to write by cell, and what the sheet held when they were computed.

    `columns` are the feedback columns (from 0) of the tabs to write to, by the tab's id.
    """

    changes: Mapping[FeedbackCell, str]
    columns: Mapping[int, int]
    contents: Mapping[int, TabContents]
    positions_hash: str
    without_column: tuple[str, ...]

    @property
    def tag_ids(self) -> frozenset[int]:
        """The ids of our tags in the sheet."""
        return frozenset(tag.id for tab in self.contents.values() for tag in tab.tags)

    def list_untagged(self) -> list[tuple[int, int]]:
        """Return tab id and column of each column to write to that has no tag."""
        tab_ids = {cell.tab_id for cell in self.changes if cell.tag_id == UNTAGGED}
        return [(tab_id, self.columns[tab_id]) for tab_id in sorted(tab_ids)]

    def list_written(self) -> dict[int, dict[int, str]]:
        """Return the texts to write by tag and row."""
        written: defaultdict[int, dict[int, str]] = defaultdict(dict)
        for cell, text in self.changes.items():
            written[cell.tag_id][cell.row] = text
        return dict(written)

    def get_tab_id(self, tag_id: int) -> int:
        """Return the id of the tab whose column has that tag."""
        return next(cell.tab_id for cell in self.changes if cell.tag_id == tag_id)


@dataclass(frozen=True)
class SheetReading:
    """A read that has not been checked yet."""

    sheet: RawSheet
    tabs: tuple[TabSnapshot, ...]
    contents: Mapping[int, TabContents]

    def check(
        self,
        check_sheet: Callable[[RawSheet], CheckedSheet],
        get_text: Callable[[CheckedRow | SetAsideRow], str],
        protected_kinds: Collection[TabKind],
        check_explanations: Callable[[RawSheet], CheckedExplanations | None] = lambda _: None,
    ) -> SheetLook:
        """Check the rows and compute the texts to write; `get_text` gives a row's text, "" for none."""
        snapshot = snapshot_feedback(self.sheet, check_sheet(self.sheet), check_explanations(self.sheet))
        changes: dict[FeedbackCell, str] = {}
        columns: dict[int, int] = {}
        for tab, texts in snapshot.list_changes(get_text):
            tab_id = self._find_tab_id(tab.kind, tab.name)
            if tab.kind in protected_kinds or tab_id is None:
                continue
            columns[tab_id] = tab.column
            tag_id = self._find_tag(tab_id, tab.column)
            changes |= {FeedbackCell(tab.kind, tab_id, tag_id, row): text for row, text in texts.items()}
        return SheetLook(changes, columns, self.contents, snapshot.positions_hash, snapshot.without_column)

    def _find_tab_id(self, kind: TabKind, name: str) -> int | None:
        """Return the id of a tab by its title; a renamed tab is read under the usual name of its kind."""
        tabs = [tab for tab in self.tabs if tab.kind == kind]
        same = [tab.id for tab in tabs if clean(tab.title) == name]
        renamed = [tab.id for tab in tabs if find_tab_kind(clean(tab.title)) != kind]
        return next(iter([*same, *renamed]), None)

    def _find_tag(self, tab_id: int, column: int) -> int:
        tab = self.contents.get(tab_id)
        return (tab.find_tag(column) if tab else None) or UNTAGGED


def look_at_sheet(
    source: Source, client: GoogleClient, now: datetime, last_tabs: Sequence[TabSnapshot]
) -> SheetReading:
    """Read a sheet with what was typed into it and the tags of its columns."""
    recorder = RecordingClient(client)
    result = read_google_sheet(source, recorder, now, last_tabs)
    return SheetReading(result.sheet, result.tabs, read_contents(recorder.spreadsheets))

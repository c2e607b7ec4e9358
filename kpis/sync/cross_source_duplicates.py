"""Rows that two sources of one plan contain: each counts once (design.md §4 duplicate_row).

A row stays with the source that counted it first. A source that is no longer configured yields to one that
is: when a source is renamed in the sources file, or copied for a new year, its rows must not count twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import cast

from kpis.checks.source_check import FindCountedElsewhere
from kpis.sheet.model import CheckedRow
from kpis.store import sql
from kpis.store.database import Database
from kpis.sync import history
from kpis.sync.draft_version import DraftVersion
from kpis.sync.history import SourceDifference, TableDifference
from kpis.sync.reading import SourceReading


class CrossSourceDuplicates:
    """Which source of one pass counts a row. `read_ids` are the sources read and checked in this pass."""

    def __init__(self, draft: DraftVersion, configured_ids: Collection[str]) -> None:
        self._draft = draft
        self.configured_ids = frozenset(configured_ids)
        self.read_ids: set[str] = set()

    def build_lookup(self, source: str, plan: str) -> FindCountedElsewhere | None:
        """Return a lookup of a source's rows that another configured source of its plan counts.

        None if there is no such source.
        """
        others = self._list_other_sources(source, plan)
        if not others:
            return None
        # A source that is no longer configured yields to all others.
        preceding = self.read_ids if source in self.configured_ids else others

        def find_counted(hashes: Collection[int]) -> Mapping[int, str]:
            return self._draft.find_rows_counted_elsewhere(source, plan, others, preceding, hashes)

        return find_counted

    def drop_duplicates(self, source: str, reading: SourceReading) -> SourceReading:
        """Return a reading; without duplicates if its source is no longer configured: nobody fixes those."""
        if source in self.configured_ids:
            return reading
        rows = tuple(row for row in reading.checked.rows if not is_counted_elsewhere(row))
        return replace(reading, checked=replace(reading.checked, rows=rows))

    def list_sources_to_recheck(self) -> list[str]:
        """Return configured sources with a row left to another source that no longer counts it.

        The first of them takes the row over when it is checked again.
        """
        states = self._draft.states
        if self._draft.reader is None or len(states) < 2:
            return []
        sources_to_recheck = []
        for source, hashes in self._draft.list_rows_left_to_others().items():
            if source not in self.configured_ids or source not in states:
                continue
            find_counted = self.build_lookup(source, states[source].plan)
            if find_counted is not None and len(find_counted(hashes)) == len(hashes):
                continue
            sources_to_recheck.append(source)
        return sorted(sources_to_recheck, key=lambda name: states[name].position)

    def find_rows_left_to(self, source: str, read_ids: Collection[str]) -> set[int]:
        """Return the hashes of rows that sources of `read_ids` hold and have left to a source."""
        if self._draft.reader is None:
            return set()
        return {
            row_hash
            for name, rows in self._draft.list_rows_left_to_others().items()
            if name in read_ids
            for row_hash, counted_by in rows.items()
            if counted_by == source
        }

    def depends_on_later_source(self, reading: SourceReading) -> bool:
        """True if a row of a reading was left to a configured source that this pass has not read yet."""
        later = self.configured_ids - self.read_ids
        return any(
            finding.detail.get("source") in later
            for row in reading.checked.rows
            if is_counted_elsewhere(row)
            for finding in row.rejections
        )

    def retire_rows_counted_elsewhere(self, source: str) -> None:
        """Retire the rows of a source no longer configured that a configured source counts too."""
        state = self._draft.states[source]
        find_counted = self.build_lookup(source, state.plan)
        if find_counted is None or not self._draft.has_changes:
            return
        current = history.read_current_set(self._draft.reader, source)
        counted = find_counted([row_hash for row_hash, _ in (*current.entries, *current.reports)])
        if not counted:
            return
        entries, reports, warnings = (
            [key for key in keys if key[0] in counted] for keys in (current.entries, current.reports, current.warnings)
        )
        retired, warned = len(entries) + len(reports), len({key[0] for key in warnings})
        new_state = replace(
            state, read=state.read - retired, accepted=state.accepted - retired, warned=state.warned - warned
        )
        parts = (
            TableDifference[CheckedRow](to_retire=entries),
            TableDifference[CheckedRow](to_retire=reports),
        )
        self._draft.record(new_state, SourceDifference(*parts, warnings=TableDifference(to_retire=warnings)))

    def _list_other_sources(self, source: str, plan: str) -> list[str]:
        return [
            name
            for name, state in self._draft.states.items()
            if name != source and name in self.configured_ids and state.plan == plan
        ]


def build_recorded_lookup(database: Database, source: str) -> FindCountedElsewhere:
    """Return the lookup of rows left to other sources as recorded in a version, to check rows as it did."""
    rows = database.fetch_rows(sql.load("kpis.sync", "rows_left_to_others"))
    counted_by = {cast(int, row["row_hash"]): str(row["counted_by"]) for row in rows if row["source"] == source}
    return lambda hashes: {row_hash: counted_by[row_hash] for row_hash in hashes if row_hash in counted_by}


def is_counted_elsewhere(row: CheckedRow) -> bool:
    """True if a row was rejected because another source of its plan counts it."""
    return any(
        finding.code == "duplicate_row" and finding.detail.get("reason") == "source" for finding in row.rejections
    )

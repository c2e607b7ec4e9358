"""Sources of one plan side by side: a row that two of them hold counts once (design.md §4 duplicate_row).

It stays with the source that counted it first. A source that is no longer configured gives way to one that
is: renamed in the sources file, or copied for a new year, its rows would count twice.
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
    """What the sources of one pass hold among them. `read` are those read and judged in it."""

    def __init__(self, draft: DraftVersion, configured_ids: Collection[str]) -> None:
        self._draft = draft
        self.configured_ids = frozenset(configured_ids)
        self.read_ids: set[str] = set()

    def build_lookup(self, source: str, plan: str) -> FindCountedElsewhere | None:
        """Asks which rows of a source another configured one of its plan counts; None where it is alone."""
        others = self._list_other_sources(source, plan)
        if not others:
            return None
        # A source no longer configured comes after every other one.
        first = self.read_ids if source in self.configured_ids else others

        def counted(hashes: Collection[int]) -> Mapping[int, str]:
            return self._draft.find_rows_counted_elsewhere(source, plan, others, first, hashes)

        return counted

    def drop_duplicates(self, source: str, reading: SourceReading) -> SourceReading:
        """A source's rows; those of one no longer configured without what others count: nobody mends them."""
        if source in self.configured_ids:
            return reading
        rows = tuple(row for row in reading.checked.rows if not _is_duplicate(row))
        return replace(reading, checked=replace(reading.checked, rows=rows))

    def list_sources_to_recheck(self) -> list[str]:
        """Configured sources with a row that was left to another one which counts it no longer.

        One that was read in this pass is noted to be judged again in the next.
        """
        states = self._draft.states
        if self._draft.base is None or len(states) < 2:
            return []
        waiting = []
        for source, hashes in self._draft.list_rows_left_to_others().items():
            if source not in self.configured_ids or source not in states:
                continue
            counted = self.build_lookup(source, states[source].plan)
            if counted is not None and len(counted(hashes)) == len(set(hashes)):
                continue
            if source in self.read_ids:
                states[source] = replace(states[source], judged_by="")
            else:
                waiting.append(source)
        return waiting

    def retire_rows_counted_elsewhere(self, source: str) -> None:
        """Retires the rows of a source no longer configured that a configured one counts too."""
        state = self._draft.states[source]
        counted = self.build_lookup(source, state.plan)
        if counted is None or not self._draft.has_changes:
            return
        known = history.read_current_set(self._draft.base, source)
        held = counted([row_hash for row_hash, _ in (*known.entries, *known.reports)])
        entries, reports, warnings = (
            [key for key in keys if key[0] in held] for keys in (known.entries, known.reports, known.warnings)
        )
        if not held:
            return
        gone, warned = len(entries) + len(reports), len({key[0] for key in warnings})
        after = replace(
            state, read=state.read - gone, accepted=state.accepted - gone, warned=state.warned - warned
        )
        parts = (
            TableDifference[CheckedRow](to_retire=entries),
            TableDifference[CheckedRow](to_retire=reports),
        )
        self._draft.record(after, SourceDifference(*parts, warnings=TableDifference(to_retire=warnings)))

    def _list_other_sources(self, source: str, plan: str) -> list[str]:
        return [
            name
            for name, state in self._draft.states.items()
            if name != source and name in self.configured_ids and state.plan == plan
        ]


def build_recorded_lookup(database: Database, source: str) -> FindCountedElsewhere:
    """Says of a source's rows which another one counts, as a version has it: for judging them as it did."""
    rows = database.fetch_rows(sql.load("kpis.sync", "rows_left_to_others"))
    left = {cast(int, row["row_hash"]): str(row["counted_by"]) for row in rows if row["source"] == source}
    return lambda hashes: {one: left[one] for one in hashes if one in left}


def _is_duplicate(row: CheckedRow) -> bool:
    return any(
        found.code == "duplicate_row" and found.detail.get("reason") == "source" for found in row.rejections
    )

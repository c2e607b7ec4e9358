"""The state of each source in a version: its last good read and the rules it was checked with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, TypedDict

import pyarrow

from kpis.store import sql
from kpis.store.version_store import RowReader

_COLUMN_TYPES = {
    "content_hash": pyarrow.string(),
    "last_good_at": pyarrow.timestamp("us"),
    "changed_at": pyarrow.timestamp("us"),
    "falls_due_on": pyarrow.date32(),
    "position": pyarrow.int32(),
    "set_aside": pyarrow.int64(),
    "reader_version": pyarrow.int32(),
}


class RowCounts(TypedDict):
    """Row counts of a source: read = accepted + rejected + set_aside, and accepted includes warned."""

    read: int
    accepted: int
    warned: int
    rejected: int
    set_aside: int


@dataclass(frozen=True)
class SourceState:
    """One row of `source_states`; the counts are those of the current set.

    `set_aside` and `reader_version` are None in a row that an earlier release wrote.
    """

    source: str
    plan: str
    kind: str
    location: str
    content_hash: str
    read: int
    accepted: int
    warned: int
    rejected: int
    last_good_at: datetime
    changed_at: datetime
    tasks_seen: bool
    falls_due_on: date | None
    position: int
    judged_by: str
    layout: str
    set_aside: int | None = None
    reader_version: int | None = None

    @property
    def counts(self) -> RowCounts:
        """The counts only."""
        return RowCounts(
            read=self.read,
            accepted=self.accepted,
            warned=self.warned,
            rejected=self.rejected,
            set_aside=self.set_aside or 0,
        )

    def is_equivalent_to(self, other: SourceState) -> bool:
        """True if no new version is needed to store the other state; times and file locations may differ."""
        return self._get_comparison_key() == other._get_comparison_key()

    def _get_comparison_key(self) -> tuple[object, ...]:
        # A reader recognises a Google Sheet by its link; files are read at every sync anyway.
        link = self.location if self.kind == "google" else None
        return link, self.plan, self.tasks_seen, self.falls_due_on, self.judged_by, self.reader_version

    def needs_recheck(self, judged_by: str, today: date) -> bool:
        """True if its rows may be judged differently now: new rules or register, or a future row is due."""
        due = self.falls_due_on is not None and self.falls_due_on <= today
        return due or self.judged_by != judged_by


def read_states(reader: RowReader | None) -> dict[str, SourceState]:
    """Return the state of every source that was ever read successfully, by id.

    A column that an earlier release did not have holds the default of its field.
    """
    if reader is None:
        return {}
    rows = reader.fetch_rows(sql.load("kpis.sync", "source_states"))
    return {str(row["source"]): SourceState(**_drop_unknown_values(row)) for row in rows}


def _drop_unknown_values(row: Mapping[str, object]) -> dict[str, Any]:
    optional = {field.name for field in fields(SourceState) if field.default is not MISSING}
    return {name: value for name, value in row.items() if value is not None or name not in optional}


def build_states_table(states: Iterable[SourceState]) -> pyarrow.Table:
    """Return states as rows of `source_states`."""
    rows = [asdict(state) for state in states]
    return pyarrow.table(
        {
            name: pyarrow.array([row[name] for row in rows], _COLUMN_TYPES.get(name))
            for name in SourceState.__dataclass_fields__
        }
    )

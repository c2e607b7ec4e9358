"""The draft version of one sync: the changes of all sources are staged, then published once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

import pyarrow

from kpis.register.model import Register
from kpis.register.tables import build_tables
from kpis.store import positions, sql
from kpis.store.database import Database
from kpis.store.paths import DatabasePaths
from kpis.store.positions import Position
from kpis.store.staging import Connection, Staging
from kpis.sync import history
from kpis.sync.arrow_tables import Stamp
from kpis.sync.history import HistoryKey, SourceDifference
from kpis.sync.raw_rows import StoredRow
from kpis.sync.rules import compute_rules_hash
from kpis.sync.state import SourceState, build_states_table, read_states

ComputeMeasures = Callable[[Connection, Collection[str] | None], None]
"""Fills the computed tables of a version for some plans, or all (None), in the publication's transaction."""


class DraftVersion:
    """What one sync knows and changes. Leaving its `with` block without `publish` changes nothing.

    `states` holds the state of every source by id. Everything is recorded at `recorded_at`, which is never
    earlier than the latest moment already recorded.
    """

    def __init__(self, paths: DatabasePaths, base: Database | None, now: datetime) -> None:
        last = base.meta.get("recorded_at") if base else None
        self.base = base
        self.recorded_at = max(now, datetime.fromisoformat(last)) if last else now
        self.states = read_states(base)
        self.pointer = paths.pointer
        self._paths = paths
        self._staging: Staging | None = None
        self._changed_plans: set[str] = set()
        self._stored_positions = positions.read(paths.pointer)
        self._moved_positions: dict[str, Mapping[HistoryKey, Position]] = dict(self._stored_positions)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._staging is not None:
            self._staging.__exit__(kind, error, trace)

    def find_rows_counted_elsewhere(
        self,
        source: str,
        plan: str,
        other_sources: Collection[str],
        preceding_sources: Collection[str],
        hashes: Collection[int],
    ) -> dict[int, str]:
        """Return, by row hash, which of `other_sources` currently counts a row of this source.

        A row that both count stays with this source, unless the other one is in `preceding_sources`.
        """
        params = {
            "source": source,
            "plan": plan,
            "others": list(other_sources),
            "first": list(preceding_sources),
            "hashes": list(hashes),
        }
        rows = self._fetch_table("rows_counted_elsewhere", params)
        return dict(zip(rows["row_hash"].to_pylist(), rows["source"].to_pylist(), strict=True))

    def list_rows_left_to_others(self) -> dict[str, list[int]]:
        """Return, by source, the hashes of its rows that were left to another source."""
        rows = self._fetch_table("rows_left_to_others", {})
        hashes: dict[str, list[int]] = {}
        for source, row_hash in zip(rows["source"].to_pylist(), rows["row_hash"].to_pylist(), strict=True):
            hashes.setdefault(source, []).append(row_hash)
        return hashes

    def _fetch_table(self, query: str, params: Mapping[str, object]) -> pyarrow.Table:
        database = self._staging or self.base
        if database is None:
            raise AssertionError(query)
        return database.fetch_table(sql.load("kpis.sync", query), params)

    @property
    def has_changes(self) -> bool:
        """True if anything has been staged."""
        return self._staging is not None

    def record(self, new_state: SourceState, difference: SourceDifference) -> None:
        """Stage the changes of one source and its state; do nothing if there are none."""
        old_state = self.states.get(new_state.source)
        self.states[new_state.source] = new_state
        if not difference and old_state is not None and old_state.is_equivalent_to(new_state):
            return
        self._changed_plans |= {new_state.plan, *([old_state.plan] if old_state else [])}
        history.record(
            self._open_staging(), Stamp(new_state.source, new_state.plan, self.recorded_at), difference
        )

    def record_raw(self, new_state: SourceState, rows: Sequence[StoredRow], read_at: datetime) -> None:
        """Stage a source's rows as they were read."""
        stamp = Stamp(new_state.source, new_state.plan, self.recorded_at)
        history.record_raw(self._open_staging(), self.base, stamp, rows, read_at)

    def set_moved_positions(self, source: str, moved_positions: Mapping[HistoryKey, Position]) -> None:
        """Set the findings of a source whose position now differs from the one in the version."""
        self._moved_positions[source] = moved_positions

    def get_moved_positions(self, source: str) -> Mapping[HistoryKey, Position]:
        """Return the findings of a source whose position differs from the one in the version."""
        return self._moved_positions.get(source, {})

    def publish(self, register: Register, compute: ComputeMeasures, *, sample: bool) -> int | None:
        """Publish staged changes and a changed register; return the version, or None if nothing changed."""
        metadata = {"register_hash": register.hash, "rules_hash": compute_rules_hash()}
        is_same_basis = self.base is not None and metadata.items() <= self.base.meta.items()
        if is_same_basis and self._staging is None:
            return None
        staging = self._open_staging()
        if not is_same_basis:
            for table, rows in build_tables(register).items():
                staging.replace_rows(table, pyarrow.Table.from_pylist(rows))
        staging.replace_rows("source_states", build_states_table(self.states.values()))
        staging.compute(compute, self._changed_plans if is_same_basis else None)
        metadata |= {"recorded_at": self.recorded_at.isoformat(), "sample": "yes" if sample else "no"}
        return staging.publish(metadata)

    def write_positions(self) -> None:
        """Write the current positions of rows to fix, if they have changed."""
        moved = {source: places for source, places in self._moved_positions.items() if places}
        if moved != self._stored_positions:
            positions.write(self._paths.pointer, moved)

    def _open_staging(self) -> Staging:
        if self._staging is None:
            self._staging = Staging(self._paths, self.base.version if self.base else None)
        return self._staging

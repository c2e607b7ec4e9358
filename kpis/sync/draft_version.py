"""The working version of one sync: what its sources change is staged, and published once."""

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
"""Fills what a version holds computed, for some plans or all (None); inside the publication's transaction."""


class DraftVersion:
    """Everything that one sync knows and changes. Leaving its `with` without `publish` changes nothing.

    `states` is what is known of every source. All is recorded at `at`, never before what is recorded already.
    """

    def __init__(self, paths: DatabasePaths, base: Database | None, now: datetime) -> None:
        last = base.meta.get("recorded_at") if base else None
        self.base = base
        self.recorded_at = max(now, datetime.fromisoformat(last)) if last else now
        self.states = read_states(base)
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
        """Which of a source's rows another one of `others` counts as things stand now, and which one that is.

        A row that both count stays with this source, unless the other is one of `first`.
        """
        asked = {"source": source, "plan": plan}
        lists = {"others": list(other_sources), "first": list(preceding_sources), "hashes": list(hashes)}
        rows = self._fetch_table("rows_counted_elsewhere", {**asked, **lists})
        return dict(zip(rows["row_hash"].to_pylist(), rows["source"].to_pylist(), strict=True))

    def list_rows_left_to_others(self) -> dict[str, list[int]]:
        """The rows of each source that were left to another one."""
        rows = self._fetch_table("rows_left_to_others", {})
        found: dict[str, list[int]] = {}
        for name, row_hash in zip(rows["source"].to_pylist(), rows["row_hash"].to_pylist(), strict=True):
            found.setdefault(name, []).append(row_hash)
        return found

    def _fetch_table(self, query: str, params: Mapping[str, object]) -> pyarrow.Table:
        known = self._staging or self.base
        if known is None:
            raise AssertionError(query)
        return known.fetch_table(sql.load("kpis.sync", query), params)

    @property
    def has_changes(self) -> bool:
        """Whether anything has been staged."""
        return self._staging is not None

    def record(self, new_state: SourceState, difference: SourceDifference) -> None:
        """Stages what one source changes, and its state; nothing when it changes nothing."""
        before = self.states.get(new_state.source)
        self.states[new_state.source] = new_state
        if not difference and before is not None and before.is_equivalent_to(new_state):
            return
        self._changed_plans |= {new_state.plan, *([before.plan] if before else [])}
        history.record(
            self._open_staging(), Stamp(new_state.source, new_state.plan, self.recorded_at), difference
        )

    def record_raw(self, new_state: SourceState, rows: Sequence[StoredRow], read_at: datetime) -> None:
        """Stages a source's rows as they were read."""
        stamp = Stamp(new_state.source, new_state.plan, self.recorded_at)
        history.record_raw(self._open_staging(), self.base, stamp, rows, read_at)

    def set_moved_positions(self, source: str, moved_positions: Mapping[HistoryKey, Position]) -> None:
        """Notes which findings of a source stand elsewhere than the version has them."""
        self._moved_positions[source] = moved_positions

    def get_moved_positions(self, source: str) -> Mapping[HistoryKey, Position]:
        """Which findings of a source were noted to stand elsewhere."""
        return self._moved_positions.get(source, {})

    def publish(self, register: Register, compute: ComputeMeasures, *, sample: bool) -> int | None:
        """Publishes what was staged, and the register where it changed; None where there is nothing to."""
        facts = {"register_hash": register.hash, "rules_hash": compute_rules_hash()}
        same = self.base is not None and facts.items() <= self.base.meta.items()
        if same and self._staging is None:
            return None
        staging = self._open_staging()
        if not same:
            for table, rows in build_tables(register).items():
                staging.replace_rows(table, pyarrow.Table.from_pylist(rows))
        staging.replace_rows("source_states", build_states_table(self.states.values()))
        staging.compute(compute, self._changed_plans if same else None)
        facts |= {"recorded_at": self.recorded_at.isoformat(), "sample": "yes" if sample else "no"}
        return staging.publish(facts)

    def write_positions(self) -> None:
        """Writes where the rows to mend stand now, when that has changed."""
        moved = {source: places for source, places in self._moved_positions.items() if places}
        if moved != self._stored_positions:
            positions.write(self._paths.pointer, moved)

    def _open_staging(self) -> Staging:
        if self._staging is None:
            self._staging = Staging(self._paths, self.base.version if self.base else None)
        return self._staging

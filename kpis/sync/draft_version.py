"""The working version of one sync: what its sources change is staged, and published once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

import pyarrow

from kpis.register.model import Register
from kpis.register.tables import tables
from kpis.store import positions, sql
from kpis.store.database import Database
from kpis.store.paths import Place
from kpis.store.positions import Position
from kpis.store.staging import Connection, Staging
from kpis.sync import history
from kpis.sync.arrow_tables import Stamp
from kpis.sync.history import Difference, Key
from kpis.sync.raw_rows import KeptRow
from kpis.sync.rules import rules_hash
from kpis.sync.state import SourceState, read_states, states_table

Compute = Callable[[Connection, Collection[str] | None], None]
"""Fills what a version holds computed, for some plans or all (None); inside the publication's transaction."""


class Working:
    """Everything that one sync knows and changes. Leaving its `with` without `publish` changes nothing.

    `states` is what is known of every source. All is recorded at `at`, never before what is recorded already.
    """

    def __init__(self, place: Place, base: Database | None, now: datetime) -> None:
        last = base.meta.get("recorded_at") if base else None
        self.base = base
        self.at = max(now, datetime.fromisoformat(last)) if last else now
        self.states = read_states(base)
        self._place = place
        self._staging: Staging | None = None
        self._plans: set[str] = set()
        self._were = positions.read(place.pointer)
        self._moved: dict[str, Mapping[Key, Position]] = dict(self._were)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._staging is not None:
            self._staging.__exit__(kind, error, trace)

    def counted_elsewhere(
        self, source: str, plan: str, others: Collection[str], first: Collection[str], hashes: Collection[int]
    ) -> dict[int, str]:
        """Which of a source's rows another one of `others` counts as things stand now, and which one that is.

        A row that both count stays with this source, unless the other is one of `first`.
        """
        asked = {"source": source, "plan": plan}
        lists = {"others": list(others), "first": list(first), "hashes": list(hashes)}
        rows = self._asked("rows_counted_elsewhere", {**asked, **lists})
        return dict(zip(rows["row_hash"].to_pylist(), rows["source"].to_pylist(), strict=True))

    def left_to_others(self) -> dict[str, list[int]]:
        """The rows of each source that were left to another one."""
        rows = self._asked("rows_left_to_others", {})
        found: dict[str, list[int]] = {}
        for name, row_hash in zip(rows["source"].to_pylist(), rows["row_hash"].to_pylist(), strict=True):
            found.setdefault(name, []).append(row_hash)
        return found

    def _asked(self, query: str, params: Mapping[str, object]) -> pyarrow.Table:
        known = self._staging or self.base
        if known is None:
            raise AssertionError(query)
        return known.table(sql.load("kpis.sync", query), params)

    @property
    def changed(self) -> bool:
        """Whether anything has been staged."""
        return self._staging is not None

    def record(self, after: SourceState, difference: Difference) -> None:
        """Stages what one source changes, and its state; nothing when it changes nothing."""
        before = self.states.get(after.source)
        self.states[after.source] = after
        if not difference and before is not None and before.same_judgement(after):
            return
        self._plans |= {after.plan, *([before.plan] if before else [])}
        history.record(self._staged(), Stamp(after.source, after.plan, self.at), difference)

    def record_raw(self, after: SourceState, kept: Sequence[KeptRow], read_at: datetime) -> None:
        """Stages a source's rows as they were read."""
        stamp = Stamp(after.source, after.plan, self.at)
        history.record_raw(self._staged(), self.base, stamp, kept, read_at)

    def place(self, source: str, moved: Mapping[Key, Position]) -> None:
        """Notes which findings of a source stand elsewhere than the version has them."""
        self._moved[source] = moved

    def places(self, source: str) -> Mapping[Key, Position]:
        """Which findings of a source were noted to stand elsewhere."""
        return self._moved.get(source, {})

    def publish(self, register: Register, compute: Compute, *, sample: bool) -> int | None:
        """Publishes what was staged, and the register where it changed; None where there is nothing to."""
        facts = {"register_hash": register.hash, "rules_hash": rules_hash()}
        same = self.base is not None and facts.items() <= self.base.meta.items()
        if same and self._staging is None:
            return None
        staging = self._staged()
        if not same:
            for table, rows in tables(register).items():
                staging.rewrite(table, pyarrow.Table.from_pylist(rows))
        staging.rewrite("source_states", states_table(self.states.values()))
        staging.compute(compute, self._plans if same else None)
        facts |= {"recorded_at": self.at.isoformat(), "sample": "yes" if sample else "no"}
        return staging.publish(facts)

    def keep_positions(self) -> None:
        """Writes where the rows to mend stand now, when that has changed."""
        moved = {source: places for source, places in self._moved.items() if places}
        if moved != self._were:
            positions.write(self._place.pointer, moved)

    def _staged(self) -> Staging:
        if self._staging is None:
            self._staging = Staging(self._place, self.base.version if self.base else None)
        return self._staging

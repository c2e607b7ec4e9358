"""The draft version of one sync: the changes of all sources are staged, then published once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Self

import pyarrow

from kpis.register.model import Register
from kpis.store import sql
from kpis.store.positions import Position
from kpis.store.staged_version import ComputeMeasures, StagedVersion
from kpis.store.version_store import CurrentVersion, RowReader, VersionStore
from kpis.sync import history
from kpis.sync.arrow_tables import Stamp
from kpis.sync.explanation_history import (
    TAB_KIND,
    ExplanationDifference,
    ExplanationState,
    build_explanation_changes,
    build_explanation_states,
    read_current_explanations,
    read_explanation_states,
)
from kpis.sync.history import HistoryKey, SourceDifference
from kpis.sync.identity_upgrade import is_identity_outdated, recount_rows, rekey_rows
from kpis.sync.raw_rows import StoredRow
from kpis.sync.register_history import carry_register_over, record_register
from kpis.sync.rules import compute_rules_hash
from kpis.sync.state import SourceState, build_states_table, read_states
from kpis.sync.tracked_plans import (
    find_plans_to_track,
    is_tracking_unknown,
    read_tracked_plans,
    record_tracked_plans,
    restrict_register,
    track_every_plan,
)
from kpis.sync.version_upgrade import FORMATS_WITH_HISTORY, record_earlier_versions
from kpis.sync.weeks import WEEKS_UNTIL, find_weeks_to_write

_SOURCE_TABLES = ("entries", "task_reports", "rejections", "warnings", "set_aside_rows", "raw_rows", "explanations")


@dataclass(frozen=True)
class RawRows:
    """The rows of a source as they were read at `read_at` (UTC)."""

    rows: Sequence[StoredRow]
    read_at: datetime


class DraftVersion:
    """What one sync knows and changes. Leaving its `with` block without `publish` changes nothing.

    `states` holds the state of every source by id. Everything is recorded at `recorded_at`, which is later
    than every moment already recorded; sources are read at `read_at`, which never runs backwards, and judged by the day
    of `judged_at`.
    """

    def __init__(self, store: VersionStore, base: CurrentVersion | None, now: datetime) -> None:
        self._last_moment = last = _read_last_moment(base)
        self.base = base
        # Not the moment of the recording, which a clock that was ahead once may have left in the future.
        self._weeks = find_weeks_to_write(base.meta if base else None, now)
        moments = store.find_moments(last, now)
        self.read_at, self.recorded_at, self.judged_at = moments.read_at, moments.recorded_at, moments.judged_at
        has_our_format = base is not None and not base.has_older_format
        self.states = read_states(base) if has_our_format else {}
        self.explanation_states = read_explanation_states(base) if has_our_format else {}
        self.pointer = store.paths.pointer
        self._store = store
        self._staging: StagedVersion | None = None
        self._stored_positions = store.read_positions()
        self._moved_positions: dict[str, Mapping[HistoryKey, Position]] = dict(self._stored_positions)
        self._explanation_positions: dict[str, Mapping[HistoryKey, Position]] = {}

    @property
    def reader(self) -> RowReader | None:
        """What is current so far: the changed copy, else the version before; None before the first one."""
        return self._staging or self.base

    def carry_over(self, register: Register) -> None:
        """Bring a version of an older format into today's: columns are added, every time of a row stays."""
        if self.base is None or not self.base.has_older_format:
            return
        staging = self._open_staging()
        staging.carry_over()
        if is_tracking_unknown(self.base.format):
            track_every_plan(staging)
        if self.base.format in FORMATS_WITH_HISTORY:
            record_earlier_versions(staging, register)
        else:
            carry_register_over(staging, is_unchanged=self.base.meta.get("register_hash") == register.hash)
        self.states = read_states(staging)
        self.explanation_states = read_explanation_states(staging)
        if is_identity_outdated(self.base.format):
            hashes = rekey_rows(staging, self.states, register, self.recorded_at)
            self.states = recount_rows(staging, self.states)
            self._moved_positions = {
                source: {(hashes.get(source, {}).get(key[0], key[0]), key[1]): at for key, at in moved.items()}
                for source, moved in self._stored_positions.items()
            }

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

    def list_rows_left_to_others(self) -> dict[str, dict[int, str]]:
        """Return, by source, the hashes of its rows that were left to another source, with that source."""
        columns = self._fetch_table("rows_left_to_others", {}).to_pydict()
        rows: dict[str, dict[int, str]] = {}
        for source, row_hash, counted_by in zip(*columns.values(), strict=True):
            rows.setdefault(source, {})[row_hash] = counted_by
        return rows

    def _fetch_table(self, query: str, params: Mapping[str, object]) -> pyarrow.Table:
        if self.reader is None:
            raise AssertionError(query)
        return self.reader.fetch_table(sql.load("kpis.sync", query), params)

    @property
    def has_changes(self) -> bool:
        """True if anything has been staged."""
        return self._staging is not None

    def record(self, new_state: SourceState, difference: SourceDifference, raw: RawRows | None = None) -> None:
        """Stage the changes of one source, its state and its rows as read; do nothing if there are none.

        All of it is built before any of it is staged, so what one source provokes leaves the draft as it was.
        """
        old_state = self.states.get(new_state.source)
        stamp = Stamp(new_state.source, new_state.plan, self.recorded_at)
        changes = []
        if difference or old_state is None or not old_state.is_equivalent_to(new_state):
            changes += history.build_changes(stamp, difference)
        build_states_table([new_state])
        if raw is not None:
            changes.append(history.build_raw_change(self.reader, stamp, raw.rows, raw.read_at))
        self.states[new_state.source] = new_state
        if changes:
            history.record(self._open_staging(), stamp, changes)

    def record_explanations(
        self, new_state: ExplanationState, difference: ExplanationDifference, raw: RawRows | None = None
    ) -> None:
        """Stage the changes of one source's tab of explanations; nothing but its last good read opens no version."""
        old_state = self.explanation_states.get(new_state.source)
        stamp = Stamp(new_state.source, new_state.plan, self.recorded_at)
        changes = build_explanation_changes(stamp, difference) if difference else []
        build_explanation_states([new_state])
        if raw is not None:
            raw_change = history.build_raw_change(self.reader, stamp, raw.rows, raw.read_at, TAB_KIND)
            if raw_change.to_retire or raw_change.new_rows is not None:
                changes.append(raw_change)
        at_first_read = replace(old_state, last_good_at=new_state.last_good_at) if old_state else None
        self.explanation_states[new_state.source] = new_state
        if changes or at_first_read != new_state:
            history.record(self._open_staging(), stamp, changes)

    def set_explanation_positions(self, source: str, moved_positions: Mapping[HistoryKey, Position]) -> None:
        """Set the findings of a source's tab of explanations whose position differs from the one in the version."""
        self._explanation_positions[source] = moved_positions

    def retire_source(self, source: str) -> None:
        """Stage the end of a source that is no longer configured: every current row is retired, its state goes."""
        self.states.pop(source)
        self.explanation_states.pop(source, None)
        self._moved_positions.pop(source, None)
        for table in _SOURCE_TABLES:
            statement = sql.load("kpis.sync", "retire_source", table=table)
            self._open_staging().execute(statement, {"source": source, "at": self.recorded_at})

    def set_moved_positions(self, source: str, moved_positions: Mapping[HistoryKey, Position]) -> None:
        """Set the findings of a source whose position now differs from the one in the version."""
        self._moved_positions[source] = moved_positions

    def get_moved_positions(self, source: str) -> Mapping[HistoryKey, Position]:
        """Return the findings of a source whose position differs from the one in the version."""
        return self._moved_positions.get(source, {})

    def publish(
        self, register: Register, compute: ComputeMeasures, configured_plans: Collection[str], *, sample: bool
    ) -> int | None:
        """Publish staged changes, a changed register, changed tracked plans and ended weeks; None if there are none.

        Otherwise the version is returned. `configured_plans` are those of the configured sources.
        """
        self._keep_explanation_positions()
        metadata = {"register_hash": register.hash, "rules_hash": compute_rules_hash()}
        is_same_basis = (
            self.base is not None and not self.base.has_older_format and metadata.items() <= self.base.meta.items()
        )
        tracked = read_tracked_plans(self.reader)
        plans = find_plans_to_track(self.states.values(), configured_plans)
        if is_same_basis and self._staging is None and plans == tracked.current and not self._weeks.sundays:
            return None
        staging = self._open_staging()
        record_tracked_plans(staging, tracked.current, plans, self.recorded_at)
        is_same_basis = is_same_basis and plans <= tracked.ever
        if not is_same_basis:
            record_register(staging, restrict_register(register, plans | tracked.ever), self.recorded_at)
        staging.replace_rows("source_states", build_states_table(self.states.values()))
        states = build_explanation_states(list(self.explanation_states.values()))
        staging.replace_rows("explanation_states", states)
        staging.compute(compute, self._last_moment if is_same_basis else None, self._weeks.sundays)
        metadata |= {
            "recorded_at": self.recorded_at.isoformat(),
            "sample": "yes" if sample else "no",
            WEEKS_UNTIL: self._weeks.until.isoformat(),
        }
        return staging.publish(metadata)

    def write_positions(self) -> None:
        """Write the current positions of rows to fix, if they have changed."""
        sources = [*dict.fromkeys((*self._moved_positions, *self._explanation_positions))]
        moved = {
            source: places
            for source in sources
            if (places := {**self._moved_positions.get(source, {}), **self._explanation_positions.get(source, {})})
        }
        if moved != self._stored_positions:
            self._store.write_positions(moved)

    def _keep_explanation_positions(self) -> None:
        """Keep the moved findings of tabs of explanations that were not read in this sync."""
        for source in self.explanation_states.keys() - self._explanation_positions.keys():
            if stored := self._stored_positions.get(source):
                keys = read_current_explanations(self.reader, source).finding_positions
                self._explanation_positions[source] = {key: at for key, at in stored.items() if key in keys}

    def _open_staging(self) -> StagedVersion:
        if self._staging is None:
            self._staging = self._store.open_staging(self.base)
        return self._staging


def _read_last_moment(base: CurrentVersion | None) -> datetime | None:
    text = base.meta.get("recorded_at") if base else None
    return datetime.fromisoformat(text) if text else None

"""Which plans an installation tracks: those of a configured source and those with a current accepted row.

Recorded and retired in `tracked_plans` as rows are; no other plan is in the version's register tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow

from kpis.register.model import Register
from kpis.store import sql
from kpis.store.staged_version import StagedVersion
from kpis.store.version_store import RowReader
from kpis.sync.state import SourceState

_FORMATS_WITHOUT_TRACKING = frozenset({"1", "2"})


@dataclass(frozen=True)
class TrackedPlans:
    """The plans tracked until now (`current`), and those that were ever tracked, of which history is kept."""

    current: frozenset[str]
    ever: frozenset[str]


def read_tracked_plans(reader: RowReader | None) -> TrackedPlans:
    """Return the tracked plans of a version of today's format, or of the copy that is being changed."""
    rows = [] if reader is None else reader.fetch_rows(sql.load("kpis.sync", "tracked_plans"))
    return TrackedPlans(
        frozenset(str(row["plan"]) for row in rows if row["retired_at"] is None),
        frozenset(str(row["plan"]) for row in rows),
    )


def find_plans_to_track(states: Iterable[SourceState], configured_plans: Iterable[str]) -> frozenset[str]:
    """Return the plans that a sync tracks: configured ones and those with a current accepted row."""
    return frozenset({*configured_plans, *(state.plan for state in states if state.accepted)})


def record_tracked_plans(staging: StagedVersion, old: Collection[str], new: Collection[str], at: datetime) -> None:
    """Record the plans that are tracked from `at` (naive UTC) on, and retire those that no longer are."""
    added, ended = sorted(set(new) - set(old)), sorted(set(old) - set(new))
    if ended:
        staging.execute(sql.load("kpis.sync", "retire_tracked_plans"), {"plans": ended, "at": at})
    moments = pyarrow.array([at] * len(added), pyarrow.timestamp("us"))
    staging.insert("tracked_plans", pyarrow.table({"plan": added, "recorded_at": moments}))


def is_tracking_unknown(version_format: str | None) -> bool:
    """True if a version of this format does not say which plans were tracked."""
    return version_format in _FORMATS_WITHOUT_TRACKING


def track_every_plan(staging: StagedVersion) -> None:
    """Record that a version of an older format, which knew no tracked plans, has tracked all of them always."""
    staging.execute(sql.load("kpis.sync", "track_every_plan"))


def restrict_register(register: Register, plans: Collection[str]) -> Register:
    """Return the register of some plans alone, with every indicator."""
    entries = register.map_entries_to_plans()
    return replace(
        register,
        plans={name: plan for name, plan in register.plans.items() if name in plans},
        targets={name: target for name, target in register.targets.items() if target.plan in plans},
        earlier_targets={name: copy for name, copy in register.earlier_targets.items() if copy.plan in plans},
        sections=tuple(section for section in register.sections if section.plan in plans),
        tasks={name: task for name, task in register.tasks.items() if task.plan in plans},
        earlier_tasks={name: copy for name, copy in register.earlier_tasks.items() if copy.plan in plans},
        agencies=tuple(agency for agency in register.agencies if agency.plan in plans),
        collectives=tuple(group for group in register.collectives if group.plan in plans),
        clauses=tuple(clause for clause in register.clauses if entries.get(clause.entry) in plans),
        versions=tuple(version for version in register.versions if version.plan in plans),
        version_changes=tuple(change for change in register.version_changes if change.plan in plans),
    )

"""The end of a plan that nothing else ends, such as a wrong plan id that was configured for a day."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from kpis.errors import UsageError
from kpis.register.model import Register
from kpis.sources.config import SourcesFile
from kpis.store.staged_version import ComputeMeasures
from kpis.store.version_store import VersionStore, hold_writer_lock
from kpis.sync.draft_version import DraftVersion
from kpis.sync.tracked_plans import read_tracked_plans


def untrack_plan(
    plan: str,
    sources_file: SourcesFile,
    store: VersionStore,
    register: Register,
    now: datetime,
    compute: ComputeMeasures,
) -> int:
    """Retire every row of a plan without a configured source at `now` (naive UTC); return how many rows counted.

    Nothing is deleted: what was known at an earlier moment stays known at it. Raises UsageError for a plan that is
    not tracked or has a configured source, StoreError if a sync runs.
    """
    configured = [source.id for source in sources_file.sources if source.plan == plan]
    if configured:
        text = "“{plan}” is read from {sources}. Remove that from the sources file first, then run a sync."
        raise UsageError(text, plan=plan, sources=", ".join(configured))
    with hold_writer_lock(store):
        database = store.open_current()
        tracked = read_tracked_plans(database).current
        if database is None or plan not in tracked:
            text = "“{plan}” is not tracked here. Tracked plans: {plans}."
            raise UsageError(text, plan=plan, plans=", ".join(sorted(tracked)) or "–")
        with closing(database), DraftVersion(store, database, now) as draft:
            states = [state for state in draft.states.values() if state.plan == plan]
            for state in states:
                draft.retire_source(state.source)
            configured_plans = {source.plan for source in sources_file.sources}
            sample = database.meta.get("sample") == "yes"
            draft.publish(register, compute, configured_plans, sample=sample)
            draft.write_positions()
        store.bring_home()
    return sum(state.accepted for state in states)

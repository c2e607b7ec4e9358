"""The versions of amended plans in a database of format 4, which had their figures and not the versions themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from kpis.register.model import Register
from kpis.register.tables import build_tables
from kpis.store import sql
from kpis.store.staged_version import StagedVersion
from kpis.sync.register_history import build_register_table

_TABLES = ("plan_versions", "version_changes")
FORMATS_WITH_HISTORY = frozenset({"4"})
"""Older formats whose register is recorded and retired already, without the versions of plans."""


def record_earlier_versions(staging: StagedVersion, register: Register) -> None:
    """Record each version from when the figures showed it: the first moment after its acceptance at which rows changed.

    A version of which no such moment is recorded is left to the sync that carries the database over.
    """
    moments = _find_moments(staging, register)
    tables = build_tables(register)
    for table in _TABLES:
        rows = [
            {**row, "recorded_at": moments[key]}
            for row in tables[table]
            if (key := (str(row["plan"]), cast(int, row["version"]))) in moments
        ]
        staging.insert(table, build_register_table(rows))


def _find_moments(staging: StagedVersion, register: Register) -> Mapping[tuple[str, int], datetime | None]:
    """Return from when each version was known, None for always: the first one of a plan."""
    owners = staging.fetch_rows(sql.load("kpis.sync", "register_owners"))
    plans = {str(row["owner"]) for row in owners}
    moments: dict[tuple[str, int], datetime | None] = {}
    for facts in register.versions:
        if facts.plan not in plans:
            continue
        if not any(plan == facts.plan for plan, _ in moments):
            moments[facts.plan, facts.number] = None
            continue
        params = {"plan": facts.plan, "accepted_at": facts.accepted_at}
        (row,) = staging.fetch_rows(sql.load("kpis.sync", "first_change_after"), params)
        if row["moment"] is not None:
            moments[facts.plan, facts.number] = cast(datetime, row["moment"])
    return moments

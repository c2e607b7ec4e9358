"""What the documents of accepted plans say: the clause of each target and task, kept in the latest version.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from kpis.register.accepted_plans import VERSION_FILE, AcceptedVersion, list_accepted_versions
from kpis.register.faults import RegisterFaults
from kpis.register.model import Clause

_WRONG = "the clauses of this accepted version cannot be read; restore the file from a copy"


def read_clauses(
    overlay: Path | None, entries: Mapping[str, str], faults: RegisterFaults, candidate: AcceptedVersion | None = None
) -> tuple[Clause, ...]:
    """Return the clauses of the latest version of each plan, of `entries` alone (id of a target or task -> plan)."""
    if overlay is None or not overlay.is_dir():
        return ()
    latest = {plan: versions[-1] for plan, versions in list_accepted_versions(overlay, RegisterFaults()).items()}
    if candidate is not None:
        latest[candidate.plan] = candidate
    clauses: list[Clause] = []
    for version in latest.values():
        path = version.folder / VERSION_FILE
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8")).get("clause", [])
        except (OSError, ValueError):
            continue  # `check_hashes` names this fault
        try:
            clauses += [clause for clause in _build_clauses(tables) if entries.get(clause.entry) == version.plan]
        except (LookupError, TypeError, AttributeError):
            faults.add(path.as_posix(), "clause", _WRONG)
    return tuple(clauses)


def _build_clauses(tables: list[Mapping[str, object]]) -> Iterator[Clause]:
    for table in tables:
        quote, section, page, line = (table.get(name) for name in ("quote", "section", "page", "line"))
        if not quote:
            continue
        yield Clause(
            entry=str(table["id"]),
            quote=str(quote),
            section=str(section) if section else None,
            page=page if isinstance(page, int) else None,
            line=line if isinstance(line, int) else None,
        )

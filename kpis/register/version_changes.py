"""What each version of a plan changed: against the version before it, a correction against the one it corrects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from kpis.register.accepted_plans import AcceptedVersion
from kpis.register.entry_changes import EntryChange, FieldChange, VersionChange
from kpis.register.judging_versions import list_in_force
from kpis.register.version_differences import Tables, compare_tables, read_version_tables
from kpis.register.version_facts import VersionFacts

_NUMBER, _DAY = "number", "day"
"""The keys under which JSON has an exact number and a day."""


def list_version_changes(versions: Sequence[AcceptedVersion], facts: Sequence[VersionFacts]) -> list[VersionChange]:
    """Return what each of a plan's versions changed, by version; `facts` are those of the versions, in order."""
    by_number = {version.number: version for version in versions}

    @cache
    def read_tables(number: int) -> Tables:
        return read_version_tables(by_number[number])

    changes: list[VersionChange] = []
    for at, each in enumerate(facts):
        compared_with = each.corrects
        if compared_with is None and at > 0:
            compared_with = list_in_force([earlier.days for earlier in facts[:at]])[-1].number
        if compared_with in by_number:
            differences = compare_tables(read_tables(compared_with), read_tables(each.number))
            changes += _add_clauses(each, compared_with, differences)
    return changes


def _add_clauses(
    facts: VersionFacts, compared_with: int, differences: Sequence[EntryChange]
) -> Iterator[VersionChange]:
    """Yield the changes with the clauses of the version's own document."""
    clauses = {str(clause.get("id")): clause for clause in (*facts.ended, *facts.clauses) if "version" not in clause}
    for change in differences:
        clause = clauses.get(change.id, {})
        quote, section, page, line = (clause.get(name) for name in ("quote", "section", "page", "line"))
        yield VersionChange(
            facts.plan,
            facts.number,
            compared_with,
            change,
            quote=str(quote) if quote else None,
            section=str(section) if section else None,
            page=page if isinstance(page, int) else None,
            line=line if isinstance(line, int) else None,
        )


def serialize_fields(fields: Sequence[FieldChange]) -> str:
    """Return changed fields as JSON, with exact numbers."""
    content = [{"field": each.field, "old": each.old, "new": each.new} for each in fields]
    return json.dumps(content, ensure_ascii=False, default=_encode)


def deserialize_fields(text: str) -> tuple[FieldChange, ...]:
    """Return the changed fields of a JSON text of `serialize_fields`."""
    return tuple(FieldChange(**each) for each in json.loads(text, object_hook=_decode))


def _encode(value: object) -> Mapping[str, str]:
    if isinstance(value, Decimal):
        return {_NUMBER: str(value)}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    raise TypeError(value)


def _decode(value: dict[str, Any]) -> object:
    if value.keys() == {_NUMBER} and isinstance(value[_NUMBER], str):
        return Decimal(value[_NUMBER])
    if value.keys() == {_DAY}:
        return date.fromisoformat(value[_DAY])
    return value

"""What one version of a plan changes against another: added, dropped and changed entries, field by field."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpis.errors import RegisterError
from kpis.register.accepted_plans import AGENCIES_FILE, INDICATORS_FILE, PLAN_FILE, AcceptedVersion
from kpis.register.entry_changes import ChangeKind, EntryChange, EntryKind, FieldChange
from kpis.register.names import to_agency_key

Tables = Mapping[EntryKind, Mapping[str, Mapping[str, Any]]]
_CITATIONS = frozenset(("id", "line", "basis"))
"""Fields that say where something stands in a document, not what holds."""


def read_version_tables(version: AcceptedVersion) -> Tables:
    """Return the entries of a version by kind and id. RegisterError if a file cannot be read."""
    plan = _read_toml(version.folder / PLAN_FILE)
    bodies = _read_toml(version.folder / AGENCIES_FILE)
    indicators = version.folder / INDICATORS_FILE
    tables: dict[EntryKind, Mapping[str, Mapping[str, Any]]] = {"plan": {version.plan: plan.get("plan", {})}}
    targets = {entry["id"]: entry for entry in plan.get("target", ())}
    tables["target"] = {key: entry for key, entry in targets.items() if entry.get("measure") != "milestone"}
    tables["milestone"] = {key: entry for key, entry in targets.items() if entry.get("measure") == "milestone"}
    tables["section"] = {entry["id"]: entry for entry in plan.get("section", ())}
    tables["task"] = {entry["id"]: entry for entry in plan.get("task", ())}
    for kind in ("agency", "collective"):
        tables[kind] = {to_agency_key(entry["name"]): entry for entry in bodies.get(kind, ())}
    content = _read_toml(indicators) if indicators.exists() else {}
    tables["indicator"] = {entry["id"]: entry for entry in content.get("indicator", ())}
    return tables


def compare_tables(old: Tables, new: Tables) -> list[EntryChange]:
    """Return what changed, by kind, in the order of the later version; what was dropped last."""
    return [change for kind in new for change in _compare_kind(kind, old.get(kind, {}), new[kind])]


def _compare_kind(
    kind: EntryKind, old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> Iterator[EntryChange]:
    for key, entry in new.items():
        if key not in old:
            yield _build_change(kind, key, entry, "added")
        elif fields := tuple(_list_fields(old[key], entry)):
            yield _build_change(kind, key, entry, "changed", fields)
    for key, entry in old.items():
        if key not in new:
            yield _build_change(kind, key, entry, "dropped")


def _build_change(
    kind: EntryKind,
    key: str,
    entry: Mapping[str, Any],
    change: ChangeKind,
    fields: Sequence[FieldChange] = (),
) -> EntryChange:
    title = str(entry.get("title_vi") or entry.get("name_vi") or entry.get("name") or key)
    name = str(entry["name"]) if kind in {"agency", "collective"} else key
    return EntryChange(kind, name, title, change, tuple(fields), entry.get("measure"))


def _list_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*old, *new)):
        if name not in _CITATIONS and old.get(name) != new.get(name):
            yield FieldChange(name, old.get(name), new.get(name))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise RegisterError(
            "{path} cannot be read. Restore it from a copy.", file=path.as_posix(), key=path.name, path=path
        ) from error

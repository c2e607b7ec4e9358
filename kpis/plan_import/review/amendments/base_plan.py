"""The version of a plan that is in force: its tables as they stand in the files, the overlay's fields included."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from kpis.errors import UsageError
from kpis.plan_import.review.draft.model import ReviewError
from kpis.plan_import.review.versions.toml_output import TomlTable
from kpis.register.accepted_plans import (
    AGENCIES_FILE,
    INDICATORS_FILE,
    PLAN_FILE,
    AcceptedVersion,
    list_accepted_versions,
)
from kpis.register.communes import get_list_identity
from kpis.register.faults import RegisterFaults
from kpis.register.files import read_files
from kpis.register.gather import RegisterRecords, gather_records
from kpis.register.load import get_default_root, load_register
from kpis.register.model import Register
from kpis.register.record import Record
from kpis.register.version_facts import VersionFacts, read_version_facts

Tables = Mapping[str, Sequence[TomlTable]]


@dataclass(frozen=True)
class BasePlan:
    """A plan as it is in force. `number` is 0 for a plan without an accepted version, which has no `facts`.

    `tables`: plan (one table), target, section, task, agency, collective. `indicators`: those of its versions.
    """

    plan: str
    number: int
    facts: VersionFacts | None
    tables: Tables
    indicators: tuple[TomlTable, ...]
    register: Register
    sha256: str


def read_base_plan(overlay: Path | None, plan: str, number: int | None = None) -> BasePlan:
    """Return the plan that is in force, or one of its versions as it was accepted.

    Raises UsageError for an unknown plan, RegisterError for a register with faults.
    """
    versions = {each.number: each for each in _list_versions(overlay, plan)}
    order = list_in_order([read_version_facts(version) for version in versions.values()])
    version = versions[number or order[-1].number] if order else None
    register = load_register(overlay=overlay, candidate=version)
    if plan not in register.plans:
        raise UsageError(
            "There is no plan “{plan}” to amend. The plans are {known}.", plan=plan, known=", ".join(register.plans)
        )
    tables = _gather_tables(overlay, plan, version) if number is None or version is None else _read_tables(version)
    return BasePlan(
        plan,
        version.number if version else 0,
        read_version_facts(version) if version else None,
        tables,
        tuple(_read_file(version, INDICATORS_FILE).get("indicator", ())) if version else (),
        register,
        hashlib.sha256(json.dumps(tables, sort_keys=True, default=str).encode(errors="replace")).hexdigest(),
    )


def list_in_order(facts: Sequence[VersionFacts]) -> list[VersionFacts]:
    """Return the versions that hold, by the order of amendments: a correction stands in the place of its version."""
    order: list[VersionFacts] = []
    for each in facts:
        if each.corrects is None:
            order.append(each)
        else:
            order = [each if other.number == each.corrects else other for other in order]
    return order


def _list_versions(overlay: Path | None, plan: str) -> list[AcceptedVersion]:
    return list_accepted_versions(overlay, RegisterFaults()).get(plan, []) if overlay else []


def _read_tables(version: AcceptedVersion) -> Tables:
    plan, bodies = _read_file(version, PLAN_FILE), _read_file(version, AGENCIES_FILE)
    return {
        "plan": [plan["plan"]],
        **{name: plan.get(name, []) for name in ("target", "section", "task")},
        **{name: bodies.get(name, []) for name in ("agency", "collective")},
    }


def _gather_tables(overlay: Path | None, plan: str, version: AcceptedVersion | None) -> Tables:
    faults = RegisterFaults()
    files, _ = read_files(get_default_root(), overlay, faults, external_version=get_list_identity(), candidate=version)
    records = gather_records(files, faults)
    faults.raise_if_any()
    tables = {name: _list_tables(records, name, plan) for name in ("target", "section", "task")}
    bodies = {name: _list_tables(records, name, plan) for name in ("agency", "collective")}
    return {"plan": [_simplify(records.plan[plan].values)], **tables, **bodies}


def _list_tables(records: RegisterRecords, name: str, plan: str) -> list[TomlTable]:
    table: Mapping[object, Record] = getattr(records, name)
    if name in {"agency", "collective"}:
        return [_simplify(record.values) for record in table.values() if record.values.get("plan") == plan]
    return [_simplify(record.values) for record in table.values() if record.plan == plan]


def _simplify(values: Mapping[str, Any]) -> TomlTable:
    """Return a table without empty fields, and each alias once: an overlay adds its own to those that exist."""
    table = {name: value for name, value in values.items() if value not in (None, "", [])}
    if isinstance(aliases := table.get("aliases"), list):
        table["aliases"] = list(dict.fromkeys(aliases))
    return table


def _read_file(version: AcceptedVersion, name: str) -> dict[str, Any]:
    path = version.folder / name
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise ReviewError("{path} cannot be read. Restore it from a copy.", path=path) from error

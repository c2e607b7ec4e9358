"""Join the tables of all files by identity: one register, amended by the overlay (design.md §3)."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from kpis.register.files import RegisterFile, RegisterFileKind
from kpis.register.names import to_agency_key
from kpis.register.record import Record, build_register_error, build_unknown_field_error

# The tables that each kind of file may contain.
_TABLES_BY_KIND: Mapping[RegisterFileKind, tuple[str, ...]] = {
    "indicators": ("indicator",),
    "plans": ("plan", "target", "section", "task"),
    "agencies": ("agency", "collective"),
}
_KIND_ORDER: tuple[RegisterFileKind, ...] = ("indicators", "plans", "agencies")
_IDENTITY_KEYS = {"agency": "name", "collective": "name"}


@dataclass
class RegisterRecords:
    """Records by identity, in the order of the files. Sections and agencies are unique within their plan."""

    indicator: dict[Hashable, Record] = field(default_factory=dict)
    plan: dict[Hashable, Record] = field(default_factory=dict)
    target: dict[Hashable, Record] = field(default_factory=dict)
    section: dict[Hashable, Record] = field(default_factory=dict)
    task: dict[Hashable, Record] = field(default_factory=dict)
    agency: dict[Hashable, Record] = field(default_factory=dict)
    collective: dict[Hashable, Record] = field(default_factory=dict)


def gather_records(files: Iterable[RegisterFile]) -> RegisterRecords:
    """Join the files. Two tables with one identity are refused, unless the second is in the overlay."""
    records = RegisterRecords()
    overlaid: dict[tuple[str, Hashable], str] = {}
    for file in sorted(files, key=lambda file: (_KIND_ORDER.index(file.kind), file.is_overlay)):
        for record in _build_records(file):
            identity = _identify(record, file, records)
            table: dict[Hashable, Record] = getattr(records, record.table)
            existing = table.get(identity)
            if existing is not None and (not file.is_overlay or (record.table, identity) in overlaid):
                first = overlaid.get((record.table, identity), existing.file)
                raise record.build_error(
                    _IDENTITY_KEYS.get(record.table, "id"),
                    "appears twice; the first is in {first}",
                    first=first,
                )
            if existing is None:
                table[identity] = record
            else:
                existing.amend(record)
            if file.is_overlay:
                overlaid[record.table, identity] = file.name
    return records


def _build_records(file: RegisterFile) -> list[Record]:
    records = []
    for table, content in file.tables.items():
        if table not in _TABLES_BY_KIND[file.kind]:
            raise build_unknown_field_error(file.name, table, _TABLES_BY_KIND[file.kind])
        rows = [content] if table == "plan" else content
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            form = "[plan]" if table == "plan" else f"[[{table}]]"
            raise build_register_error(file.name, table, "must be written as {form}", form=form)
        for position, row in enumerate(rows, start=1):
            name = row.get(_IDENTITY_KEYS.get(table, "id"))
            label = name if isinstance(name, str) else f"#{position}"
            records.append(Record(table, label, file.name, dict(row), file.is_overlay))
    # The plan's header first: it determines the plan of the other tables.
    return sorted(records, key=lambda record: record.table != "plan")


def _identify(record: Record, file: RegisterFile, records: RegisterRecords) -> Hashable:
    if record.table == "indicator":
        return record.read_text("id")
    if record.table == "plan":
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", record.read_text("id")):
            raise record.build_error("id", "must consist of lower-case a–z, digits and hyphens, like dong-thap")
        return record.read_text("id")
    if record.table in {"agency", "collective"}:
        plan = record.read_text("plan")
        if plan not in records.plan:
            raise record.build_error("plan", "there is no plan “{plan}”", plan=plan)
        return plan, to_agency_key(record.read_text("name"))
    identity = record.read_text("id")
    plan = _find_plan(record, file, records)
    if record.table != "section" and not identity.startswith(f"{plan}."):
        raise record.build_error("id", "does not belong to the plan “{plan}”; it must begin with “{plan}.”", plan=plan)
    record.plan = plan
    return (plan, identity) if record.table == "section" else identity


def _find_plan(record: Record, file: RegisterFile, records: RegisterRecords) -> str:
    """Return the plan of a target, section or task by the header; in an overlay also by id or file name."""
    header = file.tables.get("plan")
    if isinstance(header, dict):
        return str(header.get("id"))
    if file.is_overlay:
        prefixes = [str(plan) for plan in records.plan if record.read_text("id").startswith(f"{plan}.")]
        if prefixes and record.table != "section":
            return max(prefixes, key=len)
        if file.stem in records.plan:
            return file.stem
    raise build_register_error(file.name, "plan", "the table [plan] with the plan's id is missing")

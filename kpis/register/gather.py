"""All tables of all files by their identity: one register, the overlay laid over it (design.md §3)."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from kpis.register.files import RegisterFile, RegisterFileKind
from kpis.register.names import to_agency_key
from kpis.register.record import Record, build_register_error

# The tables each file may hold.
_TABLES_BY_KIND: Mapping[RegisterFileKind, tuple[str, ...]] = {
    "indicators": ("indicator",),
    "plans": ("plan", "target", "section", "task"),
    "agencies": ("agency", "collective"),
}
_KIND_ORDER: tuple[RegisterFileKind, ...] = ("indicators", "plans", "agencies")
_IDENTITY_KEYS = {"agency": "name", "collective": "name"}


@dataclass
class RegisterRecords:
    """Records by identity, in the order of the files. Sections and agencies are known within their plan."""

    indicator: dict[Hashable, Record] = field(default_factory=dict)
    plan: dict[Hashable, Record] = field(default_factory=dict)
    target: dict[Hashable, Record] = field(default_factory=dict)
    section: dict[Hashable, Record] = field(default_factory=dict)
    task: dict[Hashable, Record] = field(default_factory=dict)
    agency: dict[Hashable, Record] = field(default_factory=dict)
    collective: dict[Hashable, Record] = field(default_factory=dict)


def gather_records(files: Iterable[RegisterFile]) -> RegisterRecords:
    """Join the files. Two tables with one identity are refused, unless the second stands in the overlay."""
    gathered = RegisterRecords()
    overlaid: dict[tuple[str, Hashable], str] = {}
    for file in sorted(files, key=lambda file: (_KIND_ORDER.index(file.kind), file.is_overlay)):
        for record in _build_records(file):
            identity = _identify(record, file, gathered)
            table: dict[Hashable, Record] = getattr(gathered, record.table)
            before = table.get(identity)
            if before is not None and (not file.is_overlay or (record.table, identity) in overlaid):
                first = overlaid.get((record.table, identity), before.file)
                raise record.build_error(
                    _IDENTITY_KEYS.get(record.table, "id"),
                    "stands twice; the first is in {first}",
                    first=first,
                )
            if before is None:
                table[identity] = record
            else:
                before.amend(record)
            if file.is_overlay:
                overlaid[record.table, identity] = file.name
    return gathered


def _build_records(file: RegisterFile) -> list[Record]:
    records = []
    for table, content in file.tables.items():
        if table not in _TABLES_BY_KIND[file.kind]:
            known = ", ".join(_TABLES_BY_KIND[file.kind])
            raise build_register_error(file.name, table, "no such field here; known are {known}", known=known)
        rows = [content] if table == "plan" else content
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            form = "[plan]" if table == "plan" else f"[[{table}]]"
            raise build_register_error(file.name, table, "must be written as {form}", form=form)
        for position, row in enumerate(rows, start=1):
            name = row.get(_IDENTITY_KEYS.get(table, "id"))
            shown = name if isinstance(name, str) else f"#{position}"
            records.append(Record(table, shown, file.name, dict(row), file.is_overlay))
    # The plan's header first: it says whose the other tables of the file are.
    return sorted(records, key=lambda record: record.table != "plan")


def _identify(record: Record, file: RegisterFile, records: RegisterRecords) -> Hashable:
    if record.table == "indicator":
        return record.read_text("id")
    if record.table == "plan":
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", record.read_text("id")):
            raise record.build_error("id", "must be of small letters a–z, digits and hyphens, like dong-thap")
        return record.read_text("id")
    if record.table in {"agency", "collective"}:
        plan = record.read_text("plan")
        if plan not in records.plan:
            raise record.build_error("plan", "no plan “{plan}” is known", plan=plan)
        return plan, to_agency_key(record.read_text("name"))
    identity = record.read_text("id")
    plan = _find_plan(record, file, records)
    if record.table != "section" and not identity.startswith(f"{plan}."):
        raise record.build_error("id", "is not of the plan “{plan}”; it must begin with “{plan}.”", plan=plan)
    record.plan = plan
    return (plan, identity) if record.table == "section" else identity


def _find_plan(record: Record, file: RegisterFile, records: RegisterRecords) -> str:
    """Whose a target, section or task is: the header says it, in an overlay also the id or file name."""
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

"""Join the tables of all files by identity: one register, amended by the overlay (design.md §3)."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from kpis.language.normalization import clean
from kpis.register.faults import RegisterFaults
from kpis.register.files import RegisterFile, RegisterFileKind
from kpis.register.names import to_agency_key
from kpis.register.record import Record, add_unknown_field, find_nearest
from kpis.register.reporting_days import FORMER_REPORTING_DAY

# The tables that each kind of file may contain.
_TABLES_BY_KIND: Mapping[RegisterFileKind, tuple[str, ...]] = {
    "indicators": ("indicator",),
    "plans": ("plan", "target", "section", "task"),
    "agencies": ("agency", "collective"),
}
_KIND_ORDER: tuple[RegisterFileKind, ...] = ("indicators", "plans", "agencies")


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
    has_nameless_plan: bool = False
    """True if tables may name a plan whose own header could not be used."""


def gather_records(files: Iterable[RegisterFile], faults: RegisterFaults) -> RegisterRecords:
    """Join the files. Two tables with one identity are refused, unless the second is in the overlay."""
    records = RegisterRecords()
    overlaid: dict[tuple[str, Hashable], str] = {}
    files = sorted(files, key=lambda file: (_KIND_ORDER.index(file.kind), file.is_overlay))
    accepted_plans = {file.accepted_plan for file in files} - {None}
    for file in files:
        for record in _build_records(file, faults):
            if _is_replaced(record, file, accepted_plans):
                continue
            identity = _identify(record, file, records)
            table: dict[Hashable, Record] = getattr(records, record.table)
            existing = table.get(identity)
            if identity is None:
                faults.lose_texts(record.values)
            elif existing is None:
                table[identity] = record
            elif not file.is_overlay or (record.table, identity) in overlaid:
                first = overlaid.get((record.table, identity), existing.file)
                key = _get_identity_key(record.table)
                record.add_fault(key, "appears twice; the first is in {first}", first=first)
                if record.table == "plan":
                    break  # every table of the file would appear twice
            else:
                existing.amend(record)
            if identity is not None and file.is_overlay:
                overlaid[record.table, identity] = file.name
    return records


def _is_replaced(record: Record, file: RegisterFile, accepted_plans: Collection[str | None]) -> bool:
    """True if a table comes with the product and is of a plan of which the installation has an accepted version.

    A table of an accepted version is of that version's plan; any other plan in it is a fault.
    """
    if file.is_overlay:
        return False
    if record.table in {"agency", "collective"}:
        key, plan = "plan", record.values.get("plan")
    else:
        header = file.content.tables.get("plan")
        key, plan = "id", header.get("id") if isinstance(header, dict) else None
    if file.accepted_plan is None:
        return isinstance(plan, str) and plan in accepted_plans
    if (key == "plan" or record.table == "plan") and plan != file.accepted_plan:
        text = "an accepted version of “{plan}” has tables of this plan alone"
        record.add_fault(key, text, plan=file.accepted_plan)
    return False


def _get_identity_key(table: str) -> str:
    return "name" if table in {"agency", "collective"} else "id"


def _build_records(file: RegisterFile, faults: RegisterFaults) -> list[Record]:
    records = []
    for table, content in file.content.tables.items():
        if table not in _TABLES_BY_KIND[file.kind]:
            add_unknown_field(faults, file.name, table, _TABLES_BY_KIND[file.kind], typed=table)
            faults.lose_texts(content)
            continue
        rows = [content] if table == "plan" else content
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            form = "[plan]" if table == "plan" else f"[[{table}]]"
            faults.add(file.name, table, "must be written as {form}", form=form)
            faults.lose_texts(content)
            continue
        for position, row in enumerate(rows, start=1):
            name = row.get(_get_identity_key(table))
            label = name if isinstance(name, str) else f"#{position}"
            values = _read_former_fields(row) if table == "plan" and file.accepted_plan else dict(row)
            record = Record(table, label, file.name, values, faults, file.is_overlay)
            record.unread_fields = {
                field for other, at, field in file.content.unread_fields if (other, at) == (table, position)
            }
            records.append(record)
    # The plan's header first: it determines the plan of the other tables.
    return sorted(records, key=lambda record: record.table != "plan")


def _read_former_fields(header: Mapping[str, object]) -> dict[str, object]:
    """Return the header of an accepted version, whose file stays as it was, with the fields of today."""
    values = dict(header)
    if (day := values.pop(FORMER_REPORTING_DAY, None)) is not None:
        values.setdefault("reporting_days", [{"day": day, "of": "year"}])
    return values


def _identify(record: Record, file: RegisterFile, records: RegisterRecords) -> Hashable | None:
    """Return the identity of a record; None, with a fault, if it cannot be told. Sets the plan of its parts."""
    identity = record.read_text(_get_identity_key(record.table))
    if record.table == "plan":
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", identity):
            record.add_fault("id", "must consist of lower-case a–z, digits and hyphens, like dong-thap")
            records.has_nameless_plan = True
        record.plan = identity or file.stem
        return record.plan
    if not identity:
        return None
    if record.table == "indicator":
        return identity
    if record.table in {"agency", "collective"}:
        plan = record.read_text("plan")
        if plan in records.plan:
            return plan, to_agency_key(identity)
        if not records.has_nameless_plan and not record.faults.is_lost(plan):
            _add_unknown_plan(record, plan, records)
        return None
    found_plan = _find_plan(record, identity, file, records)
    if found_plan is None:
        return None
    record.plan, record.header = found_plan, records.plan[found_plan]
    if record.table == "section":
        return found_plan, identity
    if not identity.startswith(f"{found_plan}."):
        text = "does not belong to the plan “{plan}”; it must begin with “{plan}.”"
        record.add_fault("id", text, plan_needs=["id"], plan=found_plan)
    return identity


def _add_unknown_plan(record: Record, plan: str, records: RegisterRecords) -> None:
    plans = sorted(map(str, records.plan))
    nearest = find_nearest(plan, plans)
    text = "there is no plan “{plan}”; the plans are {plans}"
    if nearest is not None:
        text = "there is no plan “{plan}”; “{nearest}” is probably meant"
    record.add_fault("plan", text, plan=plan, plans=", ".join(plans), nearest=nearest)


def _find_plan(record: Record, identity: str, file: RegisterFile, records: RegisterRecords) -> str | None:
    """Return the plan of a target, section or task by the header; in an overlay also by id or file name."""
    header = file.content.tables.get("plan")
    if isinstance(header, dict):
        plan = header.get("id")
        return clean(plan) if isinstance(plan, str) and clean(plan) else file.stem
    if file.is_overlay:
        prefixes = [str(plan) for plan in records.plan if identity.startswith(f"{plan}.")]
        if prefixes and record.table != "section":
            return max(prefixes, key=len)
        if file.stem in records.plan:
            return file.stem
    records.has_nameless_plan = True
    if header is None:
        record.faults.add(file.name, "plan", "the table [plan] with the plan's id is missing")
    return None

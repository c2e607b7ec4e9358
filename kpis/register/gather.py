"""All tables of all files by their identity: one register, the overlay laid over it (design.md §3)."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from kpis.register.files import File, Part
from kpis.register.names import agency_key
from kpis.register.record import Record, refused

# The tables each file may hold.
_TABLES: Mapping[Part, tuple[str, ...]] = {
    "indicators": ("indicator",),
    "plans": ("plan", "target", "section", "task"),
    "agencies": ("agency", "collective"),
}
_ORDER: tuple[Part, ...] = ("indicators", "plans", "agencies")
_NAMED_BY = {"agency": "name", "collective": "name"}


@dataclass
class Gathered:
    """Records by identity, in the order of the files. Sections and agencies are known within their plan."""

    indicator: dict[Hashable, Record] = field(default_factory=dict)
    plan: dict[Hashable, Record] = field(default_factory=dict)
    target: dict[Hashable, Record] = field(default_factory=dict)
    section: dict[Hashable, Record] = field(default_factory=dict)
    task: dict[Hashable, Record] = field(default_factory=dict)
    agency: dict[Hashable, Record] = field(default_factory=dict)
    collective: dict[Hashable, Record] = field(default_factory=dict)


def gather(files: Iterable[File]) -> Gathered:
    """Join the files. Two tables with one identity are refused, unless the second stands in the overlay."""
    gathered = Gathered()
    overlaid: dict[tuple[str, Hashable], str] = {}
    for file in sorted(files, key=lambda file: (_ORDER.index(file.part), file.overlay)):
        for record in _records(file):
            identity = _identify(record, file, gathered)
            table: dict[Hashable, Record] = getattr(gathered, record.table)
            before = table.get(identity)
            if before is not None and (not file.overlay or (record.table, identity) in overlaid):
                first = overlaid.get((record.table, identity), before.file)
                raise record.refusal(
                    _NAMED_BY.get(record.table, "id"), "stands twice; the first is in {first}", first=first
                )
            if before is None:
                table[identity] = record
            else:
                before.amend(record)
            if file.overlay:
                overlaid[record.table, identity] = file.name
    return gathered


def _records(file: File) -> list[Record]:
    records = []
    for table, content in file.tables.items():
        if table not in _TABLES[file.part]:
            known = ", ".join(_TABLES[file.part])
            raise refused(file.name, table, "no such field here; known are {known}", known=known)
        rows = [content] if table == "plan" else content
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            form = "[plan]" if table == "plan" else f"[[{table}]]"
            raise refused(file.name, table, "must be written as {form}", form=form)
        for position, row in enumerate(rows, start=1):
            name = row.get(_NAMED_BY.get(table, "id"))
            shown = name if isinstance(name, str) else f"#{position}"
            records.append(Record(table, shown, file.name, dict(row), file.overlay))
    # The plan's header first: it says whose the other tables of the file are.
    return sorted(records, key=lambda record: record.table != "plan")


def _identify(record: Record, file: File, gathered: Gathered) -> Hashable:
    if record.table == "indicator":
        return record.text("id")
    if record.table == "plan":
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", record.text("id")):
            raise record.refusal("id", "must be of small letters a–z, digits and hyphens, like dong-thap")
        return record.text("id")
    if record.table in {"agency", "collective"}:
        plan = record.text("plan")
        if plan not in gathered.plan:
            raise record.refusal("plan", "no plan “{plan}” is known", plan=plan)
        return plan, agency_key(record.text("name"))
    identity = record.text("id")
    plan = _plan_of(record, file, gathered)
    if record.table != "section" and not identity.startswith(f"{plan}."):
        raise record.refusal("id", "is not of the plan “{plan}”; it must begin with “{plan}.”", plan=plan)
    record.plan = plan
    return (plan, identity) if record.table == "section" else identity


def _plan_of(record: Record, file: File, gathered: Gathered) -> str:
    """Whose a target, section or task is: the header says it, in an overlay also the id or file name."""
    header = file.tables.get("plan")
    if isinstance(header, dict):
        return str(header.get("id"))
    if file.overlay:
        prefixes = [str(plan) for plan in gathered.plan if record.text("id").startswith(f"{plan}.")]
        if prefixes and record.table != "section":
            return max(prefixes, key=len)
        if file.stem in gathered.plan:
            return file.stem
    raise refused(file.name, "plan", "the table [plan] with the plan's id is missing")

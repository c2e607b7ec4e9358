"""A decided amendment as the tables of the next version: what no decision changes stays as it is in the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kpis.plan_import.review.amendments.base_plan import BasePlan
from kpis.plan_import.review.draft.model import Draft, DraftRow, RowKind
from kpis.plan_import.review.versions.annex_tables import AnnexBuilder
from kpis.plan_import.review.versions.checks import read_years
from kpis.plan_import.review.versions.entries import DecidedEntry, list_entries, list_new_rows
from kpis.plan_import.review.versions.id_record import IdCounter
from kpis.plan_import.review.versions.plan_agencies import DecidedAgencies
from kpis.plan_import.review.versions.plan_tables import (
    VersionTables,
    add_promises,
    build_clause,
    build_days,
    choose_indicator,
    get_unit,
)
from kpis.plan_import.review.versions.shapes import Shape, list_shapes
from kpis.plan_import.review.versions.toml_output import TomlTable

_PROMISES: tuple[RowKind, ...] = ("target", "milestone")
_SHAPE_FIELDS = frozenset(
    ("measure", "comparator", "floor", "stretch", "each", "by_year", "rows", "baseline", "baseline_year")
)
_SHAPE_KEYS = ("measure", "comparator", "floor", "stretch", "stages", "counting", "each")
_JUDGED_KEYS = ("population", "roster", "shares", "pace", "adds_up", "baseline")


def build_amended_tables(
    draft: Draft, base: BasePlan, reviewer: str, ids: IdCounter, known_ids: Mapping[str, str] | None = None
) -> VersionTables:
    """Return the tables of a draft without faults.

    `known_ids`: ids by code of the rows that have one already, of a version that is corrected.
    """
    tables = VersionTables(indicators=list(base.indicators))
    indicators = base.register.indicators
    agencies = DecidedAgencies(draft, base.tables["agency"], base.tables["collective"])
    targets: list[TomlTable] = []
    raw = {str(table["id"]): table for table in base.tables["target"]}
    for entry in list_entries(draft, _PROMISES):
        if not entry.rows:
            _add_ended(tables, draft, entry)
        elif changed := entry.list_changed():
            (shape,) = list_shapes(entry.rows, read_years(draft))
            indicator = choose_indicator(shape, entry.id, indicators, tables) if "indicator" in changed else None
            targets.append(_amend_target(dict(raw[entry.id]), shape, changed, indicator, agencies, reviewer))
            _add_clauses(tables, draft, entry)
            if shape.carried_because:
                tables.carried.append((shape.first_row, shape.carried_because))
        else:
            targets.append(raw[entry.id])
    order = {key: position for position, key in enumerate(raw)}
    targets.sort(key=lambda table: order[str(table["id"])])
    targets += add_promises(
        tables, draft, list_new_rows(draft, _PROMISES), agencies, reviewer, indicators, ids, known_ids or {}
    )  # fmt: skip
    annex = AnnexBuilder(draft, agencies, base.tables["section"])
    tasks = list(_amend_tasks(tables, draft, base, annex))
    for row in list_new_rows(draft, ("task",)):
        task_id = (known_ids or {}).get(row.id) or ids.create_task_id()
        tasks.append(annex.build_task(row, task_id))
        tables.clauses.append(build_clause(draft, row, task_id))
        tables.rows_by_id[task_id] = row.id
    header = _amend_header(draft, base.tables["plan"][0], agencies)
    tables.plan = {"plan": header, "target": targets, "section": annex.sections, "task": tasks}
    tables.agencies = agencies.build_tables()
    _keep_clauses(tables, base)
    return tables


def _amend_target(
    target: dict[str, Any],
    shape: Shape,
    changed: frozenset[str],
    indicator: str | None,
    agencies: DecidedAgencies,
    reviewer: str,
) -> TomlTable:
    """Return the table of a target with the fields that a decision changes; the others stay."""
    row = shape.first_row
    target.pop("line", None)  # of the text that the clause replaces
    if "title" in changed:
        target["title_vi"] = row.get_value("title")
        target.pop("title_en", None)
    if not changed.isdisjoint(_SHAPE_FIELDS):
        is_change = "change" in {target.get("measure"), shape.fields["measure"]}
        for key in (*_SHAPE_KEYS, *(("baseline",) if is_change else ())):
            target.pop(key, None)
        target |= shape.fields
    if "unit" in changed:
        target.pop("unit_en", None)
        target["unit"] = get_unit(shape)
    if "recurrence" in changed:
        is_stated = row.get_value("recurrence") == row.proposed.get("recurrence")
        reason = f"{row.get_value('reason').rstrip('.')} ({reviewer} quyết định khi rà soát)."
        target |= {
            "recurrence": row.get_value("recurrence"),
            "recurrence_basis": "stated" if is_stated else "reading",
            "recurrence_reason_vi": None if is_stated else reason,
            "recurrence_reason_en": None,
        }
    if "force" in changed:
        target["force"] = row.get_value("force")
    if indicator is not None:
        target["indicator"] = indicator
    if "lead" in changed:
        target |= {"lead": agencies.resolve(row.get_value("lead")), "lead_basis": "reading"}
    if "accumulation" in changed:
        accumulation = row.get_value("accumulation")
        target["accumulation"] = {"rate": "level"}.get(accumulation, accumulation)
        target["adds_up"] = False if accumulation == "rate" else None
    if "roster" in changed:
        target["roster"] = agencies.resolve_all(row.get_value("roster"))
    if "population" in changed:
        population = row.get_value("population")
        target["population"] = int(population) if population else None
    if shape.fields["measure"] == "carried":
        for key in _JUDGED_KEYS:
            target.pop(key, None)
    return target


def _amend_tasks(
    tables: VersionTables, draft: Draft, base: BasePlan, annex: AnnexBuilder
) -> Iterator[TomlTable]:  # fmt: skip
    entries = {entry.id: entry for entry in list_entries(draft, ("task",))}
    for raw in base.tables["task"]:
        entry = entries[str(raw["id"])]
        if not entry.rows:
            _add_ended(tables, draft, entry)
            continue
        changed = entry.list_changed()
        if not changed:
            yield raw
            continue
        _add_clauses(tables, draft, entry)
        new = annex.build_task(entry.rows[0], entry.id, None if entry.is_moved else raw)
        names = {"title": "title_vi"}
        keys = {names.get(name, name) for name in changed}
        task = {**raw, **{key: new[key] for key in keys}}
        task.pop("line", None)
        if "title" in changed:
            task.pop("title_en", None)
        yield task


def _amend_header(draft: Draft, raw: TomlTable, agencies: DecidedAgencies) -> TomlTable:
    header = dict(raw)
    for row in draft.list_rows("header"):
        name = row.id.removeprefix("header.")
        if row.role != "in_force" or row.decision not in {"change", "drop"}:
            continue
        value: object = row.get_value("value") if row.is_used else None
        match name:
            case "reporting_days":
                header["reporting_days"] = build_days(str(value or ""))
            case "start_year" | "end_year" | "shown_to":
                header[name] = int(str(value)) if value else None
            case "issued_on":
                header[name] = date.fromisoformat(str(value)) if value else None
            case "focal_agency":
                header[name] = agencies.resolve(str(value))
            case "title":
                header["title_vi"] = value
                header.pop("title_en", None)
            case _:
                header[name] = value
    return header


def _add_clauses(tables: VersionTables, draft: Draft, entry: DecidedEntry) -> None:
    for row in entry.deciding:
        if not row.ends_entry:
            tables.clauses.append(build_clause(draft, _cite(row), entry.id))
    tables.rows_by_id[entry.id] = ", ".join(row.id for row in entry.deciding)


def _add_ended(tables: VersionTables, draft: Draft, entry: DecidedEntry) -> None:
    """Keep the clause by which an entry ended; a full replacement text has none."""
    for row in entry.deciding:
        tables.ended.append(build_clause(draft, _cite(row), entry.id))


def _cite(row: DraftRow) -> DraftRow:
    """Return a row with the clause that the reviewer copied, for an entry in force that no clause of its own names."""
    if row.role != "in_force":
        return row
    return replace(row, quote=row.entered.get("clause", ""), place=None, is_added=True)


def _keep_clauses(tables: VersionTables, base: BasePlan) -> None:
    """Take over the clauses of the entries that stay, with the version whose document has them."""
    new_ids = {str(clause["id"]) for clause in tables.clauses}
    remaining = {entry_id for name in ("target", "task") for entry_id in _list_ids(tables.plan[name])}
    for clause in base.facts.clauses if base.facts else ():
        if clause["id"] in remaining and clause["id"] not in new_ids:
            tables.clauses.append({"version": base.number, **clause})


def _list_ids(content: TomlTable | Sequence[TomlTable]) -> Iterator[str]:
    for table in content if isinstance(content, list) else ():
        yield str(table["id"])

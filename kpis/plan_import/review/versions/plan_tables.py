"""A decided draft as the tables of a version of a plan: header, sections, targets, tasks, agencies, new indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kpis.language.normalization import clean
from kpis.plan_import.model import Place
from kpis.plan_import.review.draft.model import Draft, DraftRow
from kpis.plan_import.review.draft.reporting_days import build_reporting_days
from kpis.plan_import.review.versions.annex_tables import AnnexBuilder
from kpis.plan_import.review.versions.checks import find_indicator, read_years
from kpis.plan_import.review.versions.id_record import IdCounter
from kpis.plan_import.review.versions.plan_agencies import DecidedAgencies
from kpis.plan_import.review.versions.shapes import Shape, list_shapes
from kpis.plan_import.review.versions.toml_output import TomlTable
from kpis.register.model import FRACTION_MEASURES, Indicator

_HEADER_TEXTS = ("province", "place", "kind", "number", "issuer")
_UNIT_BY_MEASURE = {
    "ratio": "trường hợp", "coverage": "cơ quan", "milestone": "việc", "carried": "kết quả",
    "change": "số liệu",
}  # fmt: skip
_NO_SECTION = "–"


@dataclass
class VersionTables:
    """The tables by file; `clauses` has what the document says of each id, `carried` why a target is not judged."""

    plan: dict[str, TomlTable | list[TomlTable]] = field(default_factory=dict)
    agencies: dict[str, list[TomlTable]] = field(default_factory=dict)
    indicators: list[TomlTable] = field(default_factory=list)
    clauses: list[TomlTable] = field(default_factory=list)
    ended: list[TomlTable] = field(default_factory=list)
    """What the document says of each id that is no longer in force."""
    carried: list[tuple[DraftRow, str]] = field(default_factory=list)
    rows_by_id: dict[str, str] = field(default_factory=dict)
    """Codes of the rows that became a target or task, by its id."""


def build_version_tables(
    draft: Draft,
    reviewer: str,
    indicators: Mapping[str, Indicator],
    ids: IdCounter,
    known_ids: Mapping[str, str] | None = None,
) -> VersionTables:
    """Return the tables of a draft without faults. `reviewer` decided what the text does not state.

    `known_ids`: ids by code of the rows that have one already, of a version that is corrected.
    """
    agencies, tables = DecidedAgencies(draft), VersionTables()
    rows = [row for row in draft.rows if row.kind in {"target", "milestone"}]
    targets = add_promises(tables, draft, rows, agencies, reviewer, indicators, ids, known_ids or {})
    annex, tasks = AnnexBuilder(draft, agencies), []
    for row in (row for row in draft.list_rows("task") if row.is_used):
        task_id = (known_ids or {}).get(row.id) or ids.create_task_id()
        tasks.append(annex.build_task(row, task_id))
        tables.clauses.append(build_clause(draft, row, task_id))
        tables.rows_by_id[task_id] = row.id
    header = _build_header(draft, agencies)
    tables.plan = {"plan": header, "target": targets, "section": annex.sections, "task": tasks}
    tables.agencies = agencies.build_tables()
    return tables


def add_promises(
    tables: VersionTables,
    draft: Draft,
    rows: Sequence[DraftRow],
    agencies: DecidedAgencies,
    reviewer: str,
    indicators: Mapping[str, Indicator],
    ids: IdCounter,
    known_ids: Mapping[str, str],
) -> list[TomlTable]:
    """Return the targets and milestones of rows; their clauses and indicators are added to `tables`."""
    targets: list[TomlTable] = []
    for shape in list_shapes(rows, read_years(draft)):
        ids_of_rows = [known_ids[row.id] for row in shape.rows if row.id in known_ids]
        target_id = ids_of_rows[0] if ids_of_rows else ids.create_target_id()
        indicator = choose_indicator(shape, target_id, indicators, tables)
        targets.append(_build_target(draft, shape, target_id, indicator, agencies, reviewer))
        for row in shape.rows:
            tables.clauses.append(build_clause(draft, row, target_id))
        tables.rows_by_id[target_id] = ", ".join(row.id for row in shape.rows)
        if shape.carried_because:
            tables.carried.append((shape.first_row, shape.carried_because))
    return targets


def _build_header(draft: Draft, agencies: DecidedAgencies) -> TomlTable:
    years = {name: int(text) for name in ("start_year", "end_year", "shown_to") if (text := draft.get_header(name))}
    issued_on = draft.get_header("issued_on")
    return {
        "id": draft.plan,
        **{name: draft.get_header(name) for name in _HEADER_TEXTS},
        "title_vi": draft.get_header("title"),
        "issued_on": date.fromisoformat(issued_on) if issued_on else None,
        **years,
        "reporting_days": build_days(draft.get_header("reporting_days")),
        "focal_agency": agencies.resolve(draft.get_header("focal_agency")),
        "text": draft.file_name,
    }


def build_days(text: str) -> list[TomlTable]:
    """Return the reporting days of a canonical text as tables of the register."""
    return [
        {"day": day.day, "of": day.of} | ({"next_year": True} if day.next_year else {})
        for day in build_reporting_days(text)
    ]


def _build_target(
    draft: Draft, shape: Shape, target_id: str, indicator: str, agencies: DecidedAgencies, reviewer: str
) -> TomlTable:  # fmt: skip
    row = shape.first_row
    recurrence = row.get_value("recurrence")
    is_stated = all(recurrence == each.proposed.get("recurrence") for each in shape.rows)
    reason = f"{row.get_value('reason').rstrip('.')} ({reviewer} quyết định khi rà soát)."
    accumulation = row.get_value("accumulation") or ("level" if shape.fields["measure"] == "change" else "")
    place = find_place(draft, row)
    population = row.get_value("population")
    is_judged = shape.fields["measure"] != "carried"
    return {
        "id": target_id,
        "indicator": indicator,
        "title_vi": row.get_value("title"),
        # Of a clause that adds a promise: where in the plan it belongs.
        "section": row.proposed.get("plan_section") or place.section or _NO_SECTION,
        "line": place.line if row.role == "proposal" else None,
        **shape.fields,
        "accumulation": {"rate": "level"}.get(accumulation, accumulation),
        "adds_up": False if accumulation == "rate" and is_judged else None,
        "unit": get_unit(shape),
        "recurrence": recurrence,
        "recurrence_basis": "stated" if is_stated else "reading",
        "recurrence_reason_vi": None if is_stated else reason,
        "force": row.get_value("force"),
        "lead": agencies.resolve(row.get_value("lead")),
        "lead_basis": "reading",
        "roster": agencies.resolve_all(row.get_value("roster")) if is_judged else None,
        "population": int(population) if population and is_judged else None,
    }


def choose_indicator(
    shape: Shape, target_id: str, indicators: Mapping[str, Indicator], tables: VersionTables
) -> str:  # fmt: skip
    """Return the decided indicator, or a new one that this plan alone has."""
    row, measure = shape.first_row, str(shape.fields["measure"])
    if (same := find_indicator(row, indicators)) is not None:
        return same.id
    new_id = target_id.replace("-", "_").replace(".", "_")
    existing = {*indicators, *(str(table["id"]) for table in tables.indicators)}
    while new_id in existing:  # of an earlier version of the target
        new_id += "_b"
    accumulation = row.get_value("accumulation") or "increment"
    tables.indicators.append(
        {
            "id": new_id,
            "name_vi": row.get_value("indicator") or row.get_value("title"),
            "unit": get_unit(shape) or _UNIT_BY_MEASURE[measure],
            "measure": measure,
            "accumulation": "level" if accumulation == "rate" else accumulation,
            # Rows of two agencies on one event then wait for a word; a count of one event twice is no green.
            "joint": measure == "count",
        }
    )
    return str(tables.indicators[-1]["id"])


def get_unit(shape: Shape) -> str:
    """Return what is counted; the per cent of a proportion is no unit of what it counts."""
    unit = shape.first_row.get_value("unit")
    return "" if unit == "%" and shape.fields["measure"] in FRACTION_MEASURES else unit


def find_place(draft: Draft, row: DraftRow) -> Place:
    """Return where the clause of a row stands; of an added row, where the document has the clause."""
    if row.place is not None:
        return row.place
    words = "".join(row.get_value("clause").split())
    for block in draft.text:
        if words and words in "".join(block.text.split()):
            return Place(block.section, block.page, block.index, block.line)
    return Place(None, None, 0)


def build_clause(draft: Draft, row: DraftRow, entry_id: str) -> TomlTable:
    place = find_place(draft, row)
    return {
        "id": entry_id,
        "row": row.id,
        "quote": clean(row.quote or row.get_value("clause")),
        "section": place.section,
        "page": place.page,
        "block": place.block,
        "line": place.line,
        "number": row.get_value("number") if row.kind == "task" else None,
    }

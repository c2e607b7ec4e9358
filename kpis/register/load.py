"""Loading the register: files -> records -> values; a wrong one is refused with file, key and reason of every fault."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kpis.language.normalization import to_sort_key
from kpis.register import builders, cross_checks, target_builder
from kpis.register.accepted_plans import AcceptedVersion, list_versions
from kpis.register.agencies import PlanAgencies, build_plan_agencies
from kpis.register.clauses import read_clauses
from kpis.register.communes import get_list_identity
from kpis.register.earlier_versions import add_earlier_versions
from kpis.register.faults import RegisterFaults
from kpis.register.files import read_files
from kpis.register.gather import RegisterRecords, gather_records
from kpis.register.model import Indicator, Plan, Register, Section, Target, Task
from kpis.settings import get_project_root

SectionsById = dict[tuple[str, str], Section]


def get_default_root() -> Path:
    """The register that comes with the product."""
    return get_project_root() / "data" / "register"


def load_register(
    root: Path | None = None,
    overlay: Path | None = None,
    *,
    candidate: AcceptedVersion | None = None,
    candidate_is_earlier: bool = False,
) -> Register:
    """The register at `root` (default: the product's own) with the folder `overlay` laid over it.

    `candidate`: a version of a plan within the overlay that is read as if it were accepted last; an earlier one
    (`candidate_is_earlier`) as if no other were. Raises RegisterError with
    file, key and reason of every fault. `hash` changes with any byte of any file, the overlay's included, and with any
    byte of the list of communes.
    """
    root, faults = root or get_default_root(), RegisterFaults()
    files, digest = read_files(root, overlay, faults, external_version=get_list_identity(), candidate=candidate)
    gathered = gather_records(files, faults)
    if not gathered.plan and not gathered.has_nameless_plan and not faults:
        faults.add(root.as_posix(), "plans", "no plan is there")
    indicators = _build_indicators(gathered, faults)
    plans = _build_plans(gathered)
    agencies = build_plan_agencies(gathered, plans)
    plans = {key: cross_checks.resolve_plan(gathered.plan[key], value, agencies[key]) for key, value in plans.items()}
    sections = _build_sections(gathered)
    register = Register(
        indicators=indicators,
        plans=plans,
        targets=_build_targets(gathered, plans, indicators, agencies),
        sections=tuple(section for plan in plans for section in sections.values() if section.plan == plan),
        tasks=_build_tasks(gathered, plans, sections, agencies),
        agencies=tuple(agency for plan in plans for agency in agencies[plan].agencies.values()),
        collectives=tuple(collective for plan in plans for collective in agencies[plan].collectives.values()),
        hash=digest,
    )
    clauses = read_clauses(overlay, register.map_entries_to_plans(), faults, candidate)
    register = replace(register, clauses=clauses)
    faults.raise_if_any()
    if overlay is None or candidate_is_earlier:
        return register

    def load_version(version: AcceptedVersion) -> Register:
        return load_register(root, overlay, candidate=version, candidate_is_earlier=True)

    return add_earlier_versions(register, list_versions(overlay, candidate), load_version)


def _build_indicators(records: RegisterRecords, faults: RegisterFaults) -> dict[str, Indicator]:
    indicators = {str(key): builders.build_indicator(record) for key, record in records.indicator.items()}
    for key, record in records.indicator.items():
        if record.is_faulty("measure"):  # on which the checks of targets depend
            del indicators[str(key)]
            faults.lose_texts(key)
    return indicators


def _build_plans(records: RegisterRecords) -> dict[str, Plan]:
    """By province, its own plan before those of its wards."""
    plans = [builders.build_plan(record) for record in records.plan.values()]
    plans.sort(key=lambda plan: (to_sort_key(plan.province), plan.kind, to_sort_key(plan.place), plan.start_year))
    return {plan.id: plan for plan in plans}


def _build_sections(records: RegisterRecords) -> SectionsById:
    sections = [(record, builders.build_section(record)) for record in records.section.values()]
    sections_by_id = {(section.plan, section.id): section for _, section in sections}
    for record, section in sections:
        cross_checks.check_section(record, section, sections_by_id)
    return sections_by_id


def _build_targets(
    records: RegisterRecords,
    plans: dict[str, Plan],
    indicators: dict[str, Indicator],
    plan_agencies: dict[str, PlanAgencies],
) -> dict[str, Target]:
    targets = [
        cross_checks.resolve_target(
            record,
            target_builder.build_target(record, indicators),
            plans[record.plan],
            plan_agencies[record.plan],
        )
        for record in records.target.values()
    ]
    cross_checks.check_titles(records.target.values())
    return {target.id: target for plan in plans for target in targets if target.plan == plan}


def _build_tasks(
    records: RegisterRecords,
    plans: dict[str, Plan],
    sections: SectionsById,
    plan_agencies: dict[str, PlanAgencies],
) -> dict[str, Task]:
    tasks = [
        cross_checks.resolve_task(
            record, builders.build_task(record), plans[record.plan], plan_agencies[record.plan], sections
        )
        for record in records.task.values()
    ]
    return {task.id: task for plan in plans for task in tasks if task.plan == plan}

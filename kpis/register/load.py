"""Loading the register: files -> records -> values, a wrong one is refused with file, key and reason."""

from __future__ import annotations

from pathlib import Path

import kpis
from kpis.language.normalization import sort_key
from kpis.register import builders, cross_checks, target_builder
from kpis.register.agencies import Bodies, bodies
from kpis.register.communes import package_version
from kpis.register.files import read_files
from kpis.register.gather import Gathered, gather
from kpis.register.model import Indicator, Plan, Register, Section, Target, Task
from kpis.register.record import refused

Sections = dict[tuple[str, str], Section]


def default_root() -> Path:
    """The register that comes with the product."""
    return Path(kpis.__file__).parents[1] / "data" / "register"


def load(root: Path | None = None, overlay: Path | None = None) -> Register:
    """The register at `root` (default: the product's own) with the folder `overlay` laid over it.

    Raises RegisterError with file, key and reason. `hash` changes with any byte of any file, the overlay's
    included, and with the version of the list of communes.
    """
    root = root or default_root()
    files, digest = read_files(root, overlay, generated=package_version())
    gathered = gather(files)
    if not gathered.plan:
        raise refused(root.as_posix(), "plans", "no plan is there")
    indicators = {str(key): builders.indicator(record) for key, record in gathered.indicator.items()}
    plans = _plans(gathered)
    there = bodies(gathered, plans)
    plans = {key: cross_checks.plan(gathered.plan[key], value, there[key]) for key, value in plans.items()}
    sections = _sections(gathered)
    return Register(
        indicators=indicators,
        plans=plans,
        targets=_targets(gathered, plans, indicators, there),
        sections=tuple(section for plan in plans for section in sections.values() if section.plan == plan),
        tasks=_tasks(gathered, plans, sections, there),
        agencies=tuple(agency for plan in plans for agency in there[plan].agencies.values()),
        collectives=tuple(collective for plan in plans for collective in there[plan].collectives.values()),
        hash=digest,
    )


def _plans(gathered: Gathered) -> dict[str, Plan]:
    """By province, its own plan before those of its wards."""
    plans = [builders.plan(record) for record in gathered.plan.values()]
    plans.sort(key=lambda plan: (sort_key(plan.province), plan.kind, sort_key(plan.place), plan.start_year))
    return {plan.id: plan for plan in plans}


def _sections(gathered: Gathered) -> Sections:
    sections = [(record, builders.section(record)) for record in gathered.section.values()]
    known = {(section.plan, section.id): section for _, section in sections}
    for record, section in sections:
        cross_checks.section(record, section, known)
    return known


def _targets(
    gathered: Gathered, plans: dict[str, Plan], indicators: dict[str, Indicator], there: dict[str, Bodies]
) -> dict[str, Target]:
    targets = [
        cross_checks.target(
            record, target_builder.target(record, indicators), plans[record.plan], there[record.plan]
        )
        for record in gathered.target.values()
    ]
    cross_checks.titles(gathered.target.values())
    return {target.id: target for plan in plans for target in targets if target.plan == plan}


def _tasks(
    gathered: Gathered, plans: dict[str, Plan], sections: Sections, there: dict[str, Bodies]
) -> dict[str, Task]:
    tasks = [
        cross_checks.task(record, builders.task(record), plans[record.plan], there[record.plan], sections)
        for record in gathered.task.values()
    ]
    return {task.id: task for plan in plans for task in tasks if task.plan == plan}

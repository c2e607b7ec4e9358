"""A made-up register of the whole nation: 34 provinces with a five-year plan each, 3,321 communes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from kpis.language.normalization import fold, fold_to_alphanumeric, to_sort_key
from kpis.register.communes import list_communes, list_provinces
from kpis.register.load import load_register
from kpis.register.model import Agency, Plan, Register, ReportingDay, Target, Task

FIRST_YEAR, LAST_YEAR = 2022, 2026
"""Five years; the last is the sample's, so that the pages' default as-of day is within the period."""

TARGETS_TEMPLATE, TASKS_TEMPLATE = "ha-noi", "dong-thap"


def build_register() -> Register:
    """Build the register: every province has Hà Nội's targets, Đồng Tháp's annex and its own communes."""
    base = load_register()
    plans = {plan.id: plan for plan in _build_plans(base.plans[TARGETS_TEMPLATE])}
    agencies = {plan.id: tuple(_build_agencies(base, plan)) for plan in plans.values()}
    targets = [target for plan in plans for target in _build_targets(base, plan, agencies[plan])]
    tasks = [task for plan in plans for task in _build_tasks(base, plan)]
    return Register(
        indicators=base.indicators,
        plans=plans,
        targets={target.id: target for target in targets},
        sections=tuple(
            replace(section, plan=plan) for plan in plans for section in base.sections if section.plan == TASKS_TEMPLATE
        ),
        tasks={task.id: task for task in tasks},
        agencies=tuple(agency for plan in plans for agency in agencies[plan]),
        collectives=tuple(
            replace(group, plan=plan) for plan in plans for group in base.collectives if group.plan == TASKS_TEMPLATE
        ),
        hash=f"nation-{base.hash}",
    )


def _build_plans(template: Plan) -> Iterator[Plan]:
    for name in sorted(list_provinces(), key=to_sort_key):
        yield replace(
            template,
            id="-".join(fold_to_alphanumeric(word) for word in fold(name).replace(".", " ").split()),
            province=name,
            place=f"tỉnh {name}",
            title_vi=f"Bảo vệ người tiêu dùng {name} (số liệu thử tốc độ)",
            title_en=f"Consumer protection in {name} (made up, for speed)",
            issuer=f"UBND {name}",
            start_year=FIRST_YEAR,
            end_year=LAST_YEAR,
            shown_to=LAST_YEAR,
            number=None,
            issued_on=None,
            reporting_days=(ReportingDay("15/12", "year"),),
            notes=(),
        )


def _build_agencies(base: Register, plan: Plan) -> Iterator[Agency]:
    for agency in base.agencies:
        if agency.plan == TARGETS_TEMPLATE and agency.kind != "commune":
            yield replace(agency, plan=plan.id)
    for commune in list_communes(plan.province) or ():
        yield Agency(plan.id, commune.agency, "commune", (), "inferred")


def _build_targets(base: Register, plan: str, agencies: tuple[Agency, ...]) -> Iterator[Target]:
    roster = tuple(agency.name for agency in agencies if agency.kind == "commune")
    for target in base.targets.values():
        if target.plan == TARGETS_TEMPLATE:
            copy = replace(target, id=target.id.replace(TARGETS_TEMPLATE, plan, 1), plan=plan)
            if target.indicator == "officers_trained":
                copy = replace(copy, roster=roster)
            if target.indicator == "news_items":
                copy = replace(copy, shares={name: Decimal(1) for name in roster[:20]})
            yield copy


def _build_tasks(base: Register, plan: str) -> Iterator[Task]:
    for task in base.tasks.values():
        if task.plan == TASKS_TEMPLATE:
            last = task.last_year and LAST_YEAR
            yield replace(
                task,
                id=task.id.replace(TASKS_TEMPLATE, plan, 1),
                plan=plan,
                leads=("Sở Công Thương",),
                first_year=FIRST_YEAR,
                last_year=last,
            )

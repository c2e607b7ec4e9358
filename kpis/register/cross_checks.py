"""Checks across the tables of a register: every name is listed, every period is defined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kpis.language.normalization import fold
from kpis.register.agencies import PlanAgencies
from kpis.register.model import Collective, Plan, Section, Target, Task
from kpis.register.names import is_member
from kpis.register.record import Record


def resolve_plan(record: Record, plan: Plan, plan_agencies: PlanAgencies) -> Plan:
    """Return a plan with the canonical name of its focal agency."""
    return replace(plan, focal_agency=_find_agency(record, "focal_agency", plan.focal_agency, plan_agencies))


def resolve_target(record: Record, target: Target, plan: Plan, plan_agencies: PlanAgencies) -> Target:
    """Return a target with canonical agency names; a collective in a roster becomes its members."""
    if target.recurrence == "once" and plan.start_year != plan.end_year:
        raise record.build_error("recurrence", "“once” needs a plan of one year; use by_end or yearly")
    shares = {_find_agency(record, "shares", name, plan_agencies): share for name, share in target.shares.items()}
    if len(shares) < len(target.shares):
        raise record.build_error("shares", "one agency appears twice")
    roster = [agency for name in target.roster for agency in _resolve_roster_entry(record, name, plan_agencies)]
    if len(set(roster)) < len(roster):
        raise record.build_error("roster", "one agency appears twice")
    return replace(
        target,
        lead=_find_body(record, "lead", target.lead, plan_agencies),
        roster=tuple(roster),
        shares=shares,
    )


def check_titles(records: Iterable[Record]) -> None:
    """Refuse a title that is the id or a title of another target of its plan: sheets may use each (§4)."""
    texts = [(record, key) for record in records for key in ("title_vi", "title_en")]
    owners = {(record.plan, fold(record.read_text("id"))): record.read_text("id") for record, _ in texts}
    # The overlay's titles last: if two clash, the error names the overlay.
    for record, key in sorted(texts, key=lambda title: title[0].is_overlaid(title[1])):
        text, target_id = record.read_text(key), record.read_text("id")
        owner = owners.setdefault((record.plan, fold(text)), target_id)
        if owner != target_id:
            raise record.build_error(key, "“{text}” already names “{owner}”", text=text, owner=owner)


def check_section(record: Record, section: Section, sections: Mapping[tuple[str, str], Section]) -> None:
    """Refuse a section whose parent section does not exist."""
    if section.parent is not None and (section.plan, section.parent) not in sections:
        raise record.build_error("parent", "the plan has no section “{name}”", name=section.parent)


def resolve_task(
    record: Record,
    task: Task,
    plan: Plan,
    plan_agencies: PlanAgencies,
    sections: Mapping[tuple[str, str], Section],
) -> Task:
    """Return a task with the canonical names of its agencies and collectives."""
    if (task.plan, task.section) not in sections:
        raise record.build_error("section", "the plan has no section “{name}”", name=task.section)
    if task.first_year > plan.shown_to:
        raise record.build_error("first_year", "is after the plan's last year {year}", year=plan.shown_to)
    leads = tuple(_find_body(record, "leads", name, plan_agencies) for name in task.leads)
    coordinators = tuple(_find_body(record, "coordinators", name, plan_agencies) for name in task.coordinators)
    for key, names in [("leads", leads), ("coordinators", coordinators)]:
        if len(set(names)) < len(names):
            raise record.build_error(key, "one agency appears twice")
    return replace(task, leads=leads, coordinators=coordinators)


def _find_agency(record: Record, key: str, name: str, plan_agencies: PlanAgencies) -> str:
    return _require_listed(record, key, name, plan_agencies.find_agency(name))


def _find_body(record: Record, key: str, name: str, plan_agencies: PlanAgencies) -> str:
    return _require_listed(record, key, name, plan_agencies.find(name))


def _require_listed(record: Record, key: str, name: str, canonical_name: str | None) -> str:
    if canonical_name is None:
        text = "no agency list contains “{name}”; add it to agencies/, or correct the name"
        raise record.build_error(key, text, name=name)
    return canonical_name


def _resolve_roster_entry(record: Record, name: str, plan_agencies: PlanAgencies) -> list[str]:
    collective = plan_agencies.collectives.get(plan_agencies.find(name) or "")
    if not isinstance(collective, Collective):
        return [_find_agency(record, "roster", name, plan_agencies)]
    members = [agency.name for agency in plan_agencies.agencies.values() if is_member(agency, collective)]
    if not members:
        text = "the register lists no members of “{name}”; name each agency instead"
        raise record.build_error("roster", text, name=name)
    return members

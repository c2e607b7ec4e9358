"""Checks across the tables of a register: every name is listed, every period is defined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kpis.language.normalization import fold
from kpis.register.agencies import PlanAgencies, resolve_name
from kpis.register.model import Collective, Plan, Section, Target, Task
from kpis.register.names import is_member
from kpis.register.record import Record

_PLAN_YEARS = ("start_year", "end_year", "shown_to")


def resolve_plan(record: Record, plan: Plan, plan_agencies: PlanAgencies) -> Plan:
    """Return a plan with the canonical name of its focal agency."""
    return replace(
        plan, focal_agency=resolve_name(record, "focal_agency", plan.focal_agency, plan_agencies, single=True)
    )


def resolve_target(record: Record, target: Target, plan: Plan, plan_agencies: PlanAgencies) -> Target:
    """Return a target with canonical agency names; a collective in a roster becomes its members."""
    if target.recurrence == "once" and plan.start_year != plan.end_year:
        text = "“once” needs a plan of one year; use by_end or yearly"
        record.add_fault("recurrence", text, plan_needs=_PLAN_YEARS)
    _check_stages(record, target, plan)
    _check_baseline_year(record, target, plan)
    if target.from_day is not None and target.from_day.year > plan.shown_to:
        text = "is after the plan's last year {year}"
        record.add_fault("from_day", text, plan_needs=_PLAN_YEARS, year=plan.shown_to)
    shares = {
        resolve_name(record, "shares", name, plan_agencies, single=True): share for name, share in target.shares.items()
    }
    if len(shares) < len(target.shares):
        record.add_fault("shares", "one agency appears twice")
    roster = [agency for name in target.roster for agency in _resolve_roster_entry(record, name, plan_agencies)]
    if len(set(roster)) < len(roster):
        record.add_fault("roster", "one agency appears twice")
    return replace(
        target,
        # A rate is what its lead reports, a change without a roster waits for it: the lead must be able to report.
        lead=resolve_name(
            record,
            "lead",
            target.lead,
            plan_agencies,
            single=not target.adds_up or (target.measure == "change" and not roster),
        ),
        roster=tuple(roster),
        shares=shares,
    )


def _check_stages(record: Record, target: Target, plan: Plan) -> None:
    """Refuse a stage that no question could ask for."""
    for stage in target.stages:
        if stage.year < plan.start_year:
            text = "{year} is before the plan's first year {start}"
            record.add_fault("stages", text, plan_needs=_PLAN_YEARS, year=stage.year, start=plan.start_year)
        elif target.counting == "each_year" and stage.year > plan.shown_to:
            text = "{year} is after the plan's last year {last}"
            record.add_fault("stages", text, plan_needs=_PLAN_YEARS, year=stage.year, last=plan.shown_to)


def _check_baseline_year(record: Record, target: Target, plan: Plan) -> None:
    """Refuse a baseline that is not of the year before a yearly target begins, or not of a year before its end."""
    if target.baseline is None:
        return
    year = target.baseline.year
    if target.recurrence == "yearly":
        first = max(plan.start_year, target.from_day.year if target.from_day else plan.start_year)
        if year != first - 1:
            text = "the baseline of a yearly target is that of the year before its first one: {right}, not {year}"
            record.add_fault("baseline", text, needs=["from_day"], plan_needs=_PLAN_YEARS, right=first - 1, year=year)
        return
    last = target.stages[0].year if target.stages else plan.shown_to
    if year >= last:
        text = "the baseline's year {year} must be before {last}, by which the target is judged"
        record.add_fault("baseline", text, needs=["stages"], plan_needs=_PLAN_YEARS, year=year, last=last)


def check_titles(records: Iterable[Record]) -> None:
    """Refuse a title that is the id or a title of another target of its plan: sheets may use each (§4)."""
    texts = [(record, key) for record in records for key in ("title_vi", "title_en") if record.values.get(key)]
    owners = {(record.plan, fold(record.read_text("id"))): record.read_text("id") for record, _ in texts}
    # The overlay's titles last: if two clash, the error names the overlay.
    for record, key in sorted(texts, key=lambda title: title[0].is_overlaid(title[1])):
        text, target_id = record.read_text(key), record.read_text("id")
        owner = owners.setdefault((record.plan, fold(text)), target_id)
        if owner != target_id:
            record.add_fault(key, "“{text}” already names “{owner}”", text=text, owner=owner)


def check_section(record: Record, section: Section, sections: Mapping[tuple[str, str], Section]) -> None:
    """Refuse a section whose parent section does not exist, or that is above itself."""
    if section.parent is not None and (section.plan, section.parent) not in sections:
        _add_unknown_section(record, "parent", section.parent, sections)
    seen, above = {section.id}, section.parent
    while above is not None and (parent := sections.get((section.plan, above))) is not None:
        if above in seen:
            record.add_fault("parent", "the section is above itself: “{name}”", name=above)
            break
        seen.add(above)
        above = parent.parent


def resolve_task(
    record: Record,
    task: Task,
    plan: Plan,
    plan_agencies: PlanAgencies,
    sections: Mapping[tuple[str, str], Section],
) -> Task:
    """Return a task with the canonical names of its agencies and collectives."""
    if task.section is not None and (task.plan, task.section) not in sections:
        _add_unknown_section(record, "section", task.section, sections)
    if task.first_year > plan.shown_to:
        text = "is after the plan's last year {year}"
        record.add_fault("first_year", text, plan_needs=_PLAN_YEARS, year=plan.shown_to)
    leads, coordinators = (
        tuple(resolve_name(record, key, name, plan_agencies, single=False) for name in names)
        for key, names in [("leads", task.leads), ("coordinators", task.coordinators)]
    )
    for key, names in [("leads", leads), ("coordinators", coordinators)]:
        if len(set(names)) < len(names):
            record.add_fault(key, "one agency appears twice")
    return replace(task, leads=leads, coordinators=coordinators)


def _add_unknown_section(record: Record, key: str, section: str, sections: Mapping[tuple[str, str], Section]) -> None:
    if not record.faults.is_lost(section):
        names = ", ".join(name for plan, name in sections if plan == record.plan) or "–"
        record.add_fault(
            key, "the plan has no section “{name}”; its sections are {names}", needs=["id"], name=section, names=names
        )


def _resolve_roster_entry(record: Record, name: str, plan_agencies: PlanAgencies) -> list[str]:
    collective = plan_agencies.collectives.get(plan_agencies.find(name) or "")
    if not isinstance(collective, Collective):
        return [resolve_name(record, "roster", name, plan_agencies, single=True)]
    members = [agency.name for agency in plan_agencies.agencies.values() if is_member(agency, collective)]
    if not members and not plan_agencies.lacks_communes:
        text = "the register lists no members of “{name}”; name each agency instead"
        record.add_fault("roster", text, name=name)
    return members

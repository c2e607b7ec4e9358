"""Values out of records, each checked on its own: types, words, and contradictions within one table."""

from __future__ import annotations

from typing import get_args

from kpis.register.model import (
    Accumulation,
    Agency,
    Collective,
    Indicator,
    Measure,
    Plan,
    Section,
    Task,
    Timing,
)
from kpis.register.record import Record

AGENCY_KINDS = (
    "department", "police", "inspectorate", "tax", "front", "union", "association", "media", "court",
    "customs", "military", "bank", "ministry", "office", "school", "commune", "division", "other",
)  # fmt: skip

_INDICATOR = "id name_vi name_en unit unit_en measure accumulation"
_PLAN = (
    "id province place kind title_vi title_en number issued_on issuer start_year end_year shown_to"
    " reporting_day focal_agency text notes"
)
_SECTION = "id title_vi title_en line parent"
_TASK = (
    "id section number title_vi title_en line leads coordinators output schedule timing first_year last_year"
)


def indicator(record: Record) -> Indicator:
    """One indicator of indicators.toml."""
    record.know_only(_INDICATOR.split())
    unit = record.text("unit")
    return Indicator(
        id=record.text("id"),
        name_vi=record.text("name_vi"),
        name_en=record.text("name_en"),
        unit_vi=unit,
        unit_en=record.optional_text("unit_en") or unit,
        measure=record.choice("measure", get_args(Measure)),
        accumulation=record.choice("accumulation", get_args(Accumulation)),
    )


def plan(record: Record) -> Plan:
    """The header of a plan. A plan has an end year, or a year to which it is shown."""
    record.know_only(_PLAN.split())
    start, end, shown_to = (
        record.year("start_year"),
        record.optional_year("end_year"),
        record.optional_year("shown_to"),
    )
    if end is None and shown_to is None:
        raise record.refusal("end_year", "is missing; a plan without end needs shown_to instead")
    if end is not None and shown_to not in {None, end}:
        raise record.refusal("shown_to", "differs from end_year; only a plan without end has it")
    for key, year in [("end_year", end), ("shown_to", shown_to)]:
        if year is not None and year < start:
            raise record.refusal(key, "{year} is before start_year {start}", year=year, start=start)
    return Plan(
        id=record.text("id"),
        province=record.text("province"),
        place=record.text("place"),
        kind=record.choice("kind", ("province", "ward")),
        title_vi=record.text("title_vi"),
        title_en=record.text("title_en"),
        issuer=record.text("issuer"),
        start_year=start,
        end_year=end,
        shown_to=end or shown_to or start,
        focal_agency=record.text("focal_agency"),
        text=record.text("text"),
        number=record.optional_text("number"),
        issued_on=record.optional_day("issued_on"),
        reporting_day=record.optional_month_day("reporting_day"),
        notes=record.texts("notes"),
    )


def section(record: Record) -> Section:
    """One section of an annex."""
    record.know_only(_SECTION.split())
    return Section(
        id=record.text("id"),
        plan=record.plan,
        title_vi=record.text("title_vi"),
        title_en=record.text("title_en"),
        line=record.whole("line"),
        parent=record.optional_text("parent"),
    )


def task(record: Record) -> Task:
    """One row of an annex; its id is made of plan, section and number."""
    record.know_only(_TASK.split())
    number, section_id = record.whole("number"), record.text("section")
    right = f"{record.plan}.{section_id}.{number}"
    if record.text("id") != right:
        raise record.refusal("id", "must be “{right}”: plan, section, number", right=right)
    first, last = record.year("first_year"), record.optional_year("last_year")
    if last is not None and last < first:
        raise record.refusal("last_year", "{year} is before first_year {start}", year=last, start=first)
    leads = record.texts("leads")
    if not leads:
        raise record.refusal("leads", "is missing")
    return Task(
        id=right,
        plan=record.plan,
        section=section_id,
        number=number,
        title_vi=record.text("title_vi"),
        title_en=record.text("title_en"),
        line=record.whole("line"),
        leads=leads,
        coordinators=record.texts("coordinators"),
        output=record.optional_text("output"),
        schedule=record.optional_text("schedule"),
        timing=record.choice("timing", get_args(Timing)),
        first_year=first,
        last_year=last,
    )


def agency(record: Record) -> Agency:
    """One body of a plan; without a line in the text it is taken as inferred."""
    record.know_only(("plan", "name", "kind", "aliases", "basis", "line"))
    line = record.optional_whole("line")
    return Agency(
        plan=record.text("plan"),
        name=record.text("name"),
        kind=record.choice("kind", AGENCY_KINDS, "other"),
        aliases=record.texts("aliases"),
        basis=record.choice("basis", ("named", "inferred"), "inferred" if line is None else "named"),
        line=line,
    )


def collective(record: Record) -> Collective:
    """One group of agencies."""
    record.know_only(("plan", "name", "aliases", "members"))
    return Collective(
        plan=record.text("plan"),
        name=record.text("name"),
        aliases=record.texts("aliases"),
        members=record.choice("members", ("communes", "departments", "all", "other")),
    )

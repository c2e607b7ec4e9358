"""Build values from records and check each table on its own: types, words and contradictions."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import get_args

from kpis.register.model import (
    MEMBER_KINDS,
    Accumulation,
    Agency,
    AnnexColumn,
    AnnexContent,
    Collective,
    Indicator,
    Measure,
    Plan,
    Section,
    Task,
    Timing,
)
from kpis.register.record import Record
from kpis.register.reporting_days import FORMER_REPORTING_DAY, build_reporting_days

AGENCY_KINDS = (
    "department", "police", "inspectorate", "tax", "front", "union", "association", "media", "court",
    "customs", "military", "bank", "ministry", "office", "school", "commune", "division", "other",
)  # fmt: skip

IMPORTED_TASK = re.compile(r"nv[0-9]{3,}")
"""What follows the plan in the id of a task that was imported; it stays when the annex is numbered differently."""

_INDICATOR_FIELDS = "id name_vi name_en unit unit_en measure accumulation joint"
_PLAN_FIELDS = (
    "id province place kind title_vi title_en number issued_on issuer start_year end_year shown_to"
    " reporting_days focal_agency text notes annex_columns"
)
_SECTION_FIELDS = "id title_vi title_en line parent"
_TASK_FIELDS = (
    "id section number title_vi title_en line leads coordinators output schedule timing first_year last_year due_on"
)


def build_indicator(record: Record) -> Indicator:
    """Return one indicator of indicators.toml."""
    record.check_keys(_INDICATOR_FIELDS.split())
    unit = record.read_text("unit")
    return Indicator(
        id=record.read_text("id"),
        name_vi=record.read_text("name_vi"),
        name_en=record.read_optional_text("name_en") or record.read_text("name_vi"),
        unit_vi=unit,
        unit_en=record.read_optional_text("unit_en") or unit,
        measure=record.read_choice("measure", get_args(Measure)),
        accumulation=record.read_choice("accumulation", get_args(Accumulation)),
        joint=record.read_flag("joint"),
    )


def build_plan(record: Record) -> Plan:
    """Return the header of a plan. A plan has an end year, or a year up to which it is shown."""
    record.check_keys([*_PLAN_FIELDS.split(), *({FORMER_REPORTING_DAY} & record.values.keys())])
    start, end, shown_to = (
        record.read_year("start_year"),
        record.read_optional_year("end_year"),
        record.read_optional_year("shown_to"),
    )
    if end is None and shown_to is None:
        text = "is missing; a plan without an end year needs shown_to instead"
        record.add_fault("end_year", text, needs=["shown_to"])
    if end is not None and shown_to not in {None, end}:
        record.add_fault("shown_to", "differs from end_year; only a plan without an end year has it")
    for key, year in [("end_year", end), ("shown_to", shown_to)]:
        if year is not None and year < start:
            text = "{year} is before start_year {start}"
            record.add_fault(key, text, needs=["start_year"], year=year, start=start)
    return Plan(
        id=record.plan,
        province=record.read_text("province"),
        place=record.read_text("place"),
        kind=record.read_choice("kind", ("province", "ward")),
        title_vi=record.read_text("title_vi"),
        title_en=record.read_optional_text("title_en") or record.read_text("title_vi"),
        issuer=record.read_text("issuer"),
        start_year=start,
        end_year=end,
        shown_to=end or shown_to or start,
        focal_agency=record.read_text("focal_agency"),
        text=record.read_optional_text("text"),
        number=record.read_optional_text("number"),
        issued_on=record.read_optional_day("issued_on"),
        reporting_days=build_reporting_days(record),
        notes=record.read_texts("notes"),
        annex_columns=_build_annex_columns(record),
    )


def _build_annex_columns(record: Record) -> tuple[AnnexColumn, ...]:
    """Return the columns of the plan's annex; empty if the plan has none or does not say."""
    columns = tuple(
        AnnexColumn(
            content=column.read_choice("content", get_args(AnnexContent)),
            title=column.read_text("title"),
            group=column.read_optional_text("group"),
        )
        for column in record.read_tables("annex_columns", ("content", "title", "group"))
    )
    contents = [column.content for column in columns]
    if len(set(contents)) < len(contents):
        record.add_fault("annex_columns", "one content appears twice")
    return columns


def build_section(record: Record) -> Section:
    """Return one section of an annex."""
    record.check_keys(_SECTION_FIELDS.split())
    return Section(
        id=record.read_text("id"),
        plan=record.plan,
        title_vi=record.read_text("title_vi"),
        title_en=record.read_optional_text("title_en") or record.read_text("title_vi"),
        line=record.read_optional_integer("line"),
        parent=record.read_optional_text("parent"),
    )


def build_task(record: Record) -> Task:
    """Return one row of an annex; its id consists of plan, section and number, or is one that an import gave.

    Only a task with such an id may be without a number.
    """
    record.check_keys(_TASK_FIELDS.split())
    number, section_id = _read_number(record), record.read_optional_text("section")
    given_id = record.read_text("id").removeprefix(f"{record.plan}.")
    if not IMPORTED_TASK.fullmatch(given_id):
        expected_id = ".".join(part for part in (record.plan, section_id, number) if part)
        if number is None:
            record.add_fault("number", "is missing; write the number as printed, like “1.1”")
        elif record.read_text("id") != expected_id:
            text = "must be “{id}”: plan, section, number"
            record.add_fault("id", text, needs=["number", "section"], plan_needs=["id"], id=expected_id)
    timing = record.read_choice("timing", get_args(Timing))
    first, last = record.read_year("first_year"), record.read_optional_year("last_year")
    due_on, due_year = _read_due_day(record, timing)
    if due_year is not None and last not in {None, due_year}:
        text = "{year} is not the year of due_on"
        record.add_fault("last_year", text, needs=["due_on"], year=last)
    last = last or due_year
    if last is not None and last < first:
        text = "{year} is before first_year {start}"
        record.add_fault("last_year", text, needs=["first_year"], year=last, start=first)
    leads = record.read_texts("leads")
    if not leads:
        record.add_fault("leads", 'is missing; write a list of agencies like ["Sở Công Thương"]')
    return Task(
        id=record.read_text("id"),
        plan=record.plan,
        section=section_id,
        number=number,
        title_vi=record.read_text("title_vi"),
        title_en=record.read_optional_text("title_en") or record.read_text("title_vi"),
        line=record.read_optional_integer("line"),
        leads=leads,
        coordinators=record.read_texts("coordinators"),
        output=record.read_optional_text("output"),
        schedule=record.read_optional_text("schedule"),
        timing=timing,
        first_year=first,
        last_year=last,
        due_on=due_on,
    )


def _read_number(record: Record) -> str | None:
    """Return the number of a task as printed; a whole number is its own text, 1.1 is not: it may be 1.10."""
    value = record.values.get("number")
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return str(value)
    if isinstance(value, Decimal):
        record.add_fault("number", "must be a text in quotes, as printed: “1.1” and “1.10” differ")
        return None
    return record.read_optional_text("number")


def _read_due_day(record: Record, timing: Timing) -> tuple[str | None, int | None]:
    """Return the own due day of a task as MM-DD, and its year if it is a date."""
    value = record.values.get("due_on")
    if value is None:
        return None, None
    if timing == "ongoing":
        record.add_fault("due_on", "an ongoing task is never due", needs=["timing"])
    if isinstance(value, date) and not isinstance(value, datetime):
        if timing == "yearly":
            text = "a yearly task is due on a day of every year, like “30/06”"
            record.add_fault("due_on", text, needs=["timing"])
        return f"{value:%m-%d}", value.year
    if isinstance(value, str):
        return record.parse_year_day("due_on", value), None
    record.add_fault("due_on", "must be a day of every year like “30/06”, or a day without quotes like 2026-06-30")
    return None, None


def build_agency(record: Record) -> Agency:
    """Return one agency of a plan; without a line of the text it counts as inferred."""
    record.check_keys(("plan", "name", "kind", "aliases", "basis", "line", "successor", "from"))
    line = record.read_optional_integer("line")
    successor, successor_from = record.read_optional_text("successor"), record.read_optional_day("from")
    if successor is not None and successor_from is None:
        text = "is missing; write the day from which the successor stands for it, without quotes, like 2026-07-01"
        record.add_fault("from", text)
    if successor_from is not None and successor is None:
        record.add_fault("successor", "is missing; write the name of the agency that stands for it from that day on")
    return Agency(
        plan=record.read_text("plan"),
        name=record.read_text("name"),
        kind=record.read_choice("kind", AGENCY_KINDS, "other"),
        aliases=record.read_texts("aliases"),
        basis=record.read_choice("basis", ("named", "inferred"), "inferred" if line is None else "named"),
        line=line,
        successor=successor,
        successor_from=successor_from,
    )


def build_collective(record: Record) -> Collective:
    """Return one group of agencies; `members` are kinds of members or single agencies, as they are written."""
    record.check_keys(("plan", "name", "aliases", "members"))
    members = record.values.get("members")
    if isinstance(members, list):
        texts = record.read_texts("members")
        if not texts:
            text = "is missing; write one of {words}, or a list of agencies"
            record.add_fault("members", text, words=", ".join(MEMBER_KINDS))
    else:
        texts = (record.read_choice("members", MEMBER_KINDS),)
    return Collective(
        plan=record.read_text("plan"),
        name=record.read_text("name"),
        aliases=record.read_texts("aliases"),
        members=texts,
    )

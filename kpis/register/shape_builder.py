"""Read what gives a target a shape of its own: rates, numbers for each agency, stages, words (design.md §3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from kpis.register.model import (
    NUMBER_MEASURES,
    SPAN_MONTHS,
    Accumulation,
    Baseline,
    Comparator,
    Counting,
    Measure,
    Recurrence,
    Stage,
)
from kpis.register.record import AMOUNT_LIMIT, Record

DEFAULT_DUE_AFTER_DAYS = 10
_MAX_DUE_AFTER_DAYS = 366
_BASELINE_EXAMPLE = "baseline = { value = 100, year = 2025 }"


def read_stages(record: Record, recurrence: Recurrence, measure: Measure) -> tuple[tuple[Stage, ...], Counting | None]:
    """Return the stages of a target in order of year, and how entries count for them; none for other targets."""
    if "stages" not in record.values:
        if "counting" in record.values:
            record.add_fault("counting", "says how stages count; write the stages, or leave this field out")
        return (), None
    tables = record.read_tables("stages", ("year", "floor"))
    stages = [
        Stage(table.read_year("year"), table.read_amount("floor", is_change=measure == "change")) for table in tables
    ]
    years = [stage.year for stage in stages]
    if not stages or years != sorted(set(years)):
        record.add_fault("stages", "must name at least one year, each once and in order")
    counting: Counting = "each_year" if recurrence == "yearly" else "to_date"
    if record.read_choice("counting", ("to_date", "each_year"), counting) != counting:
        text = "to_date is for stages of a by_end target, each_year for the yearly values of a yearly one"
        record.add_fault("counting", text, needs=["recurrence"])
    if recurrence not in {"yearly", "by_end"}:
        record.add_fault("stages", "stages need recurrence by_end or yearly", needs=["recurrence"])
    for key in ("floor", "stretch", "shares"):
        if key in record.values:
            record.add_fault(key, "a target with stages does not have this field; leave it out", needs=["stages"])
    return tuple(stages), counting


def check_carried(record: Record) -> None:
    """Refuse what would judge a target that is only kept in the plan's words."""
    for key in ("comparator", "floor", "stages", "stretch", "shares", "population", "roster", "baseline"):
        if key in record.values:
            record.add_fault(key, "a carried target is not judged; leave this field out", needs=["measure"])


def read_adds_up(record: Record, measure: Measure, accumulation: Accumulation) -> bool:
    """Return false for a rate or average, which is what its lead reports."""
    adds_up = record.read_flag("adds_up") if "adds_up" in record.values else True
    if not adds_up:
        if accumulation != "level" or measure not in NUMBER_MEASURES:
            text = (
                'adds_up = false is for a rate or average: a count, an amount or a change with accumulation = "level"'
            )
            record.add_fault("adds_up", text, needs=["measure", "accumulation", "indicator"])
        if "shares" in record.values:
            record.add_fault("shares", "a figure that does not add up has no shares", needs=["adds_up"])
    return adds_up


def read_each(record: Record, measure: Measure) -> int:
    """Return how many every agency of a coverage has to reach."""
    each = record.read_optional_integer("each", 1, AMOUNT_LIMIT)
    if each is not None and measure != "coverage":
        record.add_fault(
            "each", "is for a coverage: how many each agency of the roster has to reach", needs=["measure"]
        )
    return each or 1


def read_ratio_words(record: Record, key: str, measure: Measure) -> str | None:
    """Return what a ratio counts, in the plan's words."""
    words = record.read_optional_text(key)
    if words is not None and measure != "ratio":
        record.add_fault(key, "is for a ratio: what is counted, in the plan's words", needs=["measure"])
    return words


def check_spans(record: Record, recurrence: Recurrence) -> None:
    """Refuse days and paces of their own for quarters, months and half-years, which are due on their last day."""
    if recurrence in SPAN_MONTHS:
        for key in ("due", "pace"):
            if key in record.values:
                text = (
                    "a quarter, month or half-year is due on its last day and has a linear pace; leave this field out"
                )
                record.add_fault(key, text, needs=["recurrence"])


def read_from_day(record: Record, recurrence: Recurrence) -> date | None:
    """Return the first day on which anything is owed; None for that of the plan."""
    day = record.read_optional_day("from_day")
    if day is not None and recurrence != "yearly" and recurrence not in SPAN_MONTHS:
        text = "is for what recurs every year, quarter, month or half-year"
        record.add_fault("from_day", text, needs=["recurrence"])
    return day


def read_due_after_days(record: Record, recurrence: Recurrence) -> int:
    """Return after how many days an unmet quarter, month or half-year makes its year overdue."""
    days = record.read_optional_integer("due_after_days", 0, _MAX_DUE_AFTER_DAYS + 1)
    if days is not None and recurrence not in SPAN_MONTHS:
        text = "is for what recurs every quarter, month or half-year"
        record.add_fault("due_after_days", text, needs=["recurrence"])
    return DEFAULT_DUE_AFTER_DAYS if days is None else days


def read_baseline(
    record: Record, measure: Measure, accumulation: Accumulation, recurrence: Recurrence
) -> Baseline | None:
    """Return the figure from which a target starts; a change needs one, an amount or a ratio may have one."""
    table = record.read_optional_table("baseline", ("value", "year"))
    if table is None:
        if measure == "change" and "baseline" not in record.values:
            text = "is missing; write what the change is compared with, like {example}"
            record.add_fault("baseline", text, needs=["measure", "indicator"], example=_BASELINE_EXAMPLE)
        return None
    baseline = Baseline(table.read_amount("value"), table.read_year("year"))
    needs = ["measure", "accumulation", "indicator"]
    if measure not in {"amount", "ratio", "change"} or (measure == "amount" and accumulation == "increment"):
        text = "is for a change, a ratio, or an amount with accumulation = “level”; leave it out"
        record.add_fault("baseline", text, needs=needs)
    if measure == "change" and not baseline.value:
        record.add_fault("baseline", "the value must be more than 0: there is no change of nothing", needs=["measure"])
    if measure == "ratio" and baseline.value > 1:
        record.add_fault("baseline", "a ratio is written as a fraction: 1.0 is 100 %", needs=["measure"])
    if recurrence in SPAN_MONTHS:
        text = "is for what is judged by years, not by quarters, months or half-years"
        record.add_fault("baseline", text, needs=["recurrence"])
    return baseline


def check_baseline(
    record: Record, baseline: Baseline | None, measure: Measure, comparator: Comparator, floors: Iterable[Decimal]
) -> None:
    """Refuse a baseline that is met before anything has been done: nothing leads from it to the floor."""
    if baseline is None or measure == "change":
        return
    for floor in floors:
        if floor <= baseline.value if comparator.startswith(">") else floor >= baseline.value:
            text = (
                "the value {value} is no way from the floor {floor} (comparator {comparator}); leave the baseline out"
            )
            record.add_fault(
                "baseline", text, needs=["floor", "stages", "comparator"],
                value=baseline.value, floor=floor, comparator=comparator,
            )  # fmt: skip


def check_change(record: Record, accumulation: Accumulation, recurrence: Recurrence) -> None:
    """Refuse what a change cannot have."""
    if "shares" in record.values:
        record.add_fault("shares", "a change has no shares; leave this field out", needs=["measure"])
    if accumulation == "level":
        if "roster" in record.values and record.values.get("adds_up") is False:
            text = "a figure that does not add up is what its lead reports; leave the roster out"
            record.add_fault("roster", text, needs=["measure", "adds_up"])
        return
    if recurrence not in {"yearly", "once"}:
        text = (
            "the sum of several years cannot be compared with one year; write accumulation = “level”, "
            "or recurrence yearly"
        )
        record.add_fault("recurrence", text, needs=["measure", "accumulation", "indicator"])
    if "due" in record.values:
        text = "a change that adds up over a year is judged on 31 December; leave this field out"
        record.add_fault("due", text, needs=["measure", "accumulation", "indicator"])

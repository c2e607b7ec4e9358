"""Build targets from records: the promise of one clause, checked for contradictions (design.md §3)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import get_args

from kpis.register.days import DAY_PACE
from kpis.register.model import (
    Accumulation,
    Basis,
    Comparator,
    Force,
    Indicator,
    Measure,
    Recurrence,
    Target,
)
from kpis.register.record import AMOUNT_LIMIT, Record, find_nearest
from kpis.register.shape_builder import (
    check_baseline,
    check_carried,
    check_change,
    check_spans,
    read_adds_up,
    read_baseline,
    read_due_after_days,
    read_each,
    read_from_day,
    read_ratio_words,
    read_stages,
)

_TARGET_FIELDS = (
    "id indicator title_vi title_en section line measure accumulation comparator floor stretch unit unit_en"
    " recurrence recurrence_basis recurrence_reason_vi recurrence_reason_en force lead lead_basis pace due"
    " roster population shares adds_up each numerator_vi denominator_vi stages counting from_day due_after_days"
    " baseline"
)

_SHARE_LIMIT_TEXTS: Mapping[Measure, str] = {
    "ratio": "a share of a ratio is the fraction that the agency must reach: 1.0 is 100 %, never more",
    "coverage": "a share of a coverage is at most 1: one agency counts once",
    "milestone": "a share of a milestone is at most 1: done",
}
"""Why a share above 1 is refused; a count's share may be any amount."""


def build_target(record: Record, indicators: Mapping[str, Indicator]) -> Target:
    """Return one target; measure, accumulation and unit default to those of its indicator."""
    record.check_keys(_TARGET_FIELDS.split())
    _check_number(record)
    indicator = _find_indicator(record, indicators)
    measure = record.read_choice("measure", get_args(Measure), indicator.measure)
    comparator, floor, stretch = None, None, None
    recurrence = record.read_choice("recurrence", get_args(Recurrence))
    check_spans(record, recurrence)
    stages, counting = read_stages(record, recurrence, measure)
    accumulation = record.read_choice("accumulation", get_args(Accumulation), indicator.accumulation)
    baseline = None
    if measure == "carried":
        check_carried(record)
    else:
        comparator = record.read_choice("comparator", get_args(Comparator))
        if stages:
            for stage in stages:
                _check_floor(record, "stages", stage.floor, measure, comparator)
            floor = stages[-1].floor
        else:
            floor, stretch = _read_floor(record, measure, comparator)
        baseline = read_baseline(record, measure, accumulation, recurrence)
        floors = [stage.floor for stage in stages] or [floor]
        # of a yearly target the baseline serves the first year alone
        check_baseline(record, baseline, measure, comparator, floors[:1] if recurrence == "yearly" else floors)
        if measure == "change":
            check_change(record, accumulation, recurrence)
    unit = record.read_optional_text("unit")
    basis = record.read_choice("recurrence_basis", get_args(Basis))
    if basis == "reading":
        record.read_text("recurrence_reason_vi")
    return Target(
        id=record.read_text("id"),
        plan=record.plan,
        indicator=indicator.id,
        title_vi=record.read_text("title_vi"),
        title_en=record.read_optional_text("title_en") or record.read_text("title_vi"),
        section=record.read_text("section"),
        line=record.read_optional_integer("line"),
        measure=measure,
        accumulation=accumulation,
        comparator=comparator,
        floor=floor,
        stretch=stretch,
        unit_vi=unit or indicator.unit_vi,
        unit_en=record.read_optional_text("unit_en") or unit or indicator.unit_en,
        recurrence=recurrence,
        recurrence_basis=basis,
        recurrence_reason_vi=record.read_optional_text("recurrence_reason_vi"),
        recurrence_reason_en=record.read_optional_text("recurrence_reason_en")
        or record.read_optional_text("recurrence_reason_vi"),
        force=record.read_choice("force", get_args(Force)),
        lead=record.read_text("lead"),
        lead_basis=record.read_choice("lead_basis", get_args(Basis)),
        pace=_read_pace(record),
        due=record.read_optional_year_day("due"),
        roster=record.read_texts("roster"),
        population=record.read_optional_integer("population", 0, AMOUNT_LIMIT) or None,
        shares=_read_shares(record, measure),
        adds_up=read_adds_up(record, measure, accumulation),
        each=read_each(record, measure),
        numerator_vi=read_ratio_words(record, "numerator_vi", measure),
        denominator_vi=read_ratio_words(record, "denominator_vi", measure),
        stages=stages,
        counting=counting,
        from_day=read_from_day(record, recurrence),
        due_after_days=read_due_after_days(record, recurrence),
        baseline=baseline,
    )


def _find_indicator(record: Record, indicators: Mapping[str, Indicator]) -> Indicator:
    name = record.read_text("indicator")
    if name in indicators:
        return indicators[name]
    nearest = find_nearest(name, indicators)
    text = "there is no indicator “{name}”; indicators.toml has them all"
    if nearest is not None:
        text = "there is no indicator “{name}”; “{nearest}” is probably meant"
    if not record.faults.is_lost(name):
        record.add_fault("indicator", text, name=name, nearest=nearest)
    record.unread_fields.add("indicator")  # what depends on its measure is not judged
    return Indicator(name, name, name, "", "", "count", "increment")


def _check_number(record: Record) -> None:
    number = record.read_text("id").removeprefix(f"{record.plan}.")
    if not (number.isdecimal() and number.isascii() and len(number) >= 2):
        record.add_fault(
            "id", "must be “{plan}.” and a number of at least two digits", plan_needs=["id"], plan=record.plan
        )


def _read_floor(record: Record, measure: Measure, comparator: Comparator) -> tuple[Decimal, Decimal | None]:
    is_change = measure == "change"
    floor = record.read_amount("floor", is_change=is_change)
    stretch = record.read_optional_amount("stretch", is_change=is_change)
    _check_floor(record, "floor", floor, measure, comparator)
    if stretch is not None:
        _check_unit(record, "stretch", stretch, measure)
    if stretch is not None and (stretch < floor if comparator.startswith(">") else stretch > floor):
        record.add_fault(
            "floor", "{floor} is beyond the stretch {stretch} (comparator {comparator})",
            needs=["stretch", "comparator"], floor=floor, stretch=stretch, comparator=comparator,
        )  # fmt: skip
    return floor, stretch


def _check_floor(record: Record, key: str, floor: Decimal, measure: Measure, comparator: Comparator) -> None:
    if measure == "milestone" and floor != 1:
        record.add_fault(key, "a milestone's floor is 1: done", needs=[_get_basis(record)])
    _check_unit(record, key, floor, measure)
    if measure == "change" and (floor < 0 if comparator.startswith(">") else floor > 0):
        text = (
            "{floor} with {comparator}: an increase has > or >= and a floor above 0, "
            "a reduction < or <= and one below 0"
        )
        record.add_fault(key, text, needs=["comparator", _get_basis(record)], floor=floor, comparator=comparator)
    if comparator == ">=" and not floor and measure != "change":
        text = "with >= a floor of 0 would be met by a report of 0; write more than 0"
        record.add_fault(key, text, needs=["comparator"])


def _check_unit(record: Record, key: str, value: Decimal, measure: Measure) -> None:
    if measure in {"ratio", "coverage"} and value > 1:
        record.add_fault(key, "a ratio is written as a fraction: 1.0 is 100 %", needs=[_get_basis(record)])
    if measure == "count" and value % 1:
        record.add_fault(key, "a count must be a whole number", needs=[_get_basis(record)])


def _get_basis(record: Record) -> str:
    """Return the field that decides the measure: without one of its own the indicator does, which may be unknown."""
    return "measure" if "measure" in record.values else "indicator"


def _read_pace(record: Record) -> str:
    pace = record.read_optional_text("pace") or "linear"
    if pace.startswith(DAY_PACE):
        return f"{DAY_PACE}{record.parse_year_day('pace', pace.removeprefix(DAY_PACE), DAY_PACE)}"
    if pace not in {"linear", "quarterly"}:
        record.add_fault("pace", "must be linear, quarterly or on:dd/mm, like on:15/03")
    return pace


def _read_shares(record: Record, measure: Measure) -> dict[str, Decimal]:
    value = record.values.get("shares", {})
    if not isinstance(value, dict):
        record.add_fault("shares", "must be a table of agencies with the share of each")
        return {}
    shares = {str(agency): record.parse_amount("shares", share) for agency, share in value.items()}
    if not all(shares.values()):
        record.add_fault("shares", "a share must be more than 0; leave the agency out instead")
    if measure in _SHARE_LIMIT_TEXTS and any(share > 1 for share in shares.values()):
        record.add_fault("shares", _SHARE_LIMIT_TEXTS[measure], needs=[_get_basis(record)])
    return shares

"""Build targets from records: the promise of one clause, checked for contradictions (design.md §3)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import get_args

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
from kpis.register.record import AMOUNT_LIMIT, Record, is_month_day

_TARGET_FIELDS = (
    "id indicator title_vi title_en section line measure accumulation comparator floor stretch unit unit_en"
    " recurrence recurrence_basis recurrence_reason_vi recurrence_reason_en force lead lead_basis pace due"
    " roster population shares"
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
    name = record.read_text("indicator")
    indicator = indicators.get(name)
    if indicator is None:
        raise record.build_error("indicator", "there is no indicator “{name}”", name=name)
    measure = record.read_choice("measure", get_args(Measure), indicator.measure)
    comparator = record.read_choice("comparator", get_args(Comparator))
    floor, stretch = _read_floor(record, measure, comparator)
    unit = record.read_optional_text("unit")
    basis = record.read_choice("recurrence_basis", get_args(Basis))
    if basis == "reading":
        record.read_text("recurrence_reason_vi")
        record.read_text("recurrence_reason_en")
    return Target(
        id=record.read_text("id"),
        plan=record.plan,
        indicator=indicator.id,
        title_vi=record.read_text("title_vi"),
        title_en=record.read_text("title_en"),
        section=record.read_text("section"),
        line=record.read_integer("line"),
        measure=measure,
        accumulation=record.read_choice("accumulation", get_args(Accumulation), indicator.accumulation),
        comparator=comparator,
        floor=floor,
        stretch=stretch,
        unit_vi=unit or indicator.unit_vi,
        unit_en=record.read_optional_text("unit_en") or unit or indicator.unit_en,
        recurrence=record.read_choice("recurrence", get_args(Recurrence)),
        recurrence_basis=basis,
        recurrence_reason_vi=record.read_optional_text("recurrence_reason_vi"),
        recurrence_reason_en=record.read_optional_text("recurrence_reason_en"),
        force=record.read_choice("force", get_args(Force)),
        lead=record.read_text("lead"),
        lead_basis=record.read_choice("lead_basis", get_args(Basis)),
        pace=_read_pace(record),
        due=record.read_optional_month_day("due"),
        roster=record.read_texts("roster"),
        population=record.read_optional_integer("population", 0, AMOUNT_LIMIT) or None,
        shares=_read_shares(record, measure),
    )


def _check_number(record: Record) -> None:
    number = record.read_text("id").removeprefix(f"{record.plan}.")
    if not (number.isdecimal() and number.isascii() and len(number) >= 2):
        raise record.build_error("id", "must be “{plan}.” and a number of at least two digits", plan=record.plan)


def _read_floor(record: Record, measure: Measure, comparator: Comparator) -> tuple[Decimal, Decimal | None]:
    floor, stretch = record.read_amount("floor"), record.read_optional_amount("stretch")
    if measure == "milestone" and floor != 1:
        raise record.build_error("floor", "a milestone's floor is 1: done")
    for key, value in [("floor", floor), ("stretch", stretch)]:
        if value is not None and measure in {"ratio", "coverage"} and value > 1:
            raise record.build_error(key, "a ratio is written as a fraction: 1.0 is 100 %")
        if value is not None and measure == "count" and value % 1:
            raise record.build_error(key, "a count must be a whole number")
    if comparator == ">=" and not floor:
        raise record.build_error("floor", "with >= a floor of 0 would be met by a report of 0; write more than 0")
    if stretch is not None and (stretch < floor if comparator.startswith(">") else stretch > floor):
        raise record.build_error(
            "floor", "{floor} is beyond the stretch {stretch} (comparator {comparator})",
            floor=floor, stretch=stretch, comparator=comparator,
        )  # fmt: skip
    return floor, stretch


def _read_pace(record: Record) -> str:
    pace = record.read_optional_text("pace") or "linear"
    if pace in {"linear", "quarterly"} or (pace.startswith("on:") and is_month_day(pace.removeprefix("on:"))):
        return pace
    raise record.build_error("pace", "must be linear, quarterly or on:MM-DD, like on:03-15")


def _read_shares(record: Record, measure: Measure) -> dict[str, Decimal]:
    value = record.values.get("shares", {})
    if not isinstance(value, dict):
        raise record.build_error("shares", "must be a table of agencies with the share of each")
    shares = {str(agency): record.parse_amount("shares", share) for agency, share in value.items()}
    if not all(shares.values()):
        raise record.build_error("shares", "a share must be more than 0; leave the agency out instead")
    if measure in _SHARE_LIMIT_TEXTS and any(share > 1 for share in shares.values()):
        raise record.build_error("shares", _SHARE_LIMIT_TEXTS[measure])
    return shares

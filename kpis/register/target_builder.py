"""Targets out of records: the promise of one clause, checked for contradictions in itself (design.md §3)."""

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
from kpis.register.record import Record, is_month_day

_TARGET = (
    "id indicator title_vi title_en section line measure accumulation comparator floor stretch unit unit_en"
    " recurrence recurrence_basis recurrence_reason_vi recurrence_reason_en force lead lead_basis pace due"
    " roster population shares"
)


def target(record: Record, indicators: Mapping[str, Indicator]) -> Target:
    """One target; measure, accumulation and unit are its indicator's unless it has its own."""
    record.know_only(_TARGET.split())
    _numbered(record)
    known = indicators.get(record.text("indicator"))
    if known is None:
        raise record.refusal("indicator", "no indicator “{name}” is known", name=record.text("indicator"))
    measure = record.choice("measure", get_args(Measure), known.measure)
    comparator = record.choice("comparator", get_args(Comparator))
    floor, stretch = _floor(record, measure, comparator)
    unit = record.optional_text("unit")
    basis = record.choice("recurrence_basis", get_args(Basis))
    if basis == "reading":
        record.text("recurrence_reason_vi")
        record.text("recurrence_reason_en")
    return Target(
        id=record.text("id"),
        plan=record.plan,
        indicator=known.id,
        title_vi=record.text("title_vi"),
        title_en=record.text("title_en"),
        section=record.text("section"),
        line=record.whole("line"),
        measure=measure,
        accumulation=record.choice("accumulation", get_args(Accumulation), known.accumulation),
        comparator=comparator,
        floor=floor,
        stretch=stretch,
        unit_vi=unit or known.unit_vi,
        unit_en=record.optional_text("unit_en") or unit or known.unit_en,
        recurrence=record.choice("recurrence", get_args(Recurrence)),
        recurrence_basis=basis,
        recurrence_reason_vi=record.optional_text("recurrence_reason_vi"),
        recurrence_reason_en=record.optional_text("recurrence_reason_en"),
        force=record.choice("force", get_args(Force)),
        lead=record.text("lead"),
        lead_basis=record.choice("lead_basis", get_args(Basis)),
        pace=_pace(record),
        due=record.optional_month_day("due"),
        roster=record.texts("roster"),
        population=record.optional_whole("population", least=0) or None,
        shares=_shares(record),
    )


def _numbered(record: Record) -> None:
    number = record.text("id").removeprefix(f"{record.plan}.")
    if not (number.isdecimal() and number.isascii() and len(number) >= 2):
        raise record.refusal("id", "must be “{plan}.” and a number of two digits", plan=record.plan)


def _floor(record: Record, measure: Measure, comparator: Comparator) -> tuple[Decimal, Decimal | None]:
    floor, stretch = record.amount("floor"), record.optional_amount("stretch")
    if measure == "milestone" and floor != 1:
        raise record.refusal("floor", "a milestone's floor is 1: done")
    for key, value in [("floor", floor), ("stretch", stretch)]:
        if value is not None and measure in {"ratio", "coverage"} and value > 1:
            raise record.refusal(key, "a share is a fraction: 1.0 is 100 %")
        if value is not None and measure == "count" and value % 1:
            raise record.refusal(key, "a count is a whole number")
    if comparator == ">=" and not floor:
        raise record.refusal("floor", "with >= a floor of 0 would be met by a report of 0; write more than 0")
    if stretch is not None and (stretch < floor if comparator.startswith(">") else stretch > floor):
        raise record.refusal(
            "floor", "{floor} lies beyond the stretch {stretch} (comparator {comparator})",
            floor=floor, stretch=stretch, comparator=comparator,
        )  # fmt: skip
    return floor, stretch


def _pace(record: Record) -> str:
    pace = record.optional_text("pace") or "linear"
    if pace in {"linear", "quarterly"} or (pace.startswith("on:") and is_month_day(pace.removeprefix("on:"))):
        return pace
    raise record.refusal("pace", "must be linear, quarterly or on:MM-DD, like on:03-15")


def _shares(record: Record) -> dict[str, Decimal]:
    value = record.values.get("shares", {})
    if not isinstance(value, dict):
        raise record.refusal("shares", "must be a table of agencies and what each owes")
    shares = {str(agency): record.amount_of("shares", share) for agency, share in value.items()}
    if not all(shares.values()):
        raise record.refusal("shares", "a share of 0 is no share; leave the agency out")
    return shares

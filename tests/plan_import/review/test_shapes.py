"""What a decided target becomes in the register: a change needs its baseline, else it is carried."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kpis.plan_import.review.draft.model import DraftRow
from kpis.plan_import.review.versions.shapes import PlanYears, list_shapes

PROPOSED = {
    "title": "Giảm số vụ", "measure": "change", "comparator": "<=", "floor": "-50%", "recurrence": "by_end",
    "by_year": "2030", "lead": "Sở Công Thương", "force": "binding",
}  # fmt: skip


def build_row(**entered: str) -> DraftRow:
    return DraftRow("CT001", "target", "giảm 50 % số vụ", None, PROPOSED, decision="change", entered=entered)


def test_a_change_with_its_baseline_is_judged() -> None:
    (shape,) = list_shapes([build_row(baseline="40.5", baseline_year="2025")], PlanYears(2026, 2030))
    assert shape.carried_because is None
    assert shape.fields == {
        "measure": "change", "comparator": "<=", "floor": Decimal("-0.5"),
        "baseline": {"value": Decimal("40.5"), "year": 2025},
    }  # fmt: skip


@pytest.mark.parametrize("entered", [{}, {"baseline": "40"}, {"baseline_year": "2025"}])
def test_a_change_without_its_baseline_is_carried(entered: dict[str, str]) -> None:
    (shape,) = list_shapes([build_row(**entered)], PlanYears(2026, 2030))
    assert shape.fields == {"measure": "carried"}
    assert shape.carried_because == "growth and reduction have no baseline and its year"


LEVEL = {"measure": "ratio", "comparator": ">=", "floor": "80%", "baseline": "62%", "baseline_year": "2025"}


@pytest.mark.parametrize(
    ("entered", "baseline"),
    [
        ({}, {"value": Decimal("0.62"), "year": 2025}),
        ({"recurrence": "yearly", "by_year": "-"}, {"value": Decimal("0.62"), "year": 2025}),
        ({"measure": "amount", "floor": "80", "baseline": "62", "accumulation": "level"},
         {"value": Decimal(62), "year": 2025}),
        ({"measure": "amount", "floor": "80", "baseline": "62", "accumulation": "increment"}, None),
        ({"measure": "count", "floor": "80", "baseline": "62"}, None),
        ({"baseline_year": "-"}, None),  # no year is stated
        ({"baseline": "62"}, None),  # a number is no share
        ({"baseline": "85%"}, None),  # nothing leads up to the floor from above it
        ({"comparator": "<=", "baseline": "62%"}, None),
        ({"comparator": "<=", "floor": "9%"}, {"value": Decimal("0.62"), "year": 2025}),
        ({"recurrence": "yearly", "baseline_year": "2024"}, None),
        ({"baseline_year": "2030"}, None),
        ({"recurrence": "quarterly", "by_year": "-"}, None),
    ],
)  # fmt: skip
def test_a_ratio_or_level_starts_at_its_baseline_where_one_is_stated_and_leads_to_the_floor(
    entered: dict[str, str], baseline: dict[str, object] | None
) -> None:
    (shape,) = list_shapes([build_row(**{**LEVEL, **entered})], PlanYears(2026, 2030))
    assert shape.carried_because is None
    assert shape.fields.get("baseline") == baseline

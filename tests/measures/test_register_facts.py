"""Facts of the register in the published version, and the two forms of a place's name."""

from __future__ import annotations

import pytest

from kpis.measures.register_facts import (
    format_full_place_name,
    format_place_name,
    list_agency_names,
    list_plans,
    load_indicator_names,
)
from tests.measures.tiny_database import TinyAgency, TinyPlan, TinyTarget, TinyTask, build_database


def test_plans_have_their_last_year_and_their_counts() -> None:
    plans = [TinyPlan("p", end_year=2028), TinyPlan("open")]
    db = build_database([TinyTarget(), TinyTarget("p.02")], plans=plans, tasks=[TinyTask()])
    facts = [(plan["plan"], plan["last_year"], plan["targets"], plan["tasks"]) for plan in list_plans(db)]
    assert facts == [("p", 2028, 2, 1), ("open", 2030, 0, 0)]
    assert [plan["plan"] for plan in list_plans(db, "open")] == ["open"]


def test_agencies_that_can_report_are_in_vietnamese_order() -> None:
    agencies = [TinyAgency("Đoàn"), TinyAgency("Công an"), TinyAgency("các xã", "commune", collective=True)]
    db = build_database([TinyTarget()], agencies=agencies)
    assert list_agency_names(db, "p") == ("Công an", "Đoàn")
    assert load_indicator_names(db) == {"public_events": ("public_events", "public_events")}


@pytest.mark.parametrize(
    ("kind", "place", "expected", "full"),
    [
        ("province", "tỉnh Đồng Tháp", "Đồng Tháp", "Tỉnh Đồng Tháp"),
        ("ward", "phường Bắc Kạn", "Phường Bắc Kạn", "Phường Bắc Kạn"),
    ],
)
def test_a_province_has_a_short_name_and_a_ward_its_rank(kind: str, place: str, expected: str, full: str) -> None:
    plan = {"kind": kind, "place": place, "province": "Đồng Tháp"}
    assert format_place_name(plan) == expected
    assert format_full_place_name(plan) == full

"""The catalogue of targets: exact decimals, and citations by section and number."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from kpis.ui.targets.plan_targets import RECURRENCES, _render_citation, _render_commitment
from tests.ui.handmade_rows import build_view

ROW: dict[str, Any] = {
    "measure": "count", "comparator": ">=", "floor": Decimal(50), "stretch": None, "unit_vi": "tin bài",
    "roster_size": 0, "population": None, "each": 1, "numerator_vi": None, "denominator_vi": None,
    "counting": None, "stages": [], "baseline": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({}, "≥ 50 tin bài"),
        ({"floor": Decimal("2.5")}, "≥ 2,5 tin bài"),
        ({"comparator": "<", "floor": Decimal(5)}, "&lt; 5 tin bài"),
        ({"measure": "ratio", "floor": Decimal("0.995000")}, "≥ 99,5% số tin bài"),
        ({"measure": "ratio", "comparator": "<=", "floor": Decimal("0.05")}, "≤ 5% số tin bài"),
        ({"measure": "ratio", "floor": Decimal("1.000000"), "unit_vi": "cán bộ"}, "100% cán bộ"),
        ({"measure": "ratio", "comparator": "<", "floor": Decimal("0.03"), "unit_vi": "vụ"}, "< 3% số vụ"),
    ],
)
def test_a_floor_has_all_its_decimals(overrides: dict[str, Any], expected: str) -> None:
    markup = str(_render_commitment({**ROW, **overrides}, build_view()))
    escaped = expected.replace("< ", "&lt; ")
    assert markup.replace("<", "&lt;", int(markup.startswith("<"))).startswith(escaped)


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({}, "≥ 50 news items"),
        ({"floor": Decimal(1)}, "≥ 1 news item"),
        ({"floor": Decimal("2.5"), "unit_en": "agency"}, "≥ 2.5 agencies"),
        ({"measure": "ratio", "floor": Decimal(1), "each": 3}, "each at least 3 news items"),
    ],
)
def test_an_english_commitment_has_the_plural_of_its_unit(overrides: dict[str, Any], expected: str) -> None:
    row = {**ROW, "unit_en": "news item", **overrides}
    assert f"{expected}<" in f"{_render_commitment(row, build_view(lang='en'))}<".replace(";", "<")


@pytest.mark.parametrize(("comparator", "note"), [(">=", "chưa chốt danh sách"), ("<=", "tính trên số đã báo cáo")])
def test_a_share_without_roster_or_population_says_what_it_rests_on(comparator: str, note: str) -> None:
    row = {**ROW, "measure": "ratio", "comparator": comparator, "floor": Decimal("0.05")}
    assert f">{note}<" in str(_render_commitment(row, build_view()))


def test_a_target_of_a_plan_of_one_year_is_not_due_once_only() -> None:
    view = build_view()
    assert view.t(RECURRENCES["once"]) == "trong năm của kế hoạch"


@pytest.mark.parametrize(("stretch", "expected"), [("2.5", "2,5"), ("60.000000", "60"), ("0.000001", "0,000001")])
def test_a_stretch_has_all_its_decimals(stretch: str, expected: str) -> None:
    assert f">phấn đấu {expected}<" in str(_render_commitment({**ROW, "stretch": Decimal(stretch)}, build_view()))


@pytest.mark.parametrize(("number", "expected"), [("395/KH-UBND", "395/KH-UBND mục II.2"), (None, "không số mục II.2")])
def test_a_citation_is_by_section_and_number(number: str | None, expected: str) -> None:
    plan: Any = {"number": number}
    citation = str(_render_citation(plan, {"section": "II.2", "line": 51}, build_view()))
    assert re.sub(r"<[^>]+>", " ", citation).split() == expected.split()

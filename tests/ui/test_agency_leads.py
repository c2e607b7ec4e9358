"""What an agency leads: the whole target, worded as on the province's page."""

from __future__ import annotations

import re
from typing import Any, cast

import pytest

from kpis.measures.agency_summary import AgencySummary
from kpis.ui.agency.contributions import render_led_targets
from tests.ui.handmade_rows import build_target, build_view


class LedTargets:
    """A summary with led targets only."""

    def __init__(self, **overrides: Any) -> None:
        self.led_targets = [build_target(**{"floor_exact": overrides.get("floor", 50), **overrides})]


@pytest.mark.parametrize(
    ("overrides", "actual", "expected"),
    [
        ({}, "24/50 tin bài", "44"),
        ({"comparator": "<=", "floor": 12, "actual": 3, "numerator": 3}, "3, tối đa 12 tin bài", "–"),
        (
            {"measure": "ratio", "floor": 1, "numerator": 5, "denominator": 5, "population": 1000},
            "5/1.000 tin bài 5/5 trong báo cáo",
            "50%",
        ),
        (
            {"measure": "coverage", "floor": 1, "numerator": 0, "reporting_agencies": 1},
            "1/? cơ quan chưa chốt danh sách",
            "50%",
        ),
    ],
)
def test_a_led_target_shows_its_base_and_a_ceiling_has_no_pace(
    overrides: dict[str, Any], actual: str, expected: str
) -> None:
    pace = {"expected": 0.5} if overrides.get("measure") else {}
    markup = render_led_targets(cast(AgencySummary, LedTargets(**{**overrides, **pace})), build_view())
    assert markup is not None
    cells = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in markup.split("<td")[1:]]
    assert [cell.split(">", 1)[-1].strip() for cell in cells][:2] == [actual, expected]

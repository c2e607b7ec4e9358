"""The catalogue of targets writes every promise with the decimals it has."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kpis.ui.targets.plan_targets import _render_promise
from tests.ui.handmade_rows import build_view

ROW: dict[str, Any] = {
    "measure": "count", "comparator": ">=", "floor": Decimal(50), "stretch": None, "unit_vi": "tin bài",
    "roster_size": 0, "population": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "≥ 50 tin bài"),
        ({"floor": Decimal("2.5")}, "≥ 2,5 tin bài"),
        ({"comparator": "<", "floor": Decimal(5)}, "&lt; 5 tin bài"),
        ({"measure": "ratio", "floor": Decimal("0.995000")}, "≥ 99,5% tin bài"),
        ({"measure": "ratio", "comparator": "<=", "floor": Decimal("0.05")}, "≤ 5% tin bài"),
    ],
)
def test_a_floor_is_written_whole(given: dict[str, Any], said: str) -> None:
    made = str(_render_promise({**ROW, **given}, build_view()))
    assert made.replace("<", "&lt;", int(made.startswith("<"))).startswith(said)


@pytest.mark.parametrize(("stretch", "said"), [("2.5", "2,5"), ("60.000000", "60"), ("0.000001", "0,000001")])
def test_a_stretch_is_written_whole(stretch: str, said: str) -> None:
    assert f">phấn đấu {said}<" in str(_render_promise({**ROW, "stretch": Decimal(stretch)}, build_view()))

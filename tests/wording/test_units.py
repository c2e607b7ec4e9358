"""Units beside figures: a share of units, and what a coverage counts."""

from __future__ import annotations

from kpis.wording.units import format_share_of_units, get_counted_unit, inflect_unit
from tests.ui.handmade_rows import build_target


def test_a_share_names_the_units_it_is_a_part_of() -> None:
    assert format_share_of_units("3%", "vụ", "vi") == "3% số vụ"
    assert format_share_of_units("100%", "cán bộ", "vi", is_all=True) == "100% cán bộ"
    assert format_share_of_units("3%", "case", "en") == "3% of cases"
    assert format_share_of_units("100%", "agency", "en", is_all=True) == "100% of all agencies"


def test_a_coverage_counts_agencies_whatever_its_unit() -> None:
    coverage = build_target(measure="coverage", unit="mô hình", unit_en="model")
    assert (get_counted_unit(coverage, "vi"), get_counted_unit(coverage, "en")) == ("cơ quan", "agency")
    assert get_counted_unit({**coverage, "measure": "ratio"}, "vi") == "mô hình"


def test_an_english_unit_has_a_plural() -> None:
    assert [inflect_unit("agency", n, "en") for n in (1, 2)] == ["agency", "agencies"]
    assert inflect_unit("cơ quan", 2, "vi") == "cơ quan"

"""What a chart shows of its figures: marks, axes, and one form for many pictures."""

import re
from datetime import date, timedelta

import pytest

from kpis.charts import drawing, specs
from kpis.charts.specs import BulletValues

YEAR = [(date(2026, 1, 1), 0.0), (date(2026, 12, 15), 1.0)]


def read_axis_labels(top: float, *, percent: bool = False) -> list[str]:
    """The labels of the axis of values, lowest first."""
    pace = [(day, value * top) for day, value in YEAR]
    chart = specs.build_curve([(date(2026, 3, 1), top)], pace, top, "behind", "vi", "light", percent=percent)
    texts = re.findall(r"<text[^>]*>([^<]+)</text>", drawing.render_svg(chart, "vi"))
    return [text for text in texts if not text.startswith("T")]


@pytest.mark.parametrize("top", [1, 2, 3, 4, 7, 50, 774, 12_000])
def test_no_whole_number_stands_twice_on_an_axis(top: int) -> None:
    found = read_axis_labels(top)
    assert found[0] == "0"
    assert len(found) == len(set(found)) > 1


def test_a_share_has_an_axis_of_percent() -> None:
    assert read_axis_labels(1.0, percent=True) == ["0%", "50%", "100%"]


def count_marks(values: BulletValues) -> int:
    return drawing.render_svg(specs.build_bullet(values, "vi", "light"), "vi").count("<path")


def test_a_bullet_leaves_out_what_is_not_there() -> None:
    whole = count_marks(BulletValues(24, 50, 40, 60, "behind"))
    assert count_marks(BulletValues(24, 50, 40, None, "behind")) == whole - 1
    assert count_marks(BulletValues(24, 50, None, 60, "behind")) == whole - 1
    assert count_marks(BulletValues(24, 50, 60, 60, "behind")) == whole - 1  # expected beyond the floor


def test_two_pictures_of_one_form_do_not_mix() -> None:
    first = specs.build_bullet(BulletValues(24, 50, 40, None, "behind"), "vi", "light")
    before = drawing.render_svg(first, "vi")
    second = specs.build_bullet(BulletValues(3, 50, 40, None, "behind"), "vi", "light")
    assert first.template is second.template
    assert drawing.render_svg(second, "vi") != before
    assert drawing.render_svg(first, "vi") == before


def test_a_curve_without_a_pace_tells_years_where_it_runs_over_them() -> None:
    def axis(last: date) -> set[str]:
        chart = specs.build_curve([(date(2026, 1, 1), 0.0), (last, 3.0)], (), 12, "on_track", "en", "light")
        return set(re.findall(r"<text[^>]*>([^<]+)</text>", drawing.render_svg(chart, "en")))

    assert {"2027", "2028"} <= axis(date(2029, 1, 1))
    assert "2026" not in axis(date(2026, 12, 1))


def test_a_long_curve_is_thinned_to_what_can_be_seen_and_keeps_both_ends() -> None:
    first = date(2026, 1, 1)
    days = [(first + timedelta(days=n), float(n)) for n in range(365)]
    pace = [(first, 0.0), (days[-1][0], 400.0)]
    chart = specs.build_curve(days, pace, 400, "on_track", "vi", "light", width=330)
    drawn = [(row["day"], row["value"]) for row in chart.data["done"]]
    assert len(drawn) <= 166
    assert drawn[0] == ("2026-01-01T00:00:00", 0.0)
    assert drawn[-1] == ("2026-12-31T00:00:00", 364.0)
    assert drawn == sorted(drawn)


def test_a_short_curve_keeps_every_point() -> None:
    days = [(date(2026, 1, 1), 1.0), (date(2026, 1, 2), 2.0), (date(2026, 11, 21), 3.0)]
    assert len(specs.build_curve(days, YEAR, 3, "on_track", "vi", "light").data["done"]) == 3

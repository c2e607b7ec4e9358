"""What a chart shows of its figures: marks, axes, and one template for many charts."""

import re
from datetime import date, timedelta

import pytest

from kpis.charts import drawing, specs
from kpis.charts.specs import BulletValues

YEAR = [(date(2026, 1, 1), 0.0), (date(2026, 12, 15), 1.0)]


def read_axis_labels(top: float, *, percent: bool = False) -> list[str]:
    """Return the labels of the value axis, lowest first."""
    pace = [(day, value * top) for day, value in YEAR]
    chart = specs.build_curve([(date(2026, 3, 1), top)], pace, top, "behind", "vi", percent=percent)
    texts = re.findall(r"<text[^>]*>([^<]+)</text>", drawing.render_svg(chart, "vi"))
    return [text for text in texts if not text.startswith("T")]


@pytest.mark.parametrize("top", [1, 2, 3, 4, 7, 50, 774, 12_000])
def test_no_whole_number_is_on_an_axis_twice(top: int) -> None:
    labels = read_axis_labels(top)
    assert labels[0] == "0"
    assert len(labels) == len(set(labels)) > 1


def test_a_ratio_has_a_percentage_axis() -> None:
    assert read_axis_labels(1.0, percent=True) == ["0%", "50%", "100%"]


def count_marks(values: BulletValues) -> int:
    return drawing.render_svg(specs.build_bullet(values, "vi"), "vi").count("<path")


def test_a_bullet_leaves_out_missing_values() -> None:
    full_count = count_marks(BulletValues(24, 50, 40, 60, "behind"))
    assert count_marks(BulletValues(24, 50, 40, None, "behind")) == full_count - 1
    assert count_marks(BulletValues(24, 50, None, 60, "behind")) == full_count - 1
    assert count_marks(BulletValues(24, 50, 60, 60, "behind")) == full_count - 1  # expected beyond the floor


def test_two_charts_of_one_template_do_not_mix() -> None:
    first = specs.build_bullet(BulletValues(24, 50, 40, None, "behind"), "vi")
    first_svg = drawing.render_svg(first, "vi")
    second = specs.build_bullet(BulletValues(3, 50, 40, None, "behind"), "vi")
    assert first.template is second.template
    assert drawing.render_svg(second, "vi") != first_svg
    assert drawing.render_svg(first, "vi") == first_svg


def test_a_curve_over_several_years_labels_years() -> None:
    def read_axis(last: date) -> set[str]:
        chart = specs.build_curve([(date(2026, 1, 1), 0.0), (last, 3.0)], (), 12, "on_track", "en")
        return set(re.findall(r"<text[^>]*>([^<]+)</text>", drawing.render_svg(chart, "en")))

    assert {"2027", "2028"} <= read_axis(date(2029, 1, 1))
    assert "2026" not in read_axis(date(2026, 12, 1))


def test_a_long_curve_is_thinned_and_keeps_both_ends() -> None:
    first = date(2026, 1, 1)
    days = [(first + timedelta(days=n), float(n)) for n in range(365)]
    pace = [(first, 0.0), (days[-1][0], 400.0)]
    chart = specs.build_curve(days, pace, 400, "on_track", "vi", width=330)
    drawn = [(row["day"], row["value"]) for row in chart.data["actual"]]
    assert len(drawn) <= 166
    assert drawn[0] == ("2026-01-01T00:00:00", 0.0)
    assert drawn[-1] == ("2026-12-31T00:00:00", 364.0)
    assert drawn == sorted(drawn)


def test_a_short_curve_keeps_every_point() -> None:
    days = [(date(2026, 1, 1), 1.0), (date(2026, 1, 2), 2.0), (date(2026, 11, 21), 3.0)]
    assert len(specs.build_curve(days, YEAR, 3, "on_track", "vi").data["actual"]) == 3

"""The chart of a trend: lines that end, a mark for each week, one template for many charts."""

from __future__ import annotations

import re
from datetime import date, timedelta

from kpis.charts import drawing, trend
from kpis.charts.trend import TrendLines

SUNDAYS = [date(2026, 10, 18) + timedelta(days=7 * number) for number in range(6)]


def draw(lines: TrendLines, status: str = "behind", *, percent: bool = False) -> str:
    return drawing.render_svg(trend.build_trend(lines, status, "vi", percent=percent), "vi")


def make_lines(*parts: slice, expected: bool = False, scale: float = 1.0) -> TrendLines:
    lines = [[(day, scale * SUNDAYS.index(day)) for day in SUNDAYS[part]] for part in parts]
    pace = [[(day, scale * 5.0) for day in SUNDAYS]] if expected else []
    return TrendLines(lines, pace, (SUNDAYS[0], SUNDAYS[-1]), scale * 5, [line[0][0] for line in lines[1:]])


def count_segments(svg: str) -> int:
    """Return in how many parts lines of the status' colour are drawn."""
    lines = re.findall(r'<path[^>]*stroke-width="2.2"[^>]*>', svg)
    return sum(path.count("M") for path in lines)


def test_a_line_is_drawn_in_as_many_parts_as_there_are_lines() -> None:
    assert count_segments(draw(make_lines(slice(0, 6)))) == 1
    assert count_segments(draw(make_lines(slice(0, 3), slice(3, 6)))) == 2


def test_each_week_has_a_mark_and_each_break_a_rule() -> None:
    def count(svg: str, part: str) -> int:
        return svg.count(part)

    unbroken, broken = draw(make_lines(slice(0, 6))), draw(make_lines(slice(0, 3), slice(3, 6)))
    alone = draw(make_lines(slice(0, 1)))
    colour = '#b8500a"'
    assert count(unbroken, f'fill="{colour}') == count(broken, f'fill="{colour}') == count(alone, f'fill="{colour}') + 5
    dotted = 'stroke-dasharray="1,3"'
    assert (count(unbroken, dotted), count(broken, dotted)) == (0, 1)


def test_what_is_expected_is_dashed() -> None:
    assert 'stroke-dasharray="4,3"' in draw(make_lines(slice(0, 6), expected=True))
    assert 'stroke-dasharray="4,3"' not in draw(make_lines(slice(0, 6)))


def test_a_reduction_reaches_below_zero() -> None:
    svg = draw(make_lines(slice(0, 6), scale=-0.1), percent=True)
    assert any(text.startswith(("-", "−")) for text in re.findall(r"<text[^>]*>([^<]+)</text>", svg))


def test_weeks_are_named_by_their_sundays() -> None:
    texts = set(re.findall(r"<text[^>]*>([^<]+)</text>", draw(make_lines(slice(0, 6)))))
    assert {"18/10", "22/11"} <= texts


def test_two_charts_of_one_template_do_not_mix() -> None:
    first = trend.build_trend(make_lines(slice(0, 6)), "behind", "vi")
    svg = drawing.render_svg(first, "vi")
    second = trend.build_trend(make_lines(slice(0, 2)), "attained", "vi")
    assert first.template is second.template
    assert drawing.render_svg(second, "vi") != svg
    assert drawing.render_svg(first, "vi") == svg

"""The Altair chart of a trend: a value by week, in lines that end where weeks cannot be compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import altair as alt

from kpis.charts import palette
from kpis.charts.drawing import BoundChart, ChartTemplate, DataValue, compile_chart
from kpis.charts.specs import (
    STATUS_COLOUR,
    ChartPoints,
    build_colour_param,
    build_value_axis,
    get_status_colour,
    mark_pace,
    to_data_rows,
)
from kpis.language.messages import Language

_LARGEST_BOTTOM = 0.0


@dataclass(frozen=True)
class TrendLines:
    """The lines of a trend, each (day, value) in order of day: of what was, and (dashed) of what was expected.

    All charts that stand side by side have the same `days`, first and last, and the same largest value `top`.
    `breaks` are the days on which a new line begins.
    """

    actual: Sequence[ChartPoints]
    expected: Sequence[ChartPoints]
    days: tuple[date, date]
    top: float
    breaks: Sequence[date] = ()


def build_trend(
    lines: TrendLines,
    status: str,
    lang: Language,
    *,
    percent: bool = False,
    width: int = 420,
    height: int = 130,
) -> BoundChart:
    """Return the trend with a mark for each week; `percent` for ratios and changes."""
    values = [value for line in (*lines.actual, *lines.expected) for _, value in line]
    top, bottom = max(lines.top, *values, 1e-9), min([_LARGEST_BOTTOM, *values])
    return BoundChart(
        _compile_trend(lang, percent, width, height),
        {
            "actual": list(_number_lines(lines.actual)),
            "expected": list(_number_lines(lines.expected)),
            "breaks": to_data_rows([(day, 0.0) for day in lines.breaks]),
            "days": to_data_rows([(day, 0.0) for day in lines.days]),
        },
        {"top": top * 1.08, "bottom": bottom * 1.08, "colour": get_status_colour(status)},
    )


def _number_lines(lines: Iterable[ChartPoints]) -> Iterable[dict[str, DataValue]]:
    for number, points in enumerate(lines):
        for row in to_data_rows(points):
            yield {**row, "line": float(number)}


@lru_cache(maxsize=128)
def _compile_trend(lang: Language, percent: bool, width: int, height: int) -> ChartTemplate:
    # Weeks of Vega begin on Sundays, as ours end.
    x_axis = alt.Axis(title=None, format="%d/%m", tickCount="week", grid=False, labelOverlap=True, labelSeparation=6)
    x = alt.X("day:T", axis=x_axis)
    scale = alt.Scale(domain=[alt.ExprRef("bottom"), alt.ExprRef("top")], nice=False)
    y = alt.Y("value:Q", axis=build_value_axis(percent), scale=scale)
    actual, expected, breaks, days = (
        alt.Chart(alt.NamedData(name=name)) for name in ("actual", "expected", "breaks", "days")
    )
    layers = [
        days.mark_point(opacity=0).encode(x=x),
        breaks.mark_rule(color=palette.MUTED.light, strokeWidth=1, strokeDash=[1, 3]).encode(x=x),
        mark_pace(expected).encode(x=x, y=y, detail="line:N"),
        actual.mark_line(color=STATUS_COLOUR, strokeWidth=2.2).encode(x=x, y=y, detail="line:N"),
        actual.mark_point(color=STATUS_COLOUR, filled=True, size=22, opacity=1).encode(x=x, y=y),
    ]
    top, bottom = alt.param(name="top", value=1), alt.param(name="bottom", value=0)
    chart = alt.layer(*layers).properties(width=width, height=height)
    return compile_chart(chart.add_params(top, bottom, build_colour_param()), lang)

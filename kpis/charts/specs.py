"""The Altair charts in light colours: bullet, curve with pace. Labels beside one are text of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import cast

import altair as alt

from kpis.charts import palette
from kpis.charts.drawing import BoundChart, ChartTemplate, DataRows, DataValue, compile_chart
from kpis.language.messages import Language

ChartPoints = Sequence[tuple[date, float]]

# The colour is a parameter of the template, since compiling one takes as long as drawing fifteen charts.
STATUS_COLOUR = alt.ExprRef("colour")


@dataclass(frozen=True)
class BulletValues:
    """One target's actual, floor, value expected by now and stretch, in its unit; fractions for a ratio."""

    actual: float
    floor: float
    expected: float | None
    stretch: float | None
    status: str


def compute_bullet_end(values: BulletValues) -> float:
    """Return the value at the right end of a bullet chart: a little beyond floor, stretch and (cut off) actual."""
    goal = max(values.floor, values.stretch or 0.0)
    return max(goal, min(values.actual, goal * 1.5), 1e-9) * 1.02


def has_stretch_band(values: BulletValues) -> bool:
    """True if a band runs from the floor to a stretch beyond it."""
    return values.stretch is not None and values.stretch > values.floor


def has_pace_line(values: BulletValues) -> bool:
    """True if the value expected by now has a line: not before anything is expected, nor beyond the floor."""
    return values.expected is not None and 0 < values.expected <= values.floor


def build_bullet(values: BulletValues, lang: Language, *, width: int = 260) -> BoundChart:
    """Return a bullet chart, 22 px high: bar = actual, thick line = floor, thin line = expected by now.

    A paler band runs from the floor to the stretch. An actual above 1.5 × their maximum is cut off.
    """
    end = compute_bullet_end(values)

    def build_band(start: float, stop: float) -> DataRows:
        return [{"start": start, "stop": min(stop, end)}]

    return BoundChart(
        _compile_bullet(lang, width),
        {
            "ground": build_band(0, end),
            "stretch": build_band(values.floor, values.stretch or 0.0) if has_stretch_band(values) else [],
            "actual": build_band(0, values.actual),
            "expected": [{"at": values.expected or 0.0}] if has_pace_line(values) else [],
            "floor": [{"at": values.floor}],
        },
        {"end": end, "colour": get_status_colour(values.status)},
    )


@lru_cache(maxsize=128)
def _compile_bullet(lang: Language, width: int) -> ChartTemplate:
    end = alt.param(name="end", value=1)
    scale = alt.Scale(domain=[0, alt.ExprRef("end")], nice=False, zero=True)

    def build_band(name: str, colour: str | alt.ExprRef, size: int, opacity: float = 1.0, radius: int = 0) -> alt.Chart:
        bar = alt.Chart(alt.NamedData(name=name)).mark_bar(
            size=size, color=colour, opacity=opacity, cornerRadius=radius
        )
        return cast(alt.Chart, bar.encode(x=alt.X("start:Q", scale=scale, axis=None), x2="stop:Q"))

    def build_line(name: str, size: int, thickness: float) -> alt.Chart:
        tick = alt.Chart(alt.NamedData(name=name)).mark_tick(
            size=size, thickness=thickness, color=palette.INK.light, orient="vertical"
        )
        return cast(alt.Chart, tick.encode(x=alt.X("at:Q", scale=scale, axis=None)))

    layers = [
        build_band("ground", palette.LINE.light, 14, 0.55, 2),
        build_band("stretch", palette.ACCENT.light, 14, 0.16),
        build_band("actual", STATUS_COLOUR, 8, 1.0, 1),
        build_line("expected", 20, 1.4),
        build_line("floor", 20, 3.2),
    ]
    chart = alt.layer(*layers).properties(width=width, height=22).add_params(end, build_colour_param())
    return compile_chart(chart, lang)


def build_curve(
    points: ChartPoints,
    pace: ChartPoints,
    floor: float,
    status: str,
    lang: Language,
    *,
    percent: bool = False,
    width: int = 420,
    height: int = 130,
) -> BoundChart:
    """Return the running actual (steps) with its pace (dashed) and the floor (line), over the period.

    `points` and `pace` are (day, value) in order of day, values as in `BulletValues`; `percent` for ratios.
    `pace` is empty for a ceiling.
    """
    top = max([floor, *(value for _, value in points), 1e-9])
    return BoundChart(
        _compile_curve(lang, _is_within_a_year(pace or points), percent, width, height),
        {
            "actual": to_data_rows(_thin_points(points, width // 2)),
            "pace": to_data_rows(pace),
            "floor": [{"value": floor}],
        },
        {"top": top * 1.05, "colour": get_status_colour(status)},
    )


@lru_cache(maxsize=128)
def _compile_curve(lang: Language, show_months: bool, percent: bool, width: int, height: int) -> ChartTemplate:
    x_axis = alt.Axis(title=None, format="%b" if show_months else "%Y", tickCount=6, grid=False)
    x = alt.X("day:T", axis=x_axis)
    y = alt.Y("value:Q", axis=build_value_axis(percent), scale=alt.Scale(domain=[0, alt.ExprRef("top")], nice=False))
    actual, pace, floor = (alt.Chart(alt.NamedData(name=name)) for name in ("actual", "pace", "floor"))
    running_actual = actual.encode(x=x, y=y)
    layers = [
        mark_pace(pace).encode(x=x, y=y),
        floor.mark_rule(color=palette.INK.light, strokeWidth=1.6).encode(y=y),
        running_actual.mark_area(color=STATUS_COLOUR, opacity=0.13, interpolate="step-after"),
        running_actual.mark_line(color=STATUS_COLOUR, strokeWidth=2.2, interpolate="step-after"),
    ]
    top = alt.param(name="top", value=1)
    chart = alt.layer(*layers).properties(width=width, height=height).add_params(top, build_colour_param())
    return compile_chart(chart, lang)


def build_value_axis(percent: bool) -> alt.Axis:
    """Return the axis of values up to the parameter `top`."""
    return alt.Axis(
        title=None,
        format=".0%" if percent else ",.2~f",
        # At most one tick per whole number: 0, 1, 2 and not 0, 1, 1, 2, 2.
        tickCount=3 if percent else alt.ExprRef("clamp(floor(top), 1, 3)"),
        domain=False,
        ticks=False,
    )


def mark_pace(chart: alt.Chart) -> alt.Chart:
    """Return the chart as the dashed line of what is expected."""
    line = chart.mark_line(color=palette.MUTED.light, strokeWidth=1.3, strokeDash=[4, 3])
    return cast(alt.Chart, line)


def get_status_colour(status: str) -> str:
    """Return the colour of a status, the light one: a page adds the dark one to the drawing (`chart_image`)."""
    return palette.get_style(status).colour.light


def build_colour_param() -> alt.Parameter:
    """Return the parameter that STATUS_COLOUR names."""
    return alt.param(name="colour", value="")


def to_data_rows(points: ChartPoints) -> list[dict[str, DataValue]]:
    """Return (day, value) pairs as rows of a chart's data."""
    # Vega would read a day without a time as UTC.
    return [{"day": f"{day.isoformat()}T00:00:00", "value": float(value)} for day, value in points]


def _thin_points(points: ChartPoints, max_points: int) -> ChartPoints:
    """Return the last point of each of `max_points` equal intervals, and the first, if there are more."""
    if len(points) <= max_points:
        return points
    first, span = points[0][0], (points[-1][0] - points[0][0]).days + 1
    last_points = list({(day - first).days * max_points // span: (day, value) for day, value in points}.values())
    return last_points if points[0] in last_points else [points[0], *last_points]


def _is_within_a_year(points: ChartPoints) -> bool:
    return not points or (points[-1][0] - points[0][0]).days <= 366

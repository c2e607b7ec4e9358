"""The Altair charts: bullet, curve against pace, sparkline. Labels beside a chart are text of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt
import pandas as pd

from kpis.charts import palette
from kpis.charts.drawing import Drawn, styled
from kpis.language.messages import Language

Points = Sequence[tuple[date, float]]


@dataclass(frozen=True)
class Bullet:
    """One target: what was done, the floor it is judged by, what should stand by now, what is hoped for.

    All in the target's own unit; a ratio's are fractions (1.0 is 100 %).
    """

    actual: float
    floor: float
    expected: float | None
    stretch: float | None
    status: str


def bullet(figures: Bullet, lang: Language, look: str, *, width: int = 260) -> Drawn:
    """A bullet chart 22 px high: the bar is the actual, the thick line the floor, the thin one the expected.

    The paler ground reaches from the floor to the stretch. A value past the end is cut at 1.5 × the larger.
    """
    actual, floor, stretch = figures.actual, figures.floor, figures.stretch
    expected, status = figures.expected, figures.status
    goal = max(floor, stretch or 0.0)
    end = max(goal, min(actual, goal * 1.5), 1e-9) * 1.02
    scale = alt.Scale(domain=[0, end], nice=False, zero=True)

    def band(
        start: float, stop: float, colour: str, size: int, opacity: float = 1.0, radius: int = 0
    ) -> alt.Chart:
        data = pd.DataFrame({"start": [start], "stop": [min(stop, end)]})
        made: alt.Chart = (
            alt.Chart(data)
            .mark_bar(size=size, color=colour, opacity=opacity, cornerRadius=radius)
            .encode(x=alt.X("start:Q", scale=scale, axis=None), x2="stop:Q")
        )
        return made

    def line(at: float, colour: str, size: int, thickness: float) -> alt.Chart:
        data = pd.DataFrame({"at": [at]})
        made: alt.Chart = (
            alt.Chart(data)
            .mark_tick(size=size, thickness=thickness, color=colour, orient="vertical")
            .encode(x=alt.X("at:Q", scale=scale, axis=None))
        )
        return made

    layers = [band(0, end, palette.LINE.of(look), 14, 0.55, 2)]
    if stretch and stretch > floor:
        layers.append(band(floor, stretch, palette.ACCENT.of(look), 14, 0.16))
    layers.append(band(0, actual, palette.look(status).colour.of(look), 8, 1.0, 1))
    if expected is not None and 0 < expected <= floor:
        layers.append(line(expected, palette.INK.of(look), 20, 1.4))
    layers.append(line(floor, palette.INK.of(look), 20, 3.2))
    chart = alt.layer(*layers).properties(width=width, height=22)
    return styled(chart, lang, look)


def curve(
    points: Points,
    pace: Points,
    floor: float,
    status: str,
    lang: Language,
    look: str,
    *,
    percent: bool = False,
    width: int = 420,
    height: int = 130,
) -> Drawn:
    """The running actual (steps) against its pace (thin dashes) and the floor (line), over the period.

    `points` and `pace` are (day, value) in order of day, values as in Bullet; `percent` for ratios.
    """
    x_axis = alt.Axis(title=None, format="%b" if _within_a_year(pace) else "%Y", tickCount=6, grid=False)
    y_axis = alt.Axis(
        title=None,
        format=".0%" if percent else ",.0f",
        tickCount=3,
        tickMinStep=0.01 if percent else 1,
        domain=False,
        ticks=False,
    )
    top = max([floor, *(value for _, value in points), 1e-9])
    x = alt.X("day:T", axis=x_axis)
    y = alt.Y("value:Q", axis=y_axis, scale=alt.Scale(domain=[0, top * 1.05], nice=False))
    colour = palette.look(status).colour.of(look)
    done = alt.Chart(_frame(points)).encode(x=x, y=y)
    layers = [
        alt.Chart(_frame(pace))
        .mark_line(color=palette.QUIET.of(look), strokeWidth=1.3, strokeDash=[4, 3])
        .encode(x=x, y=y),
        alt.Chart(pd.DataFrame({"value": [floor]}))
        .mark_rule(color=palette.INK.of(look), strokeWidth=1.6)
        .encode(y=y),
        done.mark_area(color=colour, opacity=0.13, interpolate="step-after"),
        done.mark_line(color=colour, strokeWidth=2.2, interpolate="step-after"),
    ]
    chart: Drawn = alt.layer(*layers).properties(width=width, height=height)
    return styled(chart, lang, look)


def sparkline(values: Sequence[float], status: str, lang: Language, look: str, *, width: int = 90) -> Drawn:
    """A line without axes, 22 px high, its last value marked."""
    data = pd.DataFrame({"x": range(len(values)), "y": list(values)})
    colour = palette.look(status).colour.of(look)
    base = alt.Chart(data).encode(
        x=alt.X("x:Q", axis=None),
        y=alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, max([*values, 1e-9])])),
    )
    last = (
        alt.Chart(data.tail(1))
        .mark_point(color=colour, filled=True, size=28, opacity=1)
        .encode(x=alt.X("x:Q", axis=None), y=alt.Y("y:Q", axis=None))
    )
    layers = alt.layer(base.mark_line(color=colour, strokeWidth=1.6), last).properties(width=width, height=22)
    return styled(layers, lang, look)


def _frame(points: Sequence[tuple[date, float]]) -> pd.DataFrame:
    return pd.DataFrame(
        {"day": pd.to_datetime([day for day, _ in points]), "value": [float(value) for _, value in points]}
    )


def _within_a_year(pace: Sequence[tuple[date, float]]) -> bool:
    return not pace or (pace[-1][0] - pace[0][0]).days <= 366

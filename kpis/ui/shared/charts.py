"""The charts of kpis.charts as images on a page, drawn once per figures and language; colours follow the theme.

All return Markup: an SVG image with an alternative text that says the same. Labels are text of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st
from markupsafe import Markup

from kpis.charts import specs, trend
from kpis.charts.trend import TrendLines
from kpis.language.messages import Language
from kpis.ui.shared.chart_image import render_chart_image

__all__ = ["TrendLines", "render_curve", "render_trend"]

_MAX_CACHED_CHARTS = 4_000  # an SVG is 2 to 8 kB


@st.cache_data(max_entries=_MAX_CACHED_CHARTS, show_spinner=False)
def render_curve(
    points: Sequence[tuple[date, float]],
    pace: Sequence[tuple[date, float]],
    floor: float,
    status: str,
    alt_text: str,
    lang: Language,
    *,
    percent: bool = False,
    width: int = 420,
    height: int = 130,
) -> Markup:
    """Return the chart of `specs.build_curve` as an image; `width` and `height` in px."""
    chart = specs.build_curve(points, pace, floor, status, lang, percent=percent, width=width, height=height)
    return render_chart_image(chart, alt_text, lang)


@st.cache_data(max_entries=_MAX_CACHED_CHARTS, show_spinner=False)
def render_trend(
    lines: TrendLines,
    status: str,
    alt_text: str,
    lang: Language,
    *,
    percent: bool = False,
    width: int = 420,
    height: int = 130,
) -> Markup:
    """Return the chart of `trend.build_trend` as an image; `width` and `height` in px."""
    chart = trend.build_trend(lines, status, lang, percent=percent, width=width, height=height)
    return render_chart_image(chart, alt_text, lang)

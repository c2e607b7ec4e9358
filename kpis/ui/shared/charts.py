"""The charts of kpis.charts as pictures on a page, each drawn once per figures, language and look.

All return Markup: an SVG image with a text that says the same. Labels beside a chart are text of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st
from markupsafe import Markup

from kpis.charts import specs
from kpis.charts.specs import Bullet
from kpis.language.messages import Language
from kpis.ui.shared.chart_image import picture

__all__ = ["Bullet", "bullet", "curve", "sparkline"]

_CACHED = 4_000  # an SVG is 2 to 8 kB


@st.cache_data(max_entries=_CACHED, show_spinner=False)
def bullet(figures: Bullet, alt_text: str, lang: Language, look: str, *, width: int = 260) -> Markup:
    """`kpis.charts.specs.bullet` as a picture."""
    return picture(specs.bullet(figures, lang, look, width=width), alt_text, lang)


@st.cache_data(max_entries=_CACHED, show_spinner=False)
def curve(
    points: Sequence[tuple[date, float]],
    pace: Sequence[tuple[date, float]],
    floor: float,
    status: str,
    alt_text: str,
    lang: Language,
    look: str,
    *,
    percent: bool = False,
    width: int = 420,
    height: int = 130,
) -> Markup:
    """`kpis.charts.specs.curve` as a picture."""
    drawn = specs.curve(points, pace, floor, status, lang, look, percent=percent, width=width, height=height)
    return picture(drawn, alt_text, lang)


@st.cache_data(max_entries=_CACHED, show_spinner=False)
def sparkline(
    values: Sequence[float], status: str, alt_text: str, lang: Language, look: str, *, width: int = 90
) -> Markup:
    """`kpis.charts.specs.sparkline` as a picture."""
    return picture(specs.sparkline(values, status, lang, look, width=width), alt_text, lang)

"""A chart on a page: an SVG image to look at, or the same chart by Vega to explore (design.md §8)."""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st
from markupsafe import Markup

from kpis.charts.drawing import Drawn, styled, svg
from kpis.language.messages import Language
from kpis.ui import html

__all__ = ["Drawn", "explore", "picture", "styled", "svg"]


def picture(chart: Drawn, alt_text: str, lang: Language) -> Markup:
    """The chart as an `<img>`: `st.html` strips inline SVG, but an image's data address passes."""
    return html.image("data:image/svg+xml," + quote(svg(chart, lang), safe=" /:=,;'()"), alt_text)


def explore(chart: Drawn, alt_text: str, *, key: str) -> None:
    """The chart drawn by Vega in the browser, with its tooltips; the first one on a page costs 380 ms."""
    html.count_charts(1)
    st.altair_chart(chart, theme=None, width="stretch", alt=alt_text, key=key)

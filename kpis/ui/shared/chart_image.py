"""A chart on a page as an SVG image (design.md §8)."""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup

from kpis.charts.drawing import BoundChart, render_svg
from kpis.language.messages import Language
from kpis.ui.shared import html


def render_chart_image(chart: BoundChart, alt_text: str, lang: Language) -> Markup:
    """Return the chart as an `<img>` with a data: URL, since `st.html` strips inline SVG."""
    return html.render_image("data:image/svg+xml," + quote(render_svg(chart, lang), safe=" /:=,;'()"), alt_text)

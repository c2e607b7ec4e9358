"""A chart on a page: an SVG image to look at (design.md §8)."""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup

from kpis.charts.drawing import Drawn, svg
from kpis.language.messages import Language
from kpis.ui.shared import html


def picture(chart: Drawn, alt_text: str, lang: Language) -> Markup:
    """The chart as an `<img>`: `st.html` strips inline SVG, but an image's data address passes."""
    return html.image("data:image/svg+xml," + quote(svg(chart, lang), safe=" /:=,;'()"), alt_text)

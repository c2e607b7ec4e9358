"""A chart on a page as an SVG image (design.md §8), in the colours of the theme that stands around it.

An image has the colour scheme of the element that shows it, so that one drawing serves both themes, and paper the
light one: each colour of the palette is `light-dark()`, as in the style sheet. The labels of its axes are text over it.
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote

from markupsafe import Markup

from kpis.charts import palette
from kpis.charts.axis_labels import AxisLabel, take_labels
from kpis.charts.drawing import BoundChart, render_svg
from kpis.charts.palette import Colour
from kpis.language.messages import Language
from kpis.ui.shared import html

_LABEL = Markup('<i class="{}" style="left:{:.1f}%;top:{:.1f}%">{}</i>')
_LABEL_CLASSES = {"start": "kpis-label", "middle": "kpis-label kpis-middle", "end": "kpis-label kpis-end"}
_COLOUR = re.compile(r'(?<==")#[0-9a-f]{6}(?=")')


def render_chart_image(chart: BoundChart, alt_text: str, lang: Language) -> Markup:
    """Return the chart as an `<img>` with a data: URL, since `st.html` strips inline SVG, and its labels."""
    svg, labels = take_labels(render_svg(chart, lang))
    image = html.render_image("data:image/svg+xml," + quote(add_dark_colours(svg), safe=" /:=,;'()"), alt_text)
    # The alternative text says what they say.
    axes = html.tag("span", *(_render_label(label) for label in labels), aria_hidden="true")
    return html.tag("span", image, axes if labels else None, class_="kpis-plot")


def _render_label(label: AxisLabel) -> Markup:
    return _LABEL.format(_LABEL_CLASSES[label.anchor], label.x * 100, label.y * 100, label.text)


def add_dark_colours(svg: str) -> str:
    """Return a drawing in light colours with the dark ones beside them."""
    pairs = _list_pairs()
    drawn = _COLOUR.sub(lambda match: pairs.get(match.group(), match.group()), svg)
    return drawn.replace("<svg ", '<svg style="color-scheme:light dark" ', 1)


@cache
def _list_pairs() -> dict[str, str]:
    constants = [colour for colour in vars(palette).values() if isinstance(colour, Colour)]
    styles = (*palette.STATUS_STYLES.values(), *palette.TASK_STATE_STYLES.values())
    colours = [*constants, *(style.colour for style in styles)]
    return {colour.light: f"light-dark({colour.light},{colour.dark})" for colour in colours}

"""A target as a bullet chart of elements of the page: an image of its own takes a browser some milliseconds each.

The same bands and lines as `kpis.charts.specs.build_bullet` draws for the pack.
"""

from __future__ import annotations

from markupsafe import Markup

from kpis.charts.specs import BulletValues, compute_bullet_end, has_pace_line, has_stretch_band
from kpis.ui.shared.html import tag

_BAND = Markup('<span class="{}" style="inset-inline-start:{:.2f}%;width:{:.2f}%"></span>')
_LINE = Markup('<span class="{}" style="inset-inline-start:{:.2f}%"></span>')


def render_bullet(values: BulletValues, alt_text: str) -> Markup:
    """Return a bullet chart, at most 300 px wide, with an alternative text that says the same."""
    percent = 100 / compute_bullet_end(values)
    parts: list[Markup] = []
    if has_stretch_band(values):
        stretch = values.stretch or 0.0
        parts.append(_BAND.format("kpis-stretch", values.floor * percent, (stretch - values.floor) * percent))
    if values.actual > 0:
        parts.append(_BAND.format("kpis-actual", 0.0, min(values.actual * percent, 100.0)))
    if has_pace_line(values):
        parts.append(_LINE.format("kpis-pace", (values.expected or 0.0) * percent))
    parts.append(_LINE.format("kpis-floor", values.floor * percent))
    return tag("div", *parts, class_=f"kpis-bullet kpis-{values.status}", role="img", aria_label=alt_text)

"""What the first visitor would wait for, done before: imports, the typeface, the drawing of one chart."""

from __future__ import annotations

from kpis.charts import fonts
from kpis.language.messages import catalogue
from kpis.ui import charts, frame, overview, startup, theme

_MODULES = (frame, overview, startup)


def everything() -> None:
    """Loads and makes it all once; about two seconds."""
    for weight in fonts.STYLES:
        fonts.woff(weight)
    catalogue("vi")
    theme.stylesheet()
    charts.bullet(charts.Bullet(1, 2, 1, None, "on_track"), "", "vi", "light")

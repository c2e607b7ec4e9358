"""Bullet charts as pictures for slides, drawn once in a run however many files they stand in."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

import vl_convert

from kpis.charts.drawing import render_svg
from kpis.charts.specs import BulletValues, build_bullet
from kpis.language.messages import Language

WIDTH, HEIGHT = 330, 22
"""px of the drawing; a picture has three times as many."""
_PNG_SCALE = 3.0


_RENDER_LOCK = Lock()  # pages and slides are written at once: what one draws the other finds


def render_bullet_svg(values: BulletValues, lang: Language) -> str:
    """The chart as SVG text, in the light look."""
    with _RENDER_LOCK:
        return _render_svg(values, lang)


def render_bullet_png(values: BulletValues, lang: Language) -> bytes:
    """The chart as a PNG of 990 × 66 px."""
    drawn: bytes = vl_convert.svg_to_png(render_bullet_svg(values, lang), scale=_PNG_SCALE)
    return drawn


def warm_up(lang: Language) -> None:
    """Draws a chart for nobody: the first one takes half a second longer than the others."""
    render_bullet_svg(BulletValues(1, 1, None, None, "attained"), lang)


@lru_cache(maxsize=2048)
def _render_svg(values: BulletValues, lang: Language) -> str:
    return render_svg(build_bullet(values, lang, "light", width=WIDTH), lang)

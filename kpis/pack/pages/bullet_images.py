"""Bullet charts as pictures for slides, drawn once in a run however many files they stand in."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

import vl_convert

from kpis.charts.drawing import svg
from kpis.charts.specs import Bullet, bullet
from kpis.language.messages import Language

WIDTH, HEIGHT = 330, 22
"""px of the drawing; a picture has three times as many."""
_SCALE = 3.0


_ONE_AT_A_TIME = Lock()  # pages and slides are written at once: what one draws the other finds


def bullet_svg(figures: Bullet, lang: Language) -> str:
    """The chart as SVG text, in the light look."""
    with _ONE_AT_A_TIME:
        return _drawn(figures, lang)


def bullet_png(figures: Bullet, lang: Language) -> bytes:
    """The chart as a PNG of 990 × 66 px."""
    drawn: bytes = vl_convert.svg_to_png(bullet_svg(figures, lang), scale=_SCALE)
    return drawn


def warm(lang: Language) -> None:
    """Draws a chart for nobody: the first one takes half a second longer than the others."""
    bullet_svg(Bullet(1, 1, None, None, "attained"), lang)


@lru_cache(maxsize=2048)
def _drawn(figures: Bullet, lang: Language) -> str:
    return svg(bullet(figures, lang, "light", width=WIDTH), lang)

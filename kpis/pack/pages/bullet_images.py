"""Bullet charts as images; each is rendered once in a process and shared by pages and slides."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

import vl_convert

from kpis.charts.drawing import render_svg
from kpis.charts.specs import BulletValues, build_bullet
from kpis.language.messages import Language

WIDTH, HEIGHT = 330, 22
"""px of the SVG; the PNG is `PNG_SCALE` times as large."""
PNG_SCALE = 3

_RENDER_LOCK = Lock()  # pages and slides are written in two threads: the second waits and takes it from the cache


def render_bullet_svg(values: BulletValues, lang: Language) -> str:
    """Render the chart as SVG text."""
    with _RENDER_LOCK:
        return _render_svg(values, lang)


def render_bullet_png(values: BulletValues, lang: Language) -> bytes:
    """Render the chart as a PNG."""
    image: bytes = vl_convert.svg_to_png(render_bullet_svg(values, lang), scale=float(PNG_SCALE))
    return image


def warm_up(lang: Language) -> None:
    """Render one chart to start the engine, which takes half a second."""
    render_bullet_svg(BulletValues(1, 1, None, None, "attained"), lang)


@lru_cache(maxsize=2048)
def _render_svg(values: BulletValues, lang: Language) -> str:
    return render_svg(build_bullet(values, lang, width=WIDTH), lang)

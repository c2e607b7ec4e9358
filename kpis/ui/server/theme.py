"""The style sheet of the screen, light and dark in one, made from the palette of kpis.charts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import quote

from kpis.charts import fonts
from kpis.charts.palette import (
    ACCENT,
    INK,
    LINE,
    QUIET,
    RAISED,
    SAMPLE,
    SAMPLE_GROUND,
    STATUSES,
    SURFACE,
    TASK_STATES,
    Colour,
)

_SURFACES = {
    "ink": INK,
    "quiet": QUIET,
    "line": LINE,
    "surface": SURFACE,
    "raised": RAISED,
    "accent": ACCENT,
    "sample": SAMPLE,
    "sample-ground": SAMPLE_GROUND,
}


@cache
def stylesheet() -> str:
    """The whole style sheet, both looks in one: `light-dark()` follows the look that Streamlit shows.

    It stands in the first document (kpis.ui.server.server), so that nothing is ever seen without it.
    """
    named = [f"--kpis-{name}:{_both(colour)}" for name, colour in _SURFACES.items()]
    looks = {**TASK_STATES, **STATUSES}
    states = [
        f'.kpis-{state}{{--state:{_both(look.colour)};--sign:url("{_picture(look.sign)}")}}'
        for state, look in looks.items()
    ]
    rules = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
    return f".stApp{{{';'.join(named)}}}\n" + "\n".join(states) + "\n" + rules


def emblem() -> str:
    """The product's sign, a shield with a check, as SVG."""
    shield = "M8 .6l6.4 2.3v4.6c0 3.8-2.6 6.6-6.4 7.9C4.2 14.1 1.6 11.3 1.6 7.5V2.9z"
    check = "M4.4 7.7l1.4-1.4 1.6 1.6 3.3-3.4 1.4 1.4-4.7 4.8z"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
        f'<path fill="{ACCENT.light}" fill-rule="evenodd" d="{shield}{check}"/></svg>'
    )


def _both(colour: Colour) -> str:
    return f"light-dark({colour.light},{colour.dark})"


def _picture(path: str) -> str:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
        f'<path fill-rule="evenodd" d="{path}"/></svg>'
    )
    return "data:image/svg+xml," + quote(svg)


def faces() -> list[dict[str, object]]:
    """The `theme.fontFaces` of .streamlit/config.toml: one per weight, served by kpis.ui.server.server."""
    return [
        {"family": fonts.FAMILY, "url": f"font/{weight}.woff", "weight": weight} for weight in fonts.STYLES
    ]

"""The style sheet of the dashboard, light and dark in one, built from the palette of kpis.charts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from urllib.parse import quote

from kpis.charts import fonts
from kpis.charts.palette import (
    ACCENT,
    HIGHLIGHT,
    INK,
    LINE,
    MUTED,
    RAISED_SURFACE,
    SAMPLE,
    SAMPLE_BACKGROUND,
    STATUS_STYLES,
    SURFACE,
    TASK_STATE_STYLES,
    Colour,
)

_SURFACES = {
    "ink": INK,
    "quiet": MUTED,
    "line": LINE,
    "surface": SURFACE,
    "raised": RAISED_SURFACE,
    "accent": ACCENT,
    "lit": HIGHLIGHT,
    "sample": SAMPLE,
    "sample-ground": SAMPLE_BACKGROUND,
}


@cache
def build_stylesheet() -> str:
    """Return the whole style sheet; `light-dark()` follows the theme that Streamlit shows.

    It is part of the first document (kpis.ui.server.server), so the page never appears without it.
    """
    variables = [f"--kpis-{name}:{_format_light_dark(colour)}" for name, colour in _SURFACES.items()]
    styles = {**TASK_STATE_STYLES, **STATUS_STYLES}
    states = [
        f'.kpis-{state}{{--state:{_format_light_dark(style.colour)};--sign:url("{_build_data_url(style.icon_path)}")}}'
        for state, style in styles.items()
    ]
    rules = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
    return "\n".join([*_build_font_faces(), f".stApp{{{';'.join(variables)}}}", *states, rules])


def build_page_script(slugs: Sequence[str], filter_names: Sequence[str]) -> str:
    """Return the scripts of our own, which are part of the first document too.

    `slugs` are the addresses of the pages ("" for the first one); a click in the navigation takes the parameters
    `filter_names` along.
    """
    folder = Path(__file__).parent
    navigation = (folder / "navigation.js").read_text(encoding="utf-8")
    navigation = navigation.replace("PAGE_SLUGS", json.dumps(slugs)).replace("FILTER_NAMES", json.dumps(filter_names))
    return navigation + (folder / "clause_scroll.js").read_text(encoding="utf-8")


def _build_font_faces() -> list[str]:
    # Declared before Streamlit declares them too: text drawn earlier would load Streamlit's own font.
    return [
        f"@font-face{{font-family:'{face['family']}';font-weight:{face['weight']};"
        f"src:url(./{face['url']}) format('woff')}}"
        for face in list_font_faces()
    ]


def build_emblem() -> str:
    """Return the product's icon, a shield with a check mark, as SVG."""
    shield = "M8 .6l6.4 2.3v4.6c0 3.8-2.6 6.6-6.4 7.9C4.2 14.1 1.6 11.3 1.6 7.5V2.9z"
    check = "M4.4 7.7l1.4-1.4 1.6 1.6 3.3-3.4 1.4 1.4-4.7 4.8z"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
        f'<path fill="{ACCENT.light}" fill-rule="evenodd" d="{shield}{check}"/></svg>'
    )


def _format_light_dark(colour: Colour) -> str:
    return f"light-dark({colour.light},{colour.dark})"


def _build_data_url(path: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill-rule="evenodd" d="{path}"/></svg>'
    return "data:image/svg+xml," + quote(svg)


def list_font_faces() -> list[dict[str, object]]:
    """Return `theme.fontFaces` of .streamlit/config.toml: one per weight, served by kpis.ui.server.server."""
    return [{"family": fonts.FAMILY, "url": f"font/{weight}.woff", "weight": weight} for weight in fonts.STYLES]

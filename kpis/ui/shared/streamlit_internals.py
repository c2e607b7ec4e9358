"""Every use of a private or undocumented name of Streamlit (the release pinned in requirements.txt).

When Streamlit is upgraded, `tests/ui/test_streamlit_internals.py` tests each assumption made here, and those
of the two files that are not Python: .streamlit/config.toml (hidden option `runner.postScriptGC`) and
kpis/ui/server/style.css (names of Streamlit's elements).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from streamlit import file_util, runtime
from streamlit.navigation.page import Page as StreamlitPage
from streamlit.runtime.pages_manager import PagesManager

from kpis.language.messages import Language

__all__ = [
    "FAVICON_PATH",
    "STATIC_PREFIX",
    "StreamlitPage",
    "build_first_document",
    "get_static_folder",
    "has_runtime",
    "ignore_pages_folder",
]

STATIC_PREFIX = "/static/"
"""Where Streamlit serves its own scripts and styles."""

FAVICON_PATH = "favicon.png"
"""The icon that Streamlit's scripts load, whatever the document says; the type sent may be another."""

_PRELOADED_FONT = re.compile(r'<link\s+rel="preload"[^>]*SourceSans[^>]*>')


def has_runtime() -> bool:
    """True while Streamlit runs a script; False while the web server imports it."""
    return runtime.exists()


def get_static_folder() -> Path:
    """Return the folder of Streamlit's own scripts, styles and index.html."""
    return Path(file_util.get_static_dir())


def ignore_pages_folder() -> None:
    """Ignore `pages/` beside app.py from the start, as Streamlit does after the first `st.navigation`.

    Without this, a visitor whose first address is a page's own gets "page not found" for a moment.
    """
    PagesManager.uses_pages_directory = False


def build_first_document(
    *,
    lang: Language,
    title: str,
    font_url: str,
    slugs: Sequence[str],
    themes: Mapping[str, Mapping[str, str]],
    stylesheet: str,
    page_script: str,
) -> str:
    """Return Streamlit's index.html with our language, title, preloaded font, themes, style sheet and script.

    `themes` are Streamlit's theme options (camelCase) for "light" and "dark". `slugs` are the addresses of
    the pages: without the base URL worked out from them, the browser first looks for the server below the
    page's own address (two errors in its console). Without the themes it shows Streamlit's own colours and
    typeface until the first message arrives.
    """
    text = (get_static_folder() / "index.html").read_text(encoding="utf-8")
    preload = f'<link rel="preload" href="{font_url}" as="font" type="font/woff" crossorigin />'
    text = _PRELOADED_FONT.sub(preload, text)
    text = text.replace('<html lang="en">', f'<html lang="{lang}">')
    text = text.replace("<title>Streamlit</title>", f"<title>{title}</title>")
    script = (
        "(function(){const base=location.origin+location.pathname"
        f".replace(/\\/({'|'.join(slugs)})?\\/?$/,'')+'/';"
        "window.__streamlit={BACKEND_BASE_URL:base,MAIN_PAGE_BASE_URL:base,"
        f"LIGHT_THEME:{json.dumps(themes['light'])},DARK_THEME:{json.dumps(themes['dark'])}}};}})();"
    )
    text = text.replace("<head>", f"<head><script>{script}</script>", 1)
    # At the end of the body, after what Streamlit adds to the head: of two equal rules the later one counts.
    return text.replace("</body>", f"<style>{stylesheet}</style><script>{page_script}</script></body>", 1)

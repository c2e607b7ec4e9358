"""Every use of a private or undocumented name of Streamlit (the release pinned in requirements.txt).

When Streamlit is upgraded, `tests/ui/test_streamlit_internals.py` tests each assumption made here, and those
of the two files that are not Python: .streamlit/config.toml (hidden option `runner.postScriptGC`) and
kpis/ui/server/style.css (names of Streamlit's elements).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from google.protobuf.message import DecodeError
from starlette.datastructures import Headers
from streamlit import config, file_util, runtime
from streamlit.delta_generator import DeltaGenerator
from streamlit.delta_generator_singletons import get_dg_singleton_instance
from streamlit.elements.lib.layout_utils import LayoutConfig
from streamlit.navigation.page import Page as StreamlitPage
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Html_pb2 import Html
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.common import user_key_from_element_id

from kpis.language.messages import Language

__all__ = [
    "FAVICON_PATH",
    "STATIC_PREFIX",
    "DeltaGenerator",
    "StreamlitPage",
    "build_first_document",
    "count_uploaded_bytes",
    "gather_user_values",
    "get_base_path",
    "get_static_folder",
    "get_user_value",
    "has_runtime",
    "hide_server_details",
    "ignore_pages_folder",
    "is_automatic_rerun",
    "list_early_scripts",
    "list_pressed_keys",
    "show_html",
]

STATIC_PREFIX = "/static/"
"""Where Streamlit serves its own scripts and styles."""

FAVICON_PATH = "favicon.png"
"""The icon that Streamlit's scripts load, whatever the document says; the type sent may be another."""

_SESSION_CHECK = (
    "(function(){const base=window.__streamlit.MAIN_PAGE_BASE_URL;"
    "async function check(){try{const answer=await fetch(base+'SESSION',{cache:'no-store'});"
    "if(answer.ok&&!(await answer.json()).signed_in){"
    "location.assign(base+'SIGN_IN?next='+encodeURIComponent('/'+location.href.slice(base.length)));}}catch{}}"
    "setInterval(check,MILLISECONDS);"
    "document.addEventListener('visibilitychange',()=>{if(!document.hidden)check();});})();"
)

_EARLY_SCRIPTS = ("Html", "purify.es", "Button")

SESSION_CHECK_SECONDS = 15.0
"""How often an open page asks whether somebody is still signed in."""

_ADVICE_WITHOUT_SCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_PRELOADED_FONT = re.compile(r'<link\s+rel="preload"[^>]*SourceSans[^>]*>')


def has_runtime() -> bool:
    """True while Streamlit runs a script; False while the web server imports it."""
    return runtime.exists()


def get_user_value(key: str) -> str | None:
    """Return a value of the viewer that the gate's header gave this run; None without one.

    As `st.user.get(key)`, which looks for files of secrets each time: a tenth of the run of a page.
    """
    context = get_script_run_ctx(suppress_warning=True)
    value = None if context is None else context.user_info.get(key)
    return value if isinstance(value, str) else None


def gather_user_values(header: str, value: str) -> dict[str, str | bool | None]:
    """Return what Streamlit tells a page about its viewer where a request has one header more."""
    from streamlit.web.server.starlette.starlette_websocket import gather_user_info  # the web server needs it anyway

    return gather_user_info(Headers({header: value}))


def get_static_folder() -> Path:
    """Return the folder of Streamlit's own scripts, styles and index.html."""
    return Path(file_util.get_static_dir())


def get_base_path() -> str:
    """Return the path below which the server answers: "" or "/…" (option `server.baseUrlPath`)."""
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def ignore_pages_folder() -> None:
    """Ignore `pages/` beside app.py from the start, as Streamlit does after the first `st.navigation`.

    Without this, a visitor whose first address is a page's own gets "page not found" for a moment.
    """
    PagesManager.uses_pages_directory = False


def build_first_document(
    *,
    lang: Language,
    title: str,
    font_urls: Sequence[str],
    slugs: Sequence[str],
    themes: Mapping[str, Mapping[str, str]],
    stylesheet: str,
    word_script: str,
    page_script: str,
    session_path: str,
    sign_in_path: str,
) -> str:
    """Return Streamlit's index.html with our language, title, preloaded font, themes, style sheet and scripts.

    `word_script` defines what Streamlit's scripts call (kpis.ui.server.script_words); `page_script` is our own.

    The first of `font_urls` is preloaded before the scripts, the others after them, with the scripts that Streamlit
    asks for only when the first text arrives: each would be a way to the server more before the page is drawn.

    `themes` are Streamlit's theme options (camelCase) for "light" and "dark". `slugs` are the addresses of
    the pages: without the base URL worked out from them, the browser first looks for the server below the
    page's own address (two errors in its console). Without the themes it shows Streamlit's own colours and
    typeface until the first message arrives.

    Every `SESSION_CHECK_SECONDS` the document asks `session_path` (JSON, `signed_in`), and leads to `sign_in_path`
    once nobody is signed in: Streamlit's own scripts would only try to connect again.
    """
    text = (get_static_folder() / "index.html").read_text(encoding="utf-8")
    first_font, *other_fonts = (
        f'<link rel="preload" href="{url}" as="font" type="font/woff" crossorigin />' for url in font_urls
    )
    text = _PRELOADED_FONT.sub(first_font, text)
    chunks = (f'<link rel="modulepreload" crossorigin href=".{path}" />' for path in list_early_scripts())
    text = text.replace("</head>", "".join((*other_fonts, *chunks, "</head>")), 1)
    text = _ADVICE_WITHOUT_SCRIPT.sub("", text)
    text = text.replace('<html lang="en">', f'<html lang="{lang}">')
    text = text.replace("<title>Streamlit</title>", f"<title>{title}</title>")
    script = (
        "(function(){const base=location.origin+location.pathname"
        f".replace(/\\/({'|'.join(slugs)})?\\/?$/,'')+'/';"
        "window.__streamlit={BACKEND_BASE_URL:base,MAIN_PAGE_BASE_URL:base,"
        f"LIGHT_THEME:{json.dumps(themes['light'])},DARK_THEME:{json.dumps(themes['dark'])}}};}})();"
    )
    text = text.replace("<head>", f"<head><script>{script}{word_script}</script>", 1)
    check = _SESSION_CHECK.replace("SESSION", session_path).replace("SIGN_IN", sign_in_path)
    check = check.replace("MILLISECONDS", str(int(SESSION_CHECK_SECONDS * 1000)))
    text = text.replace("</body>", f"<script>{check}</script></body>", 1)
    # At the end of the body, after what Streamlit adds to the head: of two equal rules the later one counts.
    return text.replace("</body>", f"<style>{stylesheet}</style><script>{page_script}</script></body>", 1)


def list_early_scripts() -> list[str]:
    """Return the paths of the scripts that Streamlit loads late and every page of ours needs: `st.html`, a button."""
    folder = get_static_folder()
    files = [file for name in _EARLY_SCRIPTS for file in sorted(folder.glob(f"static/js/{name}.*.js"))]
    return [f"/{file.relative_to(folder).as_posix()}" for file in files]


def hide_server_details(data: bytes, on_session: Callable[[str], None] | None = None) -> bytes:
    """Return a message to the browser without the script's path and the versions of Streamlit and Python.

    `on_session` is called with the id of the session that a message begins.
    """
    message = ForwardMsg()
    message.ParseFromString(data)
    if message.WhichOneof("type") != "new_session":
        return data
    session = message.new_session
    if on_session is not None:
        on_session(session.initialize.session_id)
    session.main_script_path = Path(session.main_script_path).name
    info, user = session.initialize.environment_info, session.initialize.user_info
    info.streamlit_version = info.python_version = info.server_os = ""
    user.installation_id = user.installation_id_v3 = user.installation_id_v4 = ""
    return bytes(message.SerializeToString())


def show_html(body: str, width: Literal["stretch", "content"]) -> None:
    """Put HTML on the page, as `st.html` does, which first looks through all of it three times for what ours never is.

    That is a text with an indentation, or one that holds style sheets alone: a tenth of the run of a page.
    """
    container = get_dg_singleton_instance().main_dg
    container._enqueue("html", Html(body=body), layout_config=LayoutConfig(width=width))


def count_uploaded_bytes() -> int:
    """Return the size of every uploaded file that the server holds."""
    if not runtime.exists():
        return 0
    statistics = runtime.get_instance().uploaded_file_mgr.get_stats()
    return sum(getattr(stat, "byte_length", 0) for stats in statistics.values() for stat in stats)


def is_automatic_rerun(data: bytes) -> bool:
    """True if a message from the browser is a run that the page itself asked for, not a person."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return True
    return bool(message.WhichOneof("type") == "rerun_script" and message.rerun_script.is_auto_rerun)


def list_pressed_keys(data: bytes) -> list[str]:
    """Return the keys of the buttons that a message from the browser presses."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return []
    pressed = [state.id for state in message.rerun_script.widget_states.widgets if state.trigger_value]
    return [key for key in map(user_key_from_element_id, pressed) if key is not None]

"""The web server around the pages: fonts, compressed scripts, our own first document, warm imports.

`st.App` parts (Streamlit 1.67, references/server-asgi.md): routes, middleware, lifespan. Streamlit sends its
scripts uncompressed; here each is compressed once and kept, about 1 MB in all (design.md §8).
"""

from __future__ import annotations

import gc
import gzip
import json
import os
import re
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import anyio.to_thread
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit import config, file_util
from streamlit.runtime.pages_manager import PagesManager

from kpis.charts import fonts, palette
from kpis.language.messages import translate
from kpis.ui import pages
from kpis.ui.server import theme, watcher_process
from kpis.ui.shared.product import PRODUCT_NAME

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

_CACHE_FOREVER = "public, immutable, max-age=31536000"
_COMPRESSED_SUFFIXES = (".js", ".css")
_VERSION_CHECK_SECONDS = 20  # seconds until a new version is looked for, and its overview drawn


def build_routes() -> list[Route]:
    """The typeface, the sign in the browser's tab, and the document of every page."""
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    start = f"/{base}" if base else ""
    documents = [Route(f"{start}/{page.url_path}", _serve_document) for page in pages.PAGES]
    documents.append(Route(f"{start}/{pages.PAGES[0].slug}", _redirect_to_root))
    # Streamlit points the browser at favicon.png whatever the document says; the type makes it an SVG.
    own = [
        Route(f"{start}/font/{{weight:int}}.woff", _serve_font),
        Route(f"{start}/favicon.png", _serve_favicon),
    ]
    return [*own, *documents]


def build_middleware() -> list[Middleware]:
    """What stands before Streamlit's own routes."""
    return [Middleware(CompressedScripts)]


@asynccontextmanager
async def run_lifespan(_app: object) -> AsyncIterator[None]:
    """Warms up before the first visitor; while it serves, the sources are read again and again beside it."""
    await anyio.to_thread.run_sync(_warm_up)
    ended = threading.Event()
    threading.Thread(target=_prerender_new_versions, args=(ended,), name="kpis-warm", daemon=True).start()
    with watcher_process.run_watcher():
        yield
    ended.set()


def _prerender_new_versions(stop_event: threading.Event) -> None:
    # In a thread of its own: whatever goes wrong here must not end the server.
    from kpis.ui.server import prerender

    while not stop_event.is_set():
        prerender.prerender_latest_version(os.environ)
        stop_event.wait(_VERSION_CHECK_SECONDS)


def _warm_up() -> None:
    from kpis.ui.server import prerender

    prerender.load_shared_assets()
    # What the first `st.navigation` says; a deep link that comes before it would be told "page not found".
    PagesManager.uses_pages_directory = False
    gc.collect()
    # The imports alone are 100 ms of every full collection.
    gc.freeze()


async def _serve_font(request: Request) -> Response:
    weight = int(request.path_params["weight"])
    if weight not in fonts.STYLES:
        return PlainTextResponse("", status_code=404)
    made = await anyio.to_thread.run_sync(fonts.build_woff, weight)
    return Response(made, media_type="font/woff", headers={"Cache-Control": _CACHE_FOREVER})


async def _serve_favicon(_request: Request) -> Response:
    return Response(
        theme.build_emblem(), media_type="image/svg+xml", headers={"Cache-Control": _CACHE_FOREVER}
    )


async def _serve_document(_request: Request) -> Response:
    return HTMLResponse(build_document(), headers={"Cache-Control": "no-cache"})


async def _redirect_to_root(request: Request) -> Response:
    # Streamlit knows its first page at the root alone, but a person may type its name, and `screenshot` too.
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"./{query}")


@cache
def build_document() -> str:
    """Streamlit's first document with our language, title and looks, and the server's place said at once."""
    text = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    preload = '<link rel="preload" href="./font/400.woff" as="font" type="font/woff" crossorigin />'
    text = re.sub(r'<link\s+rel="preload"[^>]*SourceSans[^>]*>', preload, text)
    text = text.replace('<html lang="en">', '<html lang="vi">')
    text = text.replace("<title>Streamlit</title>", f"<title>{translate('vi', PRODUCT_NAME)}</title>")
    text = text.replace("<head>", f"<head><script>{_build_bootstrap_script()}</script>", 1)
    # At the end of the body, behind what Streamlit adds to the head: of two equal rules the later one counts.
    return text.replace("</body>", f"<style>{theme.build_stylesheet()}</style></body>", 1)


def _build_bootstrap_script() -> str:
    # Without it the browser looks for the server below the page's own address first, two errors seen,
    # and draws Streamlit's own look, in its own typeface, until the first message comes.
    slugs = "|".join(page.slug for page in pages.PAGES)
    return (
        f"(function(){{const base=location.origin+location.pathname.replace(/\\/({slugs})?\\/?$/,'')+'/';"
        f"window.__streamlit={{BACKEND_BASE_URL:base,MAIN_PAGE_BASE_URL:base,"
        f"LIGHT_THEME:{_format_theme('light')},DARK_THEME:{_format_theme('dark')}}};}})();"
    )


def _format_theme(theme_name: str) -> str:
    colours = {"backgroundColor": palette.SURFACE, "textColor": palette.INK, "primaryColor": palette.ACCENT}
    face = f"'{fonts.FAMILY}', sans-serif"
    told = {name: colour.resolve(theme_name) for name, colour in colours.items()}
    return json.dumps({**told, "bodyFont": face, "headingFont": face, "codeFont": face})


class CompressedScripts:
    """Sends Streamlit's own scripts and styles compressed; everything else passes by."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        packed = await self._build_response(scope)
        await (packed or self.app)(scope, receive, send)

    async def _build_response(self, scope: Scope) -> Response | None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _accepts_gzip(scope):
            return None
        path = str(scope["path"])
        if not path.startswith("/static/") or not path.endswith(_COMPRESSED_SUFFIXES):
            return None
        body = await anyio.to_thread.run_sync(compress_static_file, path)
        if body is None:
            return None
        kind = "text/javascript" if path.endswith(".js") else "text/css"
        headers = {"Cache-Control": _CACHE_FOREVER, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(body, media_type=kind, headers=headers)


def _accepts_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


@cache
def compress_static_file(path: str) -> bytes | None:
    """One of Streamlit's own files, compressed; None where there is no such file inside its folder."""
    root = Path(file_util.get_static_dir()).resolve()
    file = (root / path.removeprefix("/")).resolve()
    if not file.is_relative_to(root) or not file.is_file():
        return None
    return gzip.compress(file.read_bytes(), 9)

"""The web server around the pages: fonts, Streamlit's scripts, our first document, preloading, the watcher.

`st.App` parts (Streamlit's references/server-asgi.md): routes, middleware, lifespan. Streamlit sends its
scripts uncompressed; here each is compressed once and cached, about 1 MB in all (design.md §8).
"""

from __future__ import annotations

import gc
import gzip
import logging
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

import anyio.to_thread
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from kpis.access.enforcement import AccessState, get_access_paths
from kpis.access.identities import Viewer
from kpis.access.recording import record_action
from kpis.charts import fonts, palette
from kpis.errors import KpisError, StoreError, UsageError
from kpis.language import clock
from kpis.language.messages import Language, translate
from kpis.services.backup.placing import finish_restore
from kpis.settings import load_settings
from kpis.store.work_folders import remove_leftover_folders
from kpis.ui import pages
from kpis.ui.server import figures_api, health, list_downloads, script_words, theme, watcher_process
from kpis.ui.server.gate import routes
from kpis.ui.server.gate.gate import Gate
from kpis.ui.server.gate.routes import RouteTable
from kpis.ui.server.gate.security_headers import build_policy, hash_inline_scripts
from kpis.ui.server.open_files import raise_file_limit
from kpis.ui.server.request_viewer import find_request_viewer
from kpis.ui.shared import downloads, streamlit_internals
from kpis.ui.shared.filters import DEFAULT_LANGUAGE, QUERY_PARAMETERS
from kpis.ui.shared.product import PRODUCT_NAME
from kpis.ui.shared.table_downloads import DOWNLOAD_PATH
from kpis.ui.shared.viewer_errors import explain_without_folders

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

_log = logging.getLogger("kpis")
_CACHE_FOREVER = "public, immutable, max-age=31536000"
_COMPRESSED_TYPES = {".js": "text/javascript", ".css": "text/css"}
_VERSION_CHECK_SECONDS = 20
_EARLY_WEIGHTS = (400, 600, 700)
"""The weights of every page: text, headings, its title."""


def build_routes() -> list[Route]:
    """Return the routes of the fonts, the icon in the browser's tab, and the document of every page."""
    root = streamlit_internals.get_base_path()
    return [
        Route(f"{root}/font/{{weight:int}}.woff", _serve_font),
        Route(f"{root}/{streamlit_internals.FAVICON_PATH}", _serve_favicon),
        *(Route(f"{root}/{page.url_path}", _serve_document) for page in pages.PAGES),
        Route(f"{root}{downloads.PATH}{{token}}", _serve_download),
        Route(f"{root}{DOWNLOAD_PATH}{{name}}.xlsx", list_downloads.serve_list),
        Route(f"{root}/{pages.PAGES[0].slug}", _redirect_to_root),
        Route(f"{root}{routes.ATTAINMENT}", _serve_attainment),
        Route(f"{root}{routes.HEALTH}", health.serve_health),
        Route(f"{root}{routes.HEALTH_LIVE}", health.serve_live),
    ]


def build_middleware() -> list[Middleware]:
    """Return what handles a request before Streamlit's own routes; the gate is outermost."""
    paths = [page.url_path for page in pages.PAGES] + [pages.PAGES[0].slug]
    table = RouteTable(streamlit_internals.get_base_path(), paths)
    policy = build_policy(hash_inline_scripts(build_document()))
    return [Middleware(Gate, table=table, policy=policy, load_state=_load_access_state), Middleware(ServedScripts)]


def _load_access_state() -> AccessState:
    return AccessState(get_access_paths(load_settings(os.environ, read_only=True)), os.environ)


@asynccontextmanager
async def run_lifespan(_app: object) -> AsyncIterator[None]:
    """Preload before the first visitor; while serving, run the watcher and prerender new versions."""
    raise_file_limit()
    await anyio.to_thread.run_sync(_warm_up)
    await anyio.to_thread.run_sync(remove_leftover_folders)
    await anyio.to_thread.run_sync(_finish_restore)
    stop_event = threading.Event()
    threading.Thread(target=_prerender_new_versions, args=(stop_event,), name="kpis-warm", daemon=True).start()
    with watcher_process.run_watcher(), health.run_health_checks():
        yield
    stop_event.set()


def _finish_restore() -> None:
    try:
        finish_restore(load_settings(os.environ, read_only=True), os.environ)
    except KpisError as error:
        _log.warning("%s", error)


def _prerender_new_versions(stop_event: threading.Event) -> None:
    # In a thread of its own: an error here must not end the server.
    from kpis.ui.server import prerender

    while not stop_event.is_set():
        prerender.prerender_latest_version(os.environ)
        stop_event.wait(_VERSION_CHECK_SECONDS)


def _warm_up() -> None:
    from kpis.ui.server import prerender

    prerender.load_shared_assets()
    streamlit_internals.ignore_pages_folder()
    gc.collect()
    # The imported modules alone cost 100 ms in every full collection.
    gc.freeze()


async def _serve_font(request: Request) -> Response:
    weight = int(request.path_params["weight"])
    if weight not in fonts.STYLES:
        return PlainTextResponse("", status_code=404)
    font = await anyio.to_thread.run_sync(fonts.build_woff, weight)
    return Response(font, media_type="font/woff", headers={"Cache-Control": _CACHE_FOREVER})


async def _serve_favicon(_request: Request) -> Response:
    return Response(theme.build_emblem(), media_type="image/svg+xml", headers={"Cache-Control": _CACHE_FOREVER})


async def _serve_document(_request: Request) -> Response:
    return HTMLResponse(build_document(), headers={"Cache-Control": "no-cache"})


async def _serve_download(request: Request) -> Response:
    viewer = find_request_viewer(request)
    offer = downloads.OFFERS.find(request.path_params["token"], viewer)
    if offer is None:
        return PlainTextResponse("", status_code=404)
    if not await _record_download(viewer, file=offer.file_name):
        return PlainTextResponse("", status_code=503)
    body = await anyio.to_thread.run_sync(offer.read)
    name = quote(offer.file_name)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(body, media_type=offer.mime_type, headers=headers)


async def _record_download(viewer: Viewer, **details: str) -> bool:
    """Write down that a person gets figures; False if that is not possible: what cannot be written is not done."""
    settings, now = load_settings(os.environ, read_only=True), clock.get_utc_now()
    try:
        await anyio.to_thread.run_sync(lambda: record_action(settings, "download", viewer.name, now, **details))
    except KpisError as error:
        _log.warning("%s", error)
        return False
    return True


async def _serve_attainment(request: Request) -> Response:
    viewer = find_request_viewer(request)
    lang: Language = "en" if request.query_params.get("lang") == "en" else DEFAULT_LANGUAGE
    try:
        body = await anyio.to_thread.run_sync(figures_api.build_attainment, dict(request.query_params), viewer)
    except UsageError as error:
        return JSONResponse({"error": explain_without_folders(error, lang)}, status_code=400)
    except StoreError:
        return JSONResponse({"error": translate(lang, "There are no figures yet.")}, status_code=503)
    if body is None:
        return JSONResponse({"error": translate(lang, "Your rights do not allow this.")}, status_code=403)
    plan = request.query_params.get("plan", "all")
    if not await _record_download(viewer, file="attainment.json", plan=plan):
        return PlainTextResponse("", status_code=503)
    return Response(body, media_type="application/json")


async def _redirect_to_root(request: Request) -> Response:
    # Streamlit serves its first page only at the root, but a person or `screenshot` may use its name.
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"./{query}")


@cache
def build_document() -> str:
    """Return the first HTML document of every page, with our title, font, colours and style sheet."""
    return streamlit_internals.build_first_document(
        lang=DEFAULT_LANGUAGE,
        title=translate(DEFAULT_LANGUAGE, PRODUCT_NAME),
        font_urls=[f"./font/{weight}.woff" for weight in _EARLY_WEIGHTS],
        slugs=[page.slug for page in pages.PAGES],
        themes={name: _build_theme(name) for name in ("light", "dark")},
        stylesheet=theme.build_stylesheet(),
        word_script=script_words.build_word_function(),
        page_script=theme.build_page_script([page.url_path for page in pages.PAGES], QUERY_PARAMETERS),
        session_path=routes.SESSION_CHECK.lstrip("/"),
        sign_in_path=routes.SIGN_IN.lstrip("/"),
    )


def _build_theme(theme_name: str) -> dict[str, str]:
    colours = {"backgroundColor": palette.SURFACE, "textColor": palette.INK, "primaryColor": palette.ACCENT}
    font_stack = f"'{fonts.FAMILY}', sans-serif"
    return {
        **{option: colour.resolve(theme_name) for option, colour in colours.items()},
        **dict.fromkeys(("bodyFont", "headingFont", "codeFont"), font_stack),
    }


class ServedScripts:
    """Middleware that sends Streamlit's own scripts and styles translated and compressed; others pass through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        served = await self._build_response(scope)
        await (served or self.app)(scope, receive, send)

    async def _build_response(self, scope: Scope) -> Response | None:
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        path = str(scope["path"]).removeprefix(streamlit_internals.get_base_path())
        media_type = _COMPRESSED_TYPES.get(path[path.rfind(".") :])
        if media_type is None or not path.startswith(streamlit_internals.STATIC_PREFIX):
            return None
        body = await anyio.to_thread.run_sync(compress_static_file, path)
        if body is None:
            return None
        headers = {"Cache-Control": _CACHE_FOREVER, "Vary": "Accept-Encoding"}
        if not _accepts_gzip(scope):
            return Response(gzip.decompress(body), media_type=media_type, headers=headers)
        return Response(body, media_type=media_type, headers={**headers, "Content-Encoding": "gzip"})


def _accepts_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


@cache
def compress_static_file(path: str) -> bytes | None:
    """Return one of Streamlit's own files, translated and compressed; None if its folder has no such file."""
    root = streamlit_internals.get_static_folder().resolve()
    file = (root / path.removeprefix("/")).resolve()
    if not file.is_relative_to(root) or not file.is_file():
        return None
    body = file.read_bytes()
    if file.suffix == ".js":
        body = script_words.translate_script(body.decode()).encode()
    return gzip.compress(body, 9)

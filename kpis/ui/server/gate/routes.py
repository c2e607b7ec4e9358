"""Which route a path is: only paths listed here are served, written exactly so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from starlette.types import Scope

RouteKind = Literal[
    "page",
    "asset",
    "public_asset",
    "core",
    "stream",
    "upload",
    "media",
    "metrics",
    "sign_in",
    "health",
    "download",
    "api",
]

SIGN_IN, SIGN_IN_START, SIGN_IN_END = "/dang-nhap", "/dang-nhap/bat-dau", "/dang-nhap/xong"
SIGN_OUT, INVITATION, SESSION_CHECK = "/dang-xuat", "/moi", "/phien"
HEALTH, HEALTH_LIVE = "/health", "/health/live"
ATTAINMENT = "/api/attainment"

_SIGN_IN_PATHS = frozenset({SIGN_IN, SIGN_IN_START, SIGN_IN_END, SIGN_OUT, INVITATION, SESSION_CHECK})
_METHODS: dict[str, frozenset[str]] = {
    SIGN_IN_START: frozenset({"POST"}),
    SIGN_OUT: frozenset({"GET", "HEAD", "POST"}),
    INVITATION: frozenset({"GET", "HEAD", "POST"}),
}
_READING = frozenset({"GET", "HEAD"})
_UPLOAD_METHODS = frozenset({"PUT", "DELETE"})
_CORE_PATHS = frozenset({"/_stcore/health", "/_stcore/host-config"})
_FILE_NAME = r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*)"
_ASSET = re.compile(rf"/static/(?:{_FILE_NAME}/)*{_FILE_NAME}")
_PUBLIC_ASSET = re.compile(r"/font/[0-9]{3}\.woff|/favicon\.png")
_DOWNLOAD = re.compile(rf"/tai-ve/{_FILE_NAME}|/tai-bang/[a-z-]+\.xlsx")
_MEDIA = re.compile(rf"/media/{_FILE_NAME}")
_UPLOAD = re.compile(rf"/_stcore/upload_file/{_FILE_NAME}/{_FILE_NAME}")
_METRICS = frozenset({"/_stcore/metrics", "/_stcore/script-health-check"})


class RouteTable:
    """The routes of an installation at a base path ("" or "/…")."""

    def __init__(self, base: str, page_paths: Sequence[str]) -> None:
        self.base = base
        self._pages = frozenset(f"/{path}" for path in page_paths)

    def is_page(self, path: str) -> bool:
        """True if a path below the base is that of a page."""
        return path in self._pages

    def find(self, scope: Scope) -> RouteKind | None:
        """Return the kind of route of a request; None if its path is none of ours, letter by letter."""
        path = self.get_local_path(scope)
        if path is None:
            return None
        if scope["type"] == "websocket":
            return "stream" if path == "/_stcore/stream" else None
        return self._find_http(path)

    def is_base(self, scope: Scope) -> bool:
        """True if a request asks for the base path without its slash, as people type it."""
        raw_path = bytes(scope.get("raw_path") or b"").split(b"?")[0]
        is_reading = scope["type"] == "http" and scope["method"] in _READING
        return bool(self.base) and is_reading and raw_path == self.base.encode()

    def get_local_path(self, scope: Scope) -> str | None:
        """Return the path below the base; None if it lies elsewhere or is spelled in another way."""
        path, raw_path = str(scope["path"]), bytes(scope.get("raw_path") or b"")
        if raw_path.split(b"?")[0] != path.encode("utf-8", "surrogateescape") or not path.startswith(f"{self.base}/"):
            return None
        return path[len(self.base) :]

    def _find_http(self, path: str) -> RouteKind | None:
        if path in self._pages:
            return "page"
        if path in _SIGN_IN_PATHS:
            return "sign_in"
        if path in {HEALTH, HEALTH_LIVE}:
            return "health"
        if path == ATTAINMENT:
            return "api"
        if path in _CORE_PATHS:
            return "core"
        if path in _METRICS:
            return "metrics"
        patterns: tuple[tuple[re.Pattern[str], RouteKind], ...] = (
            (_ASSET, "asset"), (_PUBLIC_ASSET, "public_asset"), (_MEDIA, "media"),
            (_UPLOAD, "upload"), (_DOWNLOAD, "download"),
        )  # fmt: skip
        return next((kind for pattern, kind in patterns if pattern.fullmatch(path)), None)


def get_methods(kind: RouteKind, path: str) -> frozenset[str]:
    """Return the methods that a route answers; no GET changes anything."""
    return _UPLOAD_METHODS if kind == "upload" else _METHODS.get(path, _READING)

"""The headers of every answer: what a page may load, who may frame it, what may be kept."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import Message, Send

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HSTS_SECONDS = 31536000


def hash_inline_scripts(document: str) -> list[str]:
    """Return the source expression of every inline script of a document (Content Security Policy, level 3)."""
    return [hash_script(text) for text in _INLINE_SCRIPT.findall(document)]


def hash_script(text: str) -> str:
    """Return the source expression of one inline script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def build_policy(script_hashes: Iterable[str], form_targets: Iterable[str] = ()) -> str:
    """Return the Content Security Policy; `form_targets` are other origins that a form may end at."""
    directives = {
        "default-src": ["'none'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'", *script_hashes],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'", *form_targets],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def add_security_headers(send: Send, policy: str, *, is_cacheable: bool, is_secure: bool) -> Send:
    """Return a `send` that completes the headers of an answer.

    `is_cacheable`: a file whose name changes with its content. `is_secure`: browsers reach us over TLS.
    """

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", policy)
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "same-origin"
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
            headers["X-Frame-Options"] = "DENY"
            if not (is_cacheable and message["status"] == 200):
                headers["Cache-Control"] = "no-store"
            for name in ("Server", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"):
                if name in headers:
                    del headers[name]
            if is_secure:
                headers["Strict-Transport-Security"] = f"max-age={_HSTS_SECONDS}"
                _secure_cookies(message)
        await send(message)

    return send_with_headers


def _secure_cookies(message: Message) -> None:
    message["headers"] = [
        (name, value + b"; Secure" if name.lower() == b"set-cookie" and b"secure" not in value.lower() else value)
        for name, value in message["headers"]
    ]

"""Which uploads pass: for a page of the same sign-in, one file at a time, a bounded number of bytes in all."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kpis.ui.server.gate.refusals import refuse
from kpis.ui.server.gate.requests import get_header
from kpis.ui.shared import streamlit_internals

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

MAX_FILE_BYTES = 30 << 20
"""As `maxUploadSize` in .streamlit/config.toml, which is asked for while a file arrives."""
MAX_STORED_BYTES = 120 << 20
_MAX_SESSIONS = 20_000


class Uploads:
    """The uploads of this process: whose page is which, and what is on its way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._arriving: dict[str, int] = {}

    def note_page(self, page_session: str, owner: str) -> None:
        """Remember the sign-in that Streamlit's session of a page belongs to."""
        with self._lock:
            self._owners[page_session] = owner
            self._owners.move_to_end(page_session)
            while len(self._owners) > _MAX_SESSIONS:
                self._owners.popitem(last=False)

    def is_own_page(self, path: str, owner: str) -> bool:
        """True if the address of an upload names a page of this sign-in."""
        with self._lock:
            return self._owners.get(path.split("/")[-2]) == owner

    @contextmanager
    def admit(self, scope: Scope, owner: str) -> Iterator[bool]:
        """Yield whether a file may arrive now; it counts as arriving until the context ends."""
        size = _read_size(scope)
        with self._lock:
            stored = streamlit_internals.count_uploaded_bytes() + sum(self._arriving.values())
            is_admitted = owner not in self._arriving and stored + size <= MAX_STORED_BYTES
            if is_admitted:
                self._arriving[owner] = size
        try:
            yield is_admitted
        finally:
            if is_admitted:
                with self._lock:
                    del self._arriving[owner]


async def serve_upload(app: ASGIApp, uploads: Uploads, scope: Scope, receive: Receive, send: Send, owner: str) -> None:
    """Let the app take or drop a file; 503 while another one of the owner arrives or too much is stored."""
    if scope["method"] != "PUT":
        await app(scope, receive, send)
        return
    with uploads.admit(scope, owner) as is_admitted:
        if is_admitted:
            await app(scope, receive, send)
        else:
            await refuse(scope, receive, send, 503)


def _read_size(scope: Scope) -> int:
    """Return the bytes that an upload says it has; the most that one may have where it does not."""
    text = get_header(scope, b"content-length") or ""
    return min(int(text), MAX_FILE_BYTES) if text.isascii() and text.isdigit() else MAX_FILE_BYTES

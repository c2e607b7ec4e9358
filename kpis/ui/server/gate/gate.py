"""The gate in front of every route: without a rights file for this machine alone, else for signed-in people."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse

from kpis.access.enforcement import AccessState, is_enforced
from kpis.errors import StoreError
from kpis.ui.server.gate import routes
from kpis.ui.server.gate.open_mode import is_local_request
from kpis.ui.server.gate.refusals import RefusalLog, lead_to_root, refuse, refuse_for_now
from kpis.ui.server.gate.routes import RouteTable, get_methods
from kpis.ui.server.gate.security_headers import add_security_headers
from kpis.ui.server.gate.signed_in import SignedInGate, strip_identity
from kpis.ui.server.gate.uploads import Uploads, serve_upload
from kpis.ui.server.gate.websockets import GuardedSocket
from kpis.ui.server.open_files import FileCounter
from kpis.ui.server.packet_delay import send_packets_at_once

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_OPEN_KINDS = frozenset({"page", "asset", "public_asset", "core", "stream", "upload", "download", "health", "api"})
"""What is served without a rights file; the rest does not exist then."""


class Gate:
    """Middleware around the whole app. `policy` is the Content Security Policy of the pages.

    `state` is that of the installation, asked for at the first request: nothing is read while importing.
    """

    def __init__(
        self,
        app: ASGIApp,
        table: RouteTable,
        policy: str,
        load_state: Callable[[], AccessState],
        files: FileCounter | None = None,
    ) -> None:
        self.app, self.table, self.policy = app, table, policy
        self._load_state = load_state
        self._state: AccessState | None = None
        self._signed_in: SignedInGate | None = None
        self._log = RefusalLog()
        self._uploads = Uploads()
        self._files = files or FileCounter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request that has the right to be, refuse any other."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)  # the lifespan
            return
        send_packets_at_once(receive)
        if scope["type"] == "websocket" and not self._files.take_websocket():
            self._log.write("nine tenths of the open files that the system allows are in use")
            await refuse_for_now(scope, receive, send)
            return
        try:
            signed_in = self._find_signed_in_gate()
        except StoreError:
            self._log.write("the database's folder cannot be read")
            await refuse(scope, receive, self._add_headers(scope, send, is_secure=False), 503)
            return
        if signed_in is None:
            await self._serve_locally(scope, receive, self._add_headers(scope, send, is_secure=False))
        else:
            is_secure = signed_in.is_secure
            await signed_in.serve(scope, receive, self._add_headers(scope, send, is_secure=is_secure))

    def _find_signed_in_gate(self) -> SignedInGate | None:
        # Not in a thread, as the rights file is not: to look at two files takes less than to change the thread.
        if self._state is None:
            self._state = self._load_state()
        if not is_enforced(self._state.paths):
            return None
        if self._signed_in is None:
            self._signed_in = SignedInGate(self.app, self.table, self._state, self._log, self._uploads)
        return self._signed_in

    async def _is_still_open(self, _is_activity: bool) -> bool:
        return self._find_signed_in_gate() is None

    def _add_headers(self, scope: Scope, send: Send, *, is_secure: bool) -> Send:
        is_cacheable = scope["type"] == "http" and self.table.find(scope) in {"asset", "public_asset"}
        return add_security_headers(send, self.policy, is_cacheable=is_cacheable, is_secure=is_secure)

    async def _serve_locally(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope = strip_identity(scope)
        kind = self.table.find(scope)
        if not is_local_request(scope):
            self._log.write("without a rights file only requests from this machine are answered")
            await refuse(scope, receive, send, 403)
        elif self.table.is_base(scope):
            await lead_to_root(self.table.base, scope, receive, send)
        elif kind == "sign_in" and self.table.get_local_path(scope) == routes.SESSION_CHECK:
            await JSONResponse({"signed_in": True})(scope, receive, send)
        elif kind not in _OPEN_KINDS:
            await refuse(scope, receive, send, 404)
        elif kind == "stream":
            await GuardedSocket(self.app, self._is_still_open).serve(scope, receive, send)
        elif scope["method"] not in get_methods(kind, str(scope["path"])):
            await PlainTextResponse("", 405)(scope, receive, send)
        elif kind == "upload":
            await serve_upload(self.app, self._uploads, scope, receive, send, "")
        else:
            await self.app(scope, receive, send)

"""With a rights file: who is signed in, and what of the routes that opens."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

import anyio.to_thread
from starlette.responses import JSONResponse, RedirectResponse

from kpis.access.address import COOKIE_NAME
from kpis.access.enforcement import AccessState
from kpis.access.errors import AuditError, RightsFileError
from kpis.access.identities import Viewer
from kpis.access.record_limits import get_record_limit
from kpis.access.rights import Action, Person, Rights
from kpis.access.store import Session
from kpis.errors import StoreError
from kpis.language import clock
from kpis.language.messages import explain
from kpis.ui import pages
from kpis.ui.server.gate import entry_pages, routes
from kpis.ui.server.gate.entry_pages import EntryPage
from kpis.ui.server.gate.open_mode import has_loopback_host
from kpis.ui.server.gate.refusals import RefusalLog, lead_to_root, refuse
from kpis.ui.server.gate.requests import get_cookie, get_header, list_cookies
from kpis.ui.server.gate.routes import RouteTable, get_methods
from kpis.ui.server.gate.sign_in_routes import SignInRoutes, build_entry_response, choose_language
from kpis.ui.server.gate.uploads import Uploads, serve_upload
from kpis.ui.server.gate.visitors import Credential, Visitors, let_in
from kpis.ui.server.gate.websockets import GuardedSocket
from kpis.ui.shared import guarded_buttons
from kpis.ui.shared.filters import QUERY_PARAMETERS
from kpis.ui.shared.viewer import list_page_slugs, sees_plan

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

IDENTITY_HEADER = b"x-kpis-identity"
_HIDDEN_KINDS = frozenset({"media", "metrics"})
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_MAX_INSTALLATIONS = 4
"""How many cookies of sessions one request may show: several installations on one host have one each."""


class SignedInGate:
    """Serves requests of signed-in people by the rights of the moment."""

    def __init__(self, app: ASGIApp, table: RouteTable, state: AccessState, log: RefusalLog, uploads: Uploads) -> None:
        self.app, self.table, self.state, self._log, self._uploads = app, table, state, log, uploads
        self._limit = get_record_limit(state.paths.pointer)
        self._visitors = Visitors(state)
        self._sign_in = SignInRoutes(table, state, self._limit)
        self.is_secure = True

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        scope = strip_identity(scope)
        kind = self.table.find(scope)
        if kind == "health":
            await self._serve_health(scope, receive, send)
            return
        try:
            rights = self.state.get_rights()
        except RightsFileError as error:
            await self._refuse_without_rights(scope, receive, send, error)
            return
        self.is_secure = rights.address.is_secure
        try:
            await self._serve_by_rights(scope, receive, send, rights, kind)
        except StoreError:
            self._log.write("the file of sessions cannot be used")
            await refuse(scope, receive, send, 503)

    async def _serve_by_rights(
        self, scope: Scope, receive: Receive, send: Send, rights: Rights, kind: routes.RouteKind | None
    ) -> None:
        own_credential = await self._visitors.find_own_credential(scope, rights)
        if own_credential is not None:
            await self._serve_own_browser(scope, receive, send, rights, own_credential)
        elif not self._is_addressed_to_us(scope, rights):
            await refuse(scope, receive, send, 403)
        elif self.table.is_base(scope):
            await lead_to_root(self.table.base, scope, receive, send)
        elif kind in _HIDDEN_KINDS:
            await refuse(scope, receive, send, 404)
        elif kind == "sign_in":
            await self._sign_in.answer(scope, receive, send, rights)
        elif kind == "public_asset":
            await self.app(scope, receive, send)
        else:
            token = get_cookie(scope, rights.address.cookie_name) or ""
            await self._serve_person(scope, receive, send, rights, kind, Credential(token))

    async def _serve_own_browser(
        self, scope: Scope, receive: Receive, send: Send, rights: Rights, credential: Credential
    ) -> None:
        kind = self.table.find(scope)
        if self.table.is_base(scope):
            await lead_to_root(self.table.base, scope, receive, send)
        elif kind in _HIDDEN_KINDS:
            await refuse(scope, receive, send, 404)
        elif kind == "sign_in":
            if self.table.get_local_path(scope) == routes.SESSION_CHECK:
                await JSONResponse({"signed_in": True})(scope, receive, send)
            else:
                await refuse(scope, receive, send, 404)
        elif kind == "public_asset":
            await self.app(scope, receive, send)
        else:
            await self._serve_person(scope, receive, send, rights, kind, credential)

    def _is_addressed_to_us(self, scope: Scope, rights: Rights) -> bool:
        """True if Host is ours, and Origin wherever it is sent or needed."""
        if get_header(scope, b"host") != rights.address.host_header:
            self._log.write("the Host header is not that of the address in access.toml")
            return False
        origin = get_header(scope, b"origin")
        needs_origin = scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS
        if (origin is None and needs_origin) or (origin is not None and origin != rights.address.origin):
            self._log.write("the Origin header is not that of the address in access.toml")
            return False
        return True

    async def _serve_person(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        rights: Rights,
        kind: routes.RouteKind | None,
        credential: Credential,
    ) -> None:
        visitor = await self._visitors.find(rights, credential, is_activity=kind == "page")
        if visitor is None:
            await self._refuse_signed_out(scope, receive, send, kind)
            return
        session, person = visitor
        if person is None:
            await self._end_unknown(scope, receive, send, credential.token, session)
            return
        identity = let_in(session, person)
        if kind is None:
            await refuse(scope, receive, send, 404)
        elif kind == "stream":
            await self._serve_socket(
                _add_identity(scope, identity), receive, send, credential, identity, (session, person)
            )
        elif scope["method"] not in get_methods(kind, self.table.get_local_path(scope) or ""):
            await refuse(scope, receive, send, 405)
        elif kind == "upload":
            await self._serve_upload(_add_identity(scope, identity), receive, send, session, person)
        elif kind == "page" and (path := self._find_other_page(scope, Viewer(person))) is not None:
            await RedirectResponse(f"{self.table.base}{path}", 303)(scope, receive, send)
        else:
            await self.app(_add_identity(scope, identity), receive, send)

    async def _serve_upload(self, scope: Scope, receive: Receive, send: Send, session: Session, person: Person) -> None:
        path = self.table.get_local_path(scope) or ""
        if not person.may_for_some_plan("import_plan") or not self._uploads.is_own_page(path, session.id):
            await refuse(scope, receive, send, 404)
            return
        await serve_upload(self.app, self._uploads, scope, receive, send, session.id)

    def _find_other_page(self, scope: Scope, viewer: Viewer) -> str | None:
        """Return where a request for a page leads, as a path below the base; None for a page of the viewer's own.

        The start page leads an officer to the own agency, with what the address asks: the page would do so itself, by
        a second run. A page that the viewer does not have leads to the first one, with the shared filters.
        """
        slug = (self.table.get_local_path(scope) or "").removeprefix("/")
        query, start = scope["query_string"].decode("latin-1"), pages.PAGES[0].slug
        shared = {name: values[-1] for name, values in parse_qs(query).items() if name in QUERY_PARAMETERS}
        plan = shared.get("plan")
        first, *_ = list_page_slugs(viewer, plan)
        if slug in {"", start}:
            if first == start:
                return None
        elif slug in list_page_slugs(viewer):
            return None
        else:
            if not sees_plan(viewer, plan):
                shared = {name: value for name, value in shared.items() if name not in {"plan", "agency"}}
            query = urlencode(shared)
        path = "/" if first == start else f"/{first}"
        return f"{path}?{query}" if query else path

    async def _serve_socket(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        credential: Credential,
        identity: str,
        visitor: tuple[Session, Person],
    ) -> None:
        written: set[Action] = set()
        session, person = visitor

        async def is_allowed(is_activity: bool) -> bool:
            return await self._visitors.find_identity(credential, is_activity=is_activity) == identity

        async def record_refused(key: str) -> None:
            """Write down, once a socket, that somebody presses a button that is not on any page of theirs."""
            action = guarded_buttons.find_action(key)
            if action is not None and action not in written and not person.may_for_some_plan(action):
                written.add(action)
                await self._record("refused", person.email, wanted=action)

        def note_page(page_session: str) -> None:
            self._uploads.note_page(page_session, session.id)

        socket = GuardedSocket(self.app, is_allowed, on_press=record_refused, on_session=note_page)
        await socket.serve(scope, receive, send)

    async def _refuse_signed_out(
        self, scope: Scope, receive: Receive, send: Send, kind: routes.RouteKind | None
    ) -> None:
        if kind == "page" and scope["method"] in _SAFE_METHODS:
            query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
            path = f"{self.table.get_local_path(scope)}{query}"
            target = f"{self.table.base}{routes.SIGN_IN}?{urlencode({'next': path})}"
            await RedirectResponse(target, 303)(scope, receive, send)
        else:
            await refuse(scope, receive, send, 401)

    async def _end_unknown(self, scope: Scope, receive: Receive, send: Send, token: str, session: Session) -> None:
        """End the session of somebody whom the rights file does not name any more."""
        await anyio.to_thread.run_sync(self.state.store.end_session, token)
        await self._record("unknown_person", session.email)
        if scope["type"] == "websocket":
            await refuse(scope, receive, send, 403)
        else:
            page = EntryPage(self.table.base, choose_language(scope))
            await build_entry_response(entry_pages.render_unknown_person(page, session.email), 403)(
                scope, receive, send
            )

    async def _record(self, action: str, person: str, **details: str) -> None:
        """Add a line to the audit, once a minute for each thing; what is refused stays refused."""
        if not self._limit.take(" ".join((action, *details.values())), person):
            return
        now = clock.get_utc_now()
        try:
            await anyio.to_thread.run_sync(lambda: self.state.audit.append(action, person, now, **details))
        except AuditError:
            self._log.write("the audit cannot be written")

    async def _refuse_without_rights(self, scope: Scope, receive: Receive, send: Send, error: RightsFileError) -> None:
        self._log.write("the rights file cannot be used")
        kind = self.table.find(scope)
        if scope["type"] == "websocket":
            await refuse(scope, receive, send, 403)
        elif kind == "public_asset":
            await self.app(scope, receive, send)
        elif kind in {"page", "sign_in"}:
            if self.table.get_local_path(scope) == routes.SIGN_OUT and scope["method"] == "POST":
                await self._end_sessions(scope)
            page = EntryPage(self.table.base, choose_language(scope))
            document = entry_pages.render_broken_rights(page, explain(error, page.lang).splitlines())
            await build_entry_response(document, 503)(scope, receive, send)
        else:
            await refuse(scope, receive, send, 503)

    async def _end_sessions(self, scope: Scope) -> None:
        """Sign out without an address, which the name of the session's cookie is made of."""
        tokens = [token for name, token in list_cookies(scope) if COOKIE_NAME.fullmatch(name)]
        for token in tokens[:_MAX_INSTALLATIONS]:
            with suppress(StoreError):
                await anyio.to_thread.run_sync(self.state.store.end_session, token)

    async def _serve_health(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Its Host may be that of this machine: the service manager asks without a name. Nothing of it depends on who
        # asks, and it is answered where the rights file cannot be read.
        is_ours = has_loopback_host(scope) or await self._has_public_host(scope)
        if not is_ours:
            await refuse(scope, receive, send, 403)
        elif scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS:
            await refuse(scope, receive, send, 405)
        else:
            await self.app(scope, receive, send)

    async def _has_public_host(self, scope: Scope) -> bool:
        try:
            rights = self.state.get_rights()
        except RightsFileError:
            return False
        return get_header(scope, b"host") == rights.address.host_header


def strip_identity(scope: Scope) -> Scope:
    """Return the request without headers that would reach the page as an identity, however they are spelled."""
    headers = [(name, value) for name, value in scope["headers"] if name.lower().replace(b"_", b"-") != IDENTITY_HEADER]
    return {**scope, "headers": headers}


def _add_identity(scope: Scope, identity: str) -> Scope:
    return {**scope, "headers": [*scope["headers"], (IDENTITY_HEADER, identity.encode())]}

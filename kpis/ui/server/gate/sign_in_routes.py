"""The routes before a session exists: sign-in with its return, invitation, sign-out, "am I signed in?"."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import anyio.to_thread
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from kpis.access.enforcement import AccessState
from kpis.access.errors import AuditError
from kpis.access.record_limits import RecordLimit
from kpis.access.rights import Provider, Rights, SessionLimits
from kpis.errors import KpisError, StoreError
from kpis.language import clock
from kpis.language.messages import LANGUAGES, Language
from kpis.ui.server.gate import entry_pages, routes
from kpis.ui.server.gate.attempt_limits import (
    KEY_SECONDS,
    AttemptLimits,
    TooManyAttemptsError,
    build_too_many_error,
)
from kpis.ui.server.gate.entry_pages import INVITATION_SCRIPT, EntryPage
from kpis.ui.server.gate.requests import format_cookie, get_cookie
from kpis.ui.server.gate.routes import RouteTable, get_methods
from kpis.ui.server.gate.security_headers import build_policy, hash_script
from kpis.ui.server.gate.sign_in import Account, SignInClient, SignInError
from kpis.ui.shared.filters import DEFAULT_LANGUAGE
from kpis.ui.shared.viewer_errors import explain_without_folders

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

_MAX_BODY, _MAX_FIELDS = 8192, 10
_SIGN_IN_SECONDS = 600


class SignInRoutes:
    """Answers the routes of signing in and out; everything pending lies in the access store."""

    def __init__(self, table: RouteTable, state: AccessState, limit: RecordLimit) -> None:
        self.table, self.state, self._limit = table, state, limit
        self._client: SignInClient | None = None
        self._returns, self._invitations = AttemptLimits(), AttemptLimits()

    async def answer(self, scope: Scope, receive: Receive, send: Send, rights: Rights) -> None:
        """Answer one request; its Host and Origin have been checked."""
        path = self.table.get_local_path(scope) or ""
        if scope["type"] == "websocket" or scope["method"] not in get_methods("sign_in", path):
            await PlainTextResponse("", 405)(scope, receive, send)
            return
        form = await _read_form(receive) if scope["method"] == "POST" else {}
        if form is None:
            await PlainTextResponse("", 413)(scope, receive, send)
            return
        page = EntryPage(self.table.base, choose_language(scope, form), self._choose_next(scope, form))
        try:
            response = await self._respond(scope, path, form, page, rights)
        except TooManyAttemptsError as error:
            response = await self._refuse_for_now(path, page, rights, error)
        except KpisError as error:
            response = await self._build_sign_in(page, rights, explain_without_folders(error, page.lang), 403)
        await response(scope, receive, send)

    async def _respond(
        self, scope: Scope, path: str, form: dict[str, str], page: EntryPage, rights: Rights
    ) -> Response:
        if path == routes.SESSION_CHECK:
            return JSONResponse({"signed_in": await self._is_signed_in(scope, rights)})
        if path == routes.SIGN_OUT:
            if scope["method"] == "POST":
                return await self._sign_out(scope, rights)
            return build_entry_response(entry_pages.render_sign_out(page), 200)
        if path == routes.INVITATION:
            return await self._answer_invitation(scope, form, page, rights)
        if rights.provider is not None and path == routes.SIGN_IN_START:
            return await self._start(page, rights, rights.provider)
        if rights.provider is not None and path == routes.SIGN_IN_END:
            return await self._finish(scope, page, rights, rights.provider)
        return await self._build_sign_in(page, rights)

    async def _build_sign_in(self, page: EntryPage, rights: Rights, message: str = "", status: int = 200) -> Response:
        provider, targets = rights.provider, []
        if provider is not None:
            # The policy of a form applies to the redirect that follows it too.
            endpoint = await self._get_client(provider).find_authorization_endpoint()
            targets = [_get_origin(url) for url in (provider.issuer, endpoint) if url]
        document = entry_pages.render_sign_in(page, provider.label if provider else None, message)
        return build_entry_response(document, status, form_targets=targets)

    async def _refuse_for_now(
        self, path: str, page: EntryPage, rights: Rights, error: TooManyAttemptsError
    ) -> Response:
        message = explain_without_folders(error, page.lang)
        if path == routes.INVITATION:
            response = build_entry_response(entry_pages.render_invitation(page, message), 429)
        else:
            response = await self._build_sign_in(page, rights, message, 429)
        response.headers["Retry-After"] = str(int(KEY_SECONDS))
        return response

    async def _is_signed_in(self, scope: Scope, rights: Rights) -> bool:
        token, now = get_cookie(scope, rights.address.cookie_name) or "", clock.get_utc_now()
        session = await anyio.to_thread.run_sync(self.state.store.find_session, token, now)
        return session is not None and rights.find_person(session.email) is not None

    async def _sign_out(self, scope: Scope, rights: Rights) -> Response:
        token, now = get_cookie(scope, rights.address.cookie_name) or "", clock.get_utc_now()
        session = None
        with suppress(StoreError):  # a session ends whether or not its file can be used
            session = await anyio.to_thread.run_sync(self.state.store.find_session, token, now)
        if token:
            with suppress(StoreError):
                await anyio.to_thread.run_sync(self.state.store.end_session, token)
        response = RedirectResponse(f"{rights.address.path}{routes.SIGN_IN}", 303)
        response.headers.append("Set-Cookie", self._format_cookie(rights, "", max_age=0))
        if session is not None:
            with suppress(AuditError):  # a session ends whether or not it can be written down
                await anyio.to_thread.run_sync(self.state.audit.append, "sign_out", session.email, now)
        return response

    async def _start(self, page: EntryPage, rights: Rights, provider: Provider) -> Response:
        url, pending = await self._get_client(provider).start(self._get_redirect_uri(rights))
        token = await anyio.to_thread.run_sync(
            self.state.store.start_sign_in, {**pending, "next": page.next_path, "lang": page.lang}, clock.get_utc_now()
        )
        if token is None:
            raise build_too_many_error()
        response = RedirectResponse(url, 303)
        response.headers.append("Set-Cookie", self._format_cookie(rights, token, "-sign-in", _SIGN_IN_SECONDS))
        return response

    async def _finish(self, scope: Scope, page: EntryPage, rights: Rights, provider: Provider) -> Response:
        self._returns.take_for_all()
        token = get_cookie(scope, rights.address.cookie_name + "-sign-in") or ""
        pending = await anyio.to_thread.run_sync(self.state.store.take_sign_in, token, clock.get_utc_now())
        if pending is None:
            raise SignInError("This sign-in was not started here or is too old. Start it again.")
        query = {key: values[-1] for key, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
        account = await self._get_client(provider).finish(query, pending, self._get_redirect_uri(rights))
        page = EntryPage(page.base, pending["lang"], pending["next"])
        return await self._let_in(scope, page, rights, account)

    async def _let_in(self, scope: Scope, page: EntryPage, rights: Rights, account: Account) -> Response:
        now, person = clock.get_utc_now(), rights.find_person(account.email)
        if person is None:
            await self._record_refused("unknown_person", account.email, now)
            return build_entry_response(entry_pages.render_unknown_person(page, account.email), 403)
        if not await anyio.to_thread.run_sync(
            self.state.store.bind, person.email, account.issuer, account.subject, now
        ):
            await self._record_refused("refused_account", account.email, now)
            raise SignInError(
                "This e-mail address signs in with another account here. Ask the administrator to release it."
            )
        # Only now: accounts that are refused must not use up the attempts of whose address they bear.
        self._returns.take_for_key("email", person.email)
        return await self._open_session(scope, page, rights, person.email, "provider", rights.provider_sessions)

    async def _record_refused(self, action: str, person: str, now: datetime) -> None:
        """Add a line to the audit, once a minute for each action and person."""
        if self._limit.take(action, person):
            await anyio.to_thread.run_sync(self.state.audit.append, action, person, now)

    async def _answer_invitation(self, scope: Scope, form: dict[str, str], page: EntryPage, rights: Rights) -> Response:
        if scope["method"] != "POST":
            document = entry_pages.render_invitation(page)
            return build_entry_response(document, 200, script=INVITATION_SCRIPT)
        self._invitations.take_for_all()
        self._invitations.take_for_key("invitation", form.get("token", ""))
        now = clock.get_utc_now()
        store = self.state.store
        email = await anyio.to_thread.run_sync(store.find_invited, form.get("token", ""), now)
        person = rights.find_person(email) if email is not None else None
        if person is not None:
            self._invitations.take_for_key("email", person.email)
        is_refused = person is None or await anyio.to_thread.run_sync(store.is_bound, person.email)
        if is_refused or await anyio.to_thread.run_sync(store.use_invitation, form.get("token", ""), now) is None:
            sentence = "This invitation has been used or is too old. Ask the administrator for another one."
            return build_entry_response(entry_pages.render_invitation(page, page.t(sentence)), 403)
        assert person is not None  # noqa: S101 - `is_refused` otherwise
        return await self._open_session(scope, page, rights, person.email, "invitation", rights.invited_sessions)

    async def _open_session(
        self, scope: Scope, page: EntryPage, rights: Rights, email: str, kind: str, limits: SessionLimits
    ) -> Response:
        now = clock.get_utc_now()
        await anyio.to_thread.run_sync(
            lambda: self.state.audit.append("sign_in", email, now, kind=kind, rights=rights.hash)
        )
        previous = get_cookie(scope, rights.address.cookie_name)
        token = await anyio.to_thread.run_sync(self.state.store.open_session, email, kind, limits, now, previous)
        response = RedirectResponse(f"{rights.address.path}{page.next_path}", 303)
        response.headers.append("Set-Cookie", self._format_cookie(rights, token))
        response.headers.append("Set-Cookie", self._format_cookie(rights, "", "-sign-in", 0))
        return response

    def _get_client(self, provider: Provider) -> SignInClient:
        if self._client is None or self._client.provider != provider:
            self._client = SignInClient(provider)
        return self._client

    def _get_redirect_uri(self, rights: Rights) -> str:
        return f"{rights.address}{routes.SIGN_IN_END}"

    def _format_cookie(self, rights: Rights, value: str, suffix: str = "", max_age: int | None = None) -> str:
        name = rights.address.cookie_name + suffix
        return format_cookie(name, value, is_secure=rights.address.is_secure, max_age=max_age)

    def _choose_next(self, scope: Scope, form: dict[str, str] | None) -> str:
        """Return the page of ours that sign-in leads to; "/" for anything else."""
        query = parse_qs(scope["query_string"].decode("latin-1"))
        text = (form or {}).get("next") or query.get("next", ["/"])[-1]
        path, _, query_text = text.partition("?")
        is_ours = self.table.is_page(path) and "\\" not in text and "#" not in text and text.isprintable()
        return f"{path}?{query_text}" if is_ours and query_text else path if is_ours else "/"


def choose_language(scope: Scope, form: dict[str, str] | None = None) -> Language:
    """Return the language of a document before sign-in: asked for by the form or address, else Vietnamese."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    wanted = (form or {}).get("lang") or query.get("lang", [""])[-1]
    return next((lang for lang in LANGUAGES if lang == wanted), DEFAULT_LANGUAGE)


def build_entry_response(
    document: str, status: int, *, script: str = "", form_targets: list[str] | None = None
) -> Response:
    """Return a document with a policy of its own: only its one script, only these targets of its form."""
    policy = build_policy([hash_script(script)] if script else [], form_targets or [])
    return HTMLResponse(document, status, headers={"Content-Security-Policy": policy})


async def _read_form(receive: Receive) -> dict[str, str] | None:
    """Return the fields of a small form; None if it is larger than any of ours, or has more fields."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > _MAX_BODY:
            return None
        if message["type"] != "http.request" or not message.get("more_body"):
            break
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MAX_FIELDS)
    except ValueError:
        return None
    return {key: values[-1] for key, values in fields.items()}


def _get_origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"

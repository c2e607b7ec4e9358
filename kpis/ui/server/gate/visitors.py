"""Who sends a request: a signed-in person, one of our own browsers, or nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import anyio.to_thread

from kpis.access import own_sessions
from kpis.access.connections import WouldWaitError
from kpis.access.enforcement import AccessState
from kpis.access.identities import IDENTITIES, Viewer, build_identity
from kpis.access.rights import Person, Rights
from kpis.access.store import Session
from kpis.errors import KpisError
from kpis.language import clock
from kpis.ui.server.gate.open_mode import is_local_request
from kpis.ui.server.gate.requests import get_cookie

if TYPE_CHECKING:
    from starlette.types import Scope


@dataclass(frozen=True)
class Credential:
    """What a browser shows: the token of a session; `is_own` if a command of ours started the browser."""

    token: str = field(repr=False)
    is_own: bool = False


class Visitors:
    """Finds who sends a request, by the sessions and rights of the moment."""

    def __init__(self, state: AccessState) -> None:
        self.state = state

    async def find_own_credential(self, scope: Scope, rights: Rights) -> Credential | None:
        """Return what a browser that a command of ours started shows at this machine's own address."""
        token = get_cookie(scope, own_sessions.COOKIE_NAME)
        if not token or not is_local_request(scope):
            return None
        credential = Credential(token, is_own=True)
        return credential if await self.find(rights, credential, is_activity=False) else None

    async def find(
        self, rights: Rights, credential: Credential, *, is_activity: bool
    ) -> tuple[Session, Person | None] | None:
        """Return the session and whose it is; None without a session, a person of None if nobody is named so."""
        if not credential.token:
            return None
        own_session = own_sessions.find_own_session(credential.token) if credential.is_own else None
        if own_session is not None:
            return own_session.session, own_session.find_person(rights)
        now = clock.get_utc_now()
        session = await self._find_session(credential.token, now, is_activity=is_activity)
        if session is None or (session.kind == own_sessions.KIND) != credential.is_own:
            return None
        return session, rights.find_person(session.email)

    async def _find_session(self, token: str, now: datetime, *, is_activity: bool) -> Session | None:
        """Return the session of a token: at once if the file can be asked so, else in a thread, which may wait."""
        store = self.state.store
        try:
            return store.find_session_at_once(token, now, is_activity=is_activity)
        except WouldWaitError:
            return await anyio.to_thread.run_sync(lambda: store.find_session(token, now, is_activity=is_activity))

    async def find_identity(self, credential: Credential, *, is_activity: bool) -> str | None:
        """Return the identity that a credential stands for now; None if it is not let in any more."""
        try:
            rights = self.state.get_rights()
            visitor = await self.find(rights, credential, is_activity=is_activity)
        except KpisError:
            return None
        session, person = visitor or (None, None)
        return None if session is None or person is None else build_identity(session, person)


def let_in(session: Session, person: Person) -> str:
    """Return the identity of a person, whom the pages know from now on."""
    identity = build_identity(session, person)
    if IDENTITIES.find(identity) is None:
        IDENTITIES.add(identity, Viewer(person, session.id, may_sign_out=session.kind != own_sessions.KIND))
    return identity

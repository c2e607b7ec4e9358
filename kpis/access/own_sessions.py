"""Sessions of our own browsers: a command that starts a server gives it a secret, which it accepts until it ends.

The secret goes over the pipe that the command holds anyway, and to the browser as a cookie: it never stands in an
address, in arguments or in the environment.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from kpis.access.audit import get_system_person
from kpis.access.rights import Entry, Person, Rights
from kpis.access.store import Session

COOKIE_NAME = "kpis-own"
KIND = "own"


@dataclass(frozen=True)
class OwnSession:
    """What one command asked for. `email` None: everything may be seen, nothing done."""

    token_hash: str
    session: Session
    email: str | None

    def find_person(self, rights: Rights) -> Person | None:
        """Return whose rights the browser has; None if the rights file does not name them."""
        if self.email is not None:
            return rights.find_person(self.email)
        name = self.session.email
        return Person(name, frozenset({Entry(name, "leader", None)}))


class _Holder:
    """The one own session of this process."""

    own_session: OwnSession | None = None


def set_own_session(token: str, email: str | None) -> None:
    """Accept a token until the process ends, as a person, or for everything that may be seen."""
    session = Session(secrets.token_hex(16), email or get_system_person(), KIND)
    _Holder.own_session = OwnSession(_hash(token), session, email)


def find_own_session(token: str) -> OwnSession | None:
    """Return this process's own session if the token opens it."""
    own_session = _Holder.own_session
    return (
        own_session if own_session is not None and hmac.compare_digest(own_session.token_hash, _hash(token)) else None
    )


def end_own_session() -> None:
    """Accept no token any more."""
    _Holder.own_session = None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

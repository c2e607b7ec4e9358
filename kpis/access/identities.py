"""What a web page knows of its viewer: an opaque value that stands for one sign-in with one set of rights."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass

from kpis.access.audit import get_system_person
from kpis.access.rights import Action, Person
from kpis.access.store import Session

_MAX_IDENTITIES = 20_000


@dataclass(frozen=True)
class Viewer:
    """Who looks at a page. `person` None: nobody signs in, and whoever reaches the server may do everything."""

    person: Person | None
    session_id: str = ""
    may_sign_out: bool = False

    def may(self, action: Action, plan: str | None = None) -> bool:
        """True if the viewer may do something for a plan; None asks for all plans."""
        return self.person is None or self.person.may(action, plan)

    @property
    def name(self) -> str:
        """Who acts, for the audit: the e-mail address, or the system's user where nobody signs in."""
        return get_system_person() if self.person is None else self.person.email


OPEN_VIEWER = Viewer(None)


def build_identity(session: Session, person: Person) -> str:
    """Return the value for a session and its rights: equal only for the same sign-in with the same rights."""
    entries = sorted(
        (entry.role, sorted(entry.plans) if entry.plans is not None else None, sorted(entry.agencies))
        for entry in person.entries
    )
    digest = hashlib.sha256(repr((person.email, entries)).encode()).hexdigest()
    return f"{session.id}.{digest}"


class IdentityRegistry:
    """The viewers of the identities that this process has let in; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._viewers: OrderedDict[str, Viewer] = OrderedDict()

    def add(self, identity: str, viewer: Viewer) -> None:
        """Record a viewer."""
        with self._lock:
            self._viewers[identity] = viewer
            self._viewers.move_to_end(identity)
            while len(self._viewers) > _MAX_IDENTITIES:
                self._viewers.popitem(last=False)

    def find(self, identity: str | None) -> Viewer | None:
        """Return the viewer of an identity; None if this process has not let it in."""
        with self._lock:
            return None if identity is None else self._viewers.get(identity)


IDENTITIES = IdentityRegistry()

"""What a person may see and do: roles, scopes, actions (docs/decisions/access.md)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, get_args

from kpis.access.address import Address

Role = Literal["leader", "focal", "officer", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

Action = Literal[
    "see", "download", "preview", "seal", "report", "accept_shrink", "import_plan", "read_again", "see_audit", "request"
]

_ACTIONS_BY_ROLE: dict[Role, frozenset[Action]] = {
    "leader": frozenset({"see", "download", "request"}),
    "focal": frozenset({"see", "download", "preview", "seal", "report", "accept_shrink", "import_plan", "request"}),
    "officer": frozenset({"see"}),
    "administrator": frozenset(get_args(Action)),
}


@dataclass(frozen=True)
class Entry:
    """One entry of the rights file. `plans` None means all; `agencies` only of an officer, in one plan."""

    email: str
    role: Role
    plans: frozenset[str] | None
    agencies: frozenset[str] = frozenset()

    def covers(self, plan: str | None) -> bool:
        """True if the entry's scope holds a plan; None asks for all plans."""
        return self.plans is None or (plan is not None and plan in self.plans)


@dataclass(frozen=True)
class Provider:
    """The provider of sign-ins. `email_claim` names the claim with the address.

    `vouches_for_email`: its claims are believed without `email_verified`.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str
    email_claim: str
    vouches_for_email: bool


@dataclass(frozen=True)
class SessionLimits:
    """How long a session may be idle, and how long it may last in all."""

    idle: timedelta
    lifetime: timedelta


@dataclass(frozen=True)
class Person:
    """Somebody with at least one entry. Two persons with equal entries have equal rights."""

    email: str
    entries: frozenset[Entry]

    def may(self, action: Action, plan: str | None = None) -> bool:
        """True if one entry gives both the action and the scope; `plan` None asks for all plans."""
        return any(action in _ACTIONS_BY_ROLE[entry.role] and entry.covers(plan) for entry in self.entries)

    def may_for_some_plan(self, action: Action) -> bool:
        """True if one entry gives the action, for whatever plans."""
        return any(action in _ACTIONS_BY_ROLE[entry.role] for entry in self.entries)

    @property
    def roles(self) -> frozenset[Role]:
        """Every role that an entry gives."""
        return frozenset(entry.role for entry in self.entries)

    @property
    def sees_all_plans(self) -> bool:
        """True if an entry other than an officer's has every plan in its scope."""
        return any(entry.plans is None for entry in self.entries if entry.role != "officer")

    @property
    def full_plans(self) -> frozenset[str]:
        """The plans that the person sees whole; without meaning where `sees_all_plans`."""
        return frozenset().union(*(entry.plans or () for entry in self.entries if entry.role != "officer"))

    @property
    def agencies_by_plan(self) -> dict[str, frozenset[str]]:
        """The agencies whose rows the person sees in plans that are not seen whole."""
        agencies: dict[str, frozenset[str]] = {}
        for entry in self.entries:
            for plan in (entry.plans or ()) if entry.role == "officer" else ():
                agencies[plan] = agencies.get(plan, frozenset()) | entry.agencies
        return agencies


@dataclass(frozen=True)
class Rights:
    """The content of a rights file; `hash` (hex) is that of its bytes."""

    address: Address
    provider: Provider | None
    provider_sessions: SessionLimits
    invited_sessions: SessionLimits
    entries: tuple[Entry, ...]
    hash: str

    def find_person(self, email: str) -> Person | None:
        """Return the person with this e-mail address, whatever its case; None if no entry names it."""
        wanted = normalize_email(email)
        entries = frozenset(entry for entry in self.entries if entry.email == wanted)
        return Person(wanted, entries) if entries else None

    def list_emails(self) -> Collection[str]:
        """Return every e-mail address, in the file's order."""
        return list(dict.fromkeys(entry.email for entry in self.entries))


def normalize_email(text: str) -> str:
    """Return an e-mail address as it is compared."""
    return text.strip().casefold()

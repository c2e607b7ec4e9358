"""Sessions, sign-ins under way, invitations and sign-in bindings: in one SQLite file, or in tables of a lake.

Tokens are 256 random bits; only their SHA-256 is stored. Moments are whole seconds since 1970, UTC.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from kpis.access.activity import ActivityWriter
from kpis.access.connections import AccessFile, AccessTables, Statements, WouldWaitError, load_sql
from kpis.access.outage import OpenSession, Outage
from kpis.access.rights import SessionLimits, normalize_email
from kpis.errors import StoreError

SIGN_IN_SECONDS = 600
MAX_SIGN_INS = 200
SAFE_SIGN_IN_SECONDS = 60
"""A sign-in under way makes room for another one after this time, so that nobody keeps everybody out for long."""
INVITATION_LIFETIME = timedelta(hours=72)
DELIVERY_SECONDS = 5.0
"""How often a sign-out of an outage is brought to the tables until they answer."""
_ACTIVITY_STEP_SECONDS = 20
"""Activity is written at most this often: each page asks several times."""


@dataclass(frozen=True)
class Session:
    """One signed-in person; `id` is opaque, is no secret, and is never used twice."""

    id: str
    email: str
    kind: str


class AccessStore:
    """The access of one installation. Every method is one transaction, safe from any thread and process.

    With shared `tables` a session that was open when it was last asked for stays open while they do not answer, until
    it is idle for too long or ends; nobody signs in meanwhile. A sign-out always holds: while it cannot be stored, in
    a file beside `path`.
    """

    def __init__(self, path: Path, tables: AccessTables | None = None) -> None:
        self.path = path
        file = AccessFile(path)
        self._file = file if tables is None else None
        self._tables: AccessTables = tables or file
        self._outage = Outage(path.with_suffix(".ended"))
        self._activity = ActivityWriter(self._write_activity)
        self.is_delivery_planned = False

    def open_session(
        self, email: str, kind: str, limits: SessionLimits, now: datetime, replaced_token: str | None = None
    ) -> str:
        """Return the token of a new session; the one that `replaced_token` opens ends."""
        token = _create_token()
        row = {
            "token_hash": _hash_token(token),
            "id": secrets.token_hex(16),
            "email": normalize_email(email),
            "kind": kind,
            "now": _to_seconds(now),
            "idle_seconds": int(limits.idle.total_seconds()),
            "ends_at": _to_seconds(now + limits.lifetime),
            "replaced": _hash_token(replaced_token or ""),
        }
        with self.begin() as con:
            con.execute(load_sql("delete_ended_sessions"), row)
            con.execute(load_sql("end_session"), {"token_hash": row["replaced"]})
            con.execute(load_sql("insert_session"), row)
        self._outage.drop(_hash_token(replaced_token or ""))
        return token

    def find_session(self, token: str, now: datetime, *, is_activity: bool = False) -> Session | None:
        """Return the session that a token opens; None if there is none, or it was idle or lasted too long."""
        token_hash, seconds = _hash_token(token), _to_seconds(now)
        if self._outage.has_ended(token_hash):
            return None
        try:
            session = self._read_session(token_hash, seconds)
        except StoreError:
            if self._file is not None:
                raise
            session = self._outage.find(token_hash, seconds, is_activity=is_activity)
        else:
            if session and is_activity and session.last_active_at + _ACTIVITY_STEP_SECONDS <= seconds:
                self._activity.add(token_hash, seconds)
                if self._file is None:
                    self._outage.remember(token_hash, replace(session, last_active_at=seconds))
        return None if session is None else Session(session.id, session.email, session.kind)

    def find_session_at_once(self, token: str, now: datetime, *, is_activity: bool = False) -> Session | None:
        """Like `find_session`, for the event loop: WouldWaitError for a wait, or activity that has to be written."""
        if self._file is None:  # shared tables are asked over a network
            raise WouldWaitError
        token_hash, seconds = _hash_token(token), _to_seconds(now)
        row = self._file.find_row(load_sql("find_session"), {"token_hash": token_hash, "now": seconds})
        if row is None or self._outage.has_ended(token_hash):
            return None
        session = OpenSession(*row)
        if is_activity and session.last_active_at + _ACTIVITY_STEP_SECONDS <= seconds:
            raise WouldWaitError
        return Session(session.id, session.email, session.kind)

    def _read_session(self, token_hash: str, now: int) -> OpenSession | None:
        with self.begin("deferred") as con:
            row = con.execute(load_sql("find_session"), {"token_hash": token_hash, "now": now}).fetchone()
            if self._outage.take_comparison():
                rows = con.execute(load_sql("list_open_sessions"), {"now": now}).fetchall()
                self._outage.keep_only({str(name) for (name,) in rows})
        session = None if row is None else OpenSession(*row)
        if self._file is None:
            self._outage.remember(token_hash, session)
        return session

    def end_session(self, token: str) -> None:
        """End the session that a token opens, if there is one; in an outage here at once, elsewhere after it.

        StoreError where it holds in this process alone: neither the tables nor the file beside them can be written.
        """
        token_hash = _hash_token(token)
        try:
            with self.begin() as con:
                con.execute(load_sql("end_session"), {"token_hash": token_hash})
        except StoreError:
            self.deliver_later()
            self._outage.end(token_hash)
        else:
            self._outage.drop(token_hash)

    def end_sessions_of(self, email: str) -> int:
        """End every session of a person; returns how many."""
        with self.begin() as con:
            ended = con.execute(load_sql("end_sessions_of"), {"email": normalize_email(email)}).rowcount
        self._outage.drop_all()
        return ended

    def count_sessions(self, now: datetime) -> tuple[int, int]:
        """Return how many sessions are open, and of how many people."""
        with self.begin("deferred") as con:
            sessions, people = con.execute(load_sql("count_sessions"), {"now": _to_seconds(now)}).fetchone()
        return sessions, people

    def end_everything_open(self) -> None:
        """End all sessions, sign-ins under way and open invitations, as a restore does."""
        with self.begin() as con:
            for statement in ("end_all_sessions", "end_all_sign_ins", "end_all_invitations"):
                con.execute(load_sql(statement))
        self._outage.drop_all()

    def start_sign_in(self, data: Mapping[str, object], now: datetime) -> str | None:
        """Keep what a sign-in needs when it returns; None if too many began within the last minute."""
        token = _create_token()
        row = {
            "token_hash": _hash_token(token),
            "data": json.dumps(dict(data)),
            "now": _to_seconds(now),
            "ends_at": _to_seconds(now) + SIGN_IN_SECONDS,
            "lifetime": SIGN_IN_SECONDS,
            "replaceable": _to_seconds(now) - SAFE_SIGN_IN_SECONDS,
            "limit": MAX_SIGN_INS,
        }
        with self.begin() as con:
            con.execute(load_sql("delete_ended_sign_ins"), row)
            con.execute(load_sql("delete_oldest_sign_ins"), row)
            started = con.execute(load_sql("insert_sign_in"), row).rowcount == 1
        return token if started else None

    def take_sign_in(self, token: str, now: datetime) -> dict[str, Any] | None:
        """Return what was kept for a sign-in, once; None if unknown, used or older than ten minutes."""
        key = {"token_hash": _hash_token(token), "now": _to_seconds(now)}
        with self.begin() as con:
            row = con.execute(load_sql("take_sign_in"), key).fetchone()
        data = json.loads(row[0]) if row is not None and row[1] > key["now"] else None
        return data if isinstance(data, dict) else None

    def bind(self, email: str, issuer: str, subject: str, now: datetime) -> bool:
        """Bind a person to an account of the provider at the first sign-in; False if it is bound to another one."""
        row = {"email": normalize_email(email), "issuer": issuer, "subject": subject, "now": _to_seconds(now)}
        with self.begin() as con:
            con.execute(load_sql("insert_binding"), row)
            return con.execute(load_sql("find_binding"), row).fetchone() is not None

    def is_bound(self, email: str) -> bool:
        """True if a person has signed in at the provider."""
        with self.begin() as con:
            return con.execute(load_sql("is_bound"), {"email": normalize_email(email)}).fetchone() is not None

    def unbind(self, email: str) -> bool:
        """Release a person's binding and end the sessions; False if there was no binding."""
        with self.begin() as con:
            key = {"email": normalize_email(email)}
            con.execute(load_sql("end_sessions_of"), key)
            is_released = con.execute(load_sql("delete_binding"), key).rowcount == 1
        self._outage.drop_all()
        return is_released

    def list_bindings(self) -> list[tuple[str, str, str, int]]:
        """Return every binding: e-mail, issuer, subject, moment; for a backup."""
        with self.begin() as con:
            return con.execute(load_sql("list_bindings")).fetchall()

    def replace_bindings(self, bindings: list[tuple[str, str, str, int]]) -> None:
        """Replace every binding by those of a backup."""
        with self.begin() as con:
            con.execute(load_sql("delete_bindings"))
            names = ("email", "issuer", "subject", "now")
            con.executemany(load_sql("insert_binding"), [dict(zip(names, row, strict=True)) for row in bindings])

    def create_invitation(self, email: str, now: datetime) -> str:
        """Return the token of a new invitation; earlier open ones of the person end."""
        token = _create_token()
        row = {
            "token_hash": _hash_token(token),
            "email": normalize_email(email),
            "now": _to_seconds(now),
            "ends_at": _to_seconds(now + INVITATION_LIFETIME),
        }
        with self.begin() as con:
            con.execute(load_sql("end_invitations_of"), row)
            con.execute(load_sql("insert_invitation"), row)
        return token

    def find_invited(self, token: str, now: datetime) -> str | None:
        """Return the e-mail address of an open invitation, which stays open; None if unknown, used or expired."""
        key = {"token_hash": _hash_token(token), "now": _to_seconds(now)}
        with self.begin("deferred") as con:
            row = con.execute(load_sql("find_invitation"), key).fetchone()
        return None if row is None else str(row[0])

    def use_invitation(self, token: str, now: datetime) -> str | None:
        """Use an invitation up and return its e-mail address; None if unknown, used up or expired."""
        key = {"token_hash": _hash_token(token), "now": _to_seconds(now)}
        with self.begin() as con:
            row = con.execute(load_sql("use_invitation"), key).fetchone()
        return None if row is None else str(row[0])

    def _write_activity(self, active: Mapping[str, int]) -> None:
        rows = [{"token_hash": token_hash, "now": now} for token_hash, now in active.items()]
        with self.begin() as con:
            con.executemany(load_sql("record_activity"), rows)

    def deliver_waiting(self) -> None:
        """Bring what happened in an outage to the tables. StoreError while they do not answer."""
        if waiting := self._outage.list_waiting():
            with self._tables.begin("immediate") as con:
                con.executemany(load_sql("end_session"), [{"token_hash": ended} for ended in waiting.ended])
                rows = [{"token_hash": token_hash, "now": now} for token_hash, now in waiting.active.items()]
                con.executemany(load_sql("record_activity"), rows)
            self._outage.forget(waiting)

    def deliver_later(self) -> None:
        """Bring it there in some seconds, even where nobody uses this machine any more; one thread does it for all."""
        if not self.is_delivery_planned:
            self.is_delivery_planned = True
            timer = threading.Timer(DELIVERY_SECONDS, _deliver, (weakref.ref(self),))
            timer.daemon = True
            timer.start()

    @contextmanager
    def begin(self, transaction: Literal["immediate", "deferred"] = "immediate") -> Iterator[Statements]:
        """Run one transaction, "deferred" for a single statement that reads. StoreError if it cannot be."""
        if transaction == "immediate" or self._file is None:  # who reads a file waits for no writing
            self.deliver_waiting()
        with self._tables.begin(transaction) as con:
            yield con


def _deliver(reference: weakref.ref[AccessStore]) -> None:
    if (store := reference()) is not None:
        store.is_delivery_planned = False
        try:
            store.deliver_waiting()
        except StoreError:
            store.deliver_later()


def _create_token() -> str:
    return secrets.token_urlsafe(32)


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _to_seconds(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())

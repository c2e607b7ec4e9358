"""The schema `kpis_shared` beside the catalog of a lake: what several machines share, and who may use it."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.errors import StoreError
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.leader_lock import SILENCE_SECONDS
from kpis.store.lake.postgres_session import PostgresSession, open_session

FOLLOWER_ROLE, PAGE_ROLE = "kpis_follower", "kpis_page"
"""Names of roles of PostgreSQL: reads the catalog and what it follows; reads the shared tables, writes some of them."""

_KEYS = {"space": 0x6B706973, "number": 11}
"""The advisory lock of who makes the tables; it may be taken while somebody leads or watches."""

TABLES_NUMBER = 2
"""Rises with each change of `_TABLES` and `_GRANTS`, which only add: the first leader of a release makes the change."""

_TABLES = (
    "create_shared_schema",
    "create_counters",
    "create_journal",
    "create_positions",
    "create_orders",
    "create_waiting_orders",
    "create_google_requests",
    "create_sessions",
    "create_sign_ins",
    "create_bindings",
    "create_invitations",
    "create_edition_claims",
    "create_shared_folder",
    "create_configuration",
    "create_lines",
    "create_edition_lock",
    "revoke_edition_lock",
)
_GRANTS: Mapping[str, tuple[str, ...]] = {
    FOLLOWER_ROLE: (
        "grant_follower_schema",
        "grant_follower_tables",
        "grant_follower_catalog",
        "grant_follower_catalog_tables",
        "grant_follower_future_tables",
    ),
    PAGE_ROLE: (
        "grant_page_schema",
        "revoke_page_tables",
        "grant_page_tables",
        "grant_page_sign_in",
        "grant_page_editions",
        "grant_page_lines",
        "grant_page_lock",
    ),
}


def create_shared_tables(address: LakeAddress) -> None:
    """Make what the shared tables lack, and let the roles that the server has use them.

    Only for the role of the leader, which owns the database; at any time. StoreError without an answer, or if a newer
    release made them.
    """
    with open_session(address, name="kpis", silence_seconds=SILENCE_SECONDS) as session, session.transaction():
        session.fetch_rows("wait_for_shared_tables", **_KEYS)
        _require_release(_read_number(session), address)
        for statement in _TABLES:
            session.fetch_rows(statement)
        for (role,) in session.fetch_rows("list_roles"):
            for statement in _GRANTS[str(role)]:
                session.fetch_rows(statement)
        session.fetch_rows("write_tables_number", number=TABLES_NUMBER)


def check_release(address: LakeAddress) -> None:
    """Raise StoreError if a newer release leads the lake, or PostgreSQL does not answer."""
    with open_session(address, name="kpis", silence_seconds=SILENCE_SECONDS) as session:
        _require_release(_read_number(session), address)


def upgrade_shared_tables(session: PostgresSession) -> None:
    """Make what this release needs and an earlier one did not, over the session that holds the leader's lock.

    StoreError if a newer release has led already: an older one does not lead any more.
    """
    number = _read_number(session)
    _require_release(number, session.address)
    if number < TABLES_NUMBER and session.fetch_row("has_catalog") == (True,):
        create_shared_tables(session.address)


def _read_number(session: PostgresSession) -> int:
    """Return what the tables have; 0 where there are none, or no release has written it down."""
    if session.fetch_row("has_shared_tables") != (True,):
        return 0
    row = session.fetch_row("read_tables_number")
    return 0 if row is None else int(str(row[0]))


def _require_release(number: int, address: LakeAddress) -> None:
    if number > TABLES_NUMBER:
        text = "The lake at {lake} is led by a newer release of this product. Install that release on this machine too."
        raise StoreError(text, lake=address.describe())

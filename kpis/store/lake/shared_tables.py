"""The schema `kpis_shared` beside the catalog of a lake: what several machines share, and who may use it."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.store.lake.address import LakeAddress
from kpis.store.lake.leader_lock import SILENCE_SECONDS
from kpis.store.lake.postgres_session import open_session

FOLLOWER_ROLE, PAGE_ROLE = "kpis_follower", "kpis_page"
"""Names of roles of PostgreSQL: reads the catalog and what it follows; reads and writes the shared tables alone."""

_KEYS = {"space": 0x6B706973, "number": 11}
"""The advisory lock of who makes the tables; it may be taken while somebody leads or watches."""

_TABLES = (
    "create_shared_schema",
    "create_counters",
    "create_journal",
    "create_positions",
    "create_google_requests",
    "create_sessions",
    "create_sign_ins",
    "create_bindings",
    "create_invitations",
    "create_edition_claims",
    "create_shared_folder",
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
    PAGE_ROLE: ("grant_page_schema", "grant_page_tables", "grant_page_lock"),
}


def create_shared_tables(address: LakeAddress) -> None:
    """Make the shared tables that are missing, and let the roles that the server has use them.

    Only for the role of the leader, which owns the database; at any time. StoreError without an answer.
    """
    with open_session(address, name="kpis", silence_seconds=SILENCE_SECONDS) as session, session.transaction():
        session.fetch_rows("wait_for_shared_tables", **_KEYS)
        for statement in _TABLES:
            session.fetch_rows(statement)
        for (role,) in session.fetch_rows("list_roles"):
            for statement in _GRANTS[str(role)]:
                session.fetch_rows(statement)

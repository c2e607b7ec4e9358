"""Who is signed in, invited and bound, taken over from another store: a file's or a lake's."""

from __future__ import annotations

from kpis.access.connections import load_sql
from kpis.access.store import AccessStore

_COLUMNS = {
    "session": ("token_hash", "id", "email", "kind", "created_at", "last_active_at", "idle_seconds", "ends_at"),
    "invitation": ("token_hash", "email", "created_at", "ends_at", "used_at"),
}


def copy_access(source: AccessStore, target: AccessStore) -> None:
    """Replace all sessions, invitations and bindings of `target` by those of `source`; sign-ins under way end.

    StoreError if one of them cannot be used.
    """
    with source.begin("immediate") as con:
        rows = {kind: con.execute(load_sql(f"list_{kind}s")).fetchall() for kind in _COLUMNS}
    with target.begin("immediate") as con:
        for kind, columns in _COLUMNS.items():
            con.execute(load_sql(f"delete_{kind}s"))
            values = [dict(zip(columns, row, strict=True)) for row in rows[kind]]
            con.executemany(load_sql(f"copy_{kind}"), values)
    target.replace_bindings(source.list_bindings())

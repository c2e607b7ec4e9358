"""What each table of a version holds, by plan: how a follower knows what to bring over, and that it has all of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import pyarrow

from kpis.store import sql
from kpis.store.schema_columns import TableColumns, read_columns
from kpis.store.staged_version import Connection

MOMENTS = frozenset({"recorded_at", "retired_at"})
_load = partial(sql.load, "kpis.store.lake")

_COLUMNS = [
    *((name, pyarrow.string()) for name in ("table_name", "plan")),
    *((name, pyarrow.int64()) for name in ("rows", "current_rows")),
    ("checksum", pyarrow.string()),
    *((name, pyarrow.int64()) for name in ("changed_in", "rewritten_in")),
]
"""The columns of kpis/store/lake/sql/create_contents.sql."""

ContentKey = tuple[str, str | None]
"""A table, and a plan; None where the table is counted as one."""


@dataclass(frozen=True)
class Content:
    """The rows of a table and plan: their number, the current ones of a history, a sum over those of other tables.

    `changed_in`: the version that last changed any; `rewritten_in`: the last one that changed rows of a history
    otherwise than by recording and retiring them.
    """

    rows: int
    current_rows: int | None
    checksum: str | None
    changed_in: int = 0
    rewritten_in: int = 0

    @property
    def figures(self) -> tuple[int, int | None, str | None]:
        """What two versions with the same rows have in common."""
        return self.rows, self.current_rows, self.checksum


Contents = Mapping[ContentKey, Content]


@dataclass(frozen=True)
class TableKind:
    """How rows of a table are told apart: a history by moments, the rows of a plan by `owner` ("plan", "target")."""

    table: str
    is_history: bool
    owner: str | None
    has_row_hash: bool


def list_kinds(columns: TableColumns) -> list[TableKind]:
    """Return the kind of each table, those first by which the plan of a target is known."""
    return [_find_kind(table, frozenset(columns[table])) for table in sorted(columns, key=_find_rank)]


def _find_rank(table: str) -> tuple[bool, str]:
    return table != "targets", table


def _find_kind(table: str, columns: frozenset[str]) -> TableKind:
    is_history = columns >= MOMENTS
    owner = "plan" if "plan" in columns else "target" if "target" in columns and not is_history else None
    return TableKind(table, is_history, owner, "row_hash" in columns)


def count_contents(connection: Connection, chosen: Collection[str] | None = None) -> dict[ContentKey, Content]:
    """Return what the tables of an open version hold, or those of them that are chosen; versions are not told by it."""
    contents = {}
    kinds = list_kinds(read_columns(connection))
    for kind in (kind for kind in kinds if chosen is None or kind.table in chosen):
        for plan, rows, detail in connection.execute(_load(_find_statement(kind), table=kind.table)).fetchall():
            if rows == 0:
                continue
            current, checksum = (detail, None) if kind.is_history else (None, detail)
            contents[kind.table, plan] = Content(rows, current, checksum)
    return contents


def _find_statement(kind: TableKind) -> str:
    if kind.is_history:
        return "history_counts" if kind.owner is None else "history_counts_by_plan"
    return "contents_of_every_plan" if kind.owner is None else f"contents_by_{kind.owner}"


def read_contents(connection: Connection) -> dict[ContentKey, Content]:
    """Return what a lake says that its tables hold."""
    return {(table, plan): Content(*rest) for table, plan, *rest in connection.execute(_load("contents")).fetchall()}


def record_contents(
    connection: Connection, version: int, written: Collection[str] | None, *, is_rewritten: bool
) -> None:
    """Write what the tables hold as of `version`, in the caller's transaction.

    `written`: the only tables that may hold something else than before (None: all). `is_rewritten`: rows of histories
    were changed otherwise than by recording and retiring them.
    """
    recorded = read_contents(connection)
    unchanged = {key: content for key, content in recorded.items() if written is not None and key[0] not in written}
    earlier = {key: content for key, content in recorded.items() if key not in unchanged}
    counted = count_contents(connection, written)
    emptied = {key: Content(0, None, None) for key in earlier.keys() - counted.keys()}
    stamped = {
        key: _stamp(content, earlier.get(key), version, is_rewritten=is_rewritten)
        for key, content in {**emptied, **counted}.items()
    }
    connection.execute(_load("forget_contents"))
    connection.register("contents", _build_table([*unchanged.items(), *stamped.items()]))
    try:
        connection.execute(_load("record_contents"))
    finally:
        connection.unregister("contents")


def _stamp(content: Content, earlier: Content | None, version: int, *, is_rewritten: bool) -> Content:
    if is_rewritten:
        return replace(content, changed_in=version, rewritten_in=version)
    if earlier is not None and earlier.figures == content.figures:
        return earlier
    return replace(content, changed_in=version, rewritten_in=earlier.rewritten_in if earlier else 0)


def _build_table(contents: Iterable[tuple[ContentKey, Content]]) -> pyarrow.Table:
    rows = [(*key, *content.figures, content.changed_in, content.rewritten_in) for key, content in contents]
    names = [name for name, _ in _COLUMNS]
    return pyarrow.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], pyarrow.schema(_COLUMNS))

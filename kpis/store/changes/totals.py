"""A total of every table, kept with a version: the number of its rows, and a sum over what they say.

The next publication adds to it what it recorded, retired and computed, and counts the table once: a row that was lost,
doubled or changed anywhere else makes the sums differ, and nothing is published (design.md §7).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache, partial
from hashlib import blake2b
from typing import NamedTuple

import duckdb

from kpis.store import sql
from kpis.store.changes.rules import NOT_COMPARED
from kpis.store.schema_columns import read_columns

_load = partial(sql.load, "kpis.store.changes")
_MODULUS = 1 << 64
TEXTS = (
    "content", "evidence", "entered_by", "result", "difficulty", "question", "answer", "measures", "value", "detail",
    "cells",
)  # fmt: skip
"""Columns with free texts of sheets, left out of the sums: the hash of the row, which is in them, stands for them."""


class Total(NamedTuple):
    """How many rows, and the sum over what they say."""

    rows: int
    checksum: int

    def add(self, other: Total) -> Total:
        """Return the total with that of more rows; the sum goes round."""
        return Total(self.rows + other.rows, (self.checksum + other.checksum) % _MODULUS)

    def subtract(self, other: Total) -> Total:
        """Return the total without that of some of its rows."""
        return Total(self.rows - other.rows, (self.checksum - other.checksum) % _MODULUS)


def ask_total(
    connection: duckdb.DuckDBPyConnection, name: str, table: str, params: Mapping[str, object] | None = None
) -> Total:
    """Return the total that a statement counts of a table."""
    text = _load(name, table=table)
    texts = {"texts": list(TEXTS)} if "$texts" in text else {}
    ((rows, checksum),) = connection.execute(text, {**texts, **(params or {})}).fetchall()
    return Total(int(rows), int(checksum) % _MODULUS)


def count_tables(connection: duckdb.DuckDBPyConnection, chosen: Collection[str] | None = None) -> dict[str, Total]:
    """Count every row of every table that does not say of the version itself, or of those of them that are chosen."""
    tables = (table for table in read_columns(connection) if table not in NOT_COMPARED)
    return {table: ask_total(connection, "total", table) for table in tables if chosen is None or table in chosen}


def read_totals(connection: duckdb.DuckDBPyConnection) -> dict[str, Total]:
    """Return the totals kept with a version by table; none where they were counted in another way."""
    rows = connection.execute(_load("kept_totals"), {"way": _describe_way()}).fetchall()
    return {table: Total(number, checksum) for table, number, checksum in rows}


def write_totals(connection: duckdb.DuckDBPyConnection, totals: Mapping[str, Total]) -> None:
    """Keep the totals of every table."""
    connection.execute("delete from totals")
    params = {
        "tables": list(totals),
        "rows": [total.rows for total in totals.values()],
        "said": [str(total.checksum) for total in totals.values()],
        "way": _describe_way(),
    }
    connection.execute(_load("keep_totals"), params)


def find_damaged_table(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Count every table of a version and return one that has not the rows it was published with."""
    totals = read_totals(connection)
    return next((table for table, total in totals.items() if ask_total(connection, "total", table) != total), None)


@cache
def _describe_way() -> str:
    """Return what the sums depend on besides the rows: the statement, and DuckDB's own hash."""
    return blake2b(f"{_load('total')}{TEXTS}{duckdb.__version__}".encode(), digest_size=8).hexdigest()

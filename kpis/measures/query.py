"""How a question is put to the database: .sql files read as named steps of one statement.

Each file is one SELECT; a later step reads an earlier one by its name, as a model reads another in dbt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from kpis.store import sql

QueryStep = str | tuple[str, str]
"""A .sql file's name, or (the name it goes by, the file's name) where two files can stand in one place."""

KNOWN_NOW = datetime.fromisoformat("9999-12-31")
"""The moment at which only what has not been retired is known: the current set (design.md §4 History)."""

_PARAMETER = re.compile(r"\$([a-z_]+)")


QueryRow = dict[str, object]


class DatabaseReader(Protocol):
    """What the measures ask of `kpis.store.database.Database`: rows of one statement, by parameter name."""

    def fetch_rows(self, sql: str, params: Mapping[str, object]) -> list[QueryRow]:
        """Every row as a dict by column name."""

    def iterate_rows(self, sql: str, params: Mapping[str, object]) -> Iterator[QueryRow]:
        """The same rows, made one after the other."""


def build_statement(steps: Sequence[QueryStep], order: str = "all") -> str:
    """One statement of the named steps, the last one its answer, ordered by the columns of `order`."""
    named = [(step, step) if isinstance(step, str) else step for step in steps]
    texts = [f"{name} as (\n{sql.load('kpis.measures', file)}\n)" for name, file in named]
    return f"with {', '.join(texts)}\nselect * from {named[-1][0]} order by {order}"


def run_query(db: DatabaseReader, text: str, params: Mapping[str, object]) -> list[QueryRow]:
    """The rows of a statement, given those of the parameters that it names."""
    return db.fetch_rows(text, select_parameters(text, params))


def select_parameters(text: str, params: Mapping[str, object]) -> dict[str, object]:
    """Those of the parameters that the statement names; DuckDB refuses any other."""
    return {name: params[name] for name in set(_PARAMETER.findall(text))}

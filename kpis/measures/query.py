"""Queries: .sql files combined as named steps of one statement.

Each file is one SELECT; a later step reads an earlier one by its name, as a model reads another in dbt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from kpis.register.tables import REGISTER_TABLES
from kpis.store import sql

QueryStep = str | tuple[str, str]
"""A .sql file's name, or (step name, file name) where several files can provide the same step."""

KNOWN_NOW = datetime.fromisoformat("9999-12-31")
"""A moment later than any retirement: as known then, only current rows remain (design.md §4 History)."""

_INLINED_STEPS = frozenset({"known_entries", "every_known_entry"})
"""Steps read more than once, each time filtered by a join; materialized, they would hold every entry."""

_PARAMETER = re.compile(r"\$([a-z_]+)")
_OWN_STEPS = re.compile(r"^with\s", re.MULTILINE)
_REGISTER_STEP = re.compile(rf"\bknown_({'|'.join(REGISTER_TABLES)})\b")


QueryRow = dict[str, object]


class DatabaseReader(Protocol):
    """The part of `kpis.store.database.Database` that the measures use; parameters are bound by name."""

    def fetch_rows(self, sql: str, params: Mapping[str, object]) -> list[QueryRow]:
        """Return every row as a dict by column name."""

    def recall_rows(self, sql: str, params: Mapping[str, object]) -> list[QueryRow]:
        """Return the same rows, kept since they were last asked for where nothing can have changed them."""

    def iterate_rows(self, sql: str, params: Mapping[str, object]) -> Iterator[QueryRow]:
        """Yield the same rows, one at a time."""


class StatementResult(Protocol):
    """The part of a DuckDB result that publication uses."""

    @property
    def description(self) -> Any:
        """One tuple per column, its name first."""

    def fetchall(self) -> list[Any]:
        """Return every row as a tuple."""

    def fetchmany(self, size: int) -> list[Any]:
        """Return the next rows as tuples, at most `size`; none after the last one."""


class DatabaseWriter(Protocol):
    """The part of a DuckDB connection that publication uses."""

    def execute(self, query: str, parameters: object = None) -> StatementResult:
        """Run one statement."""


def build_statement(steps: Sequence[QueryStep], order: str = "all") -> str:
    """Return one statement of the named steps; its rows are those of the last step, ordered by `order`."""
    pairs = [(step, step) if isinstance(step, str) else step for step in steps]
    texts = {name: sql.load("kpis.measures", file) for name, file in pairs}
    texts = {**_build_register_steps(texts.values()), **texts}
    names = ", ".join(_build_step(name, text) for name, text in texts.items())
    return f"with {names}\nselect * from {pairs[-1][0]} order by {order}"


def load_query(package: str, name: str, *, table: str | None = None) -> str:
    """Return the statement of a .sql file that reads tables of the register by their steps (`known_targets`)."""
    text = sql.load(package, name, table=table)
    steps = _build_register_steps([text])
    if not steps:
        return text
    names = ", ".join(_build_step(*step) for step in steps.items())
    own_steps = _OWN_STEPS.search(text)
    if own_steps is None:
        return f"with {names}\n{text}"
    return f"{text[: own_steps.start()]}with {names}, {text[own_steps.end() :]}"


def _build_register_steps(texts: Iterable[str]) -> dict[str, str]:
    """Return the text of every step `known_<table>` that the texts read: the table's rows known at `$known_at`."""
    tables = {table for text in texts for table in _REGISTER_STEP.findall(text)}
    return {f"known_{table}": sql.load("kpis.measures", "known_register_rows", table=table) for table in sorted(tables)}


def _build_step(name: str, text: str) -> str:
    is_inlined = name in _INLINED_STEPS or _REGISTER_STEP.fullmatch(name)
    return f"{name} as {'not materialized ' if is_inlined else ''}(\n{text}\n)"


def fetch_current_rows(
    db: DatabaseReader, package: str, name: str, params: Mapping[str, object], *, table: str | None = None
) -> list[QueryRow]:
    """Return the rows of a .sql file as known now."""
    return run_query(db, load_query(package, name, table=table), {"known_at": KNOWN_NOW, **params})


def run_query(db: DatabaseReader, text: str, params: Mapping[str, object]) -> list[QueryRow]:
    """Return the rows of a statement, asked once of a version; parameters that it does not name are ignored."""
    return db.recall_rows(text, select_parameters(text, params))


def select_parameters(text: str, params: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters that the statement names; DuckDB rejects any other."""
    return {name: params[name] for name in set(_PARAMETER.findall(text))}

"""What planning takes at least: the statements of a measurement, prepared and not run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.timing import Spread
from kpis.store.database import Database
from kpis.store.paths import DatabasePaths


class PreparingDatabase(Database):
    """A database that lists what it asks, so that the same statements can be prepared without running them.

    DuckDB binds and optimises every statement anew. To prepare one it parses and binds it, and optimises it only where
    no value of a parameter could change the plan: it is less than the planning of which every answer consists.
    """

    def __init__(self, paths: DatabasePaths, number: int, *, accept_older: bool = False) -> None:
        self._statements: list[str] = []
        super().__init__(paths, number, accept_older=accept_older)

    def iterate_rows(self, sql: str, params: Mapping[str, object] | None = None) -> Iterator[dict[str, object]]:
        """Yield the rows of a statement, and list it."""
        self._statements.append(sql)
        return super().iterate_rows(sql, params)

    def forget_statements(self) -> None:
        """Begin a new list."""
        self._statements.clear()

    def prepare_statements(self) -> int:
        """Prepare the listed statements, and return how many there are."""
        for text in self._statements:
            list(super().iterate_rows(f"prepare listed as {text}"))
        return len(self._statements)


def open_preparing(pointer: Path) -> PreparingDatabase:
    """Return the database of a pointer, with a list of its statements."""
    database = PreparingDatabase.open(pointer)
    if not isinstance(database, PreparingDatabase):
        raise SystemExit(f"no database at {pointer}")
    return database


def describe_planning(prepared: Spread, baseline: Spread) -> str:
    """Return the note of a line: the limit that planning sets, in the same run."""
    ratio = prepared.median / baseline.median
    return f"the same statements prepared and not run take {prepared.median:.1f} ms, {ratio:.3g} times the group-by"

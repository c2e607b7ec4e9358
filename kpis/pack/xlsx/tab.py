"""One tab of an edition's workbook: columns, each with how its value is found, and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment


@dataclass(frozen=True)
class Share:
    """A fraction of 1 that is shown in percent."""

    value: float


Value = str | int | float | Share | date | datetime | None
Columns = Sequence[tuple[str, Callable[[Any], Value]]]
Keyed = Callable[[], Iterable[tuple[str, Any]]]
"""Gives the rows anew, each with the key of the pages' table it belongs to (empty: to none)."""


@dataclass(frozen=True)
class Tab:
    """One tab. Its rows are made when they are gone through: they may be many."""

    name: str
    titles: tuple[str, ...]
    columns: Columns
    keyed: Keyed

    def rows(self) -> Iterator[tuple[str, tuple[Value, ...]]]:
        """The key of each row, and a value per title."""
        return ((key, tuple(read(row) for _, read in self.columns)) for key, row in self.keyed())


def tab(lang: Language, name: str, columns: Columns, keyed: Keyed) -> Tab:
    """The tab of these rows; name and titles are catalogue keys."""
    titles = tuple(translate(lang, title) for title, _ in columns)
    return Tab(translate(lang, name), titles, columns, keyed)


def amount(row: Attainment, value: float | int | None) -> Value:
    """A figure of a target: a count as it is, a ratio as a share."""
    if value is None or row["measure"] not in ("ratio", "coverage"):
        return value
    return Share(float(value))

"""One tab of an edition's workbook: columns, each with how its value is found, and rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpis.language.messages import Language, translate
from kpis.measures.rows import Attainment


@dataclass(frozen=True)
class Share:
    """A fraction of 1 that is shown in percent."""

    value: float


Value = str | int | float | Share | date | datetime | None
Columns = Sequence[tuple[str, Callable[[Any], Value]]]


@dataclass(frozen=True)
class Tab:
    """One tab: `rows` have a value per title; `keys` say which table of the pages each row belongs to."""

    name: str
    titles: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    keys: tuple[str, ...]


def tab(lang: Language, name: str, columns: Columns, rows: Sequence[tuple[str, Any]]) -> Tab:
    """The tab of these rows, each with the key of its table; name and titles are catalogue keys."""
    return Tab(
        translate(lang, name),
        tuple(translate(lang, title) for title, _ in columns),
        tuple(tuple(read(row) for _, read in columns) for _, row in rows),
        tuple(key for key, _ in rows),
    )


def amount(row: Attainment, value: float | int | None) -> Value:
    """A figure of a target: a count as it is, a ratio as a share."""
    if value is None or row["measure"] not in ("ratio", "coverage"):
        return value
    return Share(float(value))

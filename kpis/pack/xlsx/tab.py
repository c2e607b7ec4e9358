"""One tab of an edition's workbook: columns, each with how its value is found, and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment


@dataclass(frozen=True)
class Percentage:
    """A fraction of 1 that is shown in percent."""

    value: float


CellValue = str | int | float | Percentage | date | datetime | None
TabColumns = Sequence[tuple[str, Callable[[Any], CellValue]]]
RowSource = Callable[[], Iterable[tuple[str, Any]]]
"""Gives the rows anew, each with the key of the pages' table it belongs to (empty: to none)."""


@dataclass(frozen=True)
class WorkbookTab:
    """One tab. Its rows are made when they are gone through: they may be many."""

    name: str
    titles: tuple[str, ...]
    columns: TabColumns
    row_source: RowSource

    def iterate_rows(self) -> Iterator[tuple[str, tuple[CellValue, ...]]]:
        """The key of each row, and a value per title."""
        return ((key, tuple(read(row) for _, read in self.columns)) for key, row in self.row_source())


def build_tab(lang: Language, name: str, columns: TabColumns, row_source: RowSource) -> WorkbookTab:
    """The tab of these rows; name and titles are catalogue keys."""
    titles = tuple(translate(lang, title) for title, _ in columns)
    return WorkbookTab(translate(lang, name), titles, columns, row_source)


def to_cell_value(row: Attainment, value: float | int | None) -> CellValue:
    """A figure of a target: a count as it is, a ratio as a share."""
    if value is None or not row["is_proportion"]:
        return value
    return Percentage(float(value))

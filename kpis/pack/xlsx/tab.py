"""One tab of an edition's workbook: its columns, each with a function that reads its value, and its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment


@dataclass(frozen=True)
class Percentage:
    """A fraction (1.0 is 100 %) that is shown as a percentage."""

    value: float


CellValue = str | int | float | Percentage | date | datetime | None
TabColumns = Sequence[tuple[str, Callable[[Any], CellValue]]]
"""A title (catalogue key) and the function that reads the value from a row."""
RowSource = Callable[[], Iterable[tuple[str, Any]]]
"""Returns the rows, each with the key of the pages' table that it belongs to (empty: none)."""


@dataclass(frozen=True)
class WorkbookTab:
    """One tab. Its rows are built while iterating, since there may be many."""

    name: str
    titles: tuple[str, ...]
    columns: TabColumns
    row_source: RowSource

    def iterate_rows(self) -> Iterator[tuple[str, tuple[CellValue, ...]]]:
        """Yield each row's table key and its values, one per title."""
        return ((key, tuple(read(row) for _, read in self.columns)) for key, row in self.row_source())


def build_tab(lang: Language, name: str, columns: TabColumns, row_source: RowSource) -> WorkbookTab:
    """Build a tab; `name` and the columns' titles are catalogue keys."""
    titles = tuple(translate(lang, title) for title, _ in columns)
    return WorkbookTab(translate(lang, name), titles, columns, row_source)


def to_cell_value(row: Attainment, value: float | int | None) -> CellValue:
    """Return a target's figure as a cell value: a ratio or a change as a percentage, a count as it is."""
    if value is None or not (row["is_proportion"] or row["measure"] == "change"):
        return value
    return Percentage(float(value))

"""The rows of a list with what they are searched, sorted and filtered by; cached as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from markupsafe import Markup

from kpis.pack.xlsx.tab import CellValue
from kpis.ui.shared.html import Child
from kpis.ui.shared.lists.matching import build_search_text
from kpis.ui.shared.tables import ColumnHeader, render_row

OPEN_ROWS = 30
"""Rows of a part that stand open; a shorter list is shown in its own order, nothing folded."""


PART_ROWS = 200
"""Rows of one part. The browser takes in every row of a page, folded or not: a thousand take a third of a second."""


@dataclass(frozen=True)
class ListColumn:
    """One column. `key` names it in `sort=`; no two lists of a page share one."""

    key: str
    header: ColumnHeader


@dataclass(frozen=True)
class ListCell:
    """What a cell shows, and by what its column is sorted: of one type in a column; None stands last."""

    content: Child
    order: object = None


@dataclass(frozen=True)
class ListRow:
    """One row. `values` are its cells in the workbook.

    `texts`: code, title, agencies, place: what is searched. `group`: the heading above it in the list's own order.
    `statuses`, `due_on`, `leads` and `source` are filtered by; `flags` are the rules that it satisfies.
    `entry`: the target or task that it is about.
    `is_open`: still asks something of somebody; such rows come first where a list is long, by their `rank`.
    """

    cells: tuple[ListCell, ...]
    values: tuple[CellValue, ...]
    texts: tuple[str, ...]
    group: str = ""
    statuses: tuple[str, ...] = ()
    due_on: date | None = None
    leads: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    source: str = ""
    entry: str = ""
    is_open: bool = True
    rank: int = 0

    @cached_property
    def search_text(self) -> str:
        """The words of `texts`, folded."""
        return build_search_text(self.texts)


@dataclass(frozen=True)
class ListTable:
    """A list in its own order.

    `name` is that of its address for download, `page` the page on which it stands, `file_stem` the name of its file.
    `statuses`: status -> label, in the order of the filter; empty for no such filter. `has_due`, `has_leads`,
    `has_entries`: it can be filtered by due day, by lead, by the target or task that a row is about. `part_rows`: rows
    of one part; more have parts of their own. `open_rows`: rows of a long list that stand open.
    `total`: how many things there are, where `rows` are only the first.
    """

    name: str
    page: str
    title: str
    caption: str
    file_stem: str
    columns: tuple[ListColumn, ...]
    value_titles: tuple[str, ...]
    rows: tuple[ListRow, ...]
    as_of: date
    statuses: Mapping[str, str] = field(default_factory=dict)
    has_due: bool = False
    has_leads: bool = False
    has_entries: bool = False
    part_rows: int = PART_ROWS
    open_rows: int = OPEN_ROWS
    total: int | None = None

    @cached_property
    def headers(self) -> tuple[ColumnHeader, ...]:
        """The columns without their keys."""
        return tuple(column.header for column in self.columns)

    @cached_property
    def markups(self) -> dict[int, Markup]:
        """The rows drawn so far, by position in `rows`."""
        return {}

    @cached_property
    def positions(self) -> dict[int, int]:
        """Position in `rows` of each row, by identity."""
        return {id(row): position for position, row in enumerate(self.rows)}

    def render_row(self, row: ListRow) -> Markup:
        """Return a row as HTML, drawn once."""
        position = self.positions[id(row)]
        if position not in self.markups:
            self.markups[position] = render_row(self.headers, [cell.content for cell in row.cells])
        return self.markups[position]

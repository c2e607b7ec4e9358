"""What stands on each page of an edition, worded: the pages, slides and workbook are three forms of this.

Texts are plain: no writer may read them as markup. Figures stand beside their wording as numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from kpis.charts.specs import BulletValues
from kpis.language.messages import Language

PageKind = Literal["overview", "changes", "place", "sources"]
ColumnKind = Literal["text", "number", "status", "chart"]


@dataclass(frozen=True)
class TableCell:
    """One cell. `state`: a status or task state, shown as its sign and colour before the text.

    `small`: a quieter second line. `number`: the same figure for a workbook, `value` a day or moment.
    `part`, `mark`: a thin bar of 0 to 1 under the text and where it should stand by now. `more`: further
    figures below this one (several targets of a plan on one indicator).
    """

    text: str = ""
    state: str | None = None
    subtext: str = ""
    number: float | None = None
    date_value: date | datetime | None = None
    bar_length: float | None = None
    bar_mark: float | None = None
    bullet: BulletValues | None = None
    more_cells: tuple[TableCell, ...] = ()


@dataclass(frozen=True)
class TableColumn:
    """One column. `width` is its part of the table's; `kind` says how its cells are set."""

    title: str
    kind: ColumnKind = "text"
    width: float = 1.0


@dataclass(frozen=True)
class Table:
    """A real table. `key` names it in the whole edition: rows in the data and in a file are compared by it.

    Every row has a cell per column. Without rows, `empty` says so in their place. `records`: how many rows of
    the data it tells of, where one of its own tells of several.
    """

    key: str
    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    empty_text: str = ""
    note: str = ""
    record_count: int | None = None


@dataclass(frozen=True)
class Tile:
    """How many targets stand at a status, how many stood so `then`, of how many, and the change in words."""

    state: str
    label: str
    number: int
    previous_number: int
    total: int
    change_text: str


@dataclass(frozen=True)
class Tiles:
    """One tile per status, worst first; `aside` says what no tile counts."""

    tiles: tuple[Tile, ...]
    footnote: str = ""


@dataclass(frozen=True)
class Note:
    """A sentence between blocks; `state` gives it a sign and colour."""

    text: str
    state: str | None = None
    strong: bool = False


Block = Tiles | Table | Note


@dataclass(frozen=True)
class Page:
    """One page (which may go on to further sheets): `key` is its name, like "place-ha-noi"."""

    key: str
    kind: PageKind
    title: str
    subtitle: str
    blocks: tuple[Block, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables in order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


@dataclass(frozen=True)
class Contents:
    """An edition in words. The four lines are on every page, `sample` only where figures are made up.

    `page_of` is "trang {page}/{pages}" with its two placeholders left for the writer, which knows them.
    """

    lang: Language
    title: str
    as_of: str
    scope: str
    sealed_at: str
    version: str
    sample: str
    page_number_template: str
    pages: tuple[Page, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table of the edition in order."""
        return tuple(table for page in self.pages for table in page.tables)

    @property
    def footer_lines(self) -> tuple[str, ...]:
        """What every page says about itself, in order: as of, scope, made when, version, sample."""
        said = (self.as_of, self.scope, self.sealed_at, self.version, self.sample)
        return tuple(one for one in said if one)

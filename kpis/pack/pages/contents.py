"""The contents of an edition's pages, which PDF, slides and workbook render.

Texts are plain: no writer may read them as markup. A cell has its figure both as text and as a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from kpis.charts.specs import BulletValues
from kpis.language.messages import Language

PageKind = Literal["overview", "changes", "asked", "place", "sources"]
ColumnKind = Literal["text", "number", "status", "chart"]


@dataclass(frozen=True)
class TableCell:
    """One cell. `state`: a status or task state, shown as a sign and colour before the text.

    `subtext`: a smaller second line. `number`, `date_value`: the figure, day or moment for the workbook.
    `bar_length`, `bar_mark`: a thin bar under the text and the mark of what is expected by now, both 0 to 1.
    `more_cells`: further figures below this one (several targets of a plan on one indicator).
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
    """One column. `width` is relative to the other columns; `kind` decides the layout of its cells."""

    title: str
    kind: ColumnKind = "text"
    width: float = 1.0


@dataclass(frozen=True)
class Table:
    """A table. `key` is unique in the edition; row counts of the contents and of a file are compared by it.

    Every row has one cell per column. `empty_text` is shown if there are no rows. `record_count`: how many
    rows of data it covers, if one table row covers several. `is_dense`: smaller letters, for a page that must hold it.
    `ending` stands below the last row and is never parted from it: how many rows are left out, and where they are.
    """

    key: str
    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    empty_text: str = ""
    note: str = ""
    record_count: int | None = None
    is_dense: bool = False
    ending: str = ""


@dataclass(frozen=True)
class Tile:
    """How many targets have a status, how many had it on the day compared with, and of how many in total."""

    state: str
    label: str
    number: int
    previous_number: int
    total: int
    change_text: str


@dataclass(frozen=True)
class Tiles:
    """One tile per status, worst first; `footnote` names what no tile counts."""

    tiles: tuple[Tile, ...]
    footnote: str = ""


@dataclass(frozen=True)
class Note:
    """A sentence between other blocks; `state` gives it a sign and colour."""

    text: str
    state: str | None = None
    strong: bool = False


Block = Tiles | Table | Note


@dataclass(frozen=True)
class Page:
    """One page, which may take several sheets or slides; `key` is its name, such as "place-ha-noi".

    `picture_name` is what the pictures of its sheets are called: "tong-quan".
    """

    key: str
    kind: PageKind
    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    picture_name: str = "page"

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables in order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


@dataclass(frozen=True)
class Contents:
    """The contents of an edition. `as_of` to `sample` are on every page, `sample` only for made-up figures.

    `page_number_template` is "trang {page}/{pages}"; the writer fills in the two numbers.
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
        """The texts of every page's footer, in order: as of, scope, sealing time, version, sample."""
        return tuple(filter(None, (self.as_of, self.scope, self.sealed_at, self.version, self.sample)))

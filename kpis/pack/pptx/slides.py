"""An edition's slides: real titles and tables, and the figures in the speaker notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.messages import translate
from kpis.pack.figures.cancellation import go_on
from kpis.pack.figures.gather import Figures
from kpis.pack.pages.contents import Contents, Note, Page, Table, Tiles
from kpis.pack.pages.row_counts import compare_rows
from kpis.pack.pptx import slide_tables
from kpis.pack.pptx.deck import BOTTOM, INNER, MARGIN, TOP, Deck
from kpis.pack.pptx.slide_sizes import LINE, lines
from kpis.pack.pptx.slide_xml import Run, paragraph

NAME = "slides.pptx"
_TITLE, _NOTE, _ASIDE = 18.0, 16.0, 12.0
_TILE, _TILE_GAP = 76.0, 10.0
"""Points: the least height of a tile, and what lies between two."""
_SMALLEST = 5.0
_TOGETHER = 3
"""So many last rows of a table stand on one slide, if there is room."""


def write_slides(figures: Figures, contents: Contents, folder: Path, sealed_at: datetime) -> list[Path]:
    """`slides.pptx`; a `kpis.pack.edition.writers.Writer`. All that it says is in the contents."""
    del figures
    deck = Deck(contents)
    for page in contents.pages:
        _Flow(deck, page).fill()
    compare_rows(contents, deck.rows, NAME)
    path = folder / NAME
    deck.save(path, sealed_at)
    return [path]


class _Flow:
    """One page's blocks, from the top of a slide to its bottom and on to the next."""

    def __init__(self, deck: Deck, page: Page) -> None:
        self._deck, self._page, self._lang = deck, page, deck.contents.lang
        self._begin(page.title)

    def fill(self) -> None:
        """Every block in order."""
        for block in self._page.blocks:
            if isinstance(block, Tiles):
                self._tiles(block)
            elif isinstance(block, Note):
                self._note(block)
            else:
                self._table(block)
        self._finish()

    def _begin(self, title: str) -> None:
        go_on()
        self._slide = self._deck.slide(title, self._page.subtitle)
        self._notes: list[str] = []
        self._top = TOP

    def _next(self) -> None:
        self._finish()
        self._begin(f"{self._page.title} {translate(self._lang, '(continued)')}")

    def _finish(self) -> None:
        told = [self._page.title, self._page.subtitle, *self._notes, " · ".join(self._deck.contents.foot)]
        self._deck.finish(self._slide, "\n".join(one for one in told if one))

    def _room(self, high: float) -> None:
        if self._top + high > BOTTOM and self._top > TOP:
            self._next()

    def _text(self, text: str, size: float, ink: str, *, bold: bool, aside: str = "") -> None:
        """A text over the whole width; `aside` goes on in its line, smaller and quieter."""
        whole = f"{text}   {aside}" if aside else text
        high = lines(whole, INNER, size, heavy=bold) * size * LINE
        self._room(high)
        beside = Run(f"   {aside}" if aside else "", _ASIDE, palette.QUIET.light)
        told = paragraph(Run(text, size, ink, bold), beside)
        self._slide.text((MARGIN, self._top, INNER, high), told)
        self._top += high + 6

    def _note(self, note: Note) -> None:
        ink = palette.look(note.state).colour.light if note.state else palette.INK.light
        text = f"{slide_tables.SIGNS[note.state]} {note.text}" if note.state else note.text
        self._text(text, _NOTE, ink, bold=note.strong)
        self._notes.append(note.text)

    def _tiles(self, block: Tiles) -> None:
        """All as high as the one whose words need most lines."""
        width = (INNER - _TILE_GAP * (len(block.tiles) - 1)) / max(len(block.tiles), 1)
        most = max((lines(tile.change, width, _ASIDE) for tile in block.tiles), default=1)
        high = _TILE + (most - 1) * _ASIDE * LINE
        for at, tile in enumerate(block.tiles):
            left, ink = MARGIN + at * (width + _TILE_GAP), palette.look(tile.state).colour.light
            number, whole = (written.number(one, self._lang) for one in (tile.number, tile.total))
            said = (
                (Run(f"{slide_tables.SIGNS[tile.state]} {tile.word}", 14, ink, bold=True),),
                (Run(number, 30, ink, bold=True), Run(f" / {whole}", 15, palette.QUIET.light)),
                (Run(tile.change, _ASIDE, palette.QUIET.light),),
            )
            shown = (paragraph(*runs, align="ctr") for runs in said)
            box = left, self._top, width, high
            self._slide.text(box, *shown, ground=palette.RAISED.light, fixed=True)
            self._notes.append(f"{tile.word}: {number}/{whole} ({tile.change})")
        self._top += high + 8
        if block.aside:
            self._text(block.aside, _ASIDE, palette.QUIET.light, bold=False)
            self._notes.append(block.aside)

    def _table(self, table: Table) -> None:
        size = slide_tables.SIZE
        head = slide_tables.head_height(table, size)
        highs = slide_tables.heights(table, table.rows, size)
        begun = highs if len(highs) <= _TOGETHER + 1 else highs[:2]
        self._room(_TITLE * LINE + 6 + head + sum(begun))
        self._text(table.title, _TITLE, palette.ACCENT.light, bold=True, aside=table.note)
        self._notes += [one for one in (table.title, table.note) if one]
        done = 0
        while done < len(table.rows):
            done += self._part(table, done, highs, size, head)
            if done < len(table.rows):
                self._next()
                self._text(
                    f"{table.title} {translate(self._lang, '(continued)')}",
                    _TITLE,
                    palette.ACCENT.light,
                    bold=True,
                )
        if table.empty and not table.rows:
            self._text(table.empty, slide_tables.SIZE, palette.QUIET.light, bold=False)
            self._notes.append(table.empty)
        self._top += 6

    def _part(self, table: Table, done: int, highs: Sequence[float], size: float, head: float) -> int:
        """As many rows as fit below; at least one, smaller if it must be. Gives how many."""
        room = BOTTOM - self._top - head
        number, high = 0, 0.0
        for row in highs[done:]:
            if high + row > room:
                break
            number, high = number + 1, high + row
        number -= _kept_for_next(number, len(table.rows) - done)
        fits, number = number > 0, max(number, 1)
        shown, own = table.rows[done : done + number], highs[done : done + number]
        while not fits and size > _SMALLEST and own[0] > room:
            size -= 0.5
            own = slide_tables.heights(table, shown, size)
        self._top = slide_tables.add(self._deck, self._slide, table, shown, own, self._top, size) + 4
        self._notes += [slide_tables.said(table, row) for row in shown]
        return number


def _kept_for_next(number: int, left: int) -> int:
    """How many of the rows that fit go on with the last ones, so that no slide holds but one or two."""
    after = left - number
    return _TOGETHER - after if 0 < after < _TOGETHER < number else 0

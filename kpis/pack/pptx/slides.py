"""An edition's slides: real titles and tables, and the figures in the speaker notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.language.messages import translate
from kpis.pack.figures.cancellation import check_cancelled
from kpis.pack.figures.gather import EditionFigures
from kpis.pack.pages.contents import Contents, Note, Page, Table, Tiles
from kpis.pack.pages.row_counts import check_row_counts
from kpis.pack.pptx import slide_tables
from kpis.pack.pptx.deck import BODY_BOTTOM, BODY_TOP, BODY_WIDTH, MARGIN, Deck
from kpis.pack.pptx.slide_sizes import LINE_HEIGHT, count_lines
from kpis.pack.pptx.slide_xml import TextRun, build_paragraph

FILE_NAME = "slides.pptx"
_TITLE_SIZE, _NOTE_SIZE, _SMALL_SIZE = 18.0, 16.0, 12.0
_TILE_HEIGHT, _TILE_GAP = 76.0, 10.0
"""Points: the least height of a tile, and what lies between two."""
_MIN_FONT_SIZE = 5.0
_MIN_ROWS_TOGETHER = 3
"""So many last rows of a table stand on one slide, if there is room."""


def write_slides(
    figures: EditionFigures, contents: Contents, folder: Path, sealed_at: datetime
) -> list[Path]:
    """`slides.pptx`; a `kpis.pack.edition.writers.Writer`. All that it says is in the contents."""
    del figures
    deck = Deck(contents)
    for page in contents.pages:
        _PageFlow(deck, page).add_blocks()
    check_row_counts(contents, deck.row_counts, FILE_NAME)
    path = folder / FILE_NAME
    deck.save(path, sealed_at)
    return [path]


class _PageFlow:
    """One page's blocks, from the top of a slide to its bottom and on to the next."""

    def __init__(self, deck: Deck, page: Page) -> None:
        self._deck, self._page, self._lang = deck, page, deck.contents.lang
        self._begin_slide(page.title)

    def add_blocks(self) -> None:
        """Every block in order."""
        for block in self._page.blocks:
            if isinstance(block, Tiles):
                self._add_tiles(block)
            elif isinstance(block, Note):
                self._add_note(block)
            else:
                self._add_table(block)
        self._finish_slide()

    def _begin_slide(self, title: str) -> None:
        check_cancelled()
        self._slide = self._deck.add_slide(title, self._page.subtitle)
        self._notes: list[str] = []
        self._top = BODY_TOP

    def _start_next_slide(self) -> None:
        self._finish_slide()
        self._begin_slide(f"{self._page.title} {translate(self._lang, '(continued)')}")

    def _finish_slide(self) -> None:
        told = [
            self._page.title,
            self._page.subtitle,
            *self._notes,
            " · ".join(self._deck.contents.footer_lines),
        ]
        self._deck.finish_slide(self._slide, "\n".join(one for one in told if one))

    def _ensure_room(self, height: float) -> None:
        if self._top + height > BODY_BOTTOM and self._top > BODY_TOP:
            self._start_next_slide()

    def _add_text(self, text: str, size: float, colour: str, *, bold: bool, aside: str = "") -> None:
        """A text over the whole width; `aside` goes on in its line, smaller and quieter."""
        whole = f"{text}   {aside}" if aside else text
        high = count_lines(whole, BODY_WIDTH, size, bold=bold) * size * LINE_HEIGHT
        self._ensure_room(high)
        beside = TextRun(f"   {aside}" if aside else "", _SMALL_SIZE, palette.MUTED.light)
        told = build_paragraph(TextRun(text, size, colour, bold), beside)
        self._slide.add_text((MARGIN, self._top, BODY_WIDTH, high), told)
        self._top += high + 6

    def _add_note(self, note: Note) -> None:
        ink = palette.get_style(note.state).colour.light if note.state else palette.INK.light
        text = f"{slide_tables.STATE_SIGNS[note.state]} {note.text}" if note.state else note.text
        self._add_text(text, _NOTE_SIZE, ink, bold=note.strong)
        self._notes.append(note.text)

    def _add_tiles(self, block: Tiles) -> None:
        """All as high as the one whose words need most lines."""
        width = (BODY_WIDTH - _TILE_GAP * (len(block.tiles) - 1)) / max(len(block.tiles), 1)
        most = max((count_lines(tile.change_text, width, _SMALL_SIZE) for tile in block.tiles), default=1)
        high = _TILE_HEIGHT + (most - 1) * _SMALL_SIZE * LINE_HEIGHT
        for at, tile in enumerate(block.tiles):
            left, ink = MARGIN + at * (width + _TILE_GAP), palette.get_style(tile.state).colour.light
            number, whole = (written.format_number(one, self._lang) for one in (tile.number, tile.total))
            said = (
                (TextRun(f"{slide_tables.STATE_SIGNS[tile.state]} {tile.label}", 14, ink, bold=True),),
                (TextRun(number, 30, ink, bold=True), TextRun(f" / {whole}", 15, palette.MUTED.light)),
                (TextRun(tile.change_text, _SMALL_SIZE, palette.MUTED.light),),
            )
            shown = (build_paragraph(*runs, align="ctr") for runs in said)
            box = left, self._top, width, high
            self._slide.add_text(box, *shown, fill=palette.RAISED_SURFACE.light, fixed_height=True)
            self._notes.append(f"{tile.label}: {number}/{whole} ({tile.change_text})")
        self._top += high + 8
        if block.footnote:
            self._add_text(block.footnote, _SMALL_SIZE, palette.MUTED.light, bold=False)
            self._notes.append(block.footnote)

    def _add_table(self, table: Table) -> None:
        size = slide_tables.CELL_FONT_SIZE
        head = slide_tables.measure_header_height(table, size)
        highs = slide_tables.measure_row_heights(table, table.rows, size)
        begun = highs if len(highs) <= _MIN_ROWS_TOGETHER + 1 else highs[:2]
        self._ensure_room(_TITLE_SIZE * LINE_HEIGHT + 6 + head + sum(begun))
        self._add_text(table.title, _TITLE_SIZE, palette.ACCENT.light, bold=True, aside=table.note)
        self._notes += [one for one in (table.title, table.note) if one]
        done = 0
        while done < len(table.rows):
            done += self._add_rows(table, done, highs, size, head)
            if done < len(table.rows):
                self._start_next_slide()
                self._add_text(
                    f"{table.title} {translate(self._lang, '(continued)')}",
                    _TITLE_SIZE,
                    palette.ACCENT.light,
                    bold=True,
                )
        if table.empty_text and not table.rows:
            self._add_text(table.empty_text, slide_tables.CELL_FONT_SIZE, palette.MUTED.light, bold=False)
            self._notes.append(table.empty_text)
        self._top += 6

    def _add_rows(
        self, table: Table, first_row: int, row_heights: Sequence[float], size: float, header_height: float
    ) -> int:
        """As many rows as fit below; at least one, smaller if it must be. Gives how many."""
        room = BODY_BOTTOM - self._top - header_height
        number, high = 0, 0.0
        for row in row_heights[first_row:]:
            if high + row > room:
                break
            number, high = number + 1, high + row
        number -= _count_rows_to_carry(number, len(table.rows) - first_row)
        fits, number = number > 0, max(number, 1)
        shown, own = table.rows[first_row : first_row + number], row_heights[first_row : first_row + number]
        while not fits and size > _MIN_FONT_SIZE and own[0] > room:
            size -= 0.5
            own = slide_tables.measure_row_heights(table, shown, size)
        self._top = slide_tables.add_table(self._deck, self._slide, table, shown, own, self._top, size) + 4
        self._notes += [slide_tables.format_row(table, row) for row in shown]
        return number


def _count_rows_to_carry(fitting: int, remaining: int) -> int:
    """How many of the rows that fit go on with the last ones, so that no slide holds but one or two."""
    after = remaining - fitting
    return _MIN_ROWS_TOGETHER - after if 0 < after < _MIN_ROWS_TOGETHER < fitting else 0

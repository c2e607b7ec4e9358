"""An edition's slides: titles and tables that can be edited, and the figures in the speaker notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate
from pathlib import Path

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.messages import translate
from kpis.pack.figures.cancellation import check_cancelled
from kpis.pack.pages.contents import Block, Contents, Note, Page, Table, Tiles
from kpis.pack.pages.row_counts import check_row_counts
from kpis.pack.pptx import slide_tables
from kpis.pack.pptx.deck import BODY_BOTTOM, BODY_TOP, BODY_WIDTH, MARGIN, Deck
from kpis.pack.pptx.slide_sizes import LINE_HEIGHT, count_lines
from kpis.pack.pptx.slide_tables import add_sign
from kpis.pack.pptx.slide_xml import TextRun, build_paragraph

FILE_NAME = "slides.pptx"
_TITLE_SIZE, _NOTE_SIZE, _SMALL_SIZE = 16.0, 13.0, 12.0
_TILE_HEIGHT, _TILE_GAP = 76.0, 10.0
"""Points: the least height of a tile and the gap between two."""
_MIN_FONT_SIZE = 5.0
_MIN_ROWS_TOGETHER = 3
"""The last rows of a table that stay on one slide, if there is room."""


def write_slides(contents: Contents, folder: Path, sealed_at: datetime) -> list[Path]:
    """Write `slides.pptx` and return its path."""
    deck = Deck(contents)
    for page in contents.pages:
        _PageFlow(deck, page).add_blocks()
    check_row_counts(contents, deck.row_counts, FILE_NAME)
    path = folder / FILE_NAME
    deck.save(path, sealed_at)
    return [path]


class SlideCounter:
    """Counts the slides that a page takes, without writing any."""

    def __init__(self, shell: Contents) -> None:
        self._deck = Deck(shell, keeps_slides=False)

    def count(self, page: Page) -> int:
        """Return how many slides a page takes; charts do not change it and are left out."""
        finished = self._deck.slide_count
        _PageFlow(self._deck, replace(page, blocks=tuple(map(_drop_charts, page.blocks)))).add_blocks()
        return self._deck.slide_count - finished


def _drop_charts(block: Block) -> Block:
    if not isinstance(block, Table):
        return block
    return replace(block, rows=tuple(tuple(replace(cell, bullet=None) for cell in row) for row in block.rows))


class _PageFlow:
    """Places the blocks of one page from the top of a slide to its bottom, then on further slides."""

    def __init__(self, deck: Deck, page: Page) -> None:
        self._deck, self._page, self._lang = deck, page, deck.contents.lang
        self._begin_slide(page.title)

    def add_blocks(self) -> None:
        """Add every block in order."""
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
        footer = " · ".join(self._deck.contents.footer_lines)
        lines = [self._page.title, self._page.subtitle, *self._notes, footer]
        self._deck.finish_slide(self._slide, "\n".join(filter(None, lines)))

    def _ensure_room(self, height: float) -> None:
        if self._top + height > BODY_BOTTOM and self._top > BODY_TOP:
            self._start_next_slide()

    def _add_text(self, text: str, size: float, colour: str, *, bold: bool, suffix: str = "") -> None:
        """Add a text over the body's width; `suffix` follows in the same line, smaller and muted."""
        suffix = f"   {suffix}" if suffix else ""
        height = count_lines(text + suffix, BODY_WIDTH, size, bold=bold) * size * LINE_HEIGHT
        self._ensure_room(height)
        suffix_run = TextRun(suffix, _SMALL_SIZE, palette.MUTED.light)
        paragraph = build_paragraph(TextRun(text, size, colour, bold), suffix_run)
        self._slide.add_text((MARGIN, self._top, BODY_WIDTH, height), paragraph)
        self._top += height + 6

    def _add_note(self, note: Note) -> None:
        ink = palette.get_style(note.state).colour.light if note.state else palette.INK.light
        self._add_text(add_sign(note.text, note.state), _NOTE_SIZE, ink, bold=note.strong)
        self._notes.append(note.text)

    def _add_tiles(self, block: Tiles) -> None:
        """Add the tiles, all with the height of the one whose text needs most lines."""
        width = (BODY_WIDTH - _TILE_GAP * (len(block.tiles) - 1)) / max(len(block.tiles), 1)
        lines = max((count_lines(tile.change_text, width, _SMALL_SIZE) for tile in block.tiles), default=1)
        height = _TILE_HEIGHT + (lines - 1) * _SMALL_SIZE * LINE_HEIGHT
        for index, tile in enumerate(block.tiles):
            box = MARGIN + index * (width + _TILE_GAP), self._top, width, height
            ink = palette.get_style(tile.state).colour.light
            number, total = (formatting.format_number(value, self._lang) for value in (tile.number, tile.total))
            paragraphs = (
                (TextRun(add_sign(tile.label, tile.state), 14, ink, bold=True),),
                (TextRun(number, 30, ink, bold=True), TextRun(f" / {total}", 15, palette.MUTED.light)),
                (TextRun(tile.change_text, _SMALL_SIZE, palette.MUTED.light),),
            )
            self._slide.add_text(
                box,
                *(build_paragraph(*runs, align="ctr") for runs in paragraphs),
                fill=palette.RAISED_SURFACE.light,
                fixed_height=True,
            )
            self._notes.append(f"{tile.label}: {number}/{total} ({tile.change_text})")
        self._top += height + 8
        if block.footnote:
            self._add_text(block.footnote, _SMALL_SIZE, palette.MUTED.light, bold=False)
            self._notes.append(block.footnote)

    def _add_table(self, table: Table) -> None:
        size = slide_tables.get_font_size(table)
        header_height = slide_tables.measure_header_height(table, size)
        row_heights = slide_tables.measure_row_heights(table, table.rows, size)
        first_heights = row_heights if len(row_heights) <= _MIN_ROWS_TOGETHER + 1 else row_heights[:2]
        self._ensure_room(_TITLE_SIZE * LINE_HEIGHT + 6 + header_height + sum(first_heights))
        self._add_text(table.title, _TITLE_SIZE, palette.ACCENT.light, bold=True, suffix=table.note)
        self._notes += filter(None, (table.title, table.note))
        done = 0
        while done < len(table.rows):
            done += self._add_rows(table, done, row_heights, size, header_height)
            if done < len(table.rows):
                self._start_next_slide()
                title = f"{table.title} {translate(self._lang, '(continued)')}"
                self._add_text(title, _TITLE_SIZE, palette.ACCENT.light, bold=True)
        if table.empty_text and not table.rows:
            self._add_text(table.empty_text, size, palette.MUTED.light, bold=False)
            self._notes.append(table.empty_text)
        if table.ending and table.rows:
            self._add_text(table.ending, _NOTE_SIZE, palette.INK.light, bold=False)
            self._notes.append(table.ending)
        self._top += 6

    def _add_rows(
        self, table: Table, first_row: int, row_heights: Sequence[float], size: float, header_height: float
    ) -> int:
        """Add as many rows as fit below, at least one, in a smaller font if needed; return how many."""
        room = BODY_BOTTOM - self._top - header_height
        fitting = sum(bottom <= room for bottom in accumulate(row_heights[first_row:]))
        fitting -= _count_rows_to_carry(fitting, len(table.rows) - first_row)
        count = max(fitting, 1)
        rows = table.rows[first_row : first_row + count]
        heights = row_heights[first_row : first_row + count]
        while not fitting and size > _MIN_FONT_SIZE and heights[0] > room:
            size -= 0.5
            heights = slide_tables.measure_row_heights(table, rows, size)
        bottom = slide_tables.add_table(self._deck, self._slide, table, rows, heights, self._top, size)
        self._top = bottom + 4
        self._notes += [slide_tables.format_row(table, row) for row in rows]
        return count


def _count_rows_to_carry(fitting: int, remaining: int) -> int:
    """Return how many fitting rows to move to the next slide, so that it has at least the minimum of rows."""
    rest = remaining - fitting
    return _MIN_ROWS_TOGETHER - rest if 0 < rest < _MIN_ROWS_TOGETHER < fitting else 0

"""Passages: the texts in which numbers are read. A paragraph, one broken by a page, or one cell of a table."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from kpis.plan_import.model import OutlinedBlock, Place
from kpis.plan_import.proposals.folding import fold_text
from kpis.plan_import.proposals.numbers import find_numbers

_ENDS = re.compile(r"[.;:!?…/]\W*$")
_CONTINUES = re.compile(r"\s*(?:[-–]\s*[0-9]|[0-9]+(?:[.,][0-9]{3})*(?:,[0-9]+)?\s*(?:%|[^\W\d]))")
# A dash and a number close a range only behind a number; else the line is a bullet.
_LEFT_OPEN = re.compile(
    r"(?:[0-9]|(?<!\w)(?:đạt|trên|dưới|ít nhất|tối thiểu|khoảng|từ|đến|là|hơn|thêm|lên|còn|bình quân|và))\s*$"
)
# "- Sản phẩm trái cây:" whose sentence the document prints on the next line.
_LABEL = re.compile(r"\s*[-–+•]\s[^:;.]{1,60}:\s*")
# "II. Tầm nhìn đến năm 2035": a short line with a section's number is a heading, though it ends in a number.
_NUMBERED_HEADING = re.compile(
    r"\s*(?:[IVXL]{1,5}|[A-HK]|[0-9]{1,2}(?:\.[0-9]{1,2})*|[a-zđ])\s?[-.)/]\s?[^.;]{3,70}[0-9]\s*"
)
_DASH = re.compile(r"\s*[-–+•*]\s")
_BULLET = re.compile(r"\s*(?:[-–+•*]|\(?\w{1,2}[.)/])\s")
_ABBREVIATION = re.compile(r"(?:^|[^\w/-])(?:[A-ZĐ]{1,3}|Tp|Th|Ths|Ts)\.$")
_BOUNDARY = re.compile(r";|[.!?…](?=\s+[^\W_]|\s+[-–+“\"(]|\s*$)|\n")


@dataclass(frozen=True)
class Passage:
    """A text with where it stands. `pieces` are (start, place) of the blocks that it was joined from.

    `intro`: the paragraph above that ends in ":" and speaks for the list below it; of a cell, its column's title.
    `table`: the titles of all columns, and the caption, of the table that a cell stands in.
    """

    text: str
    outlined: OutlinedBlock
    pieces: tuple[tuple[int, Place], ...]
    intro: str = ""
    table: str | None = None

    @cached_property
    def folded(self) -> str:
        """The text as `fold_text` gives it; positions are those of the text."""
        return fold_text(self.text)

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        """The (start, end) of each clause: what ";" or the end of a sentence closes."""
        return tuple(_split_clauses(self.text))

    @property
    def is_cell(self) -> bool:
        """Tell whether the passage is a cell of a table."""
        return self.table is not None

    @property
    def place(self) -> Place:
        """Where the passage begins."""
        return self.pieces[0][1]

    @cached_property
    def _ends(self) -> tuple[int, ...]:
        return tuple(end for _, end in self.clauses)

    @cached_property
    def _sentences(self) -> tuple[int, ...]:
        """Where sentences begin, with 0 first: behind a full stop, not behind a semicolon."""
        ends = self._ends[:-1]
        return (0, *(end for end in ends if not self.text[max(0, end - 2) : end].rstrip().endswith(";")))

    def place_at(self, position: int) -> Place:
        """Return the place of the block that holds a position of the text."""
        return next(place for start, place in reversed(self.pieces) if start <= position)

    def clause_at(self, position: int) -> tuple[int, int]:
        """Return the (start, end) of the clause that holds a position."""
        return self.clauses[bisect_right(self._ends, position)]

    def sentence_start(self, position: int) -> int:
        """Return where the sentence that holds a position begins: at a full stop, not at a semicolon."""
        return self._sentences[bisect_right(self._sentences, position) - 1]


def locate(outlined: OutlinedBlock, line: int = 0) -> Place:
    """Return the place of a block; `line` is the index of a table's row."""
    block = outlined.block
    printed = block.lines[line] if line < len(block.lines) else None
    return Place(section=outlined.section, page=block.page, block=block.index, line=printed)


def list_above(passage: Passage) -> list[str]:
    """Return what stands above a passage and speaks for it, folded, the nearest first: bullets, intro, headings."""
    bullets = [title for title in passage.outlined.titles if _DASH.match(title)]
    headings = [title for title in passage.outlined.titles if not _DASH.match(title)]
    return [fold_text(text) for text in (*reversed(bullets), passage.intro, *reversed(headings))]


def read_passages(outlined: Iterable[OutlinedBlock]) -> Iterator[Passage]:
    """Yield the passages of all paragraphs in order; tables are read by `tables`."""
    current: Passage | None = None
    intro, intro_section = "", None
    for item in outlined:
        if item.block.is_table:
            continue
        if current is not None and _is_broken(current, item):
            joined = current.text.rstrip() + " "
            pieces = (*current.pieces, (len(joined), locate(item)))
            current = replace(current, text=joined + item.block.text, pieces=pieces)
            continue
        if current is not None:
            yield current
            if current.text.rstrip().endswith(":") and not _BULLET.match(current.text):
                intro, intro_section = current.text, current.outlined.section
        if item.section != intro_section:
            intro = ""
        current = Passage(item.block.text, item, ((0, locate(item)),), intro)
    if current is not None:
        yield current


def _is_broken(current: Passage, item: OutlinedBlock) -> bool:
    """Tell whether a page or a line cut a paragraph in two: no end mark, and the next begins in the middle."""
    text = item.block.text
    if item.block.heading or not text.strip():
        return False
    if _LABEL.fullmatch(current.text) and not _BULLET.match(text):
        return True
    if _ENDS.search(current.text) or current.outlined.zone == "letterhead":
        return False
    first = text.lstrip()[0]
    if first.islower() and not _BULLET.match(text):
        return True
    if not (_CONTINUES.match(text) and _LEFT_OPEN.search(current.folded)) or _NUMBERED_HEADING.fullmatch(current.text):
        return False
    return not text.lstrip().startswith(("-", "–")) or _closes_range(current.text, text)


def _closes_range(opening: str, closing: str) -> bool:
    """Tell whether the first number of a text is more than the last one before it ("05" / "- 06 %/năm")."""
    low, high = [token.value for token in (*find_numbers(opening)[-1:], *find_numbers(closing)[:1])]
    return low is not None and high is not None and low < high


def _split_clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if boundary.group() == "." and _ABBREVIATION.search(text, max(start, boundary.start() - 5), boundary.end()):
            continue
        yield start, boundary.end()
        start = boundary.end()
    if start < len(text) or start == 0:
        yield start, len(text)

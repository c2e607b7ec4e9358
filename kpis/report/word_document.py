"""A Word document in the form of Vietnamese administration: A4, Times New Roman 13, gaps marked.

Sizes, margins and places of the parts: Nghị định 30/2020/NĐ-CP, Phụ lục I.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from kpis.store.archives import write_fixed

FACE = "Times New Roman"
_MARK = re.compile(r"(\[[^\[\]]*\])")
_LEFT, _CENTRE, _BOTH = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


class ToFill(str):
    """A text that somebody still has to replace: it is marked as a whole."""

    __slots__ = ()


@dataclass(frozen=True)
class Lines:
    """A cell of several texts, one below the other, each a ToFill or not."""

    texts: tuple[str, ...]


Cell = str | Lines


@dataclass(frozen=True)
class Title:
    """A column's title below a common one: neighbours with the same `under` share the cell above them."""

    text: str
    under: str


class Word:
    """The document being made."""

    def __init__(self) -> None:
        self._made: Any = Document()
        normal = self._made.styles["Normal"]
        normal.font.name, normal.font.size = FACE, Pt(13)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
        normal.element.rPr.rFonts.set(qn("w:cs"), FACE)
        section = self._made.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        _margins(section)

    def paragraph(
        self,
        text: str,
        *,
        bold: bool = False,
        italic: bool = False,
        centre: bool = False,
        indent: bool = True,
        size: float = 13,
        template: str = "{}",
    ) -> Any:
        """A paragraph; [what stands in brackets] of `template` is still to write and is marked.

        `text` is filled into the template as it is: brackets of its own are only text. A ToFill is marked.
        """
        made = self._made.add_paragraph()
        made.alignment = _CENTRE if centre else _BOTH
        made.paragraph_format.space_after = Pt(6)
        if indent and not centre:
            made.paragraph_format.first_line_indent = Mm(10)
        fill(made, template, text, bold=bold, italic=italic, size=size)
        return made

    def heading(self, text: str, level: int = 1) -> None:
        """A section's title, found in Word's navigation."""
        made = self._made.add_heading(level=level)
        made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(6), Pt(6)
        made.paragraph_format.first_line_indent = Mm(10)
        _run(made, text, 13, bold=True)

    def sides(self, left: Iterable[tuple[str, dict[str, Any]]], right: Iterable[tuple[str, dict[str, Any]]],
              widths: tuple[float, float]) -> None:  # fmt: skip
        """Two columns without lines: (text, how it is written) one a line; texts are templates."""
        table = self._made.add_table(rows=1, cols=2)
        table.autofit = False
        for cell, lines, width in zip(table.rows[0].cells, (left, right), widths, strict=True):
            cell.width = table.columns[cell._tc.grid_offset].width = Mm(width)
            for number, (text, how) in enumerate(lines):
                made = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                made.alignment = _LEFT if how.pop("left", False) else _CENTRE
                made.paragraph_format.space_after = Pt(0)
                fill(made, text.replace("{", "{{").replace("}", "}}"), "", **how)

    def table(
        self,
        titles: Sequence[str | Title],
        rows: Sequence[Sequence[Cell] | str],
        widths: Sequence[float],
        size: float,
    ) -> None:
        """A table with its header on every page. A row that is one text heads those below it.

        Texts are only text; a ToFill is marked. Widths are mm. With a `Title` the header has two rows.
        """
        deep = any(isinstance(title, Title) for title in titles)
        table = self._made.add_table(rows=2 if deep else 1, cols=len(titles), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for at, width in enumerate(widths):
            table.columns[at].width = Mm(width)
        _header(table, titles, widths, size)
        for texts in rows:
            row = table.add_row()
            _flag(row, "w:cantSplit")
            if isinstance(texts, str):
                whole = row.cells[0].merge(row.cells[-1])
                _cell(whole, texts, size, bold=True)
                whole.paragraphs[0].paragraph_format.keep_with_next = True
            else:
                _row(row, [(text, False) for text in texts], widths, size)
        self._made.add_paragraph().paragraph_format.space_after = Pt(0)

    def turn(self) -> None:
        """What follows stands on pages across."""
        section = self._made.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.different_first_page_header_footer = False
        _margins(section)

    def furniture(self, head: str, foot: str) -> None:
        """On every page: `head` (marked) above, `foot` below, the number in the middle from the second on."""
        first = self._made.sections[0]
        first.different_first_page_header_footer = True
        for header, numbered in ((first.first_page_header, False), (first.header, True)):
            made = header.paragraphs[0]
            made.alignment = _CENTRE
            if numbered:
                _field(made, "PAGE")
            if head:
                above = header.add_paragraph() if numbered else made
                above.alignment = _CENTRE
                _run(above, head, 11, bold=True)
        for footer in (first.first_page_footer, first.footer):
            footer.paragraphs[0].alignment = _CENTRE
            _run(footer.paragraphs[0], foot, 9)

    def save(self, path: Path, title: str, author: str, moment: datetime) -> None:
        """Write the file; equal content and moment give equal bytes."""
        core = self._made.core_properties
        core.title, core.author, core.last_modified_by, core.comments = title, author, author, ""
        core.created = core.modified = moment
        core.revision, core.language = 1, "vi-VN"
        write_fixed(self._made.save, path)


def fill(
    paragraph: Any, template: str, text: str, *, bold: bool = False, italic: bool = False, size: float = 13
) -> None:
    """Write a template: its own [brackets] are marked, what is filled in for {} only where it is a ToFill."""
    for part in _MARK.split(template):
        if _MARK.fullmatch(part):
            _run(paragraph, part, size, bold=bold, italic=italic, mark=True)
        elif isinstance(text, ToFill) and "{}" in part:
            before, after = part.split("{}", 1)
            for said, mark in ((before, False), (text, True), (after, False)):
                if said:
                    _run(paragraph, said, size, bold=bold, italic=italic, mark=mark)
        elif part:
            _run(paragraph, part.format(text), size, bold=bold, italic=italic)


def _run(
    paragraph: Any, text: str, size: float, *, bold: bool = False, italic: bool = False, mark: bool = False
) -> None:
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    run.font.name, run.font.size = FACE, Pt(size)
    run.font.color.rgb = RGBColor(0, 0, 0)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:cs", "w:eastAsia", "w:hAnsi"):
        fonts.set(qn(name), FACE)
    if mark:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _header(table: Any, titles: Sequence[str | Title], widths: Sequence[float], size: float) -> None:
    """The titles in the rows that the table begins with: one row, or two where some share a cell above."""
    upper, lower = table.rows[0], table.rows[-1]
    for row in table.rows:
        _flag(row, "w:tblHeader")
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for above, group in groupby(enumerate(titles), key=lambda one: _above(*one)):
        members = list(group)
        first, last = members[0][0], members[-1][0]
        if isinstance(above, str):
            _cell(upper.cells[first].merge(upper.cells[last]), above, size, bold=True, centre=True)
        for at, title in members:
            text = title.text if isinstance(title, Title) else title
            cell = lower.cells[at] if isinstance(above, str) else upper.cells[at].merge(lower.cells[at])
            _cell(cell, text, size, bold=True, centre=True)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _above(at: int, title: str | Title) -> str | int:
    """What stands above a title: the text that it shares with its neighbours; for the rest, its own place."""
    return title.under if isinstance(title, Title) else at


def _row(
    row: Any,
    texts: Sequence[tuple[Cell, bool]],
    widths: Sequence[float],
    size: float,
    *,
    centre: bool = False,
) -> None:
    for cell, (text, bold), width in zip(row.cells, texts, widths, strict=True):
        cell.width = Mm(width)
        _cell(cell, text, size, bold=bold, centre=centre)


def _cell(cell: Any, content: Cell, size: float, *, bold: bool, centre: bool = False) -> None:
    texts = content.texts if isinstance(content, Lines) else (content,)
    lines = [(line, isinstance(text, ToFill)) for text in texts for line in text.split("\n")]
    for number, (line, mark) in enumerate(lines):
        made = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        made.alignment = _CENTRE if centre else _LEFT
        _run(made, line, size, bold=bold, mark=mark)


def _margins(section: Any) -> None:
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    if section.orientation == WD_ORIENT.LANDSCAPE:
        section.left_margin, section.right_margin = Mm(20), Mm(20)


def _flag(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _field(paragraph: Any, code: str) -> None:
    for kind, text in (("begin", None), (None, code), ("end", None)):
        run = paragraph.add_run()
        run.font.name, run.font.size = FACE, Pt(13)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._element.append(mark)

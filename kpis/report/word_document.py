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

from kpis.store.archives import write_reproducible

FONT_NAME = "Times New Roman"
_BRACKETED = re.compile(r"(\[[^\[\]]*\])")
_LEFT, _CENTRE, _JUSTIFIED = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


class Placeholder(str):
    """A text that somebody still has to replace: it is marked as a whole."""

    __slots__ = ()


@dataclass(frozen=True)
class CellLines:
    """A cell of several texts, one below the other, each a ToFill or not."""

    texts: tuple[str, ...]


CellContent = str | CellLines


@dataclass(frozen=True)
class GroupedTitle:
    """A column's title below a common one: neighbours with the same `under` share the cell above them."""

    text: str
    group: str


class WordDocument:
    """The document being made."""

    def __init__(self) -> None:
        self._document: Any = Document()
        normal = self._document.styles["Normal"]
        normal.font.name, normal.font.size = FONT_NAME, Pt(13)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT_NAME)
        normal.element.rPr.rFonts.set(qn("w:cs"), FONT_NAME)
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        _set_margins(section)

    def add_paragraph(
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
        made = self._document.add_paragraph()
        made.alignment = _CENTRE if centre else _JUSTIFIED
        made.paragraph_format.space_after = Pt(6)
        if indent and not centre:
            made.paragraph_format.first_line_indent = Mm(10)
        fill_template(made, template, text, bold=bold, italic=italic, size=size)
        return made

    def add_heading(self, text: str, level: int = 1) -> None:
        """A section's title, found in Word's navigation."""
        made = self._document.add_heading(level=level)
        made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(6), Pt(6)
        made.paragraph_format.first_line_indent = Mm(10)
        _add_run(made, text, 13, bold=True)

    def add_two_columns(self, left: Iterable[tuple[str, dict[str, Any]]], right: Iterable[tuple[str, dict[str, Any]]],
              widths: tuple[float, float]) -> None:  # fmt: skip
        """Two columns without lines: (text, how it is written) one a line; texts are templates."""
        table = self._document.add_table(rows=1, cols=2)
        table.autofit = False
        for cell, lines, width in zip(table.rows[0].cells, (left, right), widths, strict=True):
            cell.width = table.columns[cell._tc.grid_offset].width = Mm(width)
            for number, (text, how) in enumerate(lines):
                made = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                made.alignment = _LEFT if how.pop("left", False) else _CENTRE
                made.paragraph_format.space_after = Pt(0)
                fill_template(made, text.replace("{", "{{").replace("}", "}}"), "", **how)

    def add_table(
        self,
        titles: Sequence[str | GroupedTitle],
        rows: Sequence[Sequence[CellContent] | str],
        widths: Sequence[float],
        size: float,
    ) -> None:
        """A table with its header on every page. A row that is one text heads those below it.

        Texts are only text; a ToFill is marked. Widths are mm. With a `Title` the header has two rows.
        """
        deep = any(isinstance(title, GroupedTitle) for title in titles)
        table = self._document.add_table(rows=2 if deep else 1, cols=len(titles), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for at, width in enumerate(widths):
            table.columns[at].width = Mm(width)
        _fill_header(table, titles, widths, size)
        for texts in rows:
            row = table.add_row()
            _set_row_flag(row, "w:cantSplit")
            if isinstance(texts, str):
                whole = row.cells[0].merge(row.cells[-1])
                _fill_cell(whole, texts, size, bold=True)
                whole.paragraphs[0].paragraph_format.keep_with_next = True
            else:
                _fill_row(row, [(text, False) for text in texts], widths, size)
        self._document.add_paragraph().paragraph_format.space_after = Pt(0)

    def add_landscape_section(self) -> None:
        """What follows stands on pages across."""
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.different_first_page_header_footer = False
        _set_margins(section)

    def add_header_and_footer(self, header_text: str, footer_text: str) -> None:
        """On every page: `head` (marked) above, `foot` below, the number in the middle from the second on."""
        first = self._document.sections[0]
        first.different_first_page_header_footer = True
        for header, numbered in ((first.first_page_header, False), (first.header, True)):
            made = header.paragraphs[0]
            made.alignment = _CENTRE
            if numbered:
                _add_field(made, "PAGE")
            if header_text:
                above = header.add_paragraph() if numbered else made
                above.alignment = _CENTRE
                _add_run(above, header_text, 11, bold=True)
        for footer in (first.first_page_footer, first.footer):
            footer.paragraphs[0].alignment = _CENTRE
            _add_run(footer.paragraphs[0], footer_text, 9)

    def save(self, path: Path, title: str, author: str, saved_at: datetime) -> None:
        """Write the file; equal content and moment give equal bytes."""
        core = self._document.core_properties
        core.title, core.author, core.last_modified_by, core.comments = title, author, author, ""
        core.created = core.modified = saved_at
        core.revision, core.language = 1, "vi-VN"
        write_reproducible(self._document.save, path)


def fill_template(
    paragraph: Any, template: str, text: str, *, bold: bool = False, italic: bool = False, size: float = 13
) -> None:
    """Write a template: its own [brackets] are marked, what is filled in for {} only where it is a ToFill."""
    for part in _BRACKETED.split(template):
        if _BRACKETED.fullmatch(part):
            _add_run(paragraph, part, size, bold=bold, italic=italic, highlight=True)
        elif isinstance(text, Placeholder) and "{}" in part:
            before, after = part.split("{}", 1)
            for said, mark in ((before, False), (text, True), (after, False)):
                if said:
                    _add_run(paragraph, said, size, bold=bold, italic=italic, highlight=mark)
        elif part:
            _add_run(paragraph, part.format(text), size, bold=bold, italic=italic)


def _add_run(
    paragraph: Any,
    text: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    highlight: bool = False,
) -> None:
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    run.font.name, run.font.size = FONT_NAME, Pt(size)
    run.font.color.rgb = RGBColor(0, 0, 0)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:cs", "w:eastAsia", "w:hAnsi"):
        fonts.set(qn(name), FONT_NAME)
    if highlight:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _fill_header(
    table: Any, titles: Sequence[str | GroupedTitle], widths: Sequence[float], size: float
) -> None:
    """The titles in the rows that the table begins with: one row, or two where some share a cell above."""
    upper, lower = table.rows[0], table.rows[-1]
    for row in table.rows:
        _set_row_flag(row, "w:tblHeader")
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for above, group in groupby(enumerate(titles), key=lambda one: _get_group_key(*one)):
        members = list(group)
        first, last = members[0][0], members[-1][0]
        if isinstance(above, str):
            _fill_cell(upper.cells[first].merge(upper.cells[last]), above, size, bold=True, centre=True)
        for at, title in members:
            text = title.text if isinstance(title, GroupedTitle) else title
            cell = lower.cells[at] if isinstance(above, str) else upper.cells[at].merge(lower.cells[at])
            _fill_cell(cell, text, size, bold=True, centre=True)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _get_group_key(index: int, title: str | GroupedTitle) -> str | int:
    """What stands above a title: the text that it shares with its neighbours; for the rest, its own place."""
    return title.group if isinstance(title, GroupedTitle) else index


def _fill_row(
    row: Any,
    texts: Sequence[tuple[CellContent, bool]],
    widths: Sequence[float],
    size: float,
    *,
    centre: bool = False,
) -> None:
    for cell, (text, bold), width in zip(row.cells, texts, widths, strict=True):
        cell.width = Mm(width)
        _fill_cell(cell, text, size, bold=bold, centre=centre)


def _fill_cell(cell: Any, content: CellContent, size: float, *, bold: bool, centre: bool = False) -> None:
    texts = content.texts if isinstance(content, CellLines) else (content,)
    lines = [(line, isinstance(text, Placeholder)) for text in texts for line in text.split("\n")]
    for number, (line, mark) in enumerate(lines):
        made = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        made.alignment = _CENTRE if centre else _LEFT
        _add_run(made, line, size, bold=bold, highlight=mark)


def _set_margins(section: Any) -> None:
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    if section.orientation == WD_ORIENT.LANDSCAPE:
        section.left_margin, section.right_margin = Mm(20), Mm(20)


def _set_row_flag(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _add_field(paragraph: Any, code: str) -> None:
    for kind, text in (("begin", None), (None, code), ("end", None)):
        run = paragraph.add_run()
        run.font.name, run.font.size = FONT_NAME, Pt(13)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._element.append(mark)

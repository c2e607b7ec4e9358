"""A Word document in the form of Vietnamese administration: A4, Times New Roman 13, gaps highlighted.

Sizes, margins and positions of the parts: Nghị định 30/2020/NĐ-CP, Phụ lục I.
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
    """A text that a person still has to replace; highlighted as a whole."""

    __slots__ = ()


@dataclass(frozen=True)
class CellLines:
    """A cell of several texts, one below the other, each a Placeholder or not."""

    texts: tuple[str, ...]


CellContent = str | CellLines
StyledLine = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class GroupedTitle:
    """A column title below a group title: neighbours with the same `group` share the cell above them."""

    text: str
    group: str


class WordDocument:
    """The document being written."""

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
    ) -> None:
        """Add a paragraph; [text in brackets] of `template` is still to be written and is highlighted.

        `text` is inserted into the template as it is, with its own brackets; a Placeholder is highlighted.
        """
        paragraph = self._document.add_paragraph()
        paragraph.alignment = _CENTRE if centre else _JUSTIFIED
        paragraph.paragraph_format.space_after = Pt(6)
        if indent and not centre:
            paragraph.paragraph_format.first_line_indent = Mm(10)
        _fill_template(paragraph, template, text, bold=bold, italic=italic, size=size)

    def add_heading(self, text: str) -> None:
        """Add a section title that appears in Word's navigation."""
        heading = self._document.add_heading(level=1)
        heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(6)
        heading.paragraph_format.first_line_indent = Mm(10)
        _add_run(heading, text, 13, bold=True)

    def add_two_columns(
        self, left: Iterable[StyledLine], right: Iterable[StyledLine], widths: tuple[float, float]
    ) -> None:
        """Add two columns without borders. Each line is (template, its style); `left` aligns it left."""
        table = self._document.add_table(rows=1, cols=2)
        table.autofit = False
        for cell, lines, width in zip(table.rows[0].cells, (left, right), widths, strict=True):
            cell.width = table.columns[cell._tc.grid_offset].width = Mm(width)
            for number, (text, style) in enumerate(lines):
                paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                paragraph.alignment = _LEFT if style.pop("left", False) else _CENTRE
                paragraph.paragraph_format.space_after = Pt(0)
                _fill_template(paragraph, text.replace("{", "{{").replace("}", "}}"), "", **style)

    def add_table(
        self,
        titles: Sequence[str | GroupedTitle],
        rows: Sequence[Sequence[CellContent] | str],
        widths: Sequence[float],
        size: float,
    ) -> None:
        """Add a table with its header on every page. A row that is one text is a title across all columns.

        Placeholders are highlighted. `widths` are mm. With a `GroupedTitle` the header has two rows.
        """
        has_groups = any(isinstance(title, GroupedTitle) for title in titles)
        table = self._document.add_table(rows=2 if has_groups else 1, cols=len(titles), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for index, width in enumerate(widths):
            table.columns[index].width = Mm(width)
        _fill_header(table, titles, widths, size)
        for texts in rows:
            row = table.add_row()
            _set_row_flag(row, "w:cantSplit")
            if isinstance(texts, str):
                merged_cell = row.cells[0].merge(row.cells[-1])
                _fill_cell(merged_cell, texts, size, bold=True)
                merged_cell.paragraphs[0].paragraph_format.keep_with_next = True
            else:
                for cell, text, width in zip(row.cells, texts, widths, strict=True):
                    cell.width = Mm(width)
                    _fill_cell(cell, text, size, bold=False)
        self._document.add_paragraph().paragraph_format.space_after = Pt(0)

    def add_landscape_section(self) -> None:
        """Start landscape pages."""
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.different_first_page_header_footer = False
        _set_margins(section)

    def add_header_and_footer(self, header_text: str, footer_text: str) -> None:
        """Set header and footer of every page; the page number is in the header from the second page on."""
        first = self._document.sections[0]
        first.different_first_page_header_footer = True
        for header, numbered in ((first.first_page_header, False), (first.header, True)):
            paragraph = header.paragraphs[0]
            paragraph.alignment = _CENTRE
            if numbered:
                _add_field(paragraph, "PAGE")
            if header_text:
                text_paragraph = header.add_paragraph() if numbered else paragraph
                text_paragraph.alignment = _CENTRE
                _add_run(text_paragraph, header_text, 11, bold=True)
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


def _fill_template(
    paragraph: Any, template: str, text: str, *, bold: bool = False, italic: bool = False, size: float = 13
) -> None:
    """Write a template: its own [brackets] are highlighted; the text for {} only if it is a Placeholder."""
    for part in _BRACKETED.split(template):
        if _BRACKETED.fullmatch(part):
            _add_run(paragraph, part, size, bold=bold, italic=italic, highlight=True)
        elif isinstance(text, Placeholder) and "{}" in part:
            prefix, suffix = part.split("{}", 1)
            for run_text, is_placeholder in ((prefix, False), (text, True), (suffix, False)):
                if run_text:
                    _add_run(paragraph, run_text, size, bold=bold, italic=italic, highlight=is_placeholder)
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


def _fill_header(table: Any, titles: Sequence[str | GroupedTitle], widths: Sequence[float], size: float) -> None:
    """Fill the header: one row, or two if some titles share a group cell above them."""
    upper, lower = table.rows[0], table.rows[-1]
    for row in table.rows:
        _set_row_flag(row, "w:tblHeader")
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for key, group in groupby(enumerate(titles), key=lambda item: _get_group_key(*item)):
        members = list(group)
        first, last = members[0][0], members[-1][0]
        if isinstance(key, str):
            _fill_cell(upper.cells[first].merge(upper.cells[last]), key, size, bold=True, centre=True)
        for index, title in members:
            text = title.text if isinstance(title, GroupedTitle) else title
            cell = lower.cells[index] if isinstance(key, str) else upper.cells[index].merge(lower.cells[index])
            _fill_cell(cell, text, size, bold=True, centre=True)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _get_group_key(index: int, title: str | GroupedTitle) -> str | int:
    """Return the group title above a column; without one, the column's index."""
    return title.group if isinstance(title, GroupedTitle) else index


def _fill_cell(cell: Any, content: CellContent, size: float, *, bold: bool, centre: bool = False) -> None:
    texts = content.texts if isinstance(content, CellLines) else (content,)
    lines = [(line, isinstance(text, Placeholder)) for text in texts for line in text.split("\n")]
    for number, (line, is_placeholder) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.alignment = _CENTRE if centre else _LEFT
        _add_run(paragraph, line, size, bold=bold, highlight=is_placeholder)


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
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = text
        run._element.append(element)

"""Notes on the cells of one worksheet: the text, and the box in which Excel draws it.

Source: ECMA-376 part 1, §18.7 (comments) and part 4, §19 (VML, which notes still use).
"""

from __future__ import annotations

import re

from lxml import etree

from kpis.feedback.xlsx.patch import Element, WorkbookPatch, get_relation_attribute, parse_part, qualify_tag
from kpis.sheet.cells import format_cell_name

NOTE_AUTHOR = "KPI · Phản hồi"
"""The author of the system's notes, which are removed by the next feedback; people's own notes stay."""

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_VML_NS = "{urn:schemas-microsoft-com:vml}"
_OFFICE_NS = "{urn:schemas-microsoft-com:office:office}"
_EXCEL_NS = "{urn:schemas-microsoft-com:office:excel}"
# The elements that may follow `legacyDrawing` in a worksheet (§18.3.1.99).
_FOLLOWING_ELEMENTS = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
    "extLst",
)  # fmt: skip
_XML_ROOT = b"""<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel">"""
_DRAWING_XML = b"""<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%d"/></o:shapelayout>
<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">
<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>"""
_SHAPE_XML = b"""<v:shape id="_x0000_s%d" type="#_x0000_t202"
 style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>
<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>
<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>
<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%s</x:Anchor>
<x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape></xml>"""


class CellNotes:
    """The notes of a worksheet part. Raises lxml's XMLSyntaxError where its drawing cannot be parsed."""

    def __init__(self, patch: WorkbookPatch, sheet: str) -> None:
        self._patch, self._sheet = patch, sheet
        comments, drawing = patch.find_related(sheet, "comments"), patch.find_related(sheet, "vmlDrawing")
        self._comments: Element = None if comments is None else patch.load_tree(comments)
        self._drawing: Element = None if drawing is None else patch.load_tree(drawing)
        self._noted_cells = {comment.get("ref") for comment in self._get_comment_list()}
        self._last_box = 0

    def remove_system_notes(self) -> None:
        """Remove the notes of earlier feedback, with their boxes."""
        if self._comments is None:
            return
        author = str(self._ensure_author())
        comments = [c for c in self._get_comment_list() if c.get("authorId") == author]
        names = {comment.get("ref") for comment in comments}
        self._noted_cells -= names
        for comment in comments:
            comment.getparent().remove(comment)
        for shape in [] if self._drawing is None else list(self._drawing.iterfind(f"{_VML_NS}shape")):
            if _get_cell_name(shape) in names:
                shape.getparent().remove(shape)

    def add(self, row: int, column: int, text: str) -> bool:
        """Add a note to a cell; False if the cell has a note already, since it can hold only one."""
        if self._drawing is None:
            self._add_drawing()  # first, since it may raise for a drawing that cannot be parsed
        if self._comments is None:
            self._add_comments()
        name = format_cell_name(column, row)
        if name in self._noted_cells:
            return False
        self._noted_cells.add(name)
        root = self._comments
        comment = root.makeelement(qualify_tag(root, "comment"), {"ref": name, "authorId": str(self._ensure_author())})
        body = comment.makeelement(qualify_tag(root, "text"))
        text_element = body.makeelement(qualify_tag(root, "t"))
        text_element.text = text
        body.append(text_element)
        comment.append(body)
        self._get_comment_list().append(comment)
        self._drawing.append(self._make_box(row, column, text))
        return True

    def _get_comment_list(self) -> Element:
        return () if self._comments is None else self._comments.find("{*}commentList")

    def _ensure_author(self) -> int:
        authors = self._comments.find("{*}authors")
        for number, author in enumerate(authors):
            if author.text == NOTE_AUTHOR:
                return number
        author = authors.makeelement(qualify_tag(self._comments, "author"))
        author.text = NOTE_AUTHOR
        authors.append(author)
        return len(authors) - 1

    def _make_box(self, row: int, column: int, text: str) -> Element:
        """Return a box beside the cell, three columns wide and as high as the text."""
        height = 3 + len(text) // 30
        top = max(row - 2, 0)
        # Column, offset, row, offset of the top left corner, then of the bottom right one.
        anchor = f"{column + 1}, 15, {top}, 4, {column + 4}, 15, {top + height}, 4".encode()
        if not self._last_box:
            boxes = re.findall(rb"_x0000_s(\d+)", etree.tostring(self._drawing))
            self._last_box = max([1024 * self._get_shape_block(), *map(int, boxes)])
        self._last_box += 1
        return parse_part(_XML_ROOT + _SHAPE_XML % (self._last_box, anchor, row - 1, column))[0]

    def _get_shape_block(self) -> int:
        """Return the block of 1,024 shape numbers that belongs to this sheet and to no other."""
        mapped = self._drawing.find(f"{_OFFICE_NS}shapelayout/{_OFFICE_NS}idmap")
        data = "1" if mapped is None else (mapped.get("data") or "1")
        return int(data.split(",")[0])

    def _add_comments(self) -> None:
        namespace = etree.QName(self._patch.load_tree(self._sheet)).namespace
        root = etree.Element(f"{{{namespace}}}comments", nsmap={None: namespace})
        for name in ("authors", "commentList"):
            etree.SubElement(root, f"{{{namespace}}}{name}")
        name = self._patch.find_free_name("xl/comments{}.xml")
        self._patch.add_part(name, root, _COMMENTS_TYPE, owner=self._sheet, kind="comments")
        self._comments = root

    def _add_drawing(self) -> None:
        blocks = [0]
        for part in self._patch.find_parts(".vml"):
            text = etree.tostring(self._patch.load_tree(part))
            blocks += [int(number) for data in re.findall(rb'data="([\d,]+)"', text) for number in data.split(b",")]
        root = parse_part(_XML_ROOT + _DRAWING_XML % (max(blocks) + 1))
        name = self._patch.find_free_name("xl/drawings/vmlDrawing{}.vml")
        self._patch.declare_default_type("vml", _VML_TYPE)
        relation_id = self._patch.add_part(name, root, None, owner=self._sheet, kind="vmlDrawing")
        sheet = self._patch.load_tree(self._sheet)
        attributes = {get_relation_attribute(sheet): relation_id}
        element = sheet.makeelement(qualify_tag(sheet, "legacyDrawing"), attributes, nsmap=sheet.nsmap)
        after = next((child for child in sheet if etree.QName(child).localname in _FOLLOWING_ELEMENTS), None)
        if after is not None:
            after.addprevious(element)
        else:
            sheet.append(element)
        self._drawing = root


def _get_cell_name(shape: Element) -> str | None:
    row = shape.find(f"{_EXCEL_NS}ClientData/{_EXCEL_NS}Row")
    column = shape.find(f"{_EXCEL_NS}ClientData/{_EXCEL_NS}Column")
    return None if row is None or column is None else format_cell_name(int(column.text), int(row.text) + 1)

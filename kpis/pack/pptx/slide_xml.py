"""A slide and its notes as XML (ECMA-376 part 1, §19 and §21.1); python-pptx takes ten times as long.

Positions and sizes are in points. Texts are escaped here; parameters described as XML are taken as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from kpis.charts import fonts

Box = tuple[float, float, float, float]
"""Left, top, width, height."""

_INVALID_XML_CHARACTERS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_XML_DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_NAMESPACES = nsdecls("a", "p", "r")
_SHAPE_TREE = (
    '<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
    "<p:grpSpPr/>%s</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>"
)
_SLIDE_XML = f"{_XML_DECLARATION}<p:sld {_NAMESPACES}>{_SHAPE_TREE}</p:sld>"
_LOCKED_SHAPE = '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
# The placeholders of python-pptx's notes master: slide image, notes text, page number.
_NOTES_XML = f"{_XML_DECLARATION}<p:notes {_NAMESPACES}>{_SHAPE_TREE}</p:notes>" % (
    f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="Slide Image Placeholder 1"/>{_LOCKED_SHAPE}'
    '<p:nvPr><p:ph type="sldImg" idx="2"/></p:nvPr></p:nvSpPr><p:spPr/></p:sp>'
    f'<p:sp><p:nvSpPr><p:cNvPr id="3" name="Notes Placeholder 2"/>{_LOCKED_SHAPE}'
    '<p:nvPr><p:ph type="body" idx="3" sz="quarter"/></p:nvPr></p:nvSpPr><p:spPr/>'
    "<p:txBody><a:bodyPr/><a:lstStyle/>%s</p:txBody></p:sp>"
    f'<p:sp><p:nvSpPr><p:cNvPr id="4" name="Slide Number Placeholder 3"/>{_LOCKED_SHAPE}'
    '<p:nvPr><p:ph type="sldNum" idx="5" sz="quarter"/></p:nvPr></p:nvSpPr><p:spPr/></p:sp>'
)
_END_PARAGRAPH = '<a:endParaRPr sz="%d"/>'
_PLAIN_TABLE_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's "No Style, No Grid"
_RECTANGLE = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
_NO_MARGINS = 'wrap="square" lIns="0" rIns="0" tIns="0" bIns="0"'


class TextRun(NamedTuple):
    """A text in our typeface; `size` in points, `colour` as #rrggbb."""

    text: str
    size: float
    colour: str
    bold: bool = False


def build_paragraph(*runs: TextRun, align: str = "") -> str:
    """Return a paragraph as XML; `align` is "l", "ctr" or "r". An empty one has its first run's height."""
    properties = f'<a:pPr algn="{align}"/>' if align else ""
    # LibreOffice gives an empty run 18 points whatever its size is.
    content = "".join(_build_run(run) for run in runs if run.text)
    return f"<a:p>{properties}{content or _END_PARAGRAPH % round(runs[0].size * 100)}</a:p>"


def build_cell(paragraphs: str, padding: float, line_colour: str, fill: str = "") -> str:
    """Return a table cell as XML: `paragraphs` (XML) with padding, a line below and a background `fill`."""
    margin = int(Pt(padding))
    line = f'<a:lnB w="6350">{_build_solid_fill(line_colour)}</a:lnB>'
    background = _build_solid_fill(fill) if fill else ""
    return (
        f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{paragraphs}</a:txBody>"
        f'<a:tcPr marL="{margin}" marR="{margin}" marT="{margin}" marB="{margin}">'
        f"{line}{background}</a:tcPr></a:tc>"  # in this order (§21.1.3.17)
    )


def build_notes(text: str) -> bytes:
    """Return a slide's notes as an XML document, with a paragraph for each line."""
    lines = (f"<a:p><a:r><a:t>{_escape_text(line)}</a:t></a:r></a:p>" for line in text.split("\n"))
    return (_NOTES_XML % "".join(lines)).encode()


class Slide:
    """The shapes of one slide, the later ones in front; `part` is the slide's part of the file."""

    def __init__(self, part: Any) -> None:
        self.part = part
        self._shapes: list[str] = []

    def set_title(self, box: Box, paragraph: str) -> None:
        """Set the title (a paragraph as XML) in the title placeholder."""
        placeholder = f'{_LOCKED_SHAPE}<p:nvPr><p:ph type="title"/></p:nvPr>'
        body = f'<a:bodyPr {_NO_MARGINS} anchor="ctr"/>'
        self._add_shape("Title", placeholder, f"<a:xfrm>{_build_box(box)}</a:xfrm>", body, paragraph)

    def add_text(
        self, box: Box, *paragraphs: str, fill: str = "", centred: bool = False, fixed_height: bool = False
    ) -> None:
        """Add a text box of paragraphs (XML), `centred` vertically or from the top.

        Its height follows its text when it is edited, unless `fixed_height`.
        """
        placeholder = '<p:cNvSpPr txBox="1"/><p:nvPr/>'
        background = _build_solid_fill(fill) if fill else "<a:noFill/>"
        properties = f"<a:xfrm>{_build_box(box)}</a:xfrm>{_RECTANGLE}{background}"
        anchor = ' anchor="ctr"' if centred else ""
        fit = "<a:noAutofit/>" if fixed_height else "<a:spAutoFit/>"
        body = f"<a:bodyPr {_NO_MARGINS}{anchor}>{fit}</a:bodyPr>"
        self._add_shape("TextBox", placeholder, properties, body, "".join(paragraphs))

    def add_table(
        self, box: Box, name: str, widths: Iterable[float], rows: Iterable[tuple[float, Iterable[str]]]
    ) -> None:
        """Add a table whose first row is its header; `rows` are heights and cells (XML)."""
        columns = "".join(f'<a:gridCol w="{Pt(width)}"/>' for width in widths)
        lines = "".join(f'<a:tr h="{Pt(height)}">{"".join(cells)}</a:tr>' for height, cells in rows)
        identity = f'<p:cNvPr id="{self._next_id}" name={_quote_attribute(name)}/>'
        self._shapes.append(
            f"<p:graphicFrame><p:nvGraphicFramePr>{identity}"
            '<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/>'
            f"</p:nvGraphicFramePr><p:xfrm>{_build_box(box)}</p:xfrm>"
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table">'
            f'<a:tbl><a:tblPr firstRow="1"><a:tableStyleId>{_PLAIN_TABLE_STYLE}</a:tableStyleId></a:tblPr>'
            f"<a:tblGrid>{columns}</a:tblGrid>{lines}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
        )

    def add_picture(self, box: Box, image: Any, alt: str) -> None:
        """Add an image (a part of the file) with an alternative text."""
        relation = self.part.relate_to(image, RELATIONSHIP_TYPE.IMAGE)
        number = self._next_id
        identity = f'<p:cNvPr id="{number}" name="Picture {number - 1}" descr={_quote_attribute(alt)}/>'
        self._shapes.append(
            f"<p:pic><p:nvPicPr>{identity}"
            '<p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/></p:nvPicPr>'
            f'<p:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
            f"<p:spPr><a:xfrm>{_build_box(box)}</a:xfrm>{_RECTANGLE}</p:spPr></p:pic>"
        )

    def to_xml(self) -> bytes:
        """Return the slide as an XML document."""
        return (_SLIDE_XML % "".join(self._shapes)).encode()

    @property
    def _next_id(self) -> int:
        return len(self._shapes) + 2

    def _add_shape(self, kind: str, placeholder: str, properties: str, body: str, paragraphs: str) -> None:
        identity = f'<p:cNvPr id="{self._next_id}" name="{kind} {self._next_id - 1}"/>'
        self._shapes.append(
            f"<p:sp><p:nvSpPr>{identity}{placeholder}</p:nvSpPr>"
            f"<p:spPr>{properties}</p:spPr><p:txBody>{body}<a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
        )


class BlankSlide(Slide):
    """A slide that stays empty: for counting slides, which depends on the heights of what they would have."""

    def __init__(self) -> None:
        super().__init__(None)

    def set_title(self, box: Box, paragraph: str) -> None:
        """Leave the title out."""

    def add_text(
        self, box: Box, *paragraphs: str, fill: str = "", centred: bool = False, fixed_height: bool = False
    ) -> None:
        """Leave the text out."""

    def add_table(
        self, box: Box, name: str, widths: Iterable[float], rows: Iterable[tuple[float, Iterable[str]]]
    ) -> None:
        """Leave the table out; its cells are not built."""

    def add_picture(self, box: Box, image: Any, alt: str) -> None:
        """Leave the picture out."""


def count_table_rows(slide: bytes) -> list[tuple[str, int]]:
    """Return the name and number of rows, with the header, of each table on a slide.

    Raises lxml's XMLSyntaxError if the slide is not well-formed.
    """
    frames = etree.fromstring(slide).iter(qn("p:graphicFrame"))
    return [(next(frame.iter(qn("p:cNvPr"))).get("name"), sum(1 for _ in frame.iter(qn("a:tr")))) for frame in frames]


def _build_box(box: Box) -> str:
    left, top, width, height = (int(Pt(value)) for value in box)
    return f'<a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/>'


def _build_run(run: TextRun) -> str:
    return (
        f'<a:r><a:rPr sz="{round(run.size * 100)}" b="{int(run.bold)}">{_build_solid_fill(run.colour)}'
        f'<a:latin typeface="{fonts.FAMILY}"/></a:rPr><a:t>{_escape_text(run.text)}</a:t></a:r>'
    )


def _escape_text(text: str) -> str:
    """Escape a text for XML, without the control characters that XML does not allow."""
    return escape(text.translate(_INVALID_XML_CHARACTERS))


def _quote_attribute(text: str) -> str:
    return quoteattr(text.translate(_INVALID_XML_CHARACTERS))


def _build_solid_fill(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour.removeprefix("#").upper()}"/></a:solidFill>'

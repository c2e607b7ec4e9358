"""The slides' own paper: 16:9, one layout with a real title, and what stands on every slide."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Pt

from kpis.charts import fonts, palette
from kpis.pack.contents import Contents
from kpis.pack.finished_slides import finish
from kpis.pack.zips import write_fixed

WIDTH, HEIGHT = 960.0, 540.0
"""Points: 13⅓ × 7½ inches."""
MARGIN = 36.0
TOP, BOTTOM = 96.0, 498.0
"""Where the blocks of a slide may stand."""
INNER = WIDTH - 2 * MARGIN
_TITLE_ONLY = 5
_FOOT = 12.0
_WHOLE = "\ue000"
"""Stands for the number of slides until it is known; a letter that no text has."""
_COLOUR: Any = RGBColor.from_string


class Deck:
    """The slides being made. Positions and sizes are points."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self._made = Presentation()
        self._slides = self._made.slides
        self._finished: list[Any] = []
        self.rows: Counter[str] = Counter()
        """The rows of each table (by its key) that stand on the finished slides, without their headers."""
        self._made.slide_width, self._made.slide_height = Pt(WIDTH), Pt(HEIGHT)
        layouts = self._made.slide_layouts
        self._layout = layouts[_TITLE_ONLY]
        for layout in [one for one in layouts if one is not self._layout]:
            layouts.remove(layout)
        for place in (self._made.slide_master, self._layout):
            for shape in list(place.placeholders):
                if shape.placeholder_format.type in (13, 15, 16):  # number, footer, date: ours are texts
                    shape._element.getparent().remove(shape._element)
                else:
                    _put(shape, MARGIN, TOP, INNER, BOTTOM - TOP)
            _put(place.shapes.title if hasattr(place.shapes, "title") else None, MARGIN, 18, 760, 40)

    def slide(self, title: str, subtitle: str) -> Any:
        """A new slide with its title in the title's placeholder."""
        slide = self._slides.add_slide(self._layout)
        shape = slide.shapes.title
        _put(shape, MARGIN, 16, 740 if self.contents.sample else INNER, 44)
        frame = shape.text_frame
        frame.word_wrap = True
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        _no_margins(frame)
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        write(frame.paragraphs[0], title, 24 if len(title) < 70 else 16, palette.ACCENT.light, bold=True)
        self.text(
            slide, subtitle, MARGIN, 64, INNER, 20, 14 if len(subtitle) < 110 else 12, palette.QUIET.light
        )
        if self.contents.sample:
            ribbon = self.text(
                slide,
                self.contents.sample,
                790,
                24,
                134,
                26,
                13,
                palette.SAMPLE.light,
                bold=True,
                centre=True,
            )
            ribbon.fill.solid()
            ribbon.fill.fore_color.rgb = colour(palette.SAMPLE_GROUND.light)
        return slide

    def text(
        self,
        slide: Any,
        text: str,
        left: float,
        top: float,
        width: float,
        height: float,
        size: float,
        ink: str,
        *,
        bold: bool = False,
        centre: bool = False,
    ) -> Any:
        """A text box; gives its shape."""
        shape = slide.shapes.add_textbox(Pt(left), Pt(top), Pt(width), Pt(height))
        shape.text_frame.word_wrap = True
        _no_margins(shape.text_frame)
        paragraph = shape.text_frame.paragraphs[0]
        write(paragraph, text, size, ink, bold=bold)
        if centre:
            paragraph.alignment = PP_ALIGN.CENTER
            shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        return shape

    def finish(self, slide: Any) -> None:
        """Writes the foot of a slide that is full; nothing can be added to it then."""
        said, number = self.contents, len(self._finished) + 1
        self.text(
            slide, " · ".join((said.title, *said.foot)), MARGIN, 503, 790, 32, _FOOT, palette.QUIET.light
        )
        page = said.page_of.format(page=number, pages=_WHOLE)
        shape = self.text(slide, page, 834, 503, 90, 16, _FOOT, palette.QUIET.light, bold=True)
        shape.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
        for one in slide.shapes:
            if one.has_table:
                self.rows[one.name] += len(one.table.rows) - 1
        self._finished.append(finish(slide, self._made))

    def save(self, path: Path, sealed_at: datetime) -> None:
        """Number the slides and write the file, the same bytes for the same slides and sealing time."""
        said = self.contents
        for slide in self._finished:
            slide.blob = slide.blob.replace(_WHOLE.encode(), str(len(self._finished)).encode())
        core = self._made.core_properties
        core.title, core.author, core.last_modified_by = said.title, said.scope, said.scope
        core.created = core.modified = sealed_at
        core.revision, core.language = 1, said.lang
        made = BytesIO()
        self._made.save(made)
        write_fixed(made.getvalue(), path)


def write(paragraph: Any, text: str, size: float, ink: str, *, bold: bool = False) -> None:
    """Add a run of text in our typeface."""
    run = paragraph.add_run()
    run.text = text
    font = run.font
    font.name, font.size, font.bold = fonts.FAMILY, Pt(size), bold
    font.color.rgb = colour(ink)


def colour(text: str) -> RGBColor:
    """A colour from "#rrggbb"."""
    made: RGBColor = _COLOUR(text.removeprefix("#").upper())
    return made


def _put(shape: Any, left: float, top: float, width: float, height: float) -> None:
    if shape is not None:
        shape.left, shape.top, shape.width, shape.height = Pt(left), Pt(top), Pt(width), Pt(height)


def _no_margins(frame: Any) -> None:
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0

"""The deck of slides: 16:9, one layout with a title placeholder, and what is on every slide."""

from __future__ import annotations

import zlib
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Pt

from kpis.charts import palette
from kpis.charts.specs import BulletValues
from kpis.language.messages import translate
from kpis.pack.pages.bullet_images import render_bullet_png
from kpis.pack.pages.contents import Contents
from kpis.pack.pptx.slide_xml import BlankSlide, Slide, TextRun, build_notes, build_paragraph, count_table_rows
from kpis.store.archives import write_reproducible

WIDTH, HEIGHT = 960.0, 540.0
"""Points: 13⅓ × 7½ inches."""
MARGIN = 36.0
BODY_TOP, BODY_BOTTOM = 96.0, 498.0
"""The vertical range for the blocks of a slide."""
BODY_WIDTH = WIDTH - 2 * MARGIN
_TITLE_ONLY_LAYOUT = 5
# Page number, footer and date are texts of our own.
_UNUSED_PLACEHOLDERS = PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.DATE
_FIRST_SLIDE_ID = 256
"""The smallest id that a slide may have (ECMA-376 part 1, §19.7.13)."""
_FOOTER_SIZE = 12.0
_SLIDE_COUNT_MARK = "\ue000"
"""Placeholder for the number of slides until it is known: a private-use character that no text contains."""


class _CompressedPart(Part):
    """A part of the file that is compressed in memory: an edition of 34 provinces has five hundred slides."""

    _compressed = zlib.compress(b"")

    @property
    def blob(self) -> bytes:
        return zlib.decompress(self._compressed)

    @blob.setter
    def blob(self, content: bytes) -> None:
        self._compressed = zlib.compress(content, level=1)


class Deck:
    """The slides of an edition. Positions and sizes are in points. `keeps_slides` False: they are only counted."""

    def __init__(self, contents: Contents, *, keeps_slides: bool = True) -> None:
        self.contents = contents
        self._keeps_slides = keeps_slides
        self._blank_slides = 0
        self._presentation = Presentation()
        self._finished_slides: list[Part] = []
        self._images: dict[BulletValues, Part] = {}
        self.row_counts: Counter[str] = Counter()
        """Table key -> rows on the finished slides, without header rows."""
        self._notes_master = self._presentation.notes_master.part
        self._presentation.slide_width, self._presentation.slide_height = Pt(WIDTH), Pt(HEIGHT)
        layouts = self._presentation.slide_layouts
        self._layout = layouts[_TITLE_ONLY_LAYOUT]
        for layout in [layout for layout in layouts if layout is not self._layout]:
            layouts.remove(layout)
        for template in (self._presentation.slide_master, self._layout):
            for shape in list(template.placeholders):
                if shape.placeholder_format.type in _UNUSED_PLACEHOLDERS:
                    shape._element.getparent().remove(shape._element)
                else:
                    _place_shape(shape, MARGIN, BODY_TOP, BODY_WIDTH, BODY_BOTTOM - BODY_TOP)
            _place_shape(getattr(template.shapes, "title", None), MARGIN, 18, 760, 40)

    @property
    def slide_count(self) -> int:
        """The number of finished slides."""
        return len(self._finished_slides) + self._blank_slides

    def add_slide(self, title: str, subtitle: str) -> Slide:
        """Start a slide with its title, subtitle and, for made-up figures, the sample ribbon."""
        if not self._keeps_slides:
            return BlankSlide()
        part = self._create_part("/ppt/slides/slide%d.xml", len(self._finished_slides) + 1, CONTENT_TYPE.PML_SLIDE)
        part.relate_to(self._layout.part, RELATIONSHIP_TYPE.SLIDE_LAYOUT)
        slide = Slide(part)
        sample = self.contents.sample
        title_run = TextRun(title, 24 if len(title) < 70 else 16, palette.ACCENT.light, bold=True)
        title_box = MARGIN, 16, 740 if sample else BODY_WIDTH, 44
        slide.set_title(title_box, build_paragraph(title_run, align="l"))
        subtitle_run = TextRun(subtitle, 14 if len(subtitle) < 110 else 12, palette.MUTED.light)
        slide.add_text((MARGIN, 64, BODY_WIDTH, 20), build_paragraph(subtitle_run))
        if sample:
            ribbon = build_paragraph(TextRun(sample, 13, palette.SAMPLE.light, bold=True), align="ctr")
            slide.add_text((790, 24, 134, 26), ribbon, fill=palette.SAMPLE_BACKGROUND.light, centred=True)
        return slide

    def get_image(self, bullet: BulletValues) -> Part:
        """Return the image part of a bullet chart; equal charts share one."""
        if bullet not in self._images:
            image = self._create_part("/ppt/media/image%d.png", len(self._images) + 1, CONTENT_TYPE.PNG)
            image.blob = render_bullet_png(bullet, self.contents.lang)
            self._images[bullet] = image
        return self._images[bullet]

    def finish_slide(self, slide: Slide, notes_text: str) -> None:
        """Write a slide's footer and notes and count its table rows; it cannot be changed afterwards."""
        if isinstance(slide, BlankSlide):
            self._blank_slides += 1
            return
        contents, number = self.contents, len(self._finished_slides) + 1
        footer = " · ".join((contents.title, *contents.footer_lines))
        footer_run = TextRun(footer, _FOOTER_SIZE, palette.MUTED.light)
        slide.add_text((MARGIN, 503, 750, 32), build_paragraph(footer_run))
        # Not "page": the pages of the PDF are fewer.
        key = "slide {slide}/{slides}"
        slide_number = translate(contents.lang, key, slide=number, slides=_SLIDE_COUNT_MARK)
        slide_number_run = TextRun(slide_number, _FOOTER_SIZE, palette.MUTED.light, bold=True)
        slide.add_text((794, 503, 130, 16), build_paragraph(slide_number_run, align="r"))
        part = slide.part
        part.blob = slide.to_xml()
        for name, rows in count_table_rows(part.blob):
            self.row_counts[name] += rows - 1
        notes = self._create_part("/ppt/notesSlides/notesSlide%d.xml", number, CONTENT_TYPE.PML_NOTES_SLIDE)
        notes.blob = build_notes(notes_text)
        notes.relate_to(self._notes_master, RELATIONSHIP_TYPE.NOTES_MASTER)
        notes.relate_to(part, RELATIONSHIP_TYPE.SLIDE)
        part.relate_to(notes, RELATIONSHIP_TYPE.NOTES_SLIDE)
        self._finished_slides.append(part)

    def _create_part(self, name: str, number: int, content_type: str) -> Part:
        return _CompressedPart(PackURI(name % number), content_type, self._presentation.part.package)

    def save(self, path: Path, sealed_at: datetime) -> None:
        """Fill in the number of slides and write the file; equal slides and sealing time give equal bytes."""
        contents, count = self.contents, str(len(self._finished_slides)).encode()
        relations, slide_ids = self._presentation.part.rels, self._presentation.slides._sldIdLst
        for number, slide in enumerate(self._finished_slides):
            slide.blob = slide.blob.replace(_SLIDE_COUNT_MARK.encode(), count)
            # The public methods search all slides for an equal relation and for a free id at each call.
            relation = relations._add_relationship(RELATIONSHIP_TYPE.SLIDE, slide)
            slide_ids._add_sldId(id=_FIRST_SLIDE_ID + number, rId=relation)
        core = self._presentation.core_properties
        core.title, core.author, core.last_modified_by = contents.title, contents.scope, contents.scope
        core.created = core.modified = sealed_at
        core.revision, core.language = 1, contents.lang
        write_reproducible(self._presentation.save, path)


def _place_shape(shape: Any, left: float, top: float, width: float, height: float) -> None:
    if shape is not None:
        shape.left, shape.top, shape.width, shape.height = Pt(left), Pt(top), Pt(width), Pt(height)

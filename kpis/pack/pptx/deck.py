"""The slides' own paper: 16:9, one layout with a real title, and what stands on every slide."""

from __future__ import annotations

import zlib
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Pt

from kpis.charts import palette
from kpis.charts.specs import BulletValues
from kpis.pack.pages.bullet_images import render_bullet_png
from kpis.pack.pages.contents import Contents
from kpis.pack.pptx.slide_xml import Slide, TextRun, build_notes, build_paragraph, count_table_rows
from kpis.store.archives import write_reproducible

WIDTH, HEIGHT = 960.0, 540.0
"""Points: 13⅓ × 7½ inches."""
MARGIN = 36.0
BODY_TOP, BODY_BOTTOM = 96.0, 498.0
"""Where the blocks of a slide may stand."""
BODY_WIDTH = WIDTH - 2 * MARGIN
_TITLE_ONLY_LAYOUT = 5
_FIRST_SLIDE_ID = 256
"""The least id that a slide may have (ECMA-376 part 1, §19.7.13)."""
_FOOTER_SIZE = 12.0
_SLIDE_COUNT_MARK = "\ue000"
"""Stands for the number of slides until it is known; a letter that no text has."""


class _CompressedPart(Part):
    """A part of the file that keeps its bytes packed: an edition of 34 provinces has five hundred slides."""

    _compressed = zlib.compress(b"")

    @property
    def blob(self) -> bytes:
        return zlib.decompress(self._compressed)

    @blob.setter
    def blob(self, made: bytes) -> None:
        self._compressed = zlib.compress(made, level=1)


class Deck:
    """The slides being made. Positions and sizes are points."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self._presentation = Presentation()
        self._finished_slides: list[Part] = []
        self._images: dict[BulletValues, Part] = {}
        self.row_counts: Counter[str] = Counter()
        """The rows of each table (by its key) that stand on the finished slides, without their headers."""
        self._notes_master = self._presentation.notes_master.part
        self._presentation.slide_width, self._presentation.slide_height = Pt(WIDTH), Pt(HEIGHT)
        layouts = self._presentation.slide_layouts
        self._layout = layouts[_TITLE_ONLY_LAYOUT]
        for layout in [one for one in layouts if one is not self._layout]:
            layouts.remove(layout)
        for place in (self._presentation.slide_master, self._layout):
            for shape in list(place.placeholders):
                if shape.placeholder_format.type in (13, 15, 16):  # number, footer, date: ours are texts
                    shape._element.getparent().remove(shape._element)
                else:
                    _place_shape(shape, MARGIN, BODY_TOP, BODY_WIDTH, BODY_BOTTOM - BODY_TOP)
            _place_shape(place.shapes.title if hasattr(place.shapes, "title") else None, MARGIN, 18, 760, 40)

    def add_slide(self, title: str, subtitle: str) -> Slide:
        """A new slide with its title in the title's placeholder."""
        part = self._create_part(
            "/ppt/slides/slide%d.xml", len(self._finished_slides) + 1, CONTENT_TYPE.PML_SLIDE
        )
        part.relate_to(self._layout.part, RELATIONSHIP_TYPE.SLIDE_LAYOUT)
        slide = Slide(part)
        sample, size = self.contents.sample, 24 if len(title) < 70 else 16
        told = TextRun(title, size, palette.ACCENT.light, bold=True)
        slide.set_title((MARGIN, 16, 740 if sample else BODY_WIDTH, 44), build_paragraph(told, align="l"))
        size = 14 if len(subtitle) < 110 else 12
        slide.add_text(
            (MARGIN, 64, BODY_WIDTH, 20), build_paragraph(TextRun(subtitle, size, palette.MUTED.light))
        )
        if sample:
            told = TextRun(sample, 13, palette.SAMPLE.light, bold=True)
            ribbon = build_paragraph(told, align="ctr")
            slide.add_text((790, 24, 134, 26), ribbon, fill=palette.SAMPLE_BACKGROUND.light, centred=True)
        return slide

    def get_image(self, bullet: BulletValues) -> Part:
        """The picture of a bullet chart, drawn and kept once."""
        if bullet not in self._images:
            made = self._create_part("/ppt/media/image%d.png", len(self._images) + 1, CONTENT_TYPE.PNG)
            made.blob = render_bullet_png(bullet, self.contents.lang)
            self._images[bullet] = made
        return self._images[bullet]

    def finish_slide(self, slide: Slide, notes_text: str) -> None:
        """Writes the foot of a slide that is full, and its notes; nothing can be added to it then."""
        contents, number = self.contents, len(self._finished_slides) + 1
        foot = TextRun(
            " · ".join((contents.title, *contents.footer_lines)), _FOOTER_SIZE, palette.MUTED.light
        )
        slide.add_text((MARGIN, 503, 790, 32), build_paragraph(foot))
        text = contents.page_number_template.format(page=number, pages=_SLIDE_COUNT_MARK)
        page = TextRun(text, _FOOTER_SIZE, palette.MUTED.light, bold=True)
        slide.add_text((834, 503, 90, 16), build_paragraph(page, align="r"))
        part = slide.part
        part.blob = slide.to_xml()
        for name, rows in count_table_rows(part.blob):
            self.row_counts[name] += rows - 1
        beside = self._create_part("/ppt/notesSlides/notesSlide%d.xml", number, CONTENT_TYPE.PML_NOTES_SLIDE)
        beside.blob = build_notes(notes_text)
        beside.relate_to(self._notes_master, RELATIONSHIP_TYPE.NOTES_MASTER)
        beside.relate_to(part, RELATIONSHIP_TYPE.SLIDE)
        part.relate_to(beside, RELATIONSHIP_TYPE.NOTES_SLIDE)
        self._finished_slides.append(part)

    def _create_part(self, name: str, number: int, content_type: str) -> Part:
        return _CompressedPart(PackURI(name % number), content_type, self._presentation.part.package)

    def save(self, path: Path, sealed_at: datetime) -> None:
        """Number the slides and write the file, the same bytes for the same slides and sealing time."""
        said = self.contents
        relations, listed = self._presentation.part.rels, self._presentation.slides._sldIdLst
        for number, slide in enumerate(self._finished_slides):
            slide.blob = slide.blob.replace(
                _SLIDE_COUNT_MARK.encode(), str(len(self._finished_slides)).encode()
            )
            # python-pptx would look through all slides for an equal relation, and for a free id, each time.
            relation = relations._add_relationship(RELATIONSHIP_TYPE.SLIDE, slide)
            listed._add_sldId(id=_FIRST_SLIDE_ID + number, rId=relation)
        core = self._presentation.core_properties
        core.title, core.author, core.last_modified_by = said.title, said.scope, said.scope
        core.created = core.modified = sealed_at
        core.revision, core.language = 1, said.lang
        write_reproducible(self._presentation.save, path)


def _place_shape(shape: Any, left: float, top: float, width: float, height: float) -> None:
    if shape is not None:
        shape.left, shape.top, shape.width, shape.height = Pt(left), Pt(top), Pt(width), Pt(height)

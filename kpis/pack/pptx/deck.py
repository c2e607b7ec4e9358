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
from kpis.charts.specs import Bullet
from kpis.pack.pages.bullet_images import bullet_png
from kpis.pack.pages.contents import Contents
from kpis.pack.pptx.slide_xml import Run, Slide, notes, paragraph, tables
from kpis.store.archives import write_fixed

WIDTH, HEIGHT = 960.0, 540.0
"""Points: 13⅓ × 7½ inches."""
MARGIN = 36.0
TOP, BOTTOM = 96.0, 498.0
"""Where the blocks of a slide may stand."""
INNER = WIDTH - 2 * MARGIN
_TITLE_ONLY = 5
_FIRST_ID = 256
"""The least id that a slide may have (ECMA-376 part 1, §19.7.13)."""
_FOOT = 12.0
_WHOLE = "\ue000"
"""Stands for the number of slides until it is known; a letter that no text has."""


class _Packed(Part):
    """A part of the file that keeps its bytes packed: an edition of 34 provinces has five hundred slides."""

    _packed = zlib.compress(b"")

    @property
    def blob(self) -> bytes:
        return zlib.decompress(self._packed)

    @blob.setter
    def blob(self, made: bytes) -> None:
        self._packed = zlib.compress(made, level=1)


class Deck:
    """The slides being made. Positions and sizes are points."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self._made = Presentation()
        self._finished: list[Part] = []
        self._images: dict[Bullet, Part] = {}
        self.rows: Counter[str] = Counter()
        """The rows of each table (by its key) that stand on the finished slides, without their headers."""
        self._notes_master = self._made.notes_master.part
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

    def slide(self, title: str, subtitle: str) -> Slide:
        """A new slide with its title in the title's placeholder."""
        part = self._part("/ppt/slides/slide%d.xml", len(self._finished) + 1, CONTENT_TYPE.PML_SLIDE)
        part.relate_to(self._layout.part, RELATIONSHIP_TYPE.SLIDE_LAYOUT)
        slide = Slide(part)
        sample, size = self.contents.sample, 24 if len(title) < 70 else 16
        told = Run(title, size, palette.ACCENT.light, bold=True)
        slide.title((MARGIN, 16, 740 if sample else INNER, 44), paragraph(told, align="l"))
        size = 14 if len(subtitle) < 110 else 12
        slide.text((MARGIN, 64, INNER, 20), paragraph(Run(subtitle, size, palette.QUIET.light)))
        if sample:
            told = Run(sample, 13, palette.SAMPLE.light, bold=True)
            ribbon = paragraph(told, align="ctr")
            slide.text((790, 24, 134, 26), ribbon, ground=palette.SAMPLE_GROUND.light, middle=True)
        return slide

    def image(self, bullet: Bullet) -> Part:
        """The picture of a bullet chart, drawn and kept once."""
        if bullet not in self._images:
            made = self._part("/ppt/media/image%d.png", len(self._images) + 1, CONTENT_TYPE.PNG)
            made.blob = bullet_png(bullet, self.contents.lang)
            self._images[bullet] = made
        return self._images[bullet]

    def finish(self, slide: Slide, said: str) -> None:
        """Writes the foot of a slide that is full, and its notes; nothing can be added to it then."""
        contents, number = self.contents, len(self._finished) + 1
        foot = Run(" · ".join((contents.title, *contents.foot)), _FOOT, palette.QUIET.light)
        slide.text((MARGIN, 503, 790, 32), paragraph(foot))
        text = contents.page_of.format(page=number, pages=_WHOLE)
        page = Run(text, _FOOT, palette.QUIET.light, bold=True)
        slide.text((834, 503, 90, 16), paragraph(page, align="r"))
        part = slide.part
        part.blob = slide.written()
        for name, rows in tables(part.blob):
            self.rows[name] += rows - 1
        beside = self._part("/ppt/notesSlides/notesSlide%d.xml", number, CONTENT_TYPE.PML_NOTES_SLIDE)
        beside.blob = notes(said)
        beside.relate_to(self._notes_master, RELATIONSHIP_TYPE.NOTES_MASTER)
        beside.relate_to(part, RELATIONSHIP_TYPE.SLIDE)
        part.relate_to(beside, RELATIONSHIP_TYPE.NOTES_SLIDE)
        self._finished.append(part)

    def _part(self, name: str, number: int, kind: str) -> Part:
        return _Packed(PackURI(name % number), kind, self._made.part.package)

    def save(self, path: Path, sealed_at: datetime) -> None:
        """Number the slides and write the file, the same bytes for the same slides and sealing time."""
        said = self.contents
        relations, listed = self._made.part.rels, self._made.slides._sldIdLst
        for number, slide in enumerate(self._finished):
            slide.blob = slide.blob.replace(_WHOLE.encode(), str(len(self._finished)).encode())
            # python-pptx would look through all slides for an equal relation, and for a free id, each time.
            relation = relations._add_relationship(RELATIONSHIP_TYPE.SLIDE, slide)
            listed._add_sldId(id=_FIRST_ID + number, rId=relation)
        core = self._made.core_properties
        core.title, core.author, core.last_modified_by = said.title, said.scope, said.scope
        core.created = core.modified = sealed_at
        core.revision, core.language = 1, said.lang
        write_fixed(self._made.save, path)


def _put(shape: Any, left: float, top: float, width: float, height: float) -> None:
    if shape is not None:
        shape.left, shape.top, shape.width, shape.height = Pt(left), Pt(top), Pt(width), Pt(height)

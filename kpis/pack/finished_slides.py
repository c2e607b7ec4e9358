"""A finished slide, kept as the bytes it will be in the file: python-pptx keeps a tree ten times as large."""

from __future__ import annotations

from typing import Any

from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part


class _Finished(Part):
    """A part of the file with its relations, as bytes."""

    _rels: Any = None  # python-pptx makes an empty one, once

    def __init__(self, part: Any) -> None:
        super().__init__(part.partname, part.content_type, part.package, part.blob)
        self._rels = part.rels


def finish(slide: Any, presentation: Any) -> Any:
    """Puts bytes in the place of a slide and its notes, which take nothing more then; gives its part."""
    made = _Finished(slide.part)
    _point(presentation.part, slide.part, made)
    for related in list(made.rels.values()):
        if related.reltype == RELATIONSHIP_TYPE.NOTES_SLIDE:
            notes = _Finished(related.target_part)
            _point(notes, slide.part, made)
            _point(made, related.target_part, notes)
    return made


def _point(part: Any, before: Any, after: Any) -> None:
    """Relations to one part lead to another; made anew, since they remember what they once led to."""
    for name, related in list(part.rels.items()):
        if related._target is before:
            relation = type(related)(related._base_uri, name, related.reltype, related._target_mode, after)
            part.rels._rels[name] = relation

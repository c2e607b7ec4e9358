"""A place of the document in the reader's language: "mục II.2.c, trang 4"."""

from __future__ import annotations

from kpis.language.messages import Language, translate
from kpis.plan_import.model import Place


def format_place(place: Place | None, lang: Language) -> str:
    """Return section, page and line of a place, as far as they are known."""
    if place is None:
        return ""
    parts = (
        translate(lang, "section {section}", section=place.section) if place.section else "",
        translate(lang, "page {page}", page=place.page) if place.page else "",
        translate(lang, "line {line}", line=place.line) if place.line else "",
    )
    return ", ".join(part for part in parts if part)

"""Agencies that were merged or renamed, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import MeasureValue


def format_parts(parts: Sequence[tuple[str, MeasureValue]], lang: Language) -> str:
    """Return what former agencies added to a figure: "gồm 6 của Sở Thông tin trước sáp nhập"; empty for none."""
    sentences = [
        translate(lang, "{n} of {agency} before the merger", n=formatting.format_number(added, lang, 1), agency=agency)
        for agency, added in parts
    ]
    return translate(lang, "of which {parts}", parts="; ".join(sentences)) if sentences else ""

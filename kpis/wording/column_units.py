"""The heading of a column of figures, with what they count."""

from __future__ import annotations

from collections.abc import Iterable

from kpis.language.messages import Language
from kpis.measures.attainment_rows import Attainment
from kpis.wording.units import get_counted_unit, inflect_unit


def format_column_title(title: str, rows: Iterable[Attainment], lang: Language) -> str:
    """Return a title with what the figures of these targets count, unless it says so or they differ."""
    units = {
        inflect_unit(get_counted_unit(row, lang), 2, lang)
        for row in rows
        if row["measure"] not in ("milestone", "carried")
    }
    unit = units.pop() if len(units) == 1 else ""
    return title if unit.casefold() in title.casefold() else f"{title} ({unit})"

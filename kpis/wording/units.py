"""Units beside figures: singular and plural, what a coverage counts, and a share of all units."""

from __future__ import annotations

from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment


def inflect_unit(unit: str, number: float, lang: Language) -> str:
    """Return a unit as written after a number; the register has English units in the singular."""
    if lang == "vi" or number == 1 or not unit:
        return unit
    return unit[:-1] + "ies" if unit.endswith("y") else unit + "s"


def get_counted_unit(row: Attainment, lang: Language) -> str:
    """Return what a target's figures count: its unit; for a coverage, agencies."""
    if row["measure"] == "coverage":
        return translate(lang, "agency")
    return row["unit" if lang == "vi" else "unit_en"]


def format_share_of_units(percent: str, unit: str, lang: Language, *, is_all: bool = False) -> str:
    """Return a percentage of units: "100% cán bộ" for all of them, else "3% số vụ"."""
    key = "{percent} of all {unit}" if is_all else "{percent} of {unit}"
    return translate(lang, key, percent=percent, unit=inflect_unit(unit, 2, lang))

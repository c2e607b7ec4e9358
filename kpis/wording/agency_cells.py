"""What an agency has done of a target, short: "3/8" with a part of its own, else the number that it added."""

from __future__ import annotations

from kpis.language import formatting
from kpis.language.messages import Language
from kpis.measures.attainment_rows import Attainment
from kpis.wording import target_figures


def format_part(row: Attainment, lang: Language) -> str:
    """Return an agency's own figure: "17/18" of a ratio, "0/1" of its place on a roster, "3/8" of a share.

    Without a status of its own the bare number that it added to the target.
    """
    if not row["status"] or row["measure"] == "carried":
        return target_figures.format_counted(row, lang)
    if row["measure"] == "coverage":
        return f"{formatting.format_number(min(row['numerator'], 1), lang)}/1"
    if row["measure"] == "ratio":
        return target_figures.format_counted(row, lang) if row["denominator"] else formatting.NO_VALUE
    return target_figures.format_fraction(row, lang)

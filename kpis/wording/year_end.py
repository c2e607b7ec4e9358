"""How a year ended, in one sentence: of the targets whose period ended in it, how many are attained."""

from __future__ import annotations

from collections.abc import Iterable

from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import MET_STATUSES, Attainment


def select_ended_in(rows: Iterable[Attainment], year: int) -> list[Attainment]:
    """Those whose period ended in a year."""
    return [row for row in rows if row["period_end"].year == year]


def format_sentence(rows: Iterable[Attainment], year: int, lang: Language) -> str:
    """For the targets that ended in a year; empty for none."""
    ended = select_ended_in(rows, year)
    if not ended:
        return ""
    return translate(
        lang,
        "Of the {all} targets whose period ended in {year}, {met} are attained and {late} overdue.",
        all=written.format_number(len(ended), lang),
        year=year,
        met=written.format_number(sum(row["status"] in MET_STATUSES for row in ended), lang),
        late=written.format_number(sum(row["status"] == "overdue" for row in ended), lang),
    )

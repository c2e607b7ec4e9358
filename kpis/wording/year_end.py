"""How a year ended, in one sentence: how many of the targets whose period ended in it are attained."""

from __future__ import annotations

from collections.abc import Iterable

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import MET_STATUSES, Attainment
from kpis.measures.status_overview import select_judged


def select_ended_in(rows: Iterable[Attainment], year: int) -> list[Attainment]:
    """Return the rows whose period ended in a year."""
    return [row for row in rows if row["period_end"].year == year]


def format_sentence(rows: Iterable[Attainment], year: int, lang: Language) -> str:
    """Return the sentence for the targets whose period ended in a year; empty for none."""
    ended = select_judged(select_ended_in(rows, year))
    if not ended:
        return ""
    return translate(
        lang,
        "Of the {all} targets whose period ended in {year}, {met} are attained and {late} overdue.",
        all=formatting.format_number(len(ended), lang),
        year=year,
        met=formatting.format_number(sum(row["status"] in MET_STATUSES for row in ended), lang),
        late=formatting.format_number(sum(row["status"] == "overdue" for row in ended), lang),
    )

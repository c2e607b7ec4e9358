"""What agencies wrote about targets that are kept in words and not judged (design.md §5, carried)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kpis.measures.attainment_rows import Attainment
from kpis.measures.latest_entries import LatestEntry, list_latest_entries
from kpis.measures.query import DatabaseReader
from kpis.measures.question import Question

CarriedWords = dict[str, list[LatestEntry]]
"""Target -> the latest entry of each agency in its period, the newest first."""
_MAX_ENTRIES = 200


def load_carried_words(db: DatabaseReader, question: Question, rows: Iterable[Attainment]) -> CarriedWords:
    """Return what was written about the carried targets among the rows; none for the others."""
    words: CarriedWords = {}
    for row in rows:
        if row["status"] != "carried":
            continue
        question = replace(question, agency=None, plans=frozenset({row["plan"]}))
        entries = list_latest_entries(db, question, target=row["target"], limit=_MAX_ENTRIES)
        latest: dict[str, LatestEntry] = {}
        for entry in entries:
            if entry["content"] and row["period_start"] <= entry["occurred_on"] <= row["period_end"]:
                latest.setdefault(entry["agency"], entry)
        words[row["target"]] = list(latest.values())
    return words

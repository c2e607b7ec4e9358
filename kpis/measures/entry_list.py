"""Entries as a list: those that count in the periods asked for, or those of all years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from kpis.measures.latest_entries import LatestEntry
from kpis.measures.predecessors import list_answered_agencies
from kpis.measures.query import KNOWN_NOW, DatabaseReader, build_statement, fetch_current_rows, run_query
from kpis.measures.question import Question

_ORDER = "occurred_on desc, recorded_at desc, row desc, target, agency"
_COUNTED_QUERY = build_statement(["requested_periods", "counted_entries"], _ORDER)


@dataclass(frozen=True)
class EntryList:
    """The latest entries of a list, and how many there are in all."""

    entries: Sequence[LatestEntry]
    total: int


def list_counted_entries(db: DatabaseReader, question: Question, target: str | None, max_rows: int) -> EntryList:
    """Return the entries that a target's `entries` counts, of one target or all, of the question's agency or all.

    What a predecessor reported is the agency's that answers for it.
    """
    params = {**question.to_parameters(), "target": target, "max_rows": max_rows, "known_at": KNOWN_NOW}
    return _build_list(run_query(db, _COUNTED_QUERY, params))


def list_all_entries(db: DatabaseReader, question: Question, target: str | None, max_rows: int) -> EntryList:
    """Return the current entries of all years up to the day; see `list_counted_entries`."""
    agencies = None if question.agency is None else list_answered_agencies(db, question)
    params = {**question.to_parameters(), "target": target, "max_rows": max_rows, "agencies": agencies}
    return _build_list(fetch_current_rows(db, "kpis.measures", "all_entries", params))


def _build_list(rows: Sequence[dict[str, object]]) -> EntryList:
    total = cast(int, rows[0]["total"]) if rows else 0
    return EntryList([_build_entry(row) for row in rows], total)


def _build_entry(row: dict[str, object]) -> LatestEntry:
    entry = {name: value for name, value in row.items() if name not in ("total", "fraction")}
    entry["quantity"] = add_fraction(row)
    return cast(LatestEntry, entry)


def add_fraction(row: dict[str, object]) -> int | float | None:
    """Return the quantity of a row with its millionths."""
    quantity, fraction = cast("int | None", row["quantity"]), cast("int | None", row["fraction"])
    if not fraction:
        return quantity
    return float((quantity or 0) + Decimal(fraction) / 1_000_000)

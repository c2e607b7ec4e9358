"""The warning on a successor's first level or ratio where the total falls with it (design.md §5, Mergers)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from kpis.register.model import Target
from kpis.register.successors import Successors
from kpis.sheet.model import Entry

IndexedEntry = tuple[int, Entry]
FallenTotal = tuple[int, str, str]
"""Index of the row, the total before it, the agencies whose figures it replaces."""


def find_fallen_totals(
    target: Target, entries_in_period: Sequence[IndexedEntry], successors: Successors
) -> Iterator[FallenTotal]:
    """Yield each first level or ratio of a successor that is less than what it and its predecessors had come to."""
    by_agency: dict[str, list[Entry]] = {}
    for _, entry in entries_in_period:
        by_agency.setdefault(entry.agency, []).append(entry)
    first_days = {
        (succession.successor, succession.from_day): min(days)
        for agency in by_agency
        for succession in successors.list_successions(agency)
        if (
            days := [
                e.occurred_on for e in by_agency.get(succession.successor, ()) if e.occurred_on >= succession.from_day
            ]
        )
    }
    for (successor, from_day), day in first_days.items():
        replaced = _list_standing(by_agency, successors, day)
        merged = {name: entry for name, entry in replaced.items() if successors.find(name, from_day) == successor}
        former = [name for name in merged if name != successor]
        total = _add_up(merged.values())
        for index, entry in entries_in_period:
            if former and entry.agency == successor and entry.occurred_on == day and _is_less(entry, total):
                yield index, _format(target, total), ", ".join(former)


def _list_standing(by_agency: Mapping[str, Sequence[Entry]], successors: Successors, day: date) -> dict[str, Entry]:
    """Return the latest entry of each agency before a day, without those that a successor has replaced by then."""
    earlier = {name: [e for e in entries if e.occurred_on < day] for name, entries in by_agency.items()}
    return {
        name: max(entries, key=lambda entry: entry.occurred_on)
        for name, entries in earlier.items()
        if entries
        and not any(
            entry.occurred_on >= succession.from_day
            for succession in successors.list_successions(name)
            for entry in earlier.get(succession.successor, ())
        )
    }


def _add_up(entries: Iterable[Entry]) -> tuple[Decimal, int]:
    figures = [(Decimal(entry.quantity or 0), entry.denominator or 0) for entry in entries]
    return sum((quantity for quantity, _ in figures), Decimal(0)), sum(total for _, total in figures)


def _is_less(entry: Entry, former: tuple[Decimal, int]) -> bool:
    """True if a level is below the earlier total; of a ratio if the share is."""
    quantity, total = former
    if entry.denominator is None:
        return (entry.quantity or 0) < quantity
    return bool(total) and bool(entry.denominator) and (entry.quantity or 0) * total < quantity * entry.denominator


def _format(target: Target, former: tuple[Decimal, int]) -> str:
    quantity, total = former
    text = f"{quantity.normalize():f}".replace(".", ",")
    return f"{text}/{total}" if target.measure == "ratio" else text

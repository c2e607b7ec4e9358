"""Agencies that were merged or renamed (design.md §5), in plain Python: walking from agency to successor on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.measures.tiny_database import TinyEntry, TinyMerger, TinyTarget


def find_answering(mergers: Sequence[TinyMerger], agency: str, day: date) -> str:
    """Return the agency that stands for one on a day."""
    while following := [merger for merger in mergers if merger.agency == agency and merger.from_day <= day]:
        agency = following[0].successor
    return agency


def give_to_answering(entry: TinyEntry, mergers: Sequence[TinyMerger]) -> TinyEntry:
    """Return a row as it is read: of the agency that stands on its day for the one that it names."""
    return replace(entry, agency=find_answering(mergers, entry.agency, entry.occurred_on))


def merge_target(target: TinyTarget, period: tuple[date, date, date], as_of: date) -> TinyTarget:
    """Return a target with the agencies of the day asked, or of the day on which the period was due before."""
    day = min(as_of, period[2])
    shares: dict[str, list[Decimal]] = {}
    names = [find_answering(target.mergers, agency, day) for agency in target.roster]
    for agency, share in target.shares.items():
        shares.setdefault(find_answering(target.mergers, agency, day), []).append(share)
    return replace(
        target,
        lead=find_answering(target.mergers, target.lead, day),
        named_lead=target.lead,
        roster=tuple(sorted(set(names), key=names.index)),
        shares={name: sum(parts, Decimal(0)) for name, parts in shares.items()},
        merged_on=day,
    )


def get_answering(target: TinyTarget, entry: TinyEntry) -> str:
    """Return the agency that answers for a row of a target as it was merged for a day."""
    return entry.agency if target.merged_on is None else find_answering(target.mergers, entry.agency, target.merged_on)


def is_of_lead(target: TinyTarget, entry: TinyEntry) -> bool:
    """True if the agency of a row led the target on the row's day."""
    return find_answering(target.mergers, target.named_lead or target.lead, entry.occurred_on) == entry.agency


def select_standing(target: TinyTarget, entries: Sequence[TinyEntry], among: Sequence[TinyEntry]) -> list[TinyEntry]:
    """Return the rows that no successor has replaced: it has none of its own since it stands for their agency."""
    return [
        entry
        for entry in entries
        if not any(
            other.agency != entry.agency
            and find_answering(target.mergers, entry.agency, other.occurred_on) == other.agency
            for other in among
        )
    ]

"""Occurrences that are possibly the same event (design.md §5, possibly_same_event)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from kpis.checks.evidence import are_different_evidence
from kpis.checks.likeness import (
    MAX_EVENT_AGENCIES,
    MAX_EVENT_DAYS,
    are_alike,
    are_equal,
    list_strong_evidence,
)
from kpis.measures.doubtful_entries import EntryRow
from kpis.measures.shared_events import Occurrence

_AreSame = Callable[[EntryRow, EntryRow], bool]


def list_repeated_rows(occurrences: Sequence[Occurrence]) -> list[list[Occurrence]]:
    """Return groups of one agency, one day and one quantity whose contents are equal or alike."""
    by_key: dict[tuple[str, date, int], list[Occurrence]] = {}
    for occurrence in occurrences:
        if occurrence.quantity > 0:
            for agency, day in dict.fromkeys((row.agency, row.occurred_on) for row in occurrence.rows):
                by_key.setdefault((agency, day, occurrence.quantity), []).append(occurrence)
    return [
        group
        for same in by_key.values()
        if len(same) > 1
        for group in _group(same, lambda first, second: _are_repeated(first, second))
    ]


def list_joint_events(occurrences: Sequence[Occurrence]) -> list[list[Occurrence]]:
    """Return groups of different agencies within MAX_EVENT_DAYS days, by strong evidence or by contents.

    Alike contents of more than MAX_EVENT_AGENCIES agencies are a campaign and no group.
    """
    counted = [occurrence for occurrence in occurrences if occurrence.quantity > 0]
    by_content = [
        group
        for group in _group_nearby(counted, lambda first, second: are_alike(first.content, second.content))
        if len(_list_agencies(group)) <= MAX_EVENT_AGENCIES
    ]
    by_evidence = _group_nearby(counted, _have_same_evidence)
    return [*by_evidence, *(group for group in by_content if group not in by_evidence)]


def _are_repeated(first: EntryRow, second: EntryRow) -> bool:
    if are_different_evidence(first.evidence, second.evidence):
        return False
    return are_equal(first.content, second.content) or are_alike(first.content, second.content)


def _have_same_evidence(first: EntryRow, second: EntryRow) -> bool:
    evidence = set(list_strong_evidence(first.evidence))
    return bool(evidence) and not evidence.isdisjoint(list_strong_evidence(second.evidence))


def _group(occurrences: Sequence[Occurrence], are_same: _AreSame) -> list[list[Occurrence]]:
    """Return groups of at least two: each joins the first group with one that is the same."""
    groups: list[list[Occurrence]] = []
    for occurrence in occurrences:
        for group in groups:
            if any(_are_same_event(other, occurrence, are_same) for other in group):
                group.append(occurrence)
                break
        else:
            groups.append([occurrence])
    return [group for group in groups if len(group) > 1]


def _group_nearby(occurrences: Sequence[Occurrence], are_same: _AreSame) -> list[list[Occurrence]]:
    """Return groups of different agencies, built from the earliest within MAX_EVENT_DAYS days."""
    groups: list[list[Occurrence]] = []
    open_groups: list[list[Occurrence]] = []
    for occurrence in occurrences:
        first_day = occurrence.occurred_on - timedelta(days=MAX_EVENT_DAYS - 1)
        open_groups = [group for group in open_groups if group[0].occurred_on >= first_day]
        for group in open_groups:
            if _list_agencies(group).isdisjoint(_list_agencies([occurrence])) and any(
                _are_same_event(other, occurrence, are_same) for other in group
            ):
                group.append(occurrence)
                break
        else:
            group = [occurrence]
            groups.append(group)
            open_groups.append(group)
    return [group for group in groups if len(group) > 1]


def _are_same_event(first: Occurrence, second: Occurrence, are_same: _AreSame) -> bool:
    if first.shared_event is not None and second.shared_event is not None:
        return False  # the officers named two events
    return any(are_same(row, other) for row in first.rows for other in second.rows)


def _list_agencies(occurrences: Sequence[Occurrence]) -> set[str]:
    return {row.agency for occurrence in occurrences for row in occurrence.rows}

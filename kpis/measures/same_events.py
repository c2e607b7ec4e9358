"""Occurrences that are possibly the same event (design.md §5, possibly_same_event)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kpis.checks.evidence import are_different_evidence, list_evidence_keys
from kpis.checks.likeness import (
    MAX_EVENT_AGENCIES,
    MAX_EVENT_DAYS,
    are_alike,
    are_equal,
    find_content_key,
    list_strong_evidence,
)
from kpis.measures.doubtful_entries import EntryRow
from kpis.measures.shared_events import Occurrence

_Key = tuple[Hashable, ...]


@dataclass(frozen=True)
class _Likeness:
    """When two rows are the same event, and by which keys only those are compared that can be.

    `list_keys` returns the keys that a row is found by, and those that it looks for: two rows that are the same have
    one in common.
    """

    are_same: Callable[[EntryRow, EntryRow], bool]
    list_keys: Callable[[EntryRow], tuple[Sequence[_Key], Sequence[_Key]]]


def list_repeated_rows(occurrences: Sequence[Occurrence]) -> list[list[Occurrence]]:
    """Return groups of one agency, one day and one quantity whose contents are equal or alike."""
    by_key: dict[tuple[str, date, int], list[Occurrence]] = {}
    for occurrence in occurrences:
        if occurrence.quantity > 0:
            for agency, day in dict.fromkeys((row.agency, row.occurred_on) for row in occurrence.rows):
                by_key.setdefault((agency, day, occurrence.quantity), []).append(occurrence)
    return [group for same in by_key.values() if len(same) > 1 for group in _group(same, _REPEATED)]


def list_joint_events(occurrences: Sequence[Occurrence]) -> list[list[Occurrence]]:
    """Return groups of different agencies within MAX_EVENT_DAYS days, by strong evidence or by contents.

    Alike contents of more than MAX_EVENT_AGENCIES agencies are a campaign and no group.
    """
    counted = [occurrence for occurrence in occurrences if occurrence.quantity > 0]
    by_content = [
        group for group in _group_nearby(counted, _BY_CONTENT) if len(_list_agencies(group)) <= MAX_EVENT_AGENCIES
    ]
    by_evidence = _group_nearby(counted, _BY_EVIDENCE)
    return [*by_evidence, *(group for group in by_content if group not in by_evidence)]


def list_similar_rows(rows: Sequence[EntryRow], *, is_joint: bool) -> list[EntryRow]:
    """Return the rows, of a period and in order of days, that may be the same event as another one on some day.

    Rows are taken one by one, without the events that officers named. So every row that stands in a group of
    `list_repeated_rows` or `list_joint_events` on any day is among them, but for those events; the groups are the same
    if they are built of these rows alone. A campaign counts too: that of an earlier day was none.
    """
    counted = [row for row in rows if row.quantity > 0]
    by_key: dict[tuple[str, date, int], list[EntryRow]] = {}
    for row in counted:
        by_key.setdefault((row.agency, row.occurred_on, row.quantity), []).append(row)
    similar: set[int] = set()
    for same in by_key.values():
        if len(same) > 1:
            _add_pairs(same, _REPEATED, similar)
    if is_joint:
        for likeness in (_BY_EVIDENCE, _BY_CONTENT):
            _add_pairs(counted, likeness, similar, of_different_agencies=True)
    return [row for row in counted if id(row) in similar]


def _add_pairs(
    rows: Sequence[EntryRow], likeness: _Likeness, similar: set[int], *, of_different_agencies: bool = False
) -> None:
    """Add the ids of the rows that are the same as another one, within MAX_EVENT_DAYS days."""
    by_key: dict[_Key, list[EntryRow]] = {}
    for row in rows:
        found_by, sought = likeness.list_keys(row)
        first_day = row.occurred_on - timedelta(days=MAX_EVENT_DAYS - 1)
        for key in sought:
            if key in by_key:
                by_key[key] = [other for other in by_key[key] if other.occurred_on >= first_day]
                for other in by_key[key]:
                    if of_different_agencies and other.agency == row.agency:
                        continue
                    if (id(row) not in similar or id(other) not in similar) and likeness.are_same(other, row):
                        similar.update((id(row), id(other)))
        for key in found_by:
            by_key.setdefault(key, []).append(row)


def _are_repeated(first: EntryRow, second: EntryRow) -> bool:
    if are_different_evidence(first.evidence, second.evidence):
        return False
    return are_equal(first.content, second.content) or are_alike(first.content, second.content)


def _list_repeated_keys(row: EntryRow) -> tuple[Sequence[_Key], Sequence[_Key]]:
    """Return keys of content and evidence together; a row without evidence may be the same as any."""
    content = find_content_key(row.content)
    if content is None:
        return (), ()
    if not row.evidence:
        return ((content, "any"), (content, "none")), ((content, "any"),)
    keys = [(content, key) for key in list_evidence_keys(row.evidence)]
    return [*keys, (content, "any")], [*keys, (content, "none")]


def _list_content_keys(row: EntryRow) -> tuple[Sequence[_Key], Sequence[_Key]]:
    content = find_content_key(row.content)
    keys = () if content is None else ((content,),)
    return keys, keys


def _have_same_evidence(first: EntryRow, second: EntryRow) -> bool:
    return not set(list_strong_evidence(first.evidence)).isdisjoint(list_strong_evidence(second.evidence))


def _list_evidence_keys(row: EntryRow) -> tuple[Sequence[_Key], Sequence[_Key]]:
    keys = [(link,) for link in list_strong_evidence(row.evidence)]
    return keys, keys


_REPEATED = _Likeness(_are_repeated, _list_repeated_keys)
_BY_CONTENT = _Likeness(lambda first, second: are_alike(first.content, second.content), _list_content_keys)
_BY_EVIDENCE = _Likeness(_have_same_evidence, _list_evidence_keys)


class _Groups:
    """Groups of occurrences in the order of their first ones, each found by the keys of its rows."""

    def __init__(self, likeness: _Likeness) -> None:
        self._likeness = likeness
        self._groups: list[list[Occurrence]] = []
        self._by_key: dict[_Key, list[int]] = {}
        self._first_open = 0

    def list_several(self) -> list[list[Occurrence]]:
        """Return the groups of at least two."""
        return [group for group in self._groups if len(group) > 1]

    def close_before(self, day: date) -> None:
        """Let nothing more join the groups that began before a day."""
        while self._first_open < len(self._groups) and self._groups[self._first_open][0].occurred_on < day:
            self._first_open += 1

    def add(self, occurrence: Occurrence, *, of_different_agencies: bool) -> None:
        """Add an occurrence to the first open group with one that is the same, else to a new group."""
        keys = [self._likeness.list_keys(row) for row in occurrence.rows]
        agencies = _list_agencies([occurrence]) if of_different_agencies else set()
        for number in self._list_open({key for _, sought in keys for key in sought}):
            group = self._groups[number]
            if _list_agencies(group).isdisjoint(agencies) and self._has_same(group, occurrence):
                break
        else:
            number = len(self._groups)
            self._groups.append([])
        self._groups[number].append(occurrence)
        for key in {key for found_by, _ in keys for key in found_by}:
            self._by_key.setdefault(key, []).append(number)

    def _list_open(self, keys: Iterable[_Key]) -> list[int]:
        numbers: set[int] = set()
        for key in keys:
            if key in self._by_key:
                self._by_key[key] = [number for number in self._by_key[key] if number >= self._first_open]
                numbers.update(self._by_key[key])
        return sorted(numbers)

    def _has_same(self, group: Sequence[Occurrence], occurrence: Occurrence) -> bool:
        return any(_are_same_event(other, occurrence, self._likeness.are_same) for other in group)


def _group(occurrences: Sequence[Occurrence], likeness: _Likeness) -> list[list[Occurrence]]:
    """Return groups of at least two: each joins the first group with one that is the same."""
    groups = _Groups(likeness)
    for occurrence in occurrences:
        groups.add(occurrence, of_different_agencies=False)
    return groups.list_several()


def _group_nearby(occurrences: Sequence[Occurrence], likeness: _Likeness) -> list[list[Occurrence]]:
    """Return groups of different agencies, built from the earliest within MAX_EVENT_DAYS days."""
    groups = _Groups(likeness)
    for occurrence in occurrences:
        groups.close_before(occurrence.occurred_on - timedelta(days=MAX_EVENT_DAYS - 1))
        groups.add(occurrence, of_different_agencies=True)
    return groups.list_several()


def _are_same_event(first: Occurrence, second: Occurrence, are_same: Callable[[EntryRow, EntryRow], bool]) -> bool:
    if first.shared_event is not None and second.shared_event is not None:
        return False  # the officers named two events
    return any(are_same(row, other) for row in first.rows for other in second.rows)


def _list_agencies(occurrences: Sequence[Occurrence]) -> set[str]:
    return {row.agency for occurrence in occurrences for row in occurrence.rows}

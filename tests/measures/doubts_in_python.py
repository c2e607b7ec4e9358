"""The doubts of design.md §5 a second time, in plain Python: every pair of rows, from the text alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from kpis.checks import evidence, likeness
from kpis.language.normalization import to_sort_key
from tests.measures.tiny_database import JOINT_INDICATORS, TinyEntry, TinyTarget

Number = int | Decimal
ALWAYS_IN_DOUBT = Fraction(-1)
"""The goal of a sum that is in doubt whatever it reaches."""
Event = tuple[TinyEntry, ...]
"""Rows that count once: one row, or those that name the same shared event."""


def read_entries(
    target: TinyTarget,
    entries: Sequence[TinyEntry],
    day: date,
    *,
    is_weak: bool,
    agency: str | None = None,
    base: Fraction | None = None,
    is_previous_year: bool = False,
) -> list[TinyEntry]:
    """Return the entries up to a day as they count: as they stand, or with every open doubt applied.

    With `agency`, its share can be in doubt too. `base`: with what a change is compared. `is_previous_year`: the
    entries are those of a year with which the next one is compared.
    """
    events = join_shared_events(target, sort_entries(entries))
    if not is_weak:
        return [entry for event in events for entry in count_once(target, [event], confirmed_stand=False)]
    cancelled = [entry for entry in entries if is_cancelled(target, entry)]
    groups = [[event] for event in events]
    if is_increment(target):
        goal = get_goal(target, base)
        if is_previous_year:  # a reduction is measured against the sum, an increase is not helped by it
            goal = ALWAYS_IN_DOUBT if target.comparator in ("<=", "<") else None
        for doubted in find_groups(target, events, agency, goal):
            touched = [group for group in groups if any(event in doubted for event in group)]
            groups = [group for group in groups if group not in touched]
            groups.append([event for group in touched for event in group])
    read: list[TinyEntry] = []
    for group in groups:
        remaining = [
            remaining_rows
            for event in group
            if (remaining_rows := tuple(entry for entry in event if not is_left_out(entry, cancelled, day)))
        ]
        read += count_once(target, remaining, confirmed_stand=True)
    return [replace(entry, occurred_on=get_later_day(entry)) for entry in read]


def is_increment(target: TinyTarget) -> bool:
    """True if an agency's quantities add up."""
    if target.measure == "coverage":
        return target.each > 1
    return target.measure in ("count", "amount", "change") and target.accumulation == "increment"


def get_goal(target: TinyTarget, base: Fraction | None) -> Fraction | None:
    """Return what the sum has to reach: the floor, of a change so much more than its base."""
    if target.measure != "change":
        return Fraction(target.floor or 0)
    return None if base is None else base * (1 + Fraction(target.floor or 0))


def sort_entries(entries: Sequence[TinyEntry]) -> list[TinyEntry]:
    """Return the entries by day, agency in Vietnamese order, and what they say."""
    return sorted(
        entries,
        key=lambda e: (e.occurred_on, to_sort_key(e.agency), e.content or "", e.quantity, e.evidence or "",
                       e.shared_event or "", e.confirmed),
    )  # fmt: skip


def is_cancelled(target: TinyTarget, entry: TinyEntry) -> bool:
    """True for an unconfirmed row that is struck through, or sums its own column."""
    return not entry.confirmed and (entry.is_struck or (entry.sums_own_column and is_increment(target)))


def is_left_out(entry: TinyEntry, cancelled: Sequence[TinyEntry], day: date) -> bool:
    """True if a row does not count on a day with every doubt applied."""
    return any(entry is other for other in cancelled) or get_later_day(entry) > day


def get_later_day(entry: TinyEntry) -> date:
    """Return the later of the two days that an unconfirmed row may mean."""
    if entry.confirmed or entry.swapped_on is None:
        return entry.occurred_on
    return max(entry.occurred_on, entry.swapped_on)


def join_shared_events(target: TinyTarget, entries: Sequence[TinyEntry]) -> list[Event]:
    """Return what counts once: rows with the same name of an event, at most 31 days after its first one."""
    events: list[list[TinyEntry]] = []
    for entry in entries:
        same = [
            event
            for event in events
            if is_increment(target)
            and entry.shared_event is not None
            and event[0].shared_event == entry.shared_event
            and entry.occurred_on - event[0].occurred_on <= timedelta(days=31)
        ]
        if same:
            same[-1].append(entry)
        else:
            events.append([entry])
    return [tuple(event) for event in events]


def get_quantity(event: Event) -> Number:
    """Return the largest quantity of an event's rows."""
    return max(entry.quantity for entry in event)


def is_confirmed(event: Event) -> bool:
    """True if all its rows are confirmed."""
    return all(entry.confirmed for entry in event)


def get_credited(target: TinyTarget, entries: Sequence[TinyEntry]) -> TinyEntry:
    """Return the row of the lead, else the earliest, then in Vietnamese order."""
    return min(
        sort_entries(entries),
        key=lambda e: (e.agency != target.lead, e.occurred_on, to_sort_key(e.agency)),
    )


def get_amount(events: Sequence[Event]) -> Number:
    """Return what a group counts: its confirmed rows stand, else its largest quantity."""
    confirmed = sum(get_quantity(event) for event in events if is_confirmed(event))
    return max([confirmed, *(get_quantity(event) for event in events)])


def count_once(target: TinyTarget, events: Sequence[Event], *, confirmed_stand: bool) -> list[TinyEntry]:
    """Return the rows of a group with the quantities that make it count once."""
    if not is_increment(target):
        return [entry for event in events for entry in event]
    if not events:
        return []
    confirmed = [event for event in events if is_confirmed(event)]
    counted: list[tuple[TinyEntry, Number]]
    if confirmed_stand and sum(map(get_quantity, confirmed)) == get_amount(events):
        counted = [(get_credited(target, event), get_quantity(event)) for event in confirmed]
    else:
        entries = [entry for event in events for entry in event]
        counted = [
            (
                get_credited(target, entries),
                get_amount(events) if confirmed_stand else get_quantity(events[0]),
            )
        ]
    return [
        replace(entry, quantity=sum(quantity for other, quantity in counted if other is entry))
        for event in events
        for entry in event
    ]


def find_groups(
    target: TinyTarget, events: Sequence[Event], agency: str | None, goal: Fraction | None
) -> list[list[Event]]:
    """Return the groups in doubt that count once."""
    agencies = dict.fromkeys(get_credited(target, event).agency for event in events)
    series = {name: [event for event in events if get_credited(target, event).agency == name] for name in agencies}
    groups = [labelled for rows in series.values() if len(labelled := find_labelled(rows)) > 1]
    groups += [rows for name, rows in series.items() if is_running(target, events, rows, name == agency, goal)]
    for event in events:
        groups += [[event, other] for other in events if other is not event and are_repeated(event, other)]
    if target.indicator in JOINT_INDICATORS:
        groups += find_joint(events, by_content=True) + find_joint(events, by_content=False)
    return [group for group in groups if not all(map(is_confirmed, group))]


def find_labelled(rows: Sequence[Event]) -> list[Event]:
    """Return the rows up to the last one that calls itself a running total."""
    named = [
        get_day(event)
        for event in rows
        if not is_confirmed(event) and any(likeness.names_running_total(entry.content) for entry in event)
    ]
    return [event for event in rows if named and get_day(event) <= max(named)]


def get_day(event: Event) -> date:
    """Return the earliest day of an event."""
    return min(entry.occurred_on for entry in event)


def is_running(
    target: TinyTarget, events: Sequence[Event], rows: Sequence[Event], with_share: bool, goal: Fraction | None
) -> bool:
    """True for a series that never falls, rises, reaches 5 (an amount: anything), and on whose sum a floor rests."""
    if (target.comparator not in (">=", ">") and goal != ALWAYS_IN_DOUBT) or len(rows) < 2:
        return False
    by_day = {day: {get_quantity(event) for event in rows if get_day(event) == day} for day in map(get_day, rows)}
    quantities = [by_day[day] for day in sorted(by_day)]
    if any(len(of_day) > 1 for of_day in quantities):
        return False
    numbers = [of_day.pop() for of_day in quantities]
    minimum = 0 if target.measure in ("amount", "change") else 5
    if numbers != sorted(numbers) or numbers[0] == numbers[-1] or numbers[-1] < minimum:
        return False
    if all(is_confirmed(event) for event in rows if get_day(event) < max(by_day)):
        return False
    total, added = sum(map(get_quantity, events)), sum(map(get_quantity, rows))
    (name,) = {get_credited(target, event).agency for event in rows}
    if target.measure == "coverage":
        return added >= target.each > get_amount(rows)
    if goal is None or goal == ALWAYS_IN_DOUBT:
        return goal is not None
    bases = [(goal, total)]
    if with_share and name in target.shares:
        bases.append((Fraction(target.shares[name]), added))

    def holds(number: Number, floor: Fraction) -> bool:
        return number >= floor if target.comparator == ">=" else number > floor

    return any(holds(n, floor) and not holds(n - added + get_amount(rows), floor) for floor, n in bases)


def are_repeated(first: Event, second: Event) -> bool:
    """True for rows of one agency, day and quantity whose contents are equal or alike."""
    if get_quantity(first) != get_quantity(second) or get_quantity(first) == 0 or are_named_apart(first, second):
        return False
    places = {(entry.agency, entry.occurred_on) for entry in first}
    return not places.isdisjoint((entry.agency, entry.occurred_on) for entry in second) and any(
        not evidence.are_different_evidence(a.evidence, b.evidence)
        and (likeness.are_equal(a.content, b.content) or likeness.are_alike(a.content, b.content))
        for a in first
        for b in second
    )


def are_named_apart(first: Event, second: Event) -> bool:
    """True if the officers named two different events."""
    return first[0].shared_event is not None and second[0].shared_event is not None


def find_joint(events: Sequence[Event], *, by_content: bool) -> list[list[Event]]:
    """Return groups of different agencies on two consecutive days, built from the earliest."""
    groups: list[list[Event]] = []
    for event in events:
        if get_quantity(event) == 0:
            continue
        for group in groups:
            agencies = {entry.agency for other in group for entry in other}
            if (
                (get_day(event) - get_day(group[0])).days <= 1
                and agencies.isdisjoint(entry.agency for entry in event)
                and any(tell_the_same(other, event, by_content) for other in group)
            ):
                group.append(event)
                break
        else:
            groups.append([event])
    return [
        group
        for group in groups
        if len(group) > 1 and not (by_content and len({e.agency for event in group for e in event}) > 3)
    ]


def tell_the_same(first: Event, second: Event, by_content: bool) -> bool:
    """True if two rows have alike contents, or the same strong evidence."""
    if are_named_apart(first, second):
        return False
    return any(
        likeness.are_alike(a.content, b.content)
        if by_content
        else set(likeness.list_strong_evidence(a.evidence)) & set(likeness.list_strong_evidence(b.evidence))
        for a in first
        for b in second
    )

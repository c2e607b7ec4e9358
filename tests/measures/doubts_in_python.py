"""The doubts of design.md §5 a second time, in plain Python: every pair of rows, from the text alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from kpis.checks import evidence, likeness
from kpis.language.normalization import to_sort_key
from tests.measures import mergers_in_python as mergers
from tests.measures.tiny_database import JOINT_INDICATORS, TinyEntry, TinyTarget

Number = int | Decimal
ALWAYS_IN_DOUBT = Fraction(-1)
"""The goal of a sum that is in doubt whatever it reaches."""
Event = tuple[TinyEntry, ...]
"""Rows that count once: one row, or those that name the same shared event."""


@dataclass(frozen=True)
class Series:
    """The other entries of a year of spans, or of a table of yearly amounts, and when the one asked about begins."""

    start: date
    entries: Sequence[TinyEntry]


def read_entries(
    target: TinyTarget,
    entries: Sequence[TinyEntry],
    day: date,
    *,
    is_weak: bool,
    agency: str | None = None,
    base: Fraction | None = None,
    is_previous_year: bool = False,
    series: Series | None = None,
) -> list[TinyEntry]:
    """Return the entries up to a day as they count: as they stand, or with every open doubt applied.

    With `agency`, its share can be in doubt too; with `series`, a running total may go on from other spans or years.
    `base`: with what a change is compared. `is_previous_year`: the entries are those of a year with which the next one
    is compared.
    """
    events = join_shared_events(target, sort_entries(entries))
    if not is_weak:
        return [entry for event in events for entry in count_once(target, [event], confirmed_stand=False)]
    cancelled = [entry for entry in entries if is_cancelled(target, entry)]
    groups = [[event] for event in events]
    bases: dict[int, Number] = {}
    if is_increment(target):
        goal = get_goal(target, base)
        if is_previous_year:  # a reduction is measured against the sum, an increase is not helped by it
            goal = ALWAYS_IN_DOUBT if target.comparator in ("<=", "<") else None
        for doubted, start in find_groups(target, events, agency, series, goal):
            bases |= {id(entry): max(start, bases.get(id(entry), 0)) for event in doubted for entry in event}
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
        read += count_once(target, remaining, confirmed_stand=True, bases=bases)
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
        key=lambda e: (mergers.get_answering(target, e) != target.lead, e.occurred_on, to_sort_key(e.agency)),
    )


def get_amount(events: Sequence[Event], bases: Mapping[int, Number] | None = None) -> Number:
    """Return what a group counts: its confirmed rows stand, else its largest quantity less what it goes on from."""
    confirmed = sum(get_quantity(event) for event in events if is_confirmed(event))
    return max(
        [
            confirmed,
            *(get_quantity(event) - max((bases or {}).get(id(entry), 0) for entry in event) for event in events),
        ]
    )


def count_once(
    target: TinyTarget,
    events: Sequence[Event],
    *,
    confirmed_stand: bool,
    bases: Mapping[int, Number] | None = None,
) -> list[TinyEntry]:
    """Return the rows of a group with the quantities that make it count once."""
    if not is_increment(target):
        return [entry for event in events for entry in event]
    if not events:
        return []
    confirmed = [event for event in events if is_confirmed(event)]
    counted: list[tuple[TinyEntry, Number]]
    if confirmed_stand and sum(map(get_quantity, confirmed)) == get_amount(events, bases):
        counted = [(get_credited(target, event), get_quantity(event)) for event in confirmed]
    else:
        entries = [entry for event in events for entry in event]
        counted = [
            (
                get_credited(target, entries),
                get_amount(events, bases) if confirmed_stand else get_quantity(events[0]),
            )
        ]
    return [
        replace(entry, quantity=sum(quantity for other, quantity in counted if other is entry))
        for event in events
        for entry in event
    ]


def find_groups(
    target: TinyTarget, events: Sequence[Event], agency: str | None, series: Series | None, goal: Fraction | None
) -> list[tuple[list[Event], Number]]:
    """Return the groups in doubt that count once, each with what it goes on from."""
    groups: list[list[Event]] = []
    for event in events:
        groups += [[event, other] for other in events if other is not event and are_repeated(event, other)]
    if target.indicator in JOINT_INDICATORS:
        groups += find_joint(events, by_content=True) + find_joint(events, by_content=False)
    same_events = [(group, 0) for group in groups if not all(map(is_confirmed, group))]
    return [*find_running(target, events, agency, series, goal), *same_events]


def get_day(event: Event) -> date:
    """Return the earliest day of an event."""
    return min(entry.occurred_on for entry in event)


def find_running(
    target: TinyTarget, events: Sequence[Event], agency: str | None, series: Series | None, goal: Fraction | None
) -> list[tuple[list[Event], Number]]:
    """Return the rows that may be running totals, agency by agency, each group with what it goes on from."""
    rows_beside = join_shared_events(target, sort_entries(series.entries)) if series else []
    running: list[tuple[list[Event], Number]] = []
    rest: list[tuple[bool, list[Event], tuple[list[Event], Number] | None]] = []
    reduced = total = sum(map(get_quantity, events))
    for name, is_chain in list_lines(target, (*events, *rows_beside)):
        current = [event for event in events if is_in_line(target, event, name, is_chain)]
        others = [event for event in rows_beside if is_in_line(target, event, name, is_chain)]
        if not current:
            continue
        earlier = [event for event in others if series and get_day(event) < series.start]
        labels = [get_day(event) for event in (*current, *others) if names_total(event)]
        labelled = [event for event in current if labels and get_day(event) <= max(labels)]
        base = get_amount(earlier)
        until_label = [event for event in (*earlier, *current, *others) if labels and get_day(event) <= max(labels)]
        until_label = list({id(event): event for event in until_label}.values())
        if not any(map(names_total, labelled)):
            if not never_falls(until_label) and all(
                add_up(until_label[:number]) <= get_quantity(event)
                for number, event in enumerate(until_label)
                if names_total(event)
            ):
                labelled = []
        else:
            largest = max(map(get_quantity, labelled))
            if add_up(earlier) <= largest or not never_falls(earlier):
                base = add_up(earlier)
        less = get_reduction(labelled, base)
        reduced -= 0 if is_chain else less
        if len(labelled) > 1 or less > 0:
            running.append((labelled, base))
        if len(labelled) == len(current):
            continue
        minimum = 0 if target.measure in ("amount", "change", "coverage") else 5
        since_named = [event for event in (*current, *others) if labels and get_day(event) >= max(labels)]
        if series and (is_rising([*current, *others], minimum) or is_rising(since_named, minimum)):
            base = get_amount(earlier)
            reduced -= 0 if is_chain else get_reduction(current, base)
            rest.append((is_chain, current, (current, base)))
        else:
            rest.append((is_chain, current, None))
    all_decide = target.measure != "coverage" and rests_on(target, goal, total, reduced)
    for is_chain, current, continued in rest:
        answering = mergers.get_answering(target, get_credited(target, current[0]))
        added = sum(
            get_quantity(event)
            for event in events
            if mergers.get_answering(target, get_credited(target, event)) == answering
        )

        def decides(base: Number, name: str = answering, current: list[Event] = current, added: Number = added) -> bool:
            less = get_reduction(current, base)
            if target.measure == "coverage":
                return target.comparator in (">=", ">") and added >= target.each > added - less
            share = target.shares.get(name) if name == agency else None
            return rests_on(target, goal, total, total - less) or (
                share is not None and rests_on(target, Fraction(share), added, added - less)
            )

        if continued and ((all_decide and not is_chain) or decides(continued[1])):
            running.append(continued)
        elif is_rising(current, 0 if target.measure in ("amount", "change") else 5) and decides(0):
            running.append((current, 0))
    return running


def list_lines(target: TinyTarget, events: Sequence[Event]) -> list[tuple[str, bool]]:
    """Return whose rows may be a running total: each agency's, and each one's with what successors went on with."""
    reporters = {get_credited(target, event).agency for event in events}
    ended = {merger.agency for merger in target.mergers}
    chains = [
        name
        for name in sorted(ended)
        if any(entry.agency != name for event in events if is_in_line(target, event, name, True) for entry in event)
    ]
    return [*((name, False) for name in sorted(reporters)), *((name, True) for name in chains)]


def is_in_line(target: TinyTarget, event: Event, agency: str, is_chain: bool) -> bool:
    """True if an event is an agency's own, or in a chain that of one that stood for it on the event's day."""
    entry = get_credited(target, event)
    if entry.agency == agency:
        return True
    return is_chain and mergers.find_answering(target.mergers, agency, entry.occurred_on) == entry.agency


def rests_on(target: TinyTarget, floor: Fraction | None, number: Number, reduced: Number) -> bool:
    """True if a floor is met with one number and not with another."""
    if floor is None or floor == ALWAYS_IN_DOUBT:
        return floor is not None
    if target.comparator == ">=":
        return number >= floor > reduced
    return target.comparator == ">" and number > floor >= reduced


def get_reduction(events: Sequence[Event], base: Number) -> Number:
    """Return by how much the events come to less if they are a running total that goes on from a base."""
    bases = {id(entry): base for event in events for entry in event}
    return sum(map(get_quantity, events)) - get_amount(events, bases)


def names_total(event: Event) -> bool:
    """True if an unconfirmed row calls itself a running total."""
    return not is_confirmed(event) and any(likeness.names_running_total(entry.content) for entry in event)


def add_up(events: Sequence[Event]) -> Number:
    """Return what the events come to as they stand; one that calls itself a running total holds the earlier ones."""
    total: Number = 0
    for event in events:
        total = max(total, get_quantity(event)) if names_total(event) else total + get_quantity(event)
    return total


def never_falls(events: Sequence[Event]) -> bool:
    """True if every day has one quantity, and none is less than that of the day before."""
    by_day = {day: {get_quantity(event) for event in events if get_day(event) == day} for day in map(get_day, events)}
    numbers = [max(by_day[day]) for day in sorted(by_day)]
    return all(len(of_day) == 1 for of_day in by_day.values()) and numbers == sorted(numbers)


def is_rising(events: Sequence[Event], minimum: int) -> bool:
    """True if a series never falls, rises, reaches the minimum, and has an earlier row that is not confirmed."""
    if not events or not never_falls(events):
        return False
    numbers, last_day = [get_quantity(event) for event in events], max(map(get_day, events))
    earlier = [event for event in events if get_day(event) < last_day]
    return min(numbers) < max(numbers) >= minimum and not all(map(is_confirmed, earlier))


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

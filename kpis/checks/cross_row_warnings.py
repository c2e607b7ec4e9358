"""Warnings that compare rows: shared evidence or events, falling or cumulative numbers, conflicts.

Source: design.md §4, §5. Where the design leaves it open: links are compared within one tab, because a task
report rightly repeats the evidence of the entries it sums up; rows of one day have no order, so days with
different numbers never look cumulative; a ratio with denominator 0 is skipped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby, pairwise

from kpis.checks.cell_readings import FindingDetail
from kpis.checks.evidence import find_drive_file, list_links
from kpis.checks.likeness import MAX_SHARED_EVENT_DAYS
from kpis.checks.merger_warnings import find_fallen_totals
from kpis.register.judged import Period
from kpis.register.model import Register, Target
from kpis.register.plan_versions import JudgedTargets
from kpis.register.successors import Successors
from kpis.sheet.model import CheckedRow, Entry, Field

RowWarning = tuple[int, Field, str, FindingDetail]
"""Index of the row, field of the cell, code, values for the placeholders of the sentence."""

_IndexedEntry = tuple[int, Entry]


def find_warnings(rows: Sequence[CheckedRow], register: Register, today: date) -> Iterator[RowWarning]:
    """Yield all warnings from comparing one tab's accepted rows, in no particular order.

    Each period is compared as the version of its plan has it that judges it today.
    """
    targets = JudgedTargets(register, today)
    yield from _find_shared_evidence(rows)
    yield from _find_distant_events(rows, targets)
    groups: dict[tuple[str, str], list[_IndexedEntry]] = defaultdict(list)
    for index, row in enumerate(rows):
        if row.entry is not None:
            groups[row.entry.target, row.entry.agency].append((index, row.entry))
    for (target_id, _), entries in groups.items():
        if len(entries) > 1:
            yield from _find_agency_warnings(targets.list_periods(target_id), entries)

    yield from _find_fallen_totals(rows, register, targets)


def _find_fallen_totals(rows: Sequence[CheckedRow], register: Register, targets: JudgedTargets) -> Iterator[RowWarning]:
    """Yield the first level or ratio of an agency since it stands for others, where the total falls with it."""
    by_target: dict[str, list[_IndexedEntry]] = defaultdict(list)
    successors: dict[str, Successors] = {}
    if all(agency.successor is None for agency in register.agencies):
        return
    for index, row in enumerate(rows):
        if row.entry is not None:
            by_target[row.entry.target].append((index, row.entry))
    for target_id, entries in by_target.items():
        plan = register.targets[target_id].plan
        if plan not in successors:
            successors[plan] = Successors(register.agencies, plan)
        for target, period in targets.list_periods(target_id):
            if target.adds_up and (target.measure == "ratio" or target.replaces_quantities):
                within = [row for row in entries if period.start <= row[1].occurred_on <= period.end]
                for index, total, agencies in find_fallen_totals(target, within, successors[plan]):
                    yield index, "quantity", "successor_total_fell", {"before": total, "agencies": agencies}


def _find_shared_evidence(rows: Sequence[CheckedRow]) -> Iterator[RowWarning]:
    holders: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        accepted = row.entry or row.report
        if accepted is not None and accepted.evidence and "://" in accepted.evidence:
            for link in _extract_links(accepted.evidence):
                holders[link].append(index)
    for link, indexes in holders.items():
        for index in indexes if len(indexes) > 1 else ():
            other = indexes[0] if index != indexes[0] else indexes[1]
            yield index, "evidence", "evidence_shared", {"link": link, "row": rows[other].number}


def _extract_links(text: str) -> set[str]:
    """Return the http(s) links of a text with scheme and host in lower case; a file of Drive by its id."""
    links = set()
    for link in list_links(text):
        scheme, mark, rest = link.partition("://")
        host, slash, path = rest.partition("/")
        if file := find_drive_file(link):
            links.add(f"https://drive.google.com/open?id={file}")
        elif mark:
            links.add(f"{scheme.lower()}://{host.lower()}{slash}{path}")
    return links


def _find_distant_events(rows: Sequence[CheckedRow], targets: JudgedTargets) -> Iterator[RowWarning]:
    """Yield increments that name one shared event in one period, too many days apart to be joined."""
    events: dict[tuple[str, date, str], list[_IndexedEntry]] = defaultdict(list)
    for index, row in enumerate(rows):
        entry = row.entry
        if entry is not None and entry.shared_event is not None:
            for target, period in targets.list_periods(entry.target):
                if target.adds_quantities and period.start <= entry.occurred_on <= period.end:
                    events[entry.target, period.start, entry.shared_event].append((index, entry))
    limit = timedelta(days=MAX_SHARED_EVENT_DAYS)
    for group in events.values():
        first = min(group, key=lambda row: row[1].occurred_on)
        last = max(group, key=lambda row: row[1].occurred_on)
        for index, entry in group:
            for other, other_entry in (first, last):
                if abs(other_entry.occurred_on - entry.occurred_on) > limit:
                    detail = {"row": rows[other].number, "days": MAX_SHARED_EVENT_DAYS}
                    yield index, "shared_event", "shared_event_apart", detail


def _find_agency_warnings(
    periods: Iterable[tuple[Target, Period]], entries: Sequence[_IndexedEntry]
) -> Iterator[RowWarning]:
    conflicts: dict[int, RowWarning] = {}
    for target, period in periods:
        within = [row for row in entries if period.start <= row[1].occurred_on <= period.end]
        is_ratio = target.measure == "ratio"
        if target.measure == "milestone":
            yield from _find_withdrawn_milestones(within)
        if is_ratio or target.replaces_quantities:
            conflicts |= {warning[0]: warning for warning in _find_same_day_conflicts(within)}
        if is_ratio or target.adds_quantities:
            yield from _find_falling_ratios(within) if is_ratio else _find_cumulative(within)
    yield from conflicts.values()


def _group_by_day(entries: Iterable[_IndexedEntry]) -> Iterator[tuple[date, list[_IndexedEntry]]]:
    ordered = sorted(entries, key=lambda row: row[1].occurred_on)
    for day, rows in groupby(ordered, key=lambda row: row[1].occurred_on):
        yield day, list(rows)


def _find_same_day_conflicts(entries: Sequence[_IndexedEntry]) -> Iterator[RowWarning]:
    """Yield rows of one day with different values where the latest counts; on a tie the worse one (§5)."""
    for _, rows in _group_by_day(entries):
        if len({(entry.quantity, entry.denominator) for _, entry in rows}) > 1:
            for index, _ in rows:
                yield index, "quantity", "same_day_conflict", {}


def _find_withdrawn_milestones(entries: Sequence[_IndexedEntry]) -> Iterator[RowWarning]:
    """Yield each 0 that follows the agency's own unconfirmed 1, and that 1; of one day the 0 counts (§5)."""
    done: list[int] = []
    for _, rows in _group_by_day(entries):
        # A confirmed row is right as it is, so a later 0 does not withdraw it.
        done += [index for index, entry in rows if entry.quantity and not entry.confirmed]
        withdrawn = [index for index, entry in rows if not entry.quantity]
        if done and withdrawn:
            for index in (*done, *withdrawn):
                yield index, "quantity", "milestone_withdrawn", {}
            done = []


def _find_cumulative(entries: Sequence[_IndexedEntry]) -> Iterator[RowWarning]:
    """Yield all entries if there are at least 3 and their numbers never fall and rise twice or more."""
    if len(entries) < 3:
        return
    days = [{entry.quantity or 0 for _, entry in rows} for _, rows in _group_by_day(entries)]
    if any(len(quantities) > 1 for quantities in days):
        return
    steps = [min(current) - min(previous) for previous, current in pairwise(days)]
    if all(step >= 0 for step in steps) and sum(step > 0 for step in steps) >= 2:
        for index, _ in entries:
            yield index, "quantity", "looks_cumulative", {}


def _find_falling_ratios(entries: Sequence[_IndexedEntry]) -> Iterator[RowWarning]:
    """Yield each ratio below the agency's previous one; of several on one day, the smallest is compared."""
    previous: tuple[int, int] | None = None
    for _, rows in _group_by_day(entries):
        ratios = [(index, int(entry.quantity or 0), entry.denominator) for index, entry in rows if entry.denominator]
        for index, numerator, denominator in ratios:
            if previous is not None and numerator * previous[1] < previous[0] * denominator:
                yield index, "quantity", "ratio_fell", {"before": f"{previous[0]}/{previous[1]}"}
        if ratios:
            previous = min((row[1:] for row in ratios), key=lambda ratio: Fraction(*ratio))


def group_by_row(row_warnings: Iterable[RowWarning]) -> Mapping[int, list[RowWarning]]:
    """Return the warnings by index of their row, in a fixed order, at most one per code."""
    by_row: dict[int, dict[str, RowWarning]] = defaultdict(dict)
    for warning in sorted(row_warnings, key=lambda item: (item[0], item[2], str(item[3].get("link", "")))):
        by_row[warning[0]].setdefault(warning[2], warning)
    return {index: list(by_code.values()) for index, by_code in by_row.items()}

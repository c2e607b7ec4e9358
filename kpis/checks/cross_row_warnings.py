"""Warnings that only other rows can tell: shared proof, running totals, falling ratios, ties (§4, §5).

Decided where the design leaves it open: links are compared within a tab, since a task's report rightly names
the proof of the entries it sums up; rows of one day have no order, so they look cumulative only where equal;
a ratio out of 0 is none, and is passed over.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby, pairwise

from kpis.checks.plan_vocabulary import FindingDetail
from kpis.register.model import Register, Target
from kpis.register.periods import list_periods
from kpis.sheet.model import CheckedRow, Entry, Field

RowWarning = tuple[int, Field, str, FindingDetail]
"""The index of a row, the field whose cell is meant, the code, what fills the sentence."""

_IndexedEntry = tuple[int, Entry]
_LINK_PATTERN = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_TRAILING_PUNCTUATION = ".,;:!?)]}”’'"


def find_warnings(rows: Sequence[CheckedRow], register: Register) -> Iterator[RowWarning]:
    """Every warning of one tab's accepted rows on each other, in no particular order."""
    yield from _find_shared_evidence(rows)
    groups: dict[tuple[str, str], list[_IndexedEntry]] = defaultdict(list)
    for index, row in enumerate(rows):
        if row.entry is not None:
            groups[row.entry.target, row.entry.agency].append((index, row.entry))
    for (target_id, _), entries in groups.items():
        if len(entries) > 1:
            yield from _find_agency_warnings(register, register.targets[target_id], entries)


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
    """The http(s) links of a text; a host's name has no case, and a full stop after a link is not its own."""
    links = set()
    for found in _LINK_PATTERN.findall(text):
        scheme, _, rest = found.rstrip(_TRAILING_PUNCTUATION).partition("://")
        host, slash, path = rest.partition("/")
        links.add(f"{scheme.lower()}://{host.lower()}{slash}{path}")
    return links


def _find_agency_warnings(
    register: Register, target: Target, entries: Sequence[_IndexedEntry]
) -> Iterator[RowWarning]:
    is_ratio, is_count = target.measure == "ratio", target.measure == "count"
    if is_ratio or (is_count and target.accumulation == "level"):
        yield from _find_same_day_conflicts(entries)
    if is_ratio or (is_count and target.accumulation == "increment"):
        for period in list_periods(register, target):
            within = [row for row in entries if period.start <= row[1].occurred_on <= period.end]
            yield from _find_falling_ratios(within) if is_ratio else _find_cumulative(within)


def _group_by_day(entries: Iterable[_IndexedEntry]) -> Iterator[tuple[date, list[_IndexedEntry]]]:
    ordered = sorted(entries, key=lambda row: row[1].occurred_on)
    for day, rows in groupby(ordered, key=lambda row: row[1].occurred_on):
        yield day, list(rows)


def _find_same_day_conflicts(entries: Sequence[_IndexedEntry]) -> Iterator[RowWarning]:
    """Rows of one day that say different things, where the latest counts: the smaller does (design.md §5)."""
    for _, rows in _group_by_day(entries):
        if len({(entry.quantity, entry.denominator) for _, entry in rows}) > 1:
            for index, _ in rows:
                yield index, "quantity", "same_day_conflict", {}


def _find_cumulative(entries: Sequence[_IndexedEntry]) -> Iterator[RowWarning]:
    """At least 3 entries by day, never falling, rising at least twice: each may hold the one before."""
    if len(entries) < 3:
        return
    days = [{entry.quantity for _, entry in rows} for _, rows in _group_by_day(entries)]
    if any(len(quantities) > 1 for quantities in days):
        return
    line = [min(quantities) for quantities in days]
    steps = [after - before for before, after in pairwise(line)]
    if all(step >= 0 for step in steps) and sum(step > 0 for step in steps) >= 2:
        for index, _ in entries:
            yield index, "quantity", "looks_cumulative", {}


def _find_falling_ratios(entries: Sequence[_IndexedEntry]) -> Iterator[RowWarning]:
    """A ratio below the agency's one before; of one day's, the smaller counts."""
    before: tuple[int, int] | None = None
    for _, rows in _group_by_day(entries):
        ratios = [(index, entry.quantity, entry.denominator) for index, entry in rows if entry.denominator]
        for index, numerator, denominator in ratios:
            if before is not None and numerator * before[1] < before[0] * denominator:
                yield index, "quantity", "ratio_fell", {"before": f"{before[0]}/{before[1]}"}
        if ratios:
            before = min((row[1:] for row in ratios), key=lambda ratio: Fraction(*ratio))


def group_by_row(row_warnings: Iterable[RowWarning]) -> Mapping[int, list[RowWarning]]:
    """Warnings by the row they are on, in a fixed order, one for each code."""
    gathered: dict[int, dict[str, RowWarning]] = defaultdict(dict)
    for warned in sorted(row_warnings, key=lambda one: (one[0], one[2], str(one[3].get("link", "")))):
        gathered[warned[0]].setdefault(warned[2], warned)
    return {index: list(codes.values()) for index, codes in gathered.items()}

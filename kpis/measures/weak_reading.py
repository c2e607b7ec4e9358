"""The weak reading: targets in doubt, counted by the same SQL (design.md §5, No green on a doubt)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, cast

from kpis.measures.doubtful_entries import DoubtfulPeriod, PeriodKey, find_doubtful_periods, get_period_key
from kpis.measures.doubts import Doubt, find_doubts
from kpis.measures.doubts_applied import CountedEntry, apply_doubts, count_certain_rows
from kpis.measures.query import DatabaseReader, QueryRow, QueryStep, build_statement, run_query
from kpis.measures.shared_events import Occurrence, group_occurrences

SubjectKey = tuple[str, date, date, str | None]
"""Target, start and end of the period, agency (None for the target as a whole)."""

TARGET_TOTALS: QueryStep = ("totals", "totals_from_entries")
AGENCY_TOTALS: QueryStep = ("totals", "totals_by_agency")
_TOTALS_STEPS: list[QueryStep] = ["requested_periods", ("known_entries", "weak_entries"), "agency_totals"]
_SHARES_QUERY = build_statement(["requested_shares"])
_COUNTED_COLUMNS = ("entries", "roster_reported", "numerator", "denominator")


@dataclass(frozen=True)
class FoundDoubt:
    """An open doubt about a subject, and its figure with this doubt alone applied (None: unchanged).

    `is_of_previous_year`: the figure is that of the year before, with which a change is compared.
    """

    doubt: Doubt
    figure: tuple[int, int | None] | None
    is_of_previous_year: bool = False


@dataclass
class DoubtedTotals:
    """The totals of the subjects in doubt as rows of `doubted_totals.sql`, and their open doubts."""

    totals: list[QueryRow] = field(default_factory=list)
    doubts: dict[SubjectKey, list[FoundDoubt]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Reading:
    """A period as read on one day: what counts once up to then, and its open doubts."""

    period: DoubtfulPeriod
    day: date
    occurrences: list[Occurrence]
    doubts: list[Doubt]

    def apply(self, doubts: Sequence[Doubt]) -> list[CountedEntry]:
        certain = (count_certain_rows(self.period, rows) for rows in self.period.list_certain(self.day))
        return [*apply_doubts(self.period, self.occurrences, doubts, self.day), *certain]

    @cached_property
    def answering_agencies(self) -> dict[str, str]:
        """By agency, the one that stands for it."""
        certain = {rows.agency: rows.answering_agency for rows in self.period.certain}
        return {row.agency: row.answering_agency for row in self.period.rows} | certain


@dataclass(frozen=True)
class _Total:
    """What the entries of a subject add, and how many they are."""

    added: int = 0
    entries: int = 0

    def add(self, other: _Total, sign: int = 1) -> _Total:
        return _Total(self.added + sign * other.added, self.entries + sign * other.entries)


_Shares = Mapping[str, Mapping[str, Fraction]]


class WeakReader:
    """Computes the doubted totals of one question, by TARGET_TOTALS or AGENCY_TOTALS."""

    def __init__(
        self, db: DatabaseReader, params: Mapping[str, object], totals_step: QueryStep, *, as_published: bool
    ) -> None:
        """`as_published`: the entries up to the day are those known now."""
        self._db, self._params = db, params
        self._is_by_agency = totals_step == AGENCY_TOTALS
        self._query = build_statement([*_TOTALS_STEPS, totals_step], "target, period_start, period_end, agency")
        self._as_published = as_published
        self._full_totals: dict[PeriodKey, dict[SubjectKey, _Total]] = {}

    def compute(self) -> DoubtedTotals:
        """Return the totals with every open doubt applied; empty without an open doubt."""
        periods = find_doubtful_periods(self._db, self._params, as_published=self._as_published)
        shares = self._load_shares() if periods and self._is_by_agency else {}
        pairs = self._select_open(periods, shares)
        if not pairs:
            return DoubtedTotals()
        now, at_due = (self._count([(r, r.doubts) for r in readings]) for readings in zip(*pairs, strict=True))
        if shares:
            # What an agency adds to the target follows the target's doubts, not those about its share alone.
            target_readings = [_read(reading.period, reading.day, {}) for reading, _ in pairs]
            adds = self._count([(reading, reading.doubts) for reading in target_readings])
        else:
            adds = now
        totals = [
            _merge_totals(subject, now.get(subject), at_due.get(subject), adds.get(subject))
            for subject in self._list_subjects(pairs)
        ]
        return DoubtedTotals(totals, self._find_doubts(pairs))

    def _load_shares(self) -> _Shares:
        shares: dict[str, dict[str, Fraction]] = {}
        for row in run_query(self._db, _SHARES_QUERY, self._params):
            shares.setdefault(str(row["target"]), {})[str(row["agency"])] = Fraction(cast(Any, row["share"]))
        return shares

    def _select_open(self, periods: Sequence[DoubtfulPeriod], shares: _Shares) -> list[tuple[_Reading, _Reading]]:
        """Return the periods with an open doubt, as read on the day asked and on the day judged on."""
        pairs = []
        for period in periods:
            own_shares = shares.get(period.target, {})
            now = _read(period, period.as_of, own_shares)
            at_due = now if period.judged_on == period.as_of else _read(period, period.judged_on, own_shares)
            if now.doubts or at_due.doubts:
                pairs.append((now, at_due))
        return pairs

    def _count(self, readings: Iterable[tuple[_Reading, Sequence[Doubt]]]) -> dict[SubjectKey, Mapping[str, Any]]:
        """Return the totals of these readings with the given doubts applied, by subject."""
        entries, targets = [], set()
        for reading, doubts in readings:
            targets.add(reading.period.target)
            entries += reading.apply(doubts)
        params = {**self._params, "weak_entries": entries, "targets": sorted(targets)}
        rows = run_query(self._db, self._query, params)
        return {get_subject_key(row): row for row in rows}

    def _list_subjects(self, pairs: Sequence[tuple[_Reading, _Reading]]) -> list[SubjectKey]:
        """Return the subjects that the doubts may concern, also those whose every row is left out."""
        if not self._is_by_agency:
            return [(*now.period.key, None) for now, _ in pairs]
        return [
            (*now.period.key, agency) for now, _ in pairs for agency in dict.fromkeys(now.answering_agencies.values())
        ]

    def _find_doubts(self, pairs: Sequence[tuple[_Reading, _Reading]]) -> dict[SubjectKey, list[FoundDoubt]]:
        doubts: dict[SubjectKey, list[FoundDoubt]] = {}
        for number in range(max(len(reading.doubts) for reading, _ in pairs)):
            # The n-th doubts of all targets are counted at once.
            alone = [(reading, [reading.doubts[number]]) for reading, _ in pairs if number < len(reading.doubts)]
            figures = self._count_alone(alone)
            for reading, (doubt,) in alone:
                for subject in self._list_concerned(reading.period.key, doubt):
                    doubts.setdefault(subject, []).append(FoundDoubt(doubt, figures.get(subject, (0, 0))))
        for now, at_due in pairs:
            for doubt in _list_only_at_due(now, at_due):
                for subject in self._list_concerned(now.period.key, doubt):
                    doubts.setdefault(subject, []).append(FoundDoubt(doubt, None))
        return doubts

    def _count_alone(
        self, readings: Sequence[tuple[_Reading, Sequence[Doubt]]]
    ) -> dict[SubjectKey, tuple[int, int | None]]:
        """Return numerator and denominator of each subject; increments need no SQL to be added up."""
        figures: dict[SubjectKey, tuple[int, int | None]] = {}
        for reading, doubts in readings:
            if reading.period.sums_up:
                for subject, total in self._add_up_alone(reading, doubts).items():
                    figures[subject] = (total.added, None)
        others = [reading for reading in readings if not reading[0].period.sums_up]
        if others:
            counted = self._count(others)
            figures |= {key: (row["numerator"], row["denominator"]) for key, row in counted.items()}
        return figures

    def _add_up_alone(self, reading: _Reading, doubts: Sequence[Doubt]) -> dict[SubjectKey, _Total]:
        """Return the totals of the subjects that have an entry left, by what the doubts change of the full reading."""
        totals = dict(self._add_up_full(reading))
        concerned = [occurrence for doubt in doubts for occurrence in doubt.occurrences]
        for sign, applied in ((-1, ()), (1, doubts)):
            entries = apply_doubts(reading.period, concerned, applied, reading.day)
            for subject, change in self._add_up(reading, entries).items():
                totals[subject] = totals.get(subject, _Total()).add(change, sign)
        return {subject: total for subject, total in totals.items() if total.entries}

    def _add_up_full(self, reading: _Reading) -> dict[SubjectKey, _Total]:
        if reading.period.key not in self._full_totals:
            self._full_totals[reading.period.key] = self._add_up(reading, reading.apply([]))
        return self._full_totals[reading.period.key]

    def _add_up(self, reading: _Reading, entries: Iterable[CountedEntry]) -> dict[SubjectKey, _Total]:
        totals: dict[SubjectKey, _Total] = {}
        for entry in entries:
            agency = reading.answering_agencies[entry["agency"]] if self._is_by_agency else None
            subject = (*reading.period.key, agency)
            added = entry["quantity"] * reading.period.unit + entry["fraction"]
            totals[subject] = totals.get(subject, _Total()).add(_Total(added, entry["reports"]))
        return totals

    def _list_concerned(self, key: PeriodKey, doubt: Doubt) -> list[SubjectKey]:
        if not self._is_by_agency:
            return [(*key, None)]
        # An agency is credited with a shared event, so that a doubt about another's row of it concerns it too.
        rows = (row for occurrence in doubt.occurrences for row in occurrence.rows)
        return [(*key, agency) for agency in dict.fromkeys(row.answering_agency for row in rows)]


def get_subject_key(row: Mapping[str, object]) -> SubjectKey:
    """Return the key of the subject that a row is about."""
    return (*get_period_key(row), cast("str | None", row["agency"]))


def _read(period: DoubtfulPeriod, day: date, shares: Mapping[str, Fraction]) -> _Reading:
    occurrences = group_occurrences(period.list_rows(day), is_increment=period.is_increment)
    return _Reading(period, day, occurrences, find_doubts(period, occurrences, day, shares))


def _list_only_at_due(now: _Reading, at_due: _Reading) -> list[Doubt]:
    """Return the doubts about the due day that no doubt of the same kind about the day asked includes."""
    if now is at_due:
        return []
    return [
        doubt
        for doubt in at_due.doubts
        if not any(doubt.code == other.code and set(doubt.rows) <= set(other.rows) for other in now.doubts)
    ]


def _merge_totals(
    subject: SubjectKey,
    now: Mapping[str, Any] | None,
    at_due: Mapping[str, Any] | None,
    adds: Mapping[str, Any] | None,
) -> QueryRow:
    target, period_start, period_end, agency = subject
    now, at_due = now or {}, at_due or {}
    return {
        "target": target, "period_start": period_start, "period_end": period_end, "agency": agency,
        "reporting_agencies": now.get("reporting_agencies", 0),
        "adds": (adds or {}).get("adds", 0),
        **{name: now.get(name, 0) for name in _COUNTED_COLUMNS},
        **{f"{name}_at_due": at_due.get(name, 0) for name in _COUNTED_COLUMNS},
    }  # fmt: skip

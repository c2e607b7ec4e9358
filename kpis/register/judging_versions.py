"""Which version of a plan judges a period on a day (design.md §4, Which version judges)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, TypeVar

Judged = TypeVar("Judged")


@dataclass(frozen=True)
class VersionDays:
    """What decides which days and periods a version judges.

    `in_force_from` is None for the first version, which is in force from the plan's beginning. `accepted_on` is the
    local day of its acceptance. `judges_again`: years whose periods it judges although their due day had passed then.
    """

    number: int
    in_force_from: date | None
    accepted_on: date
    judges_again: frozenset[int] = frozenset()
    corrects: int | None = None

    @property
    def first_due_on(self) -> date:
        """The first due day of a period that it judges unless it names the year: it is accepted and in force then."""
        return max(self.accepted_on, self.in_force_from or self.accepted_on)


@dataclass(frozen=True)
class JudgedDays:
    """The days on which one version judges a period: from `begins_on` (None: always) until before the next one's."""

    number: int
    begins_on: date | None


class DuePeriod(NamedTuple):
    """A period as one version has it: when it is due (None: never), and the year in which it ends."""

    due_on: date | None
    end_year: int


def list_in_force(versions: Collection[VersionDays]) -> list[VersionDays]:
    """Return the versions by number, each correction in the place of what it corrects.

    A correction judges what the corrected version would have judged, so it keeps the day of that acceptance.
    """
    order: list[VersionDays] = []
    for version in sorted(versions, key=lambda version: version.number):
        if version.corrects is None:
            order.append(version)
            continue
        order = [
            replace(version, accepted_on=other.accepted_on, in_force_from=version.in_force_from or other.in_force_from)
            if version.corrects == other.number
            else other
            for other in order
        ]
    return order


def list_judged_days(versions: Sequence[VersionDays], periods: Mapping[int, DuePeriod]) -> list[JudgedDays]:
    """Return which of the versions in force judges a period, from when on.

    `periods`: the period by the number of each version that has it. One whose due day had passed when a later version
    was accepted, or came into force, keeps the version that judged it, unless the later one names the year in which
    it ends.
    """
    judged = [JudgedDays(versions[0].number, None)]
    for version in versions[1:]:
        if _is_closed(periods, judged[-1].number, version):
            continue
        if judged[-1].begins_on == version.in_force_from:
            judged.pop()
        judged.append(JudgedDays(version.number, version.in_force_from))
    return judged


def _is_closed(periods: Mapping[int, DuePeriod], judging: int, version: VersionDays) -> bool:
    """True if a period was due before a version could judge it: as it is judged until then, else as it is new."""
    period = periods.get(judging, periods.get(version.number))
    if period is None or period.due_on is None:
        return False
    if version.number not in periods and version.in_force_from is not None and period.due_on < version.in_force_from:
        return True  # what a version drops keeps what was due before its end
    return period.due_on < version.first_due_on and period.end_year not in version.judges_again


def list_judged_slices(
    slices: Mapping[int, Iterable[Judged]],
    in_force: Sequence[VersionDays],
    get_key: Callable[[Judged], Hashable],
    get_period: Callable[[Judged], DuePeriod],
) -> dict[int, list[tuple[Judged, date | None, date | None]]]:
    """Return, by version, which of its periods of an entry it judges, from when on, and until before when.

    `slices`: the periods by version; those with the same key are one period in several versions.
    """
    by_key: dict[Hashable, dict[int, Judged]] = {}
    for number, of_version in slices.items():
        for each in of_version:
            by_key.setdefault(get_key(each), {})[number] = each
    judged: dict[int, list[tuple[Judged, date | None, date | None]]] = {number: [] for number in slices}
    for versions in by_key.values():
        periods = {number: get_period(each) for number, each in versions.items()}
        days = list_judged_days(in_force, periods)
        for at, (number, begins_on) in enumerate((day.number, day.begins_on) for day in days):
            if number in versions:
                until = days[at + 1].begins_on if at + 1 < len(days) else None
                judged[number].append((versions[number], begins_on, until))
    return judged

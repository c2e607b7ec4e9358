"""Which version of a plan judges a period on a day (design.md §4, Which version judges)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date


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


@dataclass(frozen=True)
class JudgedDays:
    """The days on which one version judges a period: from `begins_on` (None: always) until before the next one's."""

    number: int
    begins_on: date | None


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


def list_judged_days(versions: Sequence[VersionDays], due_on: date, end_year: int) -> list[JudgedDays]:
    """Return which of the versions in force judges a period that is due on a day and ends in a year, from when on.

    A period whose due day had passed when a version was accepted keeps the version that judged it, unless the version
    names the period's last year.
    """
    judged = [JudgedDays(versions[0].number, None)]
    for version in versions[1:]:
        if due_on < version.accepted_on and end_year not in version.judges_again:
            continue
        if judged[-1].begins_on == version.in_force_from:
            judged.pop()
        judged.append(JudgedDays(version.number, version.in_force_from))
    return judged

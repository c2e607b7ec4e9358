"""The targets and tasks of a plan as each version in force has them, and by which of them a row is checked (§4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TypeVar

from kpis.register.judged import Period
from kpis.register.judging_versions import list_in_force
from kpis.register.model import Register, Target, Task
from kpis.register.periods import list_judged_periods

Entry = TypeVar("Entry", Target, Task)
FIRST = 0
"""The number of the only version of a plan that was never amended."""


class PlanVersions:
    """The versions in force of one plan, by number."""

    def __init__(self, register: Register, plan: str) -> None:
        self._register, self._plan = register, plan
        in_force = list_in_force([facts.days for facts in register.versions if facts.plan == plan])
        self._starts = {version.number: version.in_force_from for version in in_force} if len(in_force) > 1 else {}

    @property
    def numbers(self) -> list[int]:
        """The versions in order; of a plan that was never amended FIRST alone."""
        return list(self._starts) or [FIRST]

    def find_number(self, day: date) -> int:
        """Return the version that is in force on a day."""
        begun = [number for number, start in self._starts.items() if start is None or start <= day]
        return begun[-1] if begun else self.numbers[0]

    def list_targets(self, number: int) -> list[Target]:
        """Return the targets that a version has, as it has them."""
        return _select(self._register.all_targets, self._plan, number)

    def list_tasks(self, number: int) -> list[Task]:
        """Return the tasks that a version has, as it has them."""
        return _select(self._register.all_tasks, self._plan, number)


def _select(entries: Mapping[str, Entry], plan: str, number: int) -> list[Entry]:
    of_plan = [entry for entry in entries.values() if entry.plan == plan and entry.version in (None, number)]
    return [replace(entry, id=entry.version_of, version_of=None) if entry.version_of else entry for entry in of_plan]


class JudgedTargets:
    """The targets as they are judged on one day: each period by its version."""

    def __init__(self, register: Register, today: date) -> None:
        self._register, self._today = register, today
        self._versions: dict[str, PlanVersions] = {}

    def find(self, target_id: str, day: date | None) -> Target:
        """Return a target as the version has it that judges the period of a day; without one, as it is in force."""
        target = self._register.targets[target_id]
        if target_id not in self._copies:
            return target
        day = day or self._today
        periods = [
            (judged, period) for judged, period in self.list_periods(target_id) if period.start <= day <= period.end
        ]
        if periods:
            return min(periods, key=lambda pair: pair[1].end - pair[1].start)[0]
        versions = self._versions.setdefault(target.plan, PlanVersions(self._register, target.plan))
        in_force = versions.find_number(day)
        copy = next((copy for copy in self._copies[target_id] if copy.version == in_force), target)
        return replace(copy, id=target_id, ended_on=target.ended_on)

    def list_periods(self, target_id: str) -> Iterator[tuple[Target, Period]]:
        """Yield the periods by which a target is judged on the day, each with the target as its version has it."""
        target = self._register.targets[target_id]
        if target_id not in self._copies:
            yield from ((target, period) for period in list_judged_periods(self._register, target))
            return
        for copy in self._copies[target_id]:
            named = replace(copy, id=target_id, ended_on=target.ended_on)
            for period in list_judged_periods(self._register, copy):
                is_begun = period.judged_from is None or period.judged_from <= self._today
                if is_begun and (period.judged_until is None or period.judged_until > self._today):
                    yield named, period

    @cached_property
    def _copies(self) -> Mapping[str, list[Target]]:
        """The targets that differ between versions, as each version has them."""
        copies: dict[str, list[Target]] = {}
        for copy in self._register.earlier_targets.values():
            if copy.version_of is not None:
                copies.setdefault(copy.version_of, []).append(copy)
        for target_id in self._register.judged_periods:
            if target_id in self._register.targets:
                copies.setdefault(target_id, []).append(self._register.targets[target_id])
        return copies

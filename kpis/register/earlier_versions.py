"""What earlier versions of an amended plan decide: copies of its targets as they were, and the days of each version."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from kpis.register.accepted_plans import AcceptedVersion
from kpis.register.entry_changes import VersionChange
from kpis.register.judging_versions import VersionDays, list_in_force, list_judged_days
from kpis.register.model import Period, Register, Task
from kpis.register.periods import list_periods
from kpis.register.version_changes import list_version_changes
from kpis.register.version_facts import VersionFacts, read_version_facts

LoadVersion = Callable[[AcceptedVersion], Register]
"""Loads the whole register with one version of a plan in the place of the last one."""


def add_earlier_versions(
    register: Register, accepted: Mapping[str, Sequence[AcceptedVersion]], load_version: LoadVersion
) -> Register:
    """Return the register with what the earlier versions of its plans still decide.

    A target that a later version dropped stays, with the day on which it ended. One that differs between versions
    has a copy for each earlier version, named `<id>@<version>`, and every period says on which days it judges.
    """
    all_facts: list[VersionFacts] = []
    changes: list[VersionChange] = []
    for versions in accepted.values():
        facts = [read_version_facts(version) for version in versions]
        all_facts += facts
        changes += list_version_changes(versions, facts)
        in_force = list_in_force([each.days for each in facts])
        if len(in_force) > 1:
            by_number = {version.number: version for version in versions}
            registers = {
                version.number: register if version is in_force[-1] else load_version(by_number[version.number])
                for version in in_force
            }
            register = _merge(register, versions[0].plan, in_force, registers)
    return replace(register, versions=tuple(all_facts), version_changes=tuple(changes))


def _merge(
    register: Register, plan: str, in_force: Sequence[VersionDays], registers: Mapping[int, Register]
) -> Register:
    targets, copies, judged = dict(register.targets), dict(register.earlier_targets), dict(register.judged_periods)
    for target_id in dict.fromkeys(key for number in registers for key in _list_ids(registers[number], plan)):
        having = [version.number for version in in_force if target_id in registers[version.number].targets]
        if len(having) == len(in_force) and _is_equal_in_all(target_id, having, registers):
            continue
        last = having[-1]
        ended_on = _find_end(last, in_force)
        targets[target_id] = replace(registers[last].targets[target_id], ended_on=ended_on)
        judged[target_id] = _list_judged(registers[last], target_id, last, in_force)
        for number in having[:-1]:
            copy = replace(registers[number].targets[target_id], id=f"{target_id}@{number}", version_of=target_id)
            copies[copy.id] = copy
            periods = _list_judged(registers[number], target_id, number, in_force)
            judged[copy.id] = tuple(replace(period, target=copy.id) for period in periods)
    tasks = {**_list_dropped_tasks(plan, in_force, registers), **register.tasks}
    return replace(
        register, targets=targets, earlier_targets=copies, judged_periods=judged, tasks=_order(tasks, register)
    )


def _list_ids(register: Register, plan: str) -> list[str]:
    return [target.id for target in register.targets.values() if target.plan == plan]


def _is_equal_in_all(target_id: str, numbers: Sequence[int], registers: Mapping[int, Register]) -> bool:
    """True if a target and its periods are the same in all versions."""
    first = registers[numbers[0]]
    target, periods = first.targets[target_id], list_periods(first, first.targets[target_id])
    return all(
        registers[number].targets[target_id] == target
        and list_periods(registers[number], registers[number].targets[target_id]) == periods
        for number in numbers[1:]
    )


def _find_end(last: int, in_force: Sequence[VersionDays]) -> date | None:
    """Return from when a target is no longer there: the day of the version after the last one that has it."""
    numbers = [version.number for version in in_force]
    at = numbers.index(last) + 1
    return in_force[at].in_force_from if at < len(in_force) else None


def _list_judged(
    register: Register, target_id: str, number: int, in_force: Sequence[VersionDays]
) -> tuple[Period, ...]:
    """Return the periods that a version judges, each with its days; those that it never judges are left out."""
    return tuple(
        replace(period, judged_from=begins, judged_until=until)
        for period in list_periods(register, register.targets[target_id])
        for begins, until in _find_days(period, number, in_force)
    )


def _find_days(
    period: Period, number: int, in_force: Sequence[VersionDays]
) -> Iterator[tuple[date | None, date | None]]:
    """Yield the days on which a version judges a period: from the first until before the second (None: always)."""
    judged = list_judged_days(in_force, period.due_on, period.end.year)
    for at, days in enumerate(judged):
        if days.number == number:
            until = judged[at + 1].begins_on if at + 1 < len(judged) else None
            yield days.begins_on, until


def _list_dropped_tasks(
    plan: str, in_force: Sequence[VersionDays], registers: Mapping[int, Register]
) -> dict[str, Task]:
    """Return the tasks that the last version lacks, with the day on which each ended."""
    dropped = {}
    for version in in_force[:-1]:
        register = registers[version.number]
        for task in register.tasks.values():
            if task.plan == plan:
                having = [other.number for other in in_force if task.id in registers[other.number].tasks]
                if having[-1] != in_force[-1].number:
                    dropped[task.id] = replace(
                        registers[having[-1]].tasks[task.id], ended_on=_find_end(having[-1], in_force)
                    )
    return dropped


def _order(tasks: Mapping[str, Task], register: Register) -> dict[str, Task]:
    return {task.id: task for plan in register.plans for task in tasks.values() if task.plan == plan}

"""What earlier versions of an amended plan decide: copies of its targets and tasks, and the days of each version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from kpis.register.accepted_plans import AcceptedVersion
from kpis.register.entry_changes import VersionChange
from kpis.register.judged import TaskInstance
from kpis.register.judging_versions import DuePeriod, VersionDays, list_in_force, list_judged_slices
from kpis.register.model import Register, Target, Task
from kpis.register.periods import list_own_instances, list_periods
from kpis.register.version_changes import list_version_changes
from kpis.register.version_facts import VersionFacts, read_version_facts

LoadVersion = Callable[[AcceptedVersion], Register]
"""Loads the whole register with one version of a plan in the place of the last one."""
Entry = TypeVar("Entry", Target, Task)
Registers = Mapping[int, Register]
"""The register with each version in force of one plan, by number, in order."""


def add_earlier_versions(
    register: Register, accepted: Mapping[str, Sequence[AcceptedVersion]], load_version: LoadVersion
) -> Register:
    """Return the register with what the earlier versions of its plans still decide.

    A target or task that a later version dropped stays, with the day on which it ended. One that differs between
    versions has a copy for each earlier version, named `<id>@<version>`, and every period or instance says on which
    days it judges.
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
            register = merge_versions(register, versions[0].plan, in_force, registers)
    return replace(register, versions=tuple(all_facts), version_changes=tuple(changes))


def merge_versions(register: Register, plan: str, in_force: Sequence[VersionDays], registers: Registers) -> Register:
    """Return the register with the targets and tasks of one plan as each of its versions judges them."""
    return _merge_tasks(_merge_targets(register, plan, in_force, registers), plan, in_force, registers)


def _merge_targets(register: Register, plan: str, in_force: Sequence[VersionDays], registers: Registers) -> Register:
    """Return the register with the targets of one plan that differ between its versions."""
    targets, copies, judged = dict(register.targets), dict(register.earlier_targets), dict(register.judged_periods)
    versions = {number: _select_of_plan(each.targets, plan) for number, each in registers.items()}
    for target_id, by_number in _group_by_id(versions).items():
        periods = {number: list_periods(registers[number], target) for number, target in by_number.items()}
        if _is_equal_in_all(by_number, in_force) and len(set(periods.values())) == 1:
            continue
        last = max(by_number, key=list(registers).index)
        slices = list_judged_slices(
            periods,
            in_force,
            lambda period: (period.start, period.end, period.span),
            lambda period: DuePeriod(period.due_on, period.end.year),
        )
        for copy in _build_copies(target_id, by_number, last, in_force):
            (targets if copy.id == target_id else copies)[copy.id] = copy
            judged[copy.id] = tuple(
                replace(period, target=copy.id, judged_from=begins, judged_until=until)
                for period, begins, until in slices[copy.version or last]
            )
    return replace(register, targets=targets, earlier_targets=copies, judged_periods=judged)


def _merge_tasks(register: Register, plan: str, in_force: Sequence[VersionDays], registers: Registers) -> Register:
    """Return the register with the tasks of one plan that differ between its versions."""
    tasks, copies, judged = dict(register.tasks), dict(register.earlier_tasks), dict(register.judged_instances)
    versions = {number: _select_of_plan(each.tasks, plan) for number, each in registers.items()}
    for task_id, by_number in _group_by_id(versions).items():
        instances = {number: list_own_instances(registers[number], task) for number, task in by_number.items()}
        if _is_equal_in_all(by_number, in_force) and len(set(instances.values())) == 1:
            continue
        last = max(by_number, key=list(registers).index)
        has_years = any(task.timing == "yearly" for task in by_number.values())
        slices = list_judged_slices(
            instances,
            in_force,
            _get_year if has_years else _get_task,
            lambda instance: DuePeriod(instance.due_on, instance.year),
        )
        for copy in _build_copies(task_id, by_number, last, in_force):
            (tasks if copy.id == task_id else copies)[copy.id] = copy
            judged[copy.id] = tuple(
                replace(instance, task=copy.id, judged_from=begins, judged_until=until)
                for instance, begins, until in slices[copy.version or last]
            )
    return replace(register, tasks=_order(tasks, register), earlier_tasks=copies, judged_instances=judged)


def _get_year(instance: TaskInstance) -> int:
    return instance.year


def _get_task(instance: TaskInstance) -> str:
    return instance.task


def _select_of_plan(entries: Mapping[str, Entry], plan: str) -> list[Entry]:
    return [entry for entry in entries.values() if entry.plan == plan]


def _group_by_id(versions: Mapping[int, Sequence[Entry]]) -> dict[str, dict[int, Entry]]:
    """Return each entry by id and number of the version, in the order of the versions."""
    grouped: dict[str, dict[int, Entry]] = {}
    for number, entries in versions.items():
        for entry in entries:
            grouped.setdefault(entry.id, {})[number] = entry
    return grouped


def _is_equal_in_all(by_number: Mapping[int, Entry], in_force: Sequence[VersionDays]) -> bool:
    """True if every version has the entry, and in the same words."""
    first = next(iter(by_number.values()))
    return len(by_number) == len(in_force) and all(entry == first for entry in by_number.values())


def _build_copies(
    entry_id: str, by_number: Mapping[int, Entry], last: int, in_force: Sequence[VersionDays]
) -> list[Entry]:
    """Return the entry as each version has it; the last one keeps its id, and has the day on which it ended."""
    return [
        replace(entry, version=number, ended_on=_find_end(number, in_force))
        if number == last
        else replace(entry, id=f"{entry_id}@{number}", version_of=entry_id, version=number)
        for number, entry in by_number.items()
    ]


def _find_end(last: int, in_force: Sequence[VersionDays]) -> date | None:
    """Return from when an entry is no longer there: the day of the version after the last one that has it."""
    numbers = [version.number for version in in_force]
    at = numbers.index(last) + 1
    return in_force[at].in_force_from if at < len(in_force) else None


def _order(tasks: Mapping[str, Task], register: Register) -> dict[str, Task]:
    return {task.id: task for plan in register.plans for task in tasks.values() if task.plan == plan}

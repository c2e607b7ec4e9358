"""What a text of a row names in an amended plan: by the version in force on the row's day, then by today's (§4)."""

from __future__ import annotations

from datetime import date

from kpis.language.normalization import fold
from kpis.register.model import Register, Target, Task
from kpis.register.names import AmbiguousTarget, TargetNames
from kpis.register.plan_versions import JudgedTargets, PlanVersions
from kpis.register.task_names import TaskNames, find_tasks


class VersionNames:
    """The names of the targets and tasks of one plan in each of its versions. `today`: the day of the sync."""

    def __init__(self, register: Register, plan: str, today: date) -> None:
        versions = PlanVersions(register, plan)
        self._versions, self._today = versions, today
        self._numbers = versions.numbers
        self._targets = {number: TargetNames(register, plan, versions.list_targets(number)) for number in self._numbers}
        self._tasks_by_id = {
            number: {task.id: task for task in versions.list_tasks(number)} for number in self._numbers
        }
        self._tasks = {number: TaskNames(tasks.values()) for number, tasks in self._tasks_by_id.items()}
        self._judged = JudgedTargets(register, today)
        self._first_days: dict[int, date] = {}

    def find_number(self, day: date | None) -> int:
        """Return the version in force on the day of a row; of a row without a readable day, today's."""
        return self._versions.find_number(day or self._today)

    def find_first_day(self, day: date | None) -> date | None:
        """Return a day that stands for all with the same version in force; None for none, where all versions count."""
        number = self.find_number(day)
        return day if day is None else self._first_days.setdefault(number, day)

    def find_target(self, text: str, number: int) -> str | AmbiguousTarget | None:
        """Return the target that a text names to a row of a day on which a version is in force.

        That version's names come first. What names another target today is ambiguous; a text that only another version
        has as a name, means what it meant there.
        """
        target = self._targets[number].find(text)
        current = self._targets[self.find_number(None)].find(text)
        if isinstance(target, str) and isinstance(current, str) and target != current:
            return AmbiguousTarget((target, current))
        others = [self._targets[other].find(text) for other in self._list_others(number)]
        return next((each for each in (target, current, *others) if each is not None), None)

    def get_target(self, target_id: str, day: date | None) -> Target:
        """Return a target as the version has it that judges the period of a row's day."""
        return self._judged.find(target_id, day)

    def find_tasks(self, text: str, day: date | None, *, is_number: bool) -> tuple[Task, ...]:
        """Return the tasks that a text names in the version of the row's day or in today's.

        A row without a day may be of any version. A text that neither has as a name means what it meant in another one.
        """
        numbers = self._numbers if day is None else [self.find_number(day), self.find_number(None)]
        tasks = find_tasks([self._tasks[number] for number in numbers], text, is_number=is_number)
        return tasks or find_tasks([self._tasks[number] for number in self._numbers], text, is_number=is_number)

    def choose_task(self, tasks: tuple[Task, ...], title: str) -> Task | None:
        """Return the only one of some tasks that has a title in one of the versions."""
        key = fold(title)
        named = [task for task in tasks if key and key in self._list_titles(task.id)]
        return named[0] if len(named) == 1 else None

    def list_tasks_on(self, task_id: str, day: date | None) -> list[Task]:
        """Return a task as the version in force on a day has it; without a day, or on one that lacks it, as all do."""
        tasks = {number: tasks[task_id] for number, tasks in self._tasks_by_id.items() if task_id in tasks}
        number = None if day is None else self.find_number(day)
        return [tasks[number]] if number in tasks else list(tasks.values())

    def _list_titles(self, task_id: str) -> set[str]:
        tasks = [tasks[task_id] for tasks in self._tasks_by_id.values() if task_id in tasks]
        return {fold(title) for task in tasks for title in (task.title_vi, task.title_en)}

    def _list_others(self, number: int) -> list[int]:
        """Return the other versions: the later ones in order, then the earlier ones, the latest first."""
        at = self._numbers.index(number)
        return [*self._numbers[at + 1 :], *reversed(self._numbers[:at])]

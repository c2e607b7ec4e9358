"""Tasks as people type them: by id, or by section and number as an annex prints them (design.md §4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kpis.language.normalization import fold
from kpis.register.model import Task

_SEPARATORS = re.compile(r"[\s.,;:/]+|\b(?:mục|số)\b")


class TaskNames:
    """The tasks of one version of a plan."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._by_id: dict[str, Task] = {}
        self._by_number: dict[str, dict[str, Task]] = {}
        for task in tasks:
            self._by_id[fold(task.id)] = task
            if (printed := _format_printed(task)) is not None:
                self._by_number.setdefault(_to_printed_key(printed), {})[task.id] = task

    def find(self, texts: Iterable[str]) -> Iterator[Task]:
        """Yield every task that one of the texts names."""
        for text in texts:
            if (task := self._by_id.get(fold(text))) is not None:
                yield task
            else:
                yield from self._by_number.get(_to_printed_key(text), {}).values()


def find_tasks(versions: Sequence[TaskNames], text: str, *, is_number: bool = False) -> tuple[Task, ...]:
    """Return every task that a text names in one of some versions of a plan, each once, the first version's first.

    `is_number`: the text is that of a number cell, in which 1.10 has become 1.1.
    """
    has_decimals = is_number and not text.isdecimal()
    texts = [f"{text}{zeros}" for zeros in ("", "0", "00")] if has_decimals else [text]
    return tuple({task.id: task for names in versions for task in names.find(texts)}.values())


def choose_by_title(tasks: Sequence[Task], title: str) -> Task | None:
    """Return the only one of the tasks with a title; None for several or none."""
    key = fold(title)
    named = [task for task in tasks if key and key in {fold(task.title_vi), fold(task.title_en)}]
    return named[0] if len(named) == 1 else None


def _format_printed(task: Task) -> str | None:
    """Return section and number as an annex shows them: "A.I.3"; "2.3" where the number begins with its section."""
    if task.number is None or task.section is None:
        return task.number
    above, _, last = task.section.rpartition(".")
    parts = (above, task.number) if task.number.startswith(f"{last}.") else (task.section, task.number)
    return ".".join(part for part in parts if part)


def _to_printed_key(text: str) -> str:
    return ".".join(part for part in _SEPARATORS.split(fold(text)) if part)

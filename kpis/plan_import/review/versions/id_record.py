"""Ids of targets and tasks: opaque, never used twice, even if the folder of a version is deleted by hand.

`register/ids.json` holds the highest numbers given out by plan; it is no part of the register's content.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kpis.plan_import.review.draft.model import ReviewError
from kpis.register.accepted_plans import VERSION_FILE
from kpis.store.files import write_atomic

_RECORD_FILE = "ids.json"
_NUMBER = re.compile(r"\.(?P<kind>nv)?(?P<number>[0-9]+)")


@dataclass
class IdCounter:
    """Gives out ids of one plan; `target` and `task` are the highest numbers given out so far."""

    plan: str
    target: int = 0
    task: int = 0

    def create_target_id(self) -> str:
        """Return the id of a new target."""
        self.target += 1
        return f"{self.plan}.{self.target:02}"

    def create_task_id(self) -> str:
        """Return the id of a new task; it says nothing of section and number, which change."""
        self.task += 1
        return f"{self.plan}.nv{self.task:03}"

    def skip(self, ids: Iterable[str]) -> None:
        """Never give out ids that exist."""
        for text in ids:
            if match := _NUMBER.fullmatch(text.removeprefix(self.plan)):
                name = "task" if match["kind"] else "target"
                setattr(self, name, max(getattr(self, name), int(match["number"])))


def open_counter(register: Path, plan: str, used: Iterable[str] = ()) -> IdCounter:
    """Return the counter of a plan, beyond every id of the record, of the versions that exist, and of `used`."""
    counter = IdCounter(plan, **_read_record(register).get(plan, {}))
    for path in register.glob(f"plans/{plan}/*/{VERSION_FILE}"):
        try:
            ids = tomllib.loads(path.read_text(encoding="utf-8"))["ids"]
            counter.target = max(counter.target, int(ids["next_target"]) - 1)
            counter.task = max(counter.task, int(ids["next_task"]) - 1)
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise ReviewError("{path} cannot be read. Restore it from a copy.", path=path) from error
    counter.skip(used)
    return counter


def write_counter(register: Path, counter: IdCounter) -> None:
    """Record what was given out, before the version that has the ids gets its name."""
    record = {**_read_record(register), counter.plan: {"target": counter.target, "task": counter.task}}
    write_atomic(register / _RECORD_FILE, (json.dumps(record, indent=1, sort_keys=True) + "\n").encode())


def _read_record(register: Path) -> Mapping[str, Mapping[str, int]]:
    path = register / _RECORD_FILE
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_bytes())
        return {plan: {kind: int(ids[kind]) for kind in ("target", "task")} for plan, ids in content.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        text = "{path} is damaged: it holds which ids were given out. Restore it from a copy."
        raise ReviewError(text, path=path) from error

"""A line for each agency of a plan: its part of each target, how its targets stand, its last report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kpis.measures.agency_activity import AgencyActivity
from kpis.measures.agency_kinds import AgencyKinds
from kpis.measures.attainment_rows import Attainment
from kpis.measures.status_overview import StatusCounts, count_statuses
from kpis.measures.task_status import TaskStatus


@dataclass(frozen=True)
class AgencyLine:
    """An agency that leads or shares a target or a task, or has reported.

    `parts` are its own rows by target, `led` the targets that it leads by id. `counts` has for each status the targets
    that it leads, as a whole, and the others in which it has a part with a status of its own. `tasks` are those whose
    state its reports decide.
    """

    agency: str
    is_commune: bool
    parts: Mapping[str, Attainment]
    led: Mapping[str, Attainment]
    counts: StatusCounts
    activity: AgencyActivity
    tasks: Sequence[TaskStatus] = field(default_factory=tuple)

    def get_silence_key(self, as_of: date) -> tuple[bool, int]:
        """Return a key that sorts the most silent first: who has never reported, then the oldest last report."""
        days = self.activity.count_days_silent(as_of)
        return days is not None, -(days or 0)


def build_agency_lines(
    plan: str,
    rows: Iterable[Attainment],
    agency_rows: Iterable[Attainment],
    tasks: Iterable[TaskStatus],
    activities: Mapping[str, AgencyActivity],
    kinds: AgencyKinds,
    others: Iterable[str] = (),
) -> list[AgencyLine]:
    """Return the lines of a plan's agencies, departments before communes, each in Vietnamese order.

    `others`: agencies that are to have a line too, such as those that were asked to explain something.
    """
    parts: dict[str, dict[str, Attainment]] = defaultdict(dict)
    led: dict[str, dict[str, Attainment]] = defaultdict(dict)
    led_tasks: dict[str, list[TaskStatus]] = defaultdict(list)
    for row in agency_rows:
        parts[row["agency"] or ""][row["target"]] = row
    for row in rows:
        led[row["lead"]][row["target"]] = row
    for task in tasks:
        for report in task["lead_reports"]:
            led_tasks[report["agency"]].append(task)
    names = {*parts, *led, *led_tasks, *others}
    return [
        AgencyLine(
            agency=name,
            is_commune=kinds.is_commune(plan, name),
            parts=parts[name],
            led=led[name],
            counts=_count_statuses(parts[name], led[name]),
            activity=activities.get(name, AgencyActivity()),
            tasks=led_tasks[name],
        )
        for name in sorted(names, key=lambda name: kinds.get_order(plan, name))
    ]


def _count_statuses(parts: Mapping[str, Attainment], led: Mapping[str, Attainment]) -> StatusCounts:
    """Count each target once: one that it leads as a whole, another by its own part."""
    return count_statuses({**parts, **led}.values())

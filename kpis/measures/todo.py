"""What is to do now, in one order for screen, pack, agency page and reminder (design.md §5, To do)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from kpis.language.normalization import to_sort_key
from kpis.measures.attainment import compute_by_agency, compute_targets
from kpis.measures.attainment_rows import MET_STATUSES, STATUSES, URGENT_STATUSES, Attainment, select_targets
from kpis.measures.data_availability import get_data_availability
from kpis.measures.overdue_tasks import count_days_overdue, select_overdue_tasks
from kpis.measures.owed import DAYS_PER_YEAR, Owed, compute_owed, list_owed, select_urgent
from kpis.measures.query import DatabaseReader
from kpis.measures.question import Question
from kpis.measures.rows_to_confirm import list_rows_to_confirm
from kpis.measures.task_status import (
    TaskStatus,
    compute_task_status,
    list_deciding_agencies_not_done,
    list_members_owing,
)

TodoKind = Literal["explanation", "target", "task", "doubt"]
_KINDS_IN_ORDER: Mapping[TodoKind, int] = {"explanation": 0, "target": 1, "task": 1, "doubt": 2}


@dataclass(frozen=True)
class LateAnswer:
    """An explanation that an agency was asked for and has not given by its due day.

    `subject` is the target or task that is asked about, None for the agency itself; `title_vi` and `title_en` are its
    title.
    """

    plan: str
    request: str
    agency: str
    subject: str | None
    question: str
    due_on: date
    title_vi: str = ""
    title_en: str = ""


@dataclass(frozen=True)
class TodoPart:
    """An agency that has not done its own part of a thing; `row` is its own row of a target, None for other things."""

    agency: str
    row: Attainment | None = None


@dataclass(frozen=True)
class TodoItem:
    """One thing to do now.

    `subject` is the id of the target, the task or the request. `status` is "overdue" for a task and a late answer, of a
    doubt the status of its target. `days_left` is negative after the due day. `answerable` are the agencies that owe
    the thing as a whole: a target's lead, the agencies whose report decides a task, the agency that was asked. `parts`
    are those that lack a part of their own; of a doubt those whose rows are to be confirmed.
    """

    kind: TodoKind
    plan: str
    subject: str
    status: str
    days_left: int
    answerable: tuple[str, ...]
    parts: tuple[TodoPart, ...] = ()
    row: Attainment | None = None
    owed: Owed | None = None
    task: TaskStatus | None = None
    answer: LateAnswer | None = None
    rows_to_confirm: int = 0

    @property
    def agencies(self) -> tuple[str, ...]:
        """Every agency that owes it, those that owe the whole first."""
        return tuple(dict.fromkeys((*self.answerable, *(part.agency for part in self.parts))))

    def select_agency(self, agency: str) -> TodoItem | None:
        """Return what one agency owes of it: the whole, or with its own figures its part; None if it owes nothing."""
        if agency in self.answerable:
            return self
        part = next((part for part in self.parts if part.agency == agency), None)
        if part is None:
            return None
        owed = compute_owed(part.row, part.row["as_of"]) if part.row else self.owed
        rows_to_confirm = self.rows_to_confirm
        if self.kind == "doubt" and self.row:
            rows_to_confirm = len({item.place for item in list_rows_to_confirm([self.row], agency)})
        return replace(
            self,
            row=part.row or self.row,
            owed=owed,
            rows_to_confirm=rows_to_confirm,
            parts=(part,),
            answerable=(),
            status=str(part.row["status"]) if part.row else self.status,
        )


@dataclass(frozen=True)
class Todo:
    """What is to do now, the most pressing first; `unread` counts late targets of plans that were never read."""

    items: tuple[TodoItem, ...]
    unread: int

    def select_agency(self, agency: str) -> list[TodoItem]:
        """Return what one agency has to do, in the order of its own parts."""
        parts = [part for item in self.items if (part := item.select_agency(agency)) is not None]
        return sorted(parts, key=lambda item: (_KINDS_IN_ORDER[item.kind], *_get_order(item)))


def fetch_todo(
    db: DatabaseReader,
    question: Question,
    late_answers: Iterable[LateAnswer] = (),
    *,
    rows: Sequence[Attainment] | None = None,
    tasks: Sequence[TaskStatus] | None = None,
    agency_rows: Sequence[Attainment] | None = None,
    with_late_parts: bool = False,
) -> Todo:
    """Return what is to do now in the question's plans, of plans of which a source was ever read.

    `with_late_parts` adds, for lists by agency, parts that are late though the target as a whole is not.

    Rows that the caller already has can be passed: `rows` of `compute_targets`, `tasks` of `compute_task_status`,
    `agency_rows` of `compute_by_agency`; an empty sequence of the latter leaves out who lacks a part of its own.
    """
    question = replace(question, agency=None, year=question.judged_year)
    rows = compute_targets(db, question) if rows is None else rows
    tasks = compute_task_status(db, question) if tasks is None else tasks
    agency_rows = select_targets(compute_by_agency(db, question)) if agency_rows is None else agency_rows
    availability = get_data_availability(db)
    urgent = select_urgent(list_owed(rows, question.as_of))
    overdue = select_overdue_tasks(tasks, availability.plans_with_tasks)
    read_rows = [row for row in rows if row["plan"] in availability.plans_read]
    items = build_todo(
        [owed for owed in urgent if owed.row["plan"] in availability.plans_read],
        overdue,
        late_answers,
        as_of=question.as_of,
        agency_rows=agency_rows,
        members_owing=list_members_owing(db, question, overdue),
        doubted=[row for row in read_rows if row["doubts"]],
        rows_with_parts=read_rows if with_late_parts else (),
    )
    return Todo(tuple(items), sum(owed.row["plan"] not in availability.plans_read for owed in urgent))


def build_todo(
    urgent: Iterable[Owed],
    overdue_tasks: Iterable[TaskStatus],
    late_answers: Iterable[LateAnswer],
    *,
    as_of: date,
    agency_rows: Iterable[Attainment] = (),
    members_owing: Mapping[tuple[str, int], Sequence[str]] | None = None,
    doubted: Iterable[Attainment] = (),
    rows_with_parts: Iterable[Attainment] = (),
) -> list[TodoItem]:
    """Return the things to do in their order.

    Late answers come first, then targets and tasks together by status, days left, targets before tasks, force and order
    in the plan, what is due in more than a year after the others; last the doubts. `urgent` and `overdue_tasks` are in
    the order of `select_urgent` and `select_overdue_tasks`.
    """
    parts = _group_parts(agency_rows)
    members = members_owing or {}
    targets = [_build_target(owed, parts.get((owed.row["plan"], owed.row["target"]), ())) for owed in urgent]
    listed = {(item.plan, item.subject) for item in targets}
    things = [
        *targets,
        *_build_late_parts((row for row in rows_with_parts if (row["plan"], row["target"]) not in listed), parts),
        *(_build_task(task, members.get((task["task"], task["year"]), ())) for task in overdue_tasks),
    ]
    answers = [_build_answer(answer, as_of) for answer in late_answers]
    doubts = [_build_doubt(row) for row in doubted]
    return [
        *sorted(answers, key=lambda item: (item.days_left, item.plan, item.subject)),
        *sorted(things, key=_get_order),  # stable: force and order in the plan stay
        *(item for item in doubts if item.rows_to_confirm),
    ]


def _get_order(item: TodoItem) -> tuple[bool, int, int, bool]:
    severity = [*map(str, STATUSES)].index(item.status)
    return item.days_left > DAYS_PER_YEAR, severity, item.days_left, item.kind == "task"


def _group_parts(agency_rows: Iterable[Attainment]) -> dict[tuple[str, str], list[TodoPart]]:
    """Return (plan, target) -> the agencies whose own part of it is late, missing or at risk, in Vietnamese order."""
    parts: dict[tuple[str, str], list[TodoPart]] = defaultdict(list)
    for row in agency_rows:
        if row["agency"] and row["status"] in URGENT_STATUSES:
            parts[row["plan"], row["target"]].append(TodoPart(row["agency"], row))
    return {key: sorted(group, key=lambda part: to_sort_key(part.agency)) for key, group in parts.items()}


def _build_target(owed: Owed, parts: Iterable[TodoPart]) -> TodoItem:
    row = owed.row
    others = tuple(part for part in parts if part.agency != row["lead"])
    return TodoItem(
        "target", row["plan"], row["target"], str(row["status"]), owed.days_left, (row["lead"],), others, row, owed
    )


def _build_late_parts(
    rows: Iterable[Attainment], parts: Mapping[tuple[str, str], Sequence[TodoPart]]
) -> Iterator[TodoItem]:
    """Yield the targets that are not late as a whole, with the agencies whose own part is late, missing or at risk."""
    for row in rows:
        late = tuple(part for part in parts.get((row["plan"], row["target"]), ()) if _is_pressing(part.row))
        if late and row["status"] not in MET_STATUSES:
            days_left = (row["due_on"] - row["as_of"]).days
            yield TodoItem("target", row["plan"], row["target"], str(row["status"]), days_left, (), late, row)


def _is_pressing(row: Attainment | None) -> bool:
    owed = compute_owed(row, row["as_of"]) if row else None
    return owed is not None and bool(select_urgent([owed]))


def _build_task(task: TaskStatus, members: Iterable[str]) -> TodoItem:
    deciding = tuple(list_deciding_agencies_not_done(task))
    others = (name for name in members if name not in deciding)
    return TodoItem(
        "task",
        task["plan"],
        task["task"],
        "overdue",
        -count_days_overdue(task),
        deciding,
        tuple(TodoPart(name) for name in sorted(others, key=to_sort_key)),
        task=task,
    )


def _build_answer(answer: LateAnswer, as_of: date) -> TodoItem:
    days_left = (answer.due_on - as_of).days
    return TodoItem("explanation", answer.plan, answer.request, "overdue", days_left, (answer.agency,), answer=answer)


def _build_doubt(row: Attainment) -> TodoItem:
    open_rows = list_rows_to_confirm([row])
    agencies = sorted({item.row["agency"] for item in open_rows}, key=to_sort_key)
    return TodoItem(
        "doubt",
        row["plan"],
        row["target"],
        str(row["status"]),
        (row["due_on"] - row["as_of"]).days,
        (),
        tuple(TodoPart(name) for name in agencies),
        row,
        rows_to_confirm=len({item.place for item in open_rows}),
    )

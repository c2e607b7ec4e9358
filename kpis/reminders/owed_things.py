"""What each agency of a plan owes on a day: what is to do now, tasks due soon, rows to fix, questions to answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.explanations import Explanation, build_late_answer, fetch_explanations
from kpis.measures.findings import Finding, list_rejections
from kpis.measures.question import Question
from kpis.measures.register_facts import PlanFacts, format_place_name, list_plans
from kpis.measures.task_status import (
    DONE_STATES,
    TaskStatus,
    compute_task_status,
    list_deciding_agencies_not_done,
    list_members_owing,
)
from kpis.measures.todo import TodoItem, fetch_todo
from kpis.store.database import Database
from kpis.wording import reporting_days, target_figures, todo_sentences


@dataclass(frozen=True)
class OwedThing:
    """One thing that an agency owes. `key` and `state` decide whether it is the same as last time; `text` is read."""

    key: str
    state: str
    text: str


@dataclass(frozen=True)
class AgencyDuties:
    """What one agency of a plan owes, the most pressing first, with the days until it reports."""

    plan: str
    place: str
    agency: str
    things: tuple[OwedThing, ...]
    countdowns: tuple[str, ...] = ()

    @property
    def signature(self) -> tuple[tuple[str, str], ...]:
        """The things with their states: days that count down are no news."""
        return tuple(sorted((f"{self.plan}/{self.agency}/{thing.key}", thing.state) for thing in self.things))


@dataclass
class _Gathering:
    things: dict[tuple[str, str], list[OwedThing]] = field(default_factory=lambda: defaultdict(list))

    def add(self, plan: str, agencies: Iterable[str], thing: OwedThing) -> None:
        """Note a thing with every agency that owes it."""
        for agency in dict.fromkeys(agencies):
            self.things[plan, agency].append(thing)


def list_duties(
    db: Database, pointer: Path, as_of: date, days: int, lang: Language, plans: frozenset[str] | None
) -> list[AgencyDuties]:
    """Return what the agencies of the plans owe; an agency that owes nothing is not listed.

    `days`: tasks that are due within so many days count too.
    """
    question = Question(as_of, plans=plans)
    gathering = _Gathering()
    explanations = fetch_explanations(db, question)
    _add_todo(gathering, db, question, explanations, lang)
    _add_open_questions(gathering, explanations, lang)
    _add_tasks_due_soon(gathering, db, question, days, lang)
    _add_rows_to_fix(gathering, db, pointer, plans, lang)
    facts = {plan["plan"]: plan for plan in list_plans(db)}
    return [
        AgencyDuties(
            plan,
            format_place_name(facts[plan]),
            agency,
            tuple(things),
            tuple(_list_countdowns(facts[plan], as_of, lang)),
        )
        for (plan, agency), things in gathering.things.items()
        if plan in facts
    ]


def _list_countdowns(plan: PlanFacts, as_of: date, lang: Language) -> Iterable[str]:
    reports = reporting_days.list_next_reports(plan["reporting_days"], as_of, as_of.year, plan["start_year"])
    return (reporting_days.format_countdown(report, as_of, lang) for report in reports)


def _add_todo(
    gathering: _Gathering, db: Database, question: Question, explanations: Iterable[Explanation], lang: Language
) -> None:
    late = [build_late_answer(item) for item in explanations if item.state == "late"]
    todo = fetch_todo(db, question, late, with_late_parts=True)
    by_plan: dict[str, list[TodoItem]] = defaultdict(list)
    for item in todo.items:
        by_plan[item.plan].append(item)
    for plan, items in by_plan.items():
        of_plan = replace(todo, items=tuple(items))
        for agency in dict.fromkeys(agency for item in items for agency in item.agencies):
            for part in of_plan.select_agency(agency):
                gathering.add(
                    plan, [agency], OwedThing(f"{part.kind}/{part.subject}", part.status, _format(part, lang))
                )


def _format(item: TodoItem, lang: Language) -> str:
    parts = [*todo_sentences.format_missing(item, lang), todo_sentences.format_time_left(item, lang)]
    return _join(todo_sentences.format_status(item, lang), todo_sentences.format_title(item, lang), filter(None, parts))


def _join(status: str, title: str, parts: Iterable[str]) -> str:
    details = " · ".join(parts)
    return f"{status}: {title}" + (f" ({details})" if details else "")


def _add_open_questions(gathering: _Gathering, explanations: Iterable[Explanation], lang: Language) -> None:
    for item in explanations:
        if item.state != "open":
            continue
        title = (item.title_vi if lang == "vi" else item.title_en) or item.question or item.id
        due = [translate(lang, "due {day}", day=formatting.format_day(item.due_on, lang))] if item.due_on else []
        text = _join(translate(lang, "Explanation requested"), title, due)
        gathering.add(item.plan, [item.agency], OwedThing(f"explanation/{item.id}", "open", text))


def _add_tasks_due_soon(gathering: _Gathering, db: Database, question: Question, days: int, lang: Language) -> None:
    last = question.as_of + timedelta(days=days)
    owing: dict[tuple[str, int], tuple[str, ...]] = {}
    tasks: dict[tuple[str, int], TaskStatus] = {}
    for year in range(question.as_of.year, last.year + 1):
        of_year = replace(question, year=year)
        due = [task for task in compute_task_status(db, of_year) if _is_due_soon(task, question.as_of, last)]
        members = list_members_owing(db, of_year, due)
        for task in due:
            key = task["task"], task["year"]
            tasks[key], owing[key] = task, (*list_deciding_agencies_not_done(task), *members.get(key, ()))
    for key, task in sorted(tasks.items(), key=lambda pair: (pair[1]["due_on"] or last, pair[1]["position"])):
        left = formatting.format_weeks(((task["due_on"] or last) - question.as_of).days, lang)
        text = _join(
            translate(lang, "Due soon"),
            target_figures.get_title(task, lang),
            [translate(lang, "{time} left", time=left)],
        )
        gathering.add(task["plan"], owing[key], OwedThing(f"task/{task['task']}", "due_soon", text))


def _is_due_soon(task: TaskStatus, first: date, last: date) -> bool:
    return task["due_on"] is not None and first <= task["due_on"] <= last and task["state"] not in DONE_STATES


def _add_rows_to_fix(
    gathering: _Gathering, db: Database, pointer: Path, plans: frozenset[str] | None, lang: Language
) -> None:
    rows: Mapping[tuple[str, str], int] = Counter(
        (finding["plan"], finding["agency"])
        for finding in _list_distinct_rows(list_rejections(db, lang, pointer=pointer), plans)
        if finding["agency"] is not None
    )
    for (plan, agency), number in rows.items():
        text = translate(lang, "Rows to fix in the sheet: {n}", n=formatting.format_number(number, lang))
        gathering.add(plan, [str(agency)], OwedThing("rows-to-fix", str(number), text))


def _list_distinct_rows(findings: Iterable[Finding], plans: frozenset[str] | None) -> list[Finding]:
    """Return one finding for each row of a sheet."""
    distinct = {(finding["source"], finding["tab"], finding["row"]): finding for finding in findings}
    return [finding for finding in distinct.values() if plans is None or finding["plan"] in plans]

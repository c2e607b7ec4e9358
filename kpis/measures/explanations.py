"""Explanations: what was requested of agencies, what they answered, and what became of their promises (design.md §5).

A request comes from the ledger, or is a question that somebody typed into a sheet; an answer that belongs to none of
them stands by itself. Which answer belongs to which request is decided when its row is recorded
(`kpis.checks.explanation_check`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, cast

from kpis.language import clock
from kpis.measures.explanation_facts import ExplanationFacts, SheetState
from kpis.measures.explanation_promises import PromiseState, judge_promises
from kpis.measures.question import Question
from kpis.measures.todo import LateAnswer
from kpis.requests.model import TIME_TO_ANSWER, LedgerRequest, Standing
from kpis.store.database import Database

ExplanationState = Literal["late", "open", "answered", "ended", "withdrawn"]
STATE_ORDER: tuple[ExplanationState, ...] = ("late", "open", "answered", "ended", "withdrawn")
Origin = Literal["ledger", "sheet", "self"]


@dataclass(frozen=True)
class Answer:
    """One answer of an agency; `recorded_at` is naive UTC."""

    text: str | None
    measures: str | None
    promise_on: date | None
    answered_on: date
    answered_by: str | None
    recorded_at: datetime


@dataclass(frozen=True)
class Explanation:
    """One request with its answer, or an answer that nobody requested, as of a day.

    `agency` is who answers: where it was merged or renamed, its successor. `id`: that of the ledger; of rows that a
    sheet alone has, one that stays while the row does. `target` or `task`, neither: it is about the agency.
    `title_vi`, `title_en` are theirs. `answer` None: open, or closed without one; `measures` and `promise_on` alone
    are no answer. `origin`: asked in the ledger, asked in the sheet, or explained without a request. `sheet_state`:
    whether the question of the ledger stands in the sheet; `unsent_reason` (JSON of a message) why it does not.
    `other_answers`: earlier ones, and those that were returned, newest first.
    """

    id: str
    plan: str
    target: str | None
    task: str | None
    agency: str
    question: str | None
    asked_on: date | None
    due_on: date | None
    answer: str | None
    measures: str | None
    promise_on: date | None
    answered_on: date | None
    answered_by: str | None
    state: ExplanationState
    origin: Origin
    sheet_state: SheetState | None
    title_vi: str | None = None
    title_en: str | None = None
    promise_state: PromiseState | None = None
    asked_by: str | None = None
    accepted_on: date | None = None
    return_reason: str | None = None
    withdrawal_reason: str | None = None
    unsent_reason: str | None = None
    other_answers: tuple[Answer, ...] = ()

    @property
    def entry(self) -> str | None:
        """The id of the target or task that it is about."""
        return self.target or self.task

    @property
    def is_open(self) -> bool:
        """True if an answer is owed, late or not."""
        return self.state in ("open", "late")

    @property
    def has_promise_alone(self) -> bool:
        """True if the agency gave measures or a day, and no answer yet."""
        return self.answer is None and (self.measures is not None or self.promise_on is not None)


def fetch_explanations(db: Database, question: Question, *, judges_promises: bool = True) -> list[Explanation]:
    """Return every explanation that the database's scope sees, late ones first, then open, answered and closed ones.

    `question`: day, moment, plans and agency; its year counts for nothing. For an officer `db` is the database for
    lists of rows; promises are judged without the limits of the own agencies, unless `judges_promises` is False.
    """
    builder = _Builder(question, ExplanationFacts(db, question))
    explanations = [*builder.build_requests(), *builder.build_typed_rows()]
    if question.agency is not None:
        explanations = [item for item in explanations if item.agency == question.agency]
    if not judges_promises:
        return sorted(explanations, key=_get_order)
    promises = [(item.target, item.task, item.promise_on, item.answered_on or item.asked_on) for item in explanations]
    states = judge_promises(db.with_all_agencies, question, promises)
    judged = [replace(item, promise_state=state) for item, state in zip(explanations, states, strict=True)]
    return sorted(judged, key=_get_order)


def build_late_answer(item: Explanation) -> LateAnswer:
    """Return an explanation that is late as a thing to do."""
    return LateAnswer(
        plan=item.plan,
        request=item.id,
        agency=item.agency,
        subject=item.entry,
        question=item.question or "",
        due_on=item.due_on or date.min,
        title_vi=item.title_vi or "",
        title_en=item.title_en or "",
    )


def find_open_ids(db: Database, today: date) -> frozenset[str]:
    """Return the ids of the requests of the ledger that wait for an answer, whoever looks."""
    items = fetch_explanations(db.unscoped, Question(today), judges_promises=False)
    return frozenset(item.id for item in items if item.origin == "ledger" and item.is_open)


def _get_order(item: Explanation) -> tuple[object, ...]:
    day = item.due_on if item.is_open else item.answered_on or item.asked_on
    newest_first = 1 if item.is_open else -1
    ordinal = (day or date.min).toordinal()
    return STATE_ORDER.index(item.state), newest_first * ordinal, item.plan, item.agency, item.id


class _Builder:
    """Builds the explanations that a question asks for."""

    def __init__(self, question: Question, facts: ExplanationFacts) -> None:
        self._as_of, self._known_at, self._plans = question.as_of, question.known_at, question.plans
        self._facts = facts

    def build_requests(self) -> Sequence[Explanation]:
        """Return the requests of the ledger."""
        built = []
        for request in self._facts.requests.values():
            if request.plan not in self._facts.seen_plans or (
                self._plans is not None and request.plan not in self._plans
            ):
                continue
            standing = request.find_standing(self._as_of, self._known_at)
            if standing is not None:
                built.append(self._build_request(request, standing))
        return built

    def _build_request(self, request: LedgerRequest, standing: Standing) -> Explanation:
        returned_at = standing.returned_at
        rows = self._facts.rows_by_request.get(request.id, ())
        answers = [_build_answer(row, returned_at) for row in rows if self._has_come(row, returned_at)]
        answers.sort(key=lambda answer: (answer.recorded_at, answer.answered_on), reverse=True)
        counted = [
            answer for answer in answers if answer.text and (returned_at is None or answer.recorded_at > returned_at)
        ]
        latest = counted[0] if counted else None
        promises = [answer for answer in answers if not answer.text and (answer.measures or answer.promise_on)]
        promised = latest or (promises[0] if promises else None)
        entry = self._facts.entries.get(request.entry or "")
        is_target = entry is None or bool(entry["is_target"])
        return Explanation(
            id=request.id,
            plan=request.plan,
            target=request.entry if is_target else None,
            task=None if is_target else request.entry,
            agency=self._facts.find_answering_agency(request.plan, request.agency),
            question=request.question,
            asked_on=request.opened_on,
            due_on=standing.due_on,
            answer=latest.text if latest else None,
            measures=promised.measures if promised else None,
            promise_on=promised.promise_on if promised else None,
            answered_on=latest.answered_on if latest else None,
            answered_by=latest.answered_by if latest else None,
            state=self._find_state(standing, request.entry, is_answered=latest is not None),
            origin="ledger",
            sheet_state=self._facts.find_sheet_state(request.id, standing),
            title_vi=entry["title_vi"] if entry else None,
            title_en=entry["title_en"] if entry else None,
            asked_by=request.opened_by,
            accepted_on=standing.accepted_on,
            return_reason=standing.return_reason,
            withdrawal_reason=standing.withdrawal_reason,
            unsent_reason=standing.unsent_reason,
            other_answers=tuple(answer for answer in answers if answer.text and answer is not latest),
        )

    def _find_state(self, standing: Standing, entry: str | None, *, is_answered: bool) -> ExplanationState:
        if standing.withdrawn_on is not None:
            return "withdrawn"
        if is_answered or standing.accepted_on is not None:
            return "answered"
        if self._facts.has_ended(entry):
            return "ended"
        return "late" if self._as_of > standing.due_on else "open"

    def _has_come(self, row: Mapping[str, Any], returned_at: datetime | None = None) -> bool:
        return _get_answer_day(row, returned_at) <= self._as_of

    def build_typed_rows(self) -> Sequence[Explanation]:
        """Return the questions asked in sheets, and the explanations that nobody requested."""
        built = []
        for row in self._facts.typed_rows:
            is_question = row["question"] is not None and row["request"] is None
            has_answer = row["answer"] is not None and self._has_come(row)
            asked_on = row["asked_on"] or clock.to_local_day(row["question_moments"][0]) if is_question else None
            if has_answer or (asked_on is not None and asked_on <= self._as_of):
                built.append(self._build_typed(row, asked_on, has_answer=has_answer))
        return built

    def _build_typed(self, row: Mapping[str, Any], asked_on: date | None, *, has_answer: bool) -> Explanation:
        due_on = None if asked_on is None else row["due_on"] or asked_on + TIME_TO_ANSWER
        entry_id = row["target"] or row["task"]
        entry = self._facts.entries.get(entry_id or "")
        state: ExplanationState = "answered"
        if not has_answer and due_on is not None:
            state = self._find_state(Standing(due_on), entry_id, is_answered=False)
        return Explanation(
            id=f"{row['source']}:{int(row['row_hash']):016x}",
            plan=row["plan"],
            target=row["target"],
            task=row["task"],
            agency=row["agency"] if has_answer else self._facts.find_answering_agency(row["plan"], row["agency"]),
            question=row["question"],
            asked_on=asked_on,
            due_on=due_on,
            answer=row["answer"] if has_answer else None,
            measures=row["measures"],
            promise_on=row["promised_on"],
            answered_on=_get_answer_day(row) if has_answer else None,
            answered_by=row["answered_by"] if has_answer else None,
            state=state,
            origin="self" if asked_on is None else "sheet",
            sheet_state=None,
            title_vi=entry["title_vi"] if entry else None,
            title_en=entry["title_en"] if entry else None,
        )


def _build_answer(row: Mapping[str, Any], returned_at: datetime | None) -> Answer:
    return Answer(
        row["answer"],
        row["measures"],
        row["promised_on"],
        _get_answer_day(row, returned_at),
        row["answered_by"],
        cast(datetime, row["recorded_at"]),
    )


def _get_answer_day(row: Mapping[str, Any], returned_at: datetime | None = None) -> date:
    """Return the day of an answer: as typed, else on which it was first recorded.

    An edit keeps that day, but for the first one after the answer was returned: that is an answer of its own.
    """
    if row["answered_on"] is not None:
        return cast(date, row["answered_on"])
    moments: list[datetime] = row["answer_moments"]
    later = (moment for moment in moments if returned_at is not None and moment > returned_at)
    return clock.to_local_day(next(later, moments[0]))

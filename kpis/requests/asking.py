"""What people do with requests: ask, extend, withdraw, return an answer, accept it.

Each is checked against the register, written into the audit first, then added to the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from kpis.access.recording import record_action
from kpis.errors import UsageError
from kpis.language.normalization import clean
from kpis.register.model import Register
from kpis.register.successors import Successors
from kpis.requests.ledger import append_events, load_ledger
from kpis.requests.lines import LedgerContent
from kpis.requests.model import TIME_TO_ANSWER, EventKind, LedgerRequest, RequestEvent
from kpis.settings import Settings
from kpis.store.opening import find_lake

IsOpen = Callable[[LedgerRequest], bool]
"""True if a request that was not withdrawn still waits for an answer."""
ChangeRequest = Callable[["Asker", str, IsOpen], LedgerRequest]
"""What is done with a request that an id names."""


@dataclass(frozen=True)
class Asker:
    """Who asks, when: `person` is "" without a rights file, `today` the day of the page or command."""

    settings: Settings
    person: str
    now: datetime
    today: date


@dataclass(frozen=True)
class Subject:
    """What a question is about: a target or task (`entry`), or the agency itself; and who is to answer."""

    plan: str
    entry: str | None
    agency: str


def ask(
    asker: Asker,
    register: Register,
    subjects: Sequence[Subject],
    question: str,
    due_on: date | None,
    is_open: IsOpen,
) -> list[LedgerRequest]:
    """Ask one question of each subject's agency; return the requests in their order.

    Where the same agency, or one for which it stands today, has an open request on the same subject, that one is
    returned and nothing is added.
    UsageError for an empty question, a due day that has passed, or a subject that the register lacks.
    """
    text = clean(question)
    if not text:
        raise UsageError("The question is empty. Write what the agency is to explain.")
    due = _choose_due_day(asker, due_on)
    for subject in subjects:
        check_subject(register, subject)
    ids: list[str] = []
    successors = {plan: Successors(register.agencies, plan) for plan in {subject.plan for subject in subjects}}

    def find_answering(subject: Subject) -> Subject:
        if subject.plan not in successors:
            return subject
        return replace(subject, agency=successors[subject.plan].find(subject.agency, asker.today))

    def build(content: LedgerContent, at: datetime) -> list[RequestEvent]:
        events: list[RequestEvent] = []
        open_ids = {
            find_answering(Subject(request.plan, request.entry, request.agency)): request.id
            for request in content.requests.values()
            if _awaits_answer(request, is_open)
        }
        numbers = dict(content.last_numbers)
        for subject in subjects:
            key = find_answering(subject)
            if key not in open_ids:
                scope = f"{subject.plan}-{asker.today.year}"
                numbers[scope] = numbers.get(scope, 0) + 1
                open_ids[key] = f"YC-{scope}-{numbers[scope]:04}"
                details = {"plan": subject.plan, **({"entry": subject.entry} if subject.entry else {})}
                details |= {"agency": subject.agency, "question": text, "due_on": due.isoformat()}
                event = RequestEvent(open_ids[key], "asked", at, asker.today, asker.person, details)
                _write_audit(asker, event)
                events.append(event)
            ids.append(open_ids[key])
        return events

    append_events(asker.settings.pointer, asker.now, build, find_lake(asker.settings))
    requests = load_ledger(asker.settings.pointer).requests
    return [requests[name] for name in ids]


def check_subject(register: Register, subject: Subject) -> None:
    """Raise UsageError unless the agency is a single one of the plan and the target or task is in force."""
    if subject.plan not in register.plans:
        raise UsageError(
            "Unknown plan “{plan}”. The plans are {known}.", plan=subject.plan, known=", ".join(register.plans)
        )
    if not any((agency.plan, agency.name) == (subject.plan, subject.agency) for agency in register.agencies):
        raise UsageError(
            "“{agency}” is not a single agency of the plan {plan}.", agency=subject.agency, plan=subject.plan
        )
    entries = {(target.plan, target.id) for target in register.targets_in_force}
    entries |= {(task.plan, task.id) for task in register.tasks_in_force}
    if subject.entry is not None and (subject.plan, subject.entry) not in entries:
        raise UsageError(
            "“{entry}” is neither a target nor a task in force of the plan {plan}.",
            entry=subject.entry,
            plan=subject.plan,
        )


def extend(asker: Asker, request_id: str, due_on: date, is_open: IsOpen) -> LedgerRequest:
    """Give an open request another day by which to answer. UsageError if it is not open, or the day has passed."""
    due = _choose_due_day(asker, due_on)
    return _add(asker, request_id, "extended", {"due_on": due.isoformat()}, is_open)


def withdraw(asker: Asker, request_id: str, reason: str) -> LedgerRequest:
    """Withdraw a request; a reason may be left out."""
    return _add(asker, request_id, "withdrawn", {"reason": clean(reason)})


def return_answer(asker: Asker, request_id: str, reason: str, due_on: date | None, is_open: IsOpen) -> LedgerRequest:
    """Send an answer back: the request is open once more, due a week later by default.

    UsageError without a reason, or for a due day that has passed.
    """
    if not clean(reason):
        raise UsageError("Say why the answer is returned.")
    details = {"reason": clean(reason), "due_on": _choose_due_day(asker, due_on).isoformat()}
    return _add(asker, request_id, "returned", details, is_open)


def accept(asker: Asker, request_id: str, is_open: IsOpen) -> LedgerRequest:
    """Accept the answer to a request. UsageError while there is none."""
    return _add(asker, request_id, "accepted", {}, is_open)


def write_again(asker: Asker, request_id: str) -> LedgerRequest:
    """Have the question written once more into the sheet from which its row was removed."""
    return _add(asker, request_id, "write_again", {})


def find_request(requests: Mapping[str, LedgerRequest], request_id: str) -> LedgerRequest:
    """Return a request by its id, whatever its case. UsageError if there is none."""
    wanted = clean(request_id).casefold()
    request = next((item for name, item in requests.items() if name.casefold() == wanted), None)
    if request is None:
        raise UsageError("There is no request {id}. `python -m kpis request list` names them.", id=request_id)
    return request


def _choose_due_day(asker: Asker, due_on: date | None) -> date:
    """Return the day by which to answer, a week later by default. UsageError if it has passed."""
    due = due_on or asker.today + TIME_TO_ANSWER
    if due < asker.today:
        raise UsageError("The day by which to answer has passed: {day}.", day=due.strftime("%d/%m/%Y"))
    return due


def _awaits_answer(request: LedgerRequest, is_open: IsOpen) -> bool:
    standing = request.find_standing()
    return standing is not None and standing.withdrawn_on is None and is_open(request)


def _add(
    asker: Asker, request_id: str, kind: EventKind, details: Mapping[str, str], is_open: IsOpen | None = None
) -> LedgerRequest:
    pointer = asker.settings.pointer
    request = find_request(load_ledger(pointer).requests, request_id)

    def build(content: LedgerContent, at: datetime) -> list[RequestEvent]:
        current = content.requests[request.id]
        _refuse(current, kind, is_open)
        event = RequestEvent(current.id, kind, at, max(asker.today, current.opened_on), asker.person, details)
        _write_audit(asker, event)
        return [event]

    append_events(pointer, asker.now, build, find_lake(asker.settings))
    return load_ledger(pointer).requests[request.id]


def _refuse(request: LedgerRequest, kind: EventKind, is_open: IsOpen | None) -> None:
    """Raise UsageError where a request does not stand as an event needs it."""
    standing = request.find_standing()
    if standing is not None and standing.withdrawn_on is not None:
        raise UsageError("The request {id} was withdrawn.", id=request.id)
    if standing is not None and standing.accepted_on is not None and kind != "returned":
        raise UsageError("The answer to the request {id} was accepted.", id=request.id)
    if is_open is not None and is_open(request) != (kind == "extended"):
        if kind == "extended":
            raise UsageError("The request {id} is not open.", id=request.id)
        raise UsageError("The request {id} has no answer yet.", id=request.id)


def _write_audit(asker: Asker, event: RequestEvent) -> None:
    """Write an event into the audit before it is added; where that fails, nothing is added."""
    details = {name: value for name, value in event.details.items() if value}
    record_action(asker.settings, f"request_{event.kind}", asker.person, asker.now, id=event.request, **details)

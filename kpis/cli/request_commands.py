"""`request …`: ask an agency for an explanation, and what becomes of the request."""

from __future__ import annotations

from typing import Any

from kpis.access.audit import get_system_person
from kpis.access.enforcement import get_access_paths, is_enforced
from kpis.cli import options
from kpis.cli.command import Request
from kpis.cli.database_requests import open_database, resolve_as_of, resolve_plans
from kpis.errors import UsageError
from kpis.language.messages import translate
from kpis.measures.explanations import Explanation, fetch_explanations, find_open_ids
from kpis.measures.plan_names import match_plan
from kpis.measures.question import Question
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.register.names import AgencyNames
from kpis.requests import asking
from kpis.requests.asking import Asker, IsOpen, Subject
from kpis.requests.ledger import read_requests
from kpis.requests.model import LedgerRequest
from kpis.store.database import Database
from kpis.wording.explanation_sentences import get_state_label

_COLUMNS = {
    "id": "request",
    "entry": "target or task",
    "agency": "agency",
    "asked_on": "asked on",
    "due_on": "due on",
    "state": "state",
    "question": "question",
    "answer": "explanation",
}


def ask(request: Request) -> int:
    """Ask one agency; print the id of the request, or of the one that is still open."""
    register = load_register(overlay=request.read_settings().overlay)
    subject = _read_subject(request, register)
    due_on = options.parse_day(options.DUE_ON, request.get_text(options.DUE_ON))
    question = request.require_text(options.QUESTION)
    with open_database(request) as database:
        asker = _build_asker(request, database)
        known_ids = set(read_requests(asker.settings.pointer, None))
        (opened,) = asking.ask(asker, register, [subject], question, due_on, _build_is_open(database, asker))
    request.out.write(opened.id + "\n")
    if opened.id in known_ids:
        text = "Nothing was added: {agency} has not answered this request yet."
        request.write_message(translate(request.lang, text, agency=subject.agency))
    return 0


def extend(request: Request) -> int:
    """Give a request another day by which to answer."""
    due_on = options.parse_day(options.DUE_ON, request.require_text(options.DUE_ON))
    if due_on is None:
        raise AssertionError(options.DUE_ON)
    return _change(request, lambda asker, name, is_open: asking.extend(asker, name, due_on, is_open))


def withdraw(request: Request) -> int:
    """Withdraw a request."""
    reason = request.get_text(options.REASON) or ""
    return _change(request, lambda asker, name, _: asking.withdraw(asker, name, reason))


def return_answer(request: Request) -> int:
    """Send an answer back."""
    reason = request.require_text(options.REASON)
    due_on = options.parse_day(options.DUE_ON, request.get_text(options.DUE_ON))
    return _change(request, lambda asker, name, is_open: asking.return_answer(asker, name, reason, due_on, is_open))


def accept(request: Request) -> int:
    """Accept an answer."""
    return _change(request, asking.accept)


def print_requests(request: Request) -> int:
    """Print every explanation: late, open, answered, closed."""
    day = options.parse_day(options.AS_OF, request.get_text(options.AS_OF))
    known_at = options.parse_moment(options.KNOWN_AT, request.get_text(options.KNOWN_AT))
    with open_database(request) as database:
        question = Question(
            resolve_as_of(day, request, database), known_at=known_at, plans=resolve_plans(request, database)
        )
        rows = [_build_row(item) for item in fetch_explanations(database, question)]
    if not (as_json := request.is_given(options.JSON)):
        rows = [{**row, "state": get_state_label(row["state"], request.lang)} for row in rows]
    request.print_rows(rows, _COLUMNS, as_json=as_json)
    return 0


def _build_row(item: Explanation) -> dict[str, Any]:
    return {
        "id": item.id,
        "plan": item.plan,
        "target": item.target,
        "task": item.task,
        "entry": item.entry,
        "agency": item.agency,
        "question": item.question,
        "asked_on": item.asked_on,
        "due_on": item.due_on,
        "state": item.state,
        "answer": item.answer,
        "measures": item.measures,
        "promise_on": item.promise_on,
        "promise_state": item.promise_state,
        "answered_on": item.answered_on,
        "answered_by": item.answered_by,
        "accepted_on": item.accepted_on,
        "return_reason": item.return_reason,
        "origin": item.origin,
        "sheet_state": item.sheet_state,
    }


def _change(request: Request, change: asking.ChangeRequest) -> int:
    with open_database(request) as database:
        asker = _build_asker(request, database)
        changed: LedgerRequest = change(
            asker, request.require_text(options.REQUEST_ID), _build_is_open(database, asker)
        )
    request.out.write(changed.id + "\n")
    return 0


def _build_asker(request: Request, database: Database) -> Asker:
    settings = request.read_settings()
    person = get_system_person() if is_enforced(get_access_paths(settings)) else ""
    return Asker(settings, person, request.now, resolve_as_of(None, request, database))


def _build_is_open(database: Database, asker: Asker) -> IsOpen:
    """Return whether a request waits for an answer; one asked since the last sync does too."""
    open_ids = find_open_ids(database, asker.today)
    return lambda candidate: candidate.id in open_ids


def _read_subject(request: Request, register: Register) -> Subject:
    plan = match_plan(request.require_text(options.PLAN), register.plans)
    text = request.require_text(options.AGENCY)
    agency = AgencyNames(register, plan).find(text)
    if agency is None:
        raise UsageError("“{agency}” is not a single agency of the plan {plan}.", agency=text, plan=plan)
    entry = request.get_text(options.ENTRY)
    return Subject(plan, entry.strip() if entry else None, agency)

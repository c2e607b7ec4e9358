"""The ledger: lines are added under a lock, damage is left out, ids are given once, a scope sees its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kpis.access.audit import AuditLog
from kpis.errors import UsageError
from kpis.register.model import Register
from kpis.requests import asking
from kpis.requests.asking import Asker, Subject, ask
from kpis.requests.ledger import append_events, get_ledger_path, load_ledger, read_requests
from kpis.requests.model import LedgerRequest, RequestEvent
from kpis.store.scopes.scope import Scope
from tests.requests.conftest import NOW
from tests.sync.conftest import make_register

LEAD, OTHER = "Sở Công Thương", "Sở Tài chính"
NEWS, TASK, ABOUT_LEAD = Subject("p", "p.01", LEAD), Subject("p", "p.I.1", LEAD), Subject("p", None, LEAD)


def is_open(_request: LedgerRequest) -> bool:
    return True


def is_answered(_request: LedgerRequest) -> bool:
    return False


def ask_once(asker: Asker, register: Register, subject: Subject = NEWS, question: str = "Vì sao chậm?") -> str:
    (request,) = ask(asker, register, [subject], question, None, is_open)
    return request.id


def test_ids_count_per_plan_and_year(asker: Asker, register: Register) -> None:
    ids = [ask_once(asker, register, subject) for subject in (NEWS, TASK, ABOUT_LEAD)]
    assert ids == ["YC-p-2026-0001", "YC-p-2026-0002", "YC-p-2026-0003"]
    later = replace(asker, today=date(2027, 1, 2), now=datetime(2027, 1, 2))
    assert ask_once(later, register, replace(NEWS, agency=OTHER)) == "YC-p-2027-0001"


def test_a_request_is_due_a_week_later_unless_a_day_is_given(asker: Asker, register: Register) -> None:
    (request,) = ask(asker, register, [NEWS], "  Vì sao\u200b chậm?\n", None, is_open)
    standing = request.find_standing()
    assert standing is not None
    assert (standing.due_on, request.question, request.opened_by) == (
        date(2026, 6, 8),
        "Vì sao chậm?",
        "lan@example.vn",
    )


def test_a_double_click_adds_nothing(asker: Asker, register: Register) -> None:
    assert ask_once(asker, register) == ask_once(asker, register, question="Khác")
    assert len(get_ledger_path(asker.settings.pointer).read_bytes().splitlines()) == 1
    (request,) = ask(asker, register, [NEWS], "Lần nữa", None, is_answered)
    assert request.id == "YC-p-2026-0002"


def test_who_stands_for_an_agency_that_was_asked_is_not_asked_twice(asker: Asker, register: Register) -> None:
    name = ask_once(asker, register)
    for from_day, expected in ((date(2026, 6, 2), "YC-p-2026-0002"), (date(2026, 6, 1), name)):
        agencies = tuple(
            replace(agency, successor=OTHER, successor_from=from_day) if agency.name == NEWS.agency else agency
            for agency in register.agencies
        )
        (request,) = ask(
            asker, replace(register, agencies=agencies), [replace(NEWS, agency=OTHER)], "Sao?", None, is_first
        )
        assert request.id == expected


def is_first(request: LedgerRequest) -> bool:
    return request.id == "YC-p-2026-0001"


def test_a_collective_is_asked_agency_by_agency_in_one_append(asker: Asker, register: Register) -> None:
    subjects = [NEWS, replace(NEWS, agency=OTHER), NEWS]
    ids = [request.id for request in ask(asker, register, subjects, "Sao?", None, is_open)]
    assert ids == ["YC-p-2026-0001", "YC-p-2026-0002", "YC-p-2026-0001"]


@pytest.mark.parametrize(
    ("subject", "question", "due"),
    [
        (NEWS, " \u200b\n", None),
        (NEWS, "Sao?", date(2026, 5, 31)),
        (replace(NEWS, entry="p.99"), "Sao?", None),
        (replace(NEWS, agency="UBND các xã"), "Sao?", None),
        (replace(NEWS, plan="q"), "Sao?", None),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_is_written(
    asker: Asker, register: Register, subject: Subject, question: str, due: date | None
) -> None:
    with pytest.raises(UsageError):
        ask(asker, register, [NEWS, subject], question, due, is_open)
    assert not get_ledger_path(asker.settings.pointer).exists()


def test_a_request_goes_its_way_by_events(asker: Asker, register: Register) -> None:
    name = ask_once(asker, register)
    asking.extend(asker, name.lower(), date(2026, 6, 20), is_open)
    with pytest.raises(UsageError, match="no answer yet"):
        asking.accept(asker, name, is_open)
    with pytest.raises(UsageError, match="has passed: 31/05/2026"):
        asking.return_answer(asker, name, "Chưa rõ", date(2026, 5, 31), is_answered)
    asking.return_answer(asker, name, "Chưa rõ", date(2026, 6, 25), is_answered)
    request = asking.accept(asker, name, is_answered)
    assert [event.kind for event in request.events] == ["asked", "extended", "returned", "accepted"]
    standing = request.find_standing()
    assert standing is not None
    assert (standing.due_on, standing.return_reason, standing.accepted_on) == (
        date(2026, 6, 25), "Chưa rõ", date(2026, 6, 1),
    )  # fmt: skip
    with pytest.raises(UsageError, match="accepted"):
        asking.withdraw(asker, name, "")
    with pytest.raises(UsageError, match="There is no request"):
        asking.withdraw(asker, "YC-p-2026-0099", "")


def test_a_day_and_a_moment_decide_which_events_count(asker: Asker, register: Register) -> None:
    name = ask_once(asker, register)
    later = replace(asker, now=NOW + timedelta(days=3), today=date(2026, 6, 4))
    request = asking.withdraw(later, name, "Nhầm")
    at_first = request.find_standing(date(2026, 6, 3))
    assert at_first is not None and at_first.withdrawn_on is None
    assert request.find_standing(date(2026, 5, 31)) is None
    assert request.find_standing(None, NOW - timedelta(hours=1)) is None
    at_last = request.find_standing(date(2026, 6, 4), NOW + timedelta(days=9))
    assert at_last is not None and at_last.withdrawn_on == date(2026, 6, 4)


def test_half_a_line_is_left_out_and_its_id_is_not_given_again(asker: Asker, register: Register) -> None:
    ask_once(asker, register)
    path = get_ledger_path(asker.settings.pointer)
    path.write_bytes(path.read_bytes() + b'{"event":"asked","id":"YC-p-2026-0002","at":"2026-06-0')
    assert ask_once(asker, register, TASK) == "YC-p-2026-0003"
    content = load_ledger(asker.settings.pointer)
    assert (list(content.requests), content.damaged_lines) == (["YC-p-2026-0001", "YC-p-2026-0003"], (2,))


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"event":"asked"}',
        b"[" * 4000,
        b'{"event":"asked","id":"x","at":"9","on":"2026-06-01","by":""}',
        b'{"event":"new","id":"x","at":"2026-06-01T00:00:00Z","on":"2026-06-01","by":""}',
    ],
)
def test_a_line_that_is_not_ours_stops_nothing(asker: Asker, register: Register, line: bytes) -> None:
    path = get_ledger_path(asker.settings.pointer)
    path.parent.mkdir(parents=True)
    path.write_bytes(line + b"\n")
    assert ask_once(asker, register) == "YC-p-2026-0001"
    assert load_ledger(asker.settings.pointer).damaged_lines == (1,)


def test_a_question_that_looks_like_a_line_is_text(asker: Asker, register: Register) -> None:
    question = '=HYPERLINK("x") <b>"id":"YC-p-2026-0999"}\\n{"event":"withdrawn"'
    name = ask_once(asker, register, question=question)
    assert load_ledger(asker.settings.pointer).requests[name].question == question
    assert ask_once(asker, register, TASK) == "YC-p-2026-0002"


def test_a_scope_sees_its_plans_and_an_officer_own_agencies(asker: Asker, register: Register) -> None:
    first, other = ask_once(asker, register), ask_once(asker, register, replace(NEWS, agency=OTHER))
    pointer = asker.settings.pointer
    assert list(read_requests(pointer, None)) == [first, other]
    assert list(read_requests(pointer, Scope(frozenset({"p"})))) == [first, other]
    assert list(read_requests(pointer, Scope(frozenset({"q"})))) == []
    officer = Scope(frozenset({"p"}), frozenset({("p", LEAD)}))
    assert list(read_requests(pointer, officer)) == [first]


def test_the_audit_names_who_asked_what(asker: Asker, register: Register) -> None:
    (asker.settings.sources.parent / "access.toml").write_text("", encoding="utf-8")
    name = ask_once(asker, register)
    ask_once(asker, register)
    asking.withdraw(asker, name, "Nhầm")
    lines = list(AuditLog(asker.settings.pointer).read())
    assert [(line.action, line.person, line.details["id"]) for line in lines] == [
        ("request_asked", "lan@example.vn", name), ("request_withdrawn", "lan@example.vn", name),
    ]  # fmt: skip


def _ask_many(asker: Asker, start: int, count: int) -> None:
    register = make_register()
    for number in range(start, start + count):
        moment = replace(asker, now=NOW + timedelta(seconds=number))
        ask(moment, register, [NEWS], f"Câu {number}", None, is_answered)


def test_two_askers_at_once_get_ids_of_their_own(asker: Asker) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_ask_many, args=(asker, start, 15)) for start in (0, 100)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    content = load_ledger(asker.settings.pointer)
    assert list(content.requests) == [f"YC-p-2026-{number:04}" for number in range(1, 31)]
    moments = [request.opened_at for request in content.requests.values()]
    assert moments == sorted(set(moments))


def test_an_asker_that_is_killed_leaves_whole_lines_and_no_lock(asker: Asker, register: Register) -> None:
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_ask_many, args=(asker, 0, 100_000))
    process.start()
    path = get_ledger_path(asker.settings.pointer)
    until = time.monotonic() + 60
    while not (path.exists() and path.stat().st_size > 2000) and time.monotonic() < until:
        time.sleep(0.01)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(30)
    count = len(load_ledger(asker.settings.pointer).requests)
    assert count > 0
    assert ask_once(asker, register, TASK) == f"YC-p-2026-{count + 1:04}"


def test_ten_thousand_requests_are_read_in_a_moment(asker: Asker, register: Register) -> None:
    def build(_content: object, at: datetime) -> list[RequestEvent]:
        details = {"plan": "p", "agency": LEAD, "question": "Vì sao? " * 20, "entry": "p.01"}
        return [
            RequestEvent(f"YC-p-2026-{number:04}", "asked", at, at.date(), "", details) for number in range(1, 10_001)
        ]

    append_events(asker.settings.pointer, NOW, build)
    start = time.perf_counter()
    assert len(read_requests(asker.settings.pointer, None)) == 10_000
    assert time.perf_counter() - start < 5
    start = time.perf_counter()
    read_requests(asker.settings.pointer, None)
    assert time.perf_counter() - start < 0.5
    assert ask_once(asker, register, TASK) == "YC-p-2026-10001"


def test_only_the_ledger_names_its_file() -> None:
    """Whoever shows requests goes through `read_requests`, which takes the scope."""
    root = Path(asking.__file__).parents[1]
    texts = {path: path.read_text(encoding="utf-8") for path in root.rglob("*.py")}
    names = {path.relative_to(root).as_posix() for path, text in texts.items() if "-requests.jsonl" in text}
    assert names == {"requests/ledger.py", "store/paths.py"}

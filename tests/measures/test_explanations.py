"""Explanations as of a day, as known at a moment: which answer belongs to which question, what became of promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kpis.measures.explanations import Explanation, fetch_explanations, find_open_ids
from kpis.measures.question import Question
from kpis.reminders.owed_things import list_duties
from kpis.requests.ledger import append_events
from kpis.requests.model import RequestEvent
from kpis.sheet.model import RawSheet
from kpis.store.scopes.scope import Scope
from tests.sync.conftest import NOON, SheetRow, World, make_entry, make_register, make_report, make_sheet

LEAD, OTHER = "Sở Công Thương", "Sở Tài chính"
COLUMNS = ("Mã", "Cơ quan", "Ngày yêu cầu", "Nội dung yêu cầu", "Hạn trả lời", "Giải trình", "Biện pháp",
           "Cam kết hoàn thành", "Ngày trả lời", "Người trả lời", "Mã yêu cầu")  # fmt: skip
TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)
ENTRIES: tuple[SheetRow, ...] = (make_entry(date(2026, 3, 1), 3),)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "var" / "kpis.json")


def make_row(*values: str | date | None) -> SheetRow:
    """Return a row by the columns' order; missing ones are empty."""
    return dict(zip(COLUMNS, values, strict=False))


def fill(world: World, rows: Sequence[SheetRow], entries: Sequence[SheetRow] = ENTRIES, status: str = "") -> None:
    """Sync a source with these explanations, entries and the status of its task."""
    tasks = [make_report(status, date(2026, 5, 20))] if status else None
    main, extra = make_sheet(entries, tasks), make_sheet(rows, columns=COLUMNS)
    world.sheets["s"] = RawSheet((*main.tabs, replace(extra.tabs[0], name="Giải trình")), NOON)
    world.sync()


def add(world: World, kind: str, number: int = 1, at: datetime = NOON, **details: str) -> str:
    name = f"YC-p-2026-{number:04}"
    if kind == "asked":
        details = {"plan": "p", "agency": LEAD, "question": "Vì sao chậm?", "entry": "p.01", **details}
    event = RequestEvent(name, kind, at, at.date(), "lan@example.vn", details)  # type: ignore[arg-type]
    append_events(world.pointer, at, lambda _content, moment: [replace(event, at=moment)])
    return name


def fetch(
    world: World, as_of: date = TODAY, known_at: datetime | None = None, scope: Scope | None = None
) -> list[Explanation]:
    database = world.open_database()
    try:
        scoped = database if scope is None else database.for_scope(scope)
        return fetch_explanations(scoped, Question(as_of, known_at=known_at))
    finally:
        database.close()


def test_a_request_is_open_until_its_day_has_passed_then_late(world: World) -> None:
    add(world, "asked")
    fill(world, [])
    (item,) = fetch(world)
    assert (item.state, item.origin, item.due_on, item.question, item.target, item.agency) == (
        "open", "ledger", date(2026, 6, 8), "Vì sao chậm?", "p.01", LEAD,
    )  # fmt: skip
    assert [fetch(world, TODAY + days * DAY)[0].state for days in (7, 8)] == ["open", "late"]
    assert fetch(world, TODAY - DAY) == []
    assert fetch(world, known_at=NOON - DAY) == []


def test_an_answer_counts_from_its_day_and_as_known(world: World) -> None:
    name = add(world, "asked")
    world.now += 2 * DAY
    fill(world, [make_row("p.01", LEAD, None, None, None, "Do mưa", "Thuê thêm", None, None, "An", name)])
    (item,) = fetch(world, TODAY + 2 * DAY)
    assert (item.state, item.answer, item.measures, item.answered_on, item.answered_by) == (
        "answered", "Do mưa", "Thuê thêm", TODAY + 2 * DAY, "An",
    )  # fmt: skip
    assert fetch(world, TODAY + DAY)[0].state == "open"
    assert fetch(world, TODAY + 2 * DAY, NOON + DAY) == []  # the plan was not tracked yet


def test_measures_or_a_promise_alone_leave_it_open(world: World) -> None:
    name = add(world, "asked")
    fill(world, [make_row("p.01", LEAD, None, None, None, None, "Sẽ làm", date(2026, 9, 1), None, None, name)])
    (item,) = fetch(world)
    assert (item.state, item.has_promise_alone, item.promise_on, item.promise_state) == (
        "open", True, date(2026, 9, 1), "not_due",
    )  # fmt: skip


def test_the_question_shown_is_the_ledgers(world: World) -> None:
    name = add(world, "asked")
    fill(world, [make_row("p.01", LEAD, date(2026, 5, 1), "Câu khác", None, None, None, None, None, None, name)])
    (item,) = fetch(world)
    assert (item.question, item.asked_on, item.sheet_state) == ("Vì sao chậm?", TODAY, "written")


def test_of_two_answers_the_latest_recorded_counts(world: World) -> None:
    name = add(world, "asked")
    first = make_row("p.01", LEAD, None, None, None, "Một", None, None, date(2026, 6, 1), None, name)
    fill(world, [first])
    world.now += DAY
    fill(world, [make_row("p.01", LEAD, None, None, None, "Hai", None, None, date(2026, 6, 1), None, name), first])
    (item,) = fetch(world, TODAY + DAY)
    assert (item.answer, [other.text for other in item.other_answers]) == ("Hai", ["Một"])


def test_a_returned_answer_opens_the_request_until_another_comes(world: World) -> None:
    name = add(world, "asked")
    row = ("p.01", LEAD, None, None, None)
    fill(world, [make_row(*row, "Một", None, None, None, None, name)])
    add(world, "returned", at=NOON + timedelta(hours=1), reason="Chưa rõ", due_on="2026-06-20")
    (item,) = fetch(world)
    assert (item.state, item.answer, item.return_reason, item.due_on) == ("open", None, "Chưa rõ", date(2026, 6, 20))
    assert [other.text for other in item.other_answers] == ["Một"]
    world.now += DAY
    fill(world, [make_row(*row, "Rõ hơn", None, None, None, None, name)])
    assert fetch(world, TODAY + DAY)[0].state == "answered"
    add(world, "accepted", at=NOON + 2 * DAY)
    assert fetch(world, TODAY + 2 * DAY)[0].accepted_on == TODAY + 2 * DAY


def test_a_mended_typo_keeps_the_day_of_an_answer(world: World) -> None:
    name = add(world, "asked")
    row = ("p.01", LEAD, None, None, None)
    for text in ("Do mua", "Do mưa", "Do mưa."):
        fill(world, [make_row(*row, text, None, None, None, None, name)])
        world.now += 5 * DAY
    (item,) = fetch(world, TODAY + 20 * DAY)
    assert (item.answer, item.answered_on, item.state, item.other_answers) == ("Do mưa.", TODAY, "answered", ())
    assert fetch(world, TODAY + 9 * DAY)[0].state == "answered"  # the due day lies before the last edit
    assert fetch(world, TODAY + 6 * DAY, NOON + 6 * DAY)[0].answer == "Do mưa"


def test_an_answer_given_anew_after_its_return_has_its_own_day(world: World) -> None:
    name = add(world, "asked")
    row = ("p.01", LEAD, None, None, None)
    fill(world, [make_row(*row, "Một", None, None, None, None, name)])
    add(world, "returned", at=NOON + DAY, reason="Chưa rõ", due_on="2026-06-20")
    for text in ("Hai", "Hai."):
        world.now += 2 * DAY
        fill(world, [make_row(*row, text, None, None, None, None, name)])
    assert fetch(world, TODAY + 4 * DAY)[0].answered_on == TODAY + 2 * DAY
    assert fetch(world, TODAY + DAY)[0].state == "open"
    assert fetch(world, TODAY, NOON + timedelta(hours=1))[0].answered_on == TODAY


def test_of_several_rows_that_change_at_once_no_day_is_guessed(world: World) -> None:
    rows = [make_row("p.01", LEAD, None, None, None, text) for text in ("Một", "Hai")]
    fill(world, rows[:1])
    world.now += DAY
    fill(world, rows)  # another answer, no edit
    world.now += DAY
    fill(world, [make_row("p.01", LEAD, None, None, None, text) for text in ("Một!", "Hai!")])
    days = {item.answer: item.answered_on for item in fetch(world, TODAY + 2 * DAY)}
    assert days == {"Một!": TODAY + 2 * DAY, "Hai!": TODAY + 2 * DAY}
    assert {item.answer: item.answered_on for item in fetch(world, TODAY + DAY, NOON + DAY)} == {
        "Một": TODAY, "Hai": TODAY + DAY,
    }  # fmt: skip


def test_an_answer_that_was_emptied_is_a_new_one(world: World) -> None:
    question = ("p.01", LEAD, None, "Sao?")
    for text in ("Một", None, "Hai"):
        fill(world, [make_row(*question, None, text)])
        world.now += DAY
    (item,) = fetch(world, TODAY + 3 * DAY)
    assert (item.asked_on, item.answered_on) == (TODAY, TODAY + 2 * DAY)


def test_a_mended_typo_keeps_the_day_of_a_question(world: World) -> None:
    fill(world, [make_row("p.01", LEAD, None, "Sao cham?")])
    world.now += 3 * DAY
    fill(world, [make_row("p.01", LEAD, None, "Sao chậm?")])
    (item,) = fetch(world, TODAY + 8 * DAY)
    assert (item.question, item.asked_on, item.due_on, item.state) == ("Sao chậm?", TODAY, TODAY + 7 * DAY, "late")


@pytest.mark.parametrize("text", ["Do bão lũ kéo dài cả tháng", "Do mưa"])
def test_an_answer_to_another_request_has_its_own_day(world: World, text: str) -> None:
    """Even in the same words, typed over an earlier answer: it would have been given before it was asked for."""
    first = add(world, "asked")
    row = ("p.01", LEAD, None, None, None)
    fill(world, [make_row(*row, "Do mưa", None, None, None, None, first)])
    second = add(world, "asked", number=2, at=NOON + 9 * DAY)
    world.now += 30 * DAY
    fill(world, [make_row(*row, text, None, None, None, None, second)])
    answered = {item.id: item.answered_on for item in fetch(world, TODAY + 30 * DAY)}
    assert answered[second] == TODAY + 30 * DAY
    assert {item.id: item.state for item in fetch(world, TODAY + 20 * DAY)}[second] == "late"


def test_an_answer_in_other_words_has_its_own_day(world: World) -> None:
    name = add(world, "asked")
    row = ("p.01", LEAD, None, None, None)
    for text in ("Đang rà soát", "Do mưa lũ kéo dài"):
        fill(world, [make_row(*row, text, None, None, None, None, name)])
        world.now += 10 * DAY
    assert fetch(world, TODAY + 20 * DAY)[0].answered_on == TODAY + 10 * DAY


def test_an_answer_to_a_question_asked_on_a_later_day_has_its_own_day(world: World) -> None:
    fill(world, [make_row("p.01", LEAD, date(2026, 5, 20), "Sao chậm?", None, "Do mưa")])
    world.now += 60 * DAY
    fill(world, [make_row("p.01", LEAD, TODAY + 59 * DAY, "Sao chậm?", None, "Do mưa")])
    (item,) = fetch(world, TODAY + 60 * DAY)
    assert (item.asked_on, item.answered_on) == (TODAY + 59 * DAY, TODAY + 60 * DAY)


def test_another_question_in_the_same_row_has_its_own_day(world: World) -> None:
    fill(world, [make_row("p.01", LEAD, None, "Sao chậm?", None, "Do mưa")])
    world.now += 60 * DAY
    fill(world, [make_row("p.01", LEAD, None, "Tháng 7 đã làm được gì?")])
    (item,) = fetch(world, TODAY + 60 * DAY)
    assert (item.asked_on, item.state) == (TODAY + 60 * DAY, "open")


def test_a_withdrawn_request_is_closed_from_its_day(world: World) -> None:
    add(world, "asked")
    add(world, "withdrawn", at=NOON + 2 * DAY, reason="Nhầm")
    fill(world, [])
    assert [fetch(world, TODAY + days * DAY)[0].state for days in (1, 2)] == ["open", "withdrawn"]


def test_a_question_typed_into_the_sheet_is_open_until_its_own_answer(world: World) -> None:
    question = ("p.I.1", OTHER, date(2026, 5, 20), "Sao chưa xong?")
    fill(world, [make_row(*question)])
    (item,) = fetch(world)
    assert (item.origin, item.state, item.due_on, item.task, item.sheet_state) == (
        "sheet", "late", date(2026, 5, 27), "p.I.1", None,
    )  # fmt: skip
    fill(world, [make_row(*question, None, "Thiếu người")])
    (item,) = fetch(world)
    assert (item.origin, item.state, item.answer) == ("sheet", "answered", "Thiếu người")


def test_a_question_without_a_day_keeps_the_day_of_its_first_read_when_answered(world: World) -> None:
    fill(world, [make_row("p.01", LEAD, None, "Sao?")])
    world.now += 3 * DAY
    fill(world, [make_row("p.01", LEAD, None, "Sao?", None, "Vậy")])
    (item,) = fetch(world, TODAY + 5 * DAY)
    assert (item.asked_on, item.answered_on, item.due_on) == (TODAY, TODAY + 3 * DAY, TODAY + 7 * DAY)


def test_an_answer_to_nothing_stands_by_itself(world: World) -> None:
    fill(world, [make_row(None, LEAD, None, None, None, "Chung", None, None, date(2026, 5, 3))])
    (item,) = fetch(world)
    assert (item.origin, item.state, item.entry, item.asked_on, item.answered_on) == (
        "self", "answered", None, None, date(2026, 5, 3),
    )  # fmt: skip
    assert fetch(world, date(2026, 5, 2)) == []


def test_a_target_no_longer_in_force_closes_its_requests(world: World) -> None:
    add(world, "asked")
    add(world, "asked", 2, entry="p.02", agency=OTHER)
    targets = dict(make_register().targets)
    targets["p.01"] = replace(targets["p.01"], ended_on=date(2026, 6, 3))
    del targets["p.02"]
    world.register = replace(make_register(register_hash="new"), targets=targets)
    fill(world, [])
    assert {item.target: item.state for item in fetch(world, date(2026, 6, 2))} == {"p.01": "open", "p.02": "ended"}
    assert {item.state for item in fetch(world, date(2026, 6, 3))} == {"ended"}


def test_what_was_done_before_the_year_ended_stays_done_in_the_next_one(world: World) -> None:
    """The target is of a year: in January it is the next year's, of which nothing is done yet."""
    answer_day, promise_day = date(2026, 11, 2), date(2027, 1, 10)
    world.now = datetime(2027, 1, 20, 5)
    rows = [make_row("p.01", LEAD, None, None, None, "Sẽ xong", None, promise_day, answer_day)]
    fill(world, rows, [make_entry(date(2026, 3, 1), 3), make_entry(date(2026, 12, 20), 60)])
    states = [fetch(world, day)[0].promise_state for day in (date(2026, 12, 10), date(2026, 12, 25), date(2027, 1, 5))]
    assert states == ["not_due", "done", "done"]
    assert fetch(world, date(2027, 1, 20))[0].promise_state == "done"


def test_what_was_done_before_it_was_promised_keeps_no_promise_of_the_next_year(world: World) -> None:
    world.now = datetime(2027, 4, 20, 5)
    rows = [make_row("p.01", LEAD, None, None, None, "Sang năm", None, date(2027, 3, 15), date(2026, 12, 20))]
    fill(world, rows, [make_entry(date(2026, 3, 1), 60)])
    assert [fetch(world, day)[0].promise_state for day in (date(2027, 2, 1), date(2027, 4, 20))] == [
        "not_due", "not_done",
    ]  # fmt: skip


def test_a_promise_is_done_not_done_or_not_due(world: World) -> None:
    promises = [("p.01", date(2026, 5, 10)), ("p.01", date(2026, 5, 20)), ("p.I.1", date(2026, 5, 20)),
                ("p.I.1", date(2026, 5, 19)), ("p.03", date(2026, 6, 1)), ("p.03", date(2026, 5, 31)),
                (None, date(2026, 5, 1))]  # fmt: skip
    rows = [make_row(entry, LEAD, None, None, None, f"{entry}", None, day, TODAY) for entry, day in promises]
    fill(world, rows, [make_entry(date(2026, 5, 15), 60)], "Hoàn thành")
    states = {(item.entry, item.promise_on): item.promise_state for item in fetch(world)}
    assert [states[promise] for promise in promises] == [
        "not_done", "done", "done", "not_done", "not_due", "not_done", None,
    ]  # fmt: skip


def test_an_officer_sees_own_agencies_alone(world: World) -> None:
    add(world, "asked")
    add(world, "asked", 2, agency=OTHER)
    fill(world, [make_row(None, OTHER, None, None, None, "Một"), make_row(None, LEAD, None, None, None, "Hai")])
    officer = Scope(frozenset({"p"}), frozenset({("p", OTHER)}))
    assert {item.agency for item in fetch(world, scope=officer)} == {OTHER}
    assert len(fetch(world, scope=officer)) == 2
    assert fetch(world, scope=Scope(frozenset({"q"}))) == []
    assert len(fetch(world, scope=Scope(frozenset({"p"})))) == 4


def test_a_row_that_two_sources_hold_is_shown_once(world: World) -> None:
    fill(world, [make_row(None, LEAD, None, None, None, "Một")])
    sheet = world.sheets["s"]
    assert isinstance(sheet, RawSheet)
    world.sheets["t"] = replace(sheet, tabs=(make_sheet([]).tabs[0], sheet.tabs[1]))
    world.sync()
    assert len(fetch(world)) == 1


def test_a_row_that_was_removed_from_the_sheet_is_told(world: World) -> None:
    name = add(world, "asked")
    fill(world, [])
    assert fetch(world)[0].sheet_state == "unsent"
    add(world, "written", source="s")
    assert fetch(world)[0].sheet_state == "written"
    row = make_row("p.01", LEAD, TODAY, "Vì sao chậm?", None, None, None, None, None, None, name)
    fill(world, [row, make_row(None, LEAD, None, None, None, "Một")])
    fill(world, [make_row(None, LEAD, None, None, None, "Một")])
    assert [item.sheet_state for item in fetch(world) if item.origin == "ledger"] == ["deleted"]
    assert [item.state for item in fetch(world) if item.origin == "ledger"] == ["open"]
    add(world, "write_again")
    assert [item.sheet_state for item in fetch(world) if item.origin == "ledger"] == ["unsent"]


def test_a_row_that_was_removed_before_it_was_read_is_told_too(world: World) -> None:
    add(world, "asked")
    fill(world, [make_row(None, LEAD, None, None, None, "Một")])
    add(world, "written", source="s", at=NOON + timedelta(hours=1))
    assert [item.sheet_state for item in fetch(world) if item.origin == "ledger"] == ["written"]
    world.now += DAY
    fill(world, [make_row(None, LEAD, None, None, None, "Hai")])
    assert [item.sheet_state for item in fetch(world) if item.origin == "ledger"] == ["deleted"]


def test_late_stands_first_then_open_then_answered(world: World) -> None:
    add(world, "asked", 1, due_on="2026-06-05")
    add(world, "asked", 2, due_on="2026-06-03", agency=OTHER)
    add(world, "asked", 3, due_on="2026-06-30", entry="p.02")
    fill(world, [make_row(None, LEAD, None, None, None, "Một")])
    items = fetch(world, date(2026, 6, 10))
    assert [(item.state, item.id[-4:]) for item in items[:3]] == [("late", "0002"), ("late", "0001"), ("open", "0003")]
    assert items[3].origin == "self"
    database = world.open_database()
    assert find_open_ids(database, TODAY) == {f"YC-p-2026-{number:04}" for number in (1, 2, 3)}
    database.close()


@pytest.mark.parametrize("named", [LEAD, OTHER])
def test_since_a_merger_the_successor_answers_and_is_reminded_and_the_row_names_either(
    world: World, named: str
) -> None:
    register = make_register(register_hash="merged")
    agencies = tuple(
        replace(agency, successor=OTHER, successor_from=TODAY) if agency.name == LEAD else agency
        for agency in register.agencies
    )
    world.register = replace(register, agencies=agencies)
    name = add(world, "asked")
    fill(world, ())
    assert [item.agency for item in fetch(world)] == [OTHER]
    assert [item.agency for item in fetch(world, TODAY - DAY)] == []
    database = world.open_database()
    reminded = {
        item.agency
        for item in list_duties(database, world.pointer, TODAY, 14, "vi", None)
        if any(thing.key == f"explanation/{name}" for thing in item.things)
    }
    database.close()
    assert reminded == {OTHER}
    fill(world, [make_row("p.01", named, None, None, None, "Vì mưa", None, None, TODAY, "Lan", name)])
    (item,) = fetch(world)
    assert (item.agency, item.state, item.answer) == (OTHER, "answered", "Vì mưa")

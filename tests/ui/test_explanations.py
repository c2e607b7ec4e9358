"""The page of explanations: what is shown to whom, and asking from the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from kpis.access.rights import Entry, Person
from kpis.measures.request_choices import list_request_choices
from kpis.requests.ledger import append_events
from kpis.requests.model import RequestEvent
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope
from kpis.ui import pages
from kpis.ui.agency.agency_choices import build_agency_list
from kpis.ui.explanations.page import load_list, render_explanations, render_section
from kpis.ui.overview.late_answers import count_answers_due
from kpis.ui.server.list_downloads import LISTS
from kpis.ui.shared import guarded_buttons
from kpis.ui.shared.filter_options import load_plan_choices
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.request_links import render_request_link
from tests.sync.conftest import NOON, World, make_register
from tests.ui.answered_world import LEAD, OTHER, build_answered_world
from tests.ui.handmade_rows import build_view

HOSTILE = '<script>alert(1)</script> =HYPERLINK("x") [a](javascript:1) Thiê\u0301u ngươ\u0300i'


@pytest.fixture
def world(tmp_path: Path) -> World:
    return build_answered_world(tmp_path, HOSTILE)


@pytest.fixture
def database(world: World) -> Iterator[Database]:
    database = world.open_database()
    yield database
    database.close()


def ask(world: World, number: int, agency: str = LEAD, question: str = HOSTILE, due_on: str = "2026-06-08") -> None:
    details = {"plan": "p", "agency": agency, "question": question, "entry": "p.01", "due_on": due_on}
    event = RequestEvent(f"YC-p-2026-{number:04}", "asked", NOON, date(2026, 6, 1), "", details)
    append_events(world.pointer, NOON, lambda _content, at: [replace(event, at=at)])


def make_view(day: date = date(2026, 6, 1), agency: str | None = None, has_fixed_agency: bool = False) -> PageView:
    view = replace(build_view(), has_fixed_agency=has_fixed_agency)
    return replace(view, filters=replace(view.filters, plan="p", as_of=day, agency=agency), plan=None)


def test_a_request_is_shown_at_the_next_click(world: World, database: Database) -> None:
    view = make_view()
    assert "YC-p-2026-0001" not in render_explanations(database, view)
    ask(world, 1)
    markup = render_explanations(database, view)
    assert "YC-p-2026-0001" in markup and "tại máy chủ" in markup and "chờ trả lời" in markup
    assert "quá hạn trả lời" in render_explanations(database, make_view(date(2026, 6, 9)))


def test_an_explanation_leads_to_what_it_is_about_and_every_count_to_its_list(world: World, database: Database) -> None:
    ask(world, 1)
    ask(world, 2, "Công an tỉnh")  # which has no target, no task and no report
    view = make_view(date(2026, 6, 9))
    markup = render_explanations(database, view)
    assert 'href="/province?as_of=2026-06-09&amp;plan=p#p.01"' in markup
    agency = quote_plus(LEAD)
    assert f'href="/explanations?as_of=2026-06-09&amp;plan=p&amp;agency={agency}&amp;status=late"' in markup
    due = dict(count_answers_due(database, view))
    rows = build_agency_list(database, view, count_answers_due(database, view)).rows
    assert due == {row.values[0]: row.values[-1] for row in rows if row.values[-1]}
    links = [str(row.cells[-1].content) for row in rows if row.values[-1]]
    assert links and all("/explanations?" in link and "status=late%2Copen" in link for link in links)


def test_agencies_of_several_plans_have_their_place(world: World, database: Database) -> None:
    ask(world, 1)
    place = load_plan_choices(database)[0].name
    chosen = make_view()
    under = f">{place}</small>"
    assert under not in render_explanations(database, chosen)
    every = replace(chosen, filters=replace(chosen.filters, plan=None))
    # Of the request, of the row of the sheet, and of the agency that owes an answer.
    assert render_explanations(database, every).count(under) == 3
    assert {place} <= set(load_list(database, every).rows[0].texts)


def test_texts_of_sheets_and_askers_are_text(world: World, database: Database) -> None:
    ask(world, 1)
    markup = render_explanations(database, make_view())
    assert "<script" not in markup and "&lt;script&gt;alert(1)&lt;/script&gt;" in markup
    assert 'href="javascript' not in markup


def test_an_officer_sees_own_agencies_alone_also_as_a_workbook(world: World, database: Database) -> None:
    ask(world, 1)
    ask(world, 2, OTHER, "Câu của tài chính")
    officer = database.for_scope(Scope(frozenset({"p"}), frozenset({("p", OTHER)})))
    view = make_view(agency=OTHER, has_fixed_agency=True)
    markup = render_explanations(officer, view)
    assert "YC-p-2026-0002" in markup and "YC-p-2026-0001" not in markup
    assert {row.leads for row in load_list(officer, view).rows} == {(OTHER,)}
    assert LISTS["explanations"][0] == pages.EXPLANATIONS
    assert render_request_link("p.01", "p", view) is None


def test_other_pages_show_open_ones_first_and_count_the_rest(world: World, database: Database) -> None:
    for number in range(1, 21):
        ask(world, number)
    markup = render_section(database, make_view())
    assert markup.count("<tr") == 13
    assert "và 9 mục nữa" in markup
    assert render_section(database, make_view(agency="Công an tỉnh")) == ""


def test_ten_thousand_requests_are_drawn_in_parts(world: World, database: Database) -> None:
    def build(_content: object, at: object) -> list[RequestEvent]:
        details = {"plan": "p", "agency": LEAD, "question": "Vì sao?", "entry": "p.01"}
        day = date(2026, 6, 1)
        return [RequestEvent(f"YC-p-2026-{n:04}", "asked", NOON, day, "", details) for n in range(1, 10_001)]

    append_events(world.pointer, NOON, build)
    markup = render_explanations(database, make_view())
    assert markup.count("YC-p-2026-") <= 1_100
    assert "10.001" in markup


def test_the_form_offers_targets_and_tasks_in_force_with_their_lead(world: World, database: Database) -> None:
    choices = {choice.entry: choice for choice in list_request_choices(database, "p", date(2026, 6, 1))}
    assert list(choices) == [None, "p.01", "p.02", "p.03", "p.I.1"]
    assert (choices["p.01"].preset, choices["p.01"].owing) == (LEAD, ())
    assert choices[None].agencies == (LEAD, OTHER, "Công an tỉnh")
    targets = dict(make_register().targets)
    targets["p.02"] = replace(targets["p.02"], roster=(LEAD, OTHER), ended_on=None)
    targets["p.01"] = replace(targets["p.01"], ended_on=date(2026, 5, 1))
    world.register = replace(make_register(register_hash="new"), targets=targets)
    world.sync()
    later = world.open_database()
    choices = {choice.entry: choice for choice in list_request_choices(later, "p", date(2026, 6, 1))}
    assert list(choices) == [None, "p.02", "p.03", "p.I.1"]
    assert choices["p.02"].owing == (LEAD, OTHER)
    later.close()


def test_who_lacks_a_part_is_asked_as_of_the_day_and_for_its_year(world: World) -> None:
    targets = dict(make_register().targets)
    targets["p.01"] = replace(targets["p.01"], roster=(LEAD, OTHER))
    world.register = replace(make_register(register_hash="new"), targets=targets)
    world.sync()
    later = world.open_database()

    def list_owing(day: date) -> tuple[str, ...]:
        return next(choice.owing for choice in list_request_choices(later, "p", day) if choice.entry == "p.01")

    assert list_owing(date(2026, 6, 1)) == (OTHER,)
    assert list_owing(date(2026, 2, 1)) == (LEAD, OTHER), "its entry is of March"
    assert list_owing(date(2027, 2, 1)) == (LEAD, OTHER), "an entry of the year before is no part of this year's"
    later.close()


@pytest.mark.parametrize(
    ("role", "may"), [("leader", True), ("focal", True), ("administrator", True), ("officer", False)]
)
def test_only_leaders_and_focal_departments_ask(role: str, may: bool) -> None:
    entry = Entry("a@example.vn", role, frozenset({"p"}), frozenset({LEAD}))  # type: ignore[arg-type]
    person = Person("a@example.vn", frozenset({entry}))
    assert person.may("request", "p") is may
    assert not person.may("request", "q")
    for key in ("ask", "extend", "withdraw", "return", "accept", "again"):
        assert guarded_buttons.find_action(f"{guarded_buttons.REQUEST_PREFIX}{key}") == "request"

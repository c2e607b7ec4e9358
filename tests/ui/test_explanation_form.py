"""Asking and answering by the buttons of the page, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpis.access.errors import NotAllowedError
from kpis.requests.ledger import load_ledger
from kpis.store.database import Database
from kpis.ui.explanations import ask_form, asker
from tests.sync.conftest import NOON, World, make_entry, make_register, make_sheet
from tests.ui.handmade_rows import build_view

LEAD = "Sở Công Thương"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(tmp_path / "var" / "kpis.json", now=NOON)
    world.sheets["s"] = make_sheet([make_entry(date(2026, 3, 1), 3)])
    world.sync()
    monkeypatch.setenv("KPIS_DATABASE", str(world.pointer))
    monkeypatch.setenv("KPIS_SOURCES", str(tmp_path / "sources.toml"))
    (tmp_path / "sources.toml").write_text("", encoding="utf-8")
    monkeypatch.setattr(ask_form, "load_register", lambda **_: make_register())
    return world


@pytest.fixture
def database(world: World) -> Iterator[Database]:
    database = world.open_database()
    yield database
    database.close()


def visit(database: Database, *, is_open: bool = True) -> AppTest:
    """Open the page of the plan on 1 June 2026; `is_open`: with the form opened."""
    view = build_view()
    day = date(2026, 6, 1)
    view = replace(view, filters=replace(view.filters, plan="p", as_of=day, agency=None), plan=None, today=day)
    test = AppTest.from_function(_run_page, default_timeout=60)
    test.session_state["view"], test.session_state["database"] = view, database
    test.session_state["kpis_request_form"] = is_open
    return test.run()


def _run_page() -> None:
    import streamlit as st

    from kpis.ui.explanations.ask_form import show_ask_form
    from kpis.ui.explanations.request_actions import show_request_actions
    from kpis.ui.shared import data, page_view

    data.use_database(st.session_state["database"])
    page_view.store_view(st.session_state["view"])
    show_ask_form(page_view.get_current_view())
    show_request_actions(page_view.get_current_view())


def press(test: AppTest, name: str) -> AppTest:
    test.button(key=f"kpis_request_{name}").click().run()
    assert not test.exception, test.exception
    return test


def test_the_fields_of_a_closed_form_are_not_sent(database: Database) -> None:
    closed, opened = visit(database, is_open=False), visit(database)
    assert [element.label for element in closed.expander] == [opened.expander[0].label]
    assert (len(closed.text_area), len(closed.date_input), len(opened.text_area)) == (0, 0, 1)


def test_every_field_stands_when_a_closed_form_is_opened_again(database: Database) -> None:
    test = visit(database)
    test.selectbox(key="kpis_request_field_p_about").set_value("p.01").run()
    test.selectbox(key="kpis_request_field_p_agency_p.01").set_value("Công an tỉnh").run()
    test.text_area(key="kpis_request_field_p_question").input("Vì sao chậm?").run()
    test.date_input(key="kpis_request_field_p_due").set_value(date(2026, 6, 20)).run()
    chosen = list_fields(test)
    assert chosen == ["p.01", "Công an tỉnh", "Vì sao chậm?", date(2026, 6, 20)]
    for is_open in (False, False, True):
        test.session_state["kpis_request_form"] = is_open
        test.run()
        assert not test.exception, test.exception
    assert list_fields(test) == chosen
    assert not test.warning


def list_fields(test: AppTest) -> list[object]:
    return [*(box.value for box in test.selectbox), test.text_area[0].value, test.date_input[0].value]


def test_another_link_names_another_subject_in_an_open_form(database: Database) -> None:
    test = visit(database)
    test.text_area(key="kpis_request_field_p_question").input("Vì sao chậm?").run()
    assert test.selectbox(key="kpis_request_field_p_about").value == ""
    for wanted in ("p.01", "p.02", "p.01"):
        test.query_params["ask"] = wanted
        test.run()
        assert test.selectbox(key="kpis_request_field_p_about").value == wanted
    test.selectbox(key="kpis_request_field_p_about").set_value("p.02").run()
    assert test.selectbox(key="kpis_request_field_p_about").value == "p.02"
    assert test.text_area(key="kpis_request_field_p_question").value == "Vì sao chậm?"


def test_another_plan_has_a_form_of_its_own(database: Database) -> None:
    test = visit(database)
    test.text_area(key="kpis_request_field_p_question").input("Vì sao chậm?").run()
    view = test.session_state["view"]
    test.session_state["view"] = replace(view, filters=replace(view.filters, plan="q"))
    test.run()
    assert not test.exception, test.exception
    assert test.text_area(key="kpis_request_field_q_question").value == ""


def test_a_day_that_has_passed_meanwhile_is_no_day_to_answer_by(database: Database) -> None:
    test = visit(database)
    test.session_state["view"] = replace(test.session_state["view"], today=date(2027, 1, 1))
    test.run()
    assert not test.exception, test.exception
    assert test.date_input(key="kpis_request_field_p_due").value == date(2027, 1, 1)


def test_a_question_is_asked_and_withdrawn_by_buttons(world: World, database: Database) -> None:
    test = visit(database)
    test.selectbox(key="kpis_request_field_p_about").set_value("p.01").run()
    test.text_area(key="kpis_request_field_p_question").set_value("Vì sao chậm?").run()
    press(test, "ask")
    (request,) = load_ledger(world.pointer).requests.values()
    assert (request.id, request.entry, request.agency, request.question, request.opened_by) == (
        "YC-p-2026-0001", "p.01", LEAD, "Vì sao chậm?", "",
    )  # fmt: skip
    test.text_area(key="kpis_request_field_p_question").set_value("Lần hai").run()
    press(test, "ask")
    assert len(load_ledger(world.pointer).requests) == 1
    test = visit(database)
    assert [button.key for button in test.button if button.key != "kpis_request_ask"] == [
        "kpis_request_extend", "kpis_request_withdraw",
    ]  # fmt: skip
    press(test, "withdraw")
    (request,) = load_ledger(world.pointer).requests.values()
    assert [event.kind for event in request.events] == ["asked", "withdrawn"]


def test_an_empty_question_adds_nothing(world: World, database: Database) -> None:
    press(visit(database), "ask")
    assert not load_ledger(world.pointer).requests


def test_a_right_that_was_taken_away_meanwhile_refuses(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = visit(database)
    test.text_area(key="kpis_request_field_p_question").set_value("Vì sao?").run()

    def refuse(*_: object) -> None:
        raise NotAllowedError("Your rights do not allow this. Ask the administrator of the dashboard.")

    monkeypatch.setattr(asker, "require_right", refuse)
    press(test, "ask")
    assert not load_ledger(world.pointer).requests

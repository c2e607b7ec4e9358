"""What agencies were asked about a target or task stands beside it, counted, as text, within the reader's scope."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from kpis.requests.ledger import append_events
from kpis.requests.model import RequestEvent
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope
from kpis.ui.agency.page import render_agency
from kpis.ui.explanations.page import render_explanations
from kpis.ui.province.page import render_province
from kpis.ui.shared.entry_explanations import MAX_SHOWN, load_entry_explanations
from kpis.ui.shared.filters import PlanChoice
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import parse_table_query
from kpis.ui.targets.page import render_targets
from kpis.ui.tasks.page import render_tasks
from tests.sync.conftest import NOON, World
from tests.ui.answered_world import LEAD, OTHER, build_answered_world
from tests.ui.handmade_rows import build_view

HOSTILE = "<script>alert(1)</script> *đậm*"
DAY = date(2026, 6, 9)
TARGET, TASK = "p.01", "p.I.1"
LINK = re.compile(r'<a href="(/explanations[^"]*)"[^>]*class="kpis-counted"[^>]*>([^<]*)</a>')


@pytest.fixture
def world(tmp_path: Path) -> World:
    return build_answered_world(tmp_path, HOSTILE)


@pytest.fixture
def database(world: World) -> Iterator[Database]:
    database = world.open_database()
    yield database
    database.close()


def ask(world: World, number: int, entry: str | None, agency: str = LEAD, due_on: str = "2026-06-08") -> None:
    details = {"plan": "p", "agency": agency, "question": f"Vì sao chậm? ({number})", "due_on": due_on}
    details |= {"entry": entry} if entry else {}
    event = RequestEvent(f"YC-p-2026-{number:04}", "asked", NOON, date(2026, 6, 1), "", details)
    append_events(world.pointer, NOON, lambda _content, at: [replace(event, at=at)])


def make_view(agency: str | None = None, *, has_fixed_agency: bool = False) -> PageView:
    view = replace(build_view(), has_fixed_agency=has_fixed_agency)
    plan = PlanChoice("p", "Hà Nội", "Hà Nội", False, 2026, 2030)
    return replace(view, filters=replace(view.filters, plan="p", as_of=DAY, agency=agency), plan=plan)


def draw(name: str, database: Database, view: PageView, rows: Database | None = None) -> str:
    explanations = load_entry_explanations(rows or database, view)
    match name:
        case "province":
            return str(render_province(database, view, explanations))
        case "targets":
            return str(render_targets(database, view, explanations=explanations))
        case "tasks":
            return str(render_tasks(database, view, explanations=explanations))
        case _:
            return str(render_agency(database, view, (), explanations))


def test_a_card_shows_question_answer_and_promise_as_text(world: World, database: Database) -> None:
    ask(world, 1, TARGET)
    ask(world, 2, None)
    card = draw("province", database, make_view()).partition('class="kpis-asked"')[2].partition("</ul>")[0]
    assert "quá hạn trả lời" in card and "hạn trả lời 08/06/2026" in card and "Vì sao chậm? (1)" in card
    assert "&lt;script&gt;alert(1)&lt;/script&gt; *đậm*" in card and "<script" not in card
    assert "01/07/2026" in card and "chưa đến hạn" in card
    assert card.index("(1)") < card.index("&lt;script")  # the late one first
    assert "(2)" not in card  # about the agency, not about the target


def test_a_card_shows_few_and_counts_the_rest(world: World, database: Database) -> None:
    for number in range(1, 6):
        ask(world, number, TARGET)
    card = draw("province", database, make_view()).partition('class="kpis-asked"')[2].partition("</ul>")[0]
    assert card.count("<q") == MAX_SHOWN
    assert "và 3 mục nữa (tất cả 6)" in card


@pytest.mark.parametrize(
    ("name", "agency", "expected"),
    [
        ("targets", None, "Giải trình: 3"),
        ("tasks", None, "Giải trình: 1"),
        ("agency", LEAD, "Giải trình: 3"),
        ("agency", LEAD, "Giải trình: 1"),
    ],
)
def test_a_row_of_a_list_counts_with_a_link_to_the_same_number(
    world: World, database: Database, name: str, agency: str | None, expected: str
) -> None:
    ask(world, 1, TARGET)
    ask(world, 2, TARGET, OTHER)
    ask(world, 3, TASK)
    view = make_view(agency)
    links = {text: html.unescape(url) for url, text in LINK.findall(draw(name, database, view))}
    query = parse_table_query(dict(parse_qsl(urlsplit(links[expected]).query)))
    heading = str(render_explanations(database, make_view(), query)).partition('class="kpis-total">')[2]
    assert heading.partition("<")[0] == expected.rpartition(" ")[2]


def test_nothing_was_asked_of_most(database: Database) -> None:
    assert "Giải trình: " not in draw("tasks", database, make_view())


def test_an_officer_sees_what_the_own_agency_was_asked_alone(world: World, database: Database) -> None:
    ask(world, 1, TARGET)
    ask(world, 2, TARGET, OTHER)
    ask(world, 3, TASK)
    scope = Scope(frozenset({"p"}), frozenset({("p", OTHER)}))
    rows, view = database.for_scope(scope), make_view(OTHER, has_fixed_agency=True)
    wide = database.for_scope(Scope(frozenset({"p"})))
    for name, count in (("targets", "Giải trình: 2"), ("tasks", ""), ("agency", "")):
        markup = draw(name, wide, view, rows)
        texts = [text for _, text in LINK.findall(markup)]
        assert set(texts) == ({count} if count else set()), name
        assert "(1)" not in markup and "(3)" not in markup


def test_a_new_request_is_shown_at_the_next_click(world: World, database: Database) -> None:
    assert "Giải trình: 1" in draw("targets", database, make_view())
    ask(world, 1, TARGET)
    assert "Giải trình: 2" in draw("targets", database, make_view())

"""Amounts, rates and carried targets from the sheet to the figures (design.md §3, §4, §5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from kpis.measures.attainment import compute_attainment
from kpis.measures.latest_entries import list_latest_entries
from kpis.measures.question import Question
from tests.sync.conftest import SheetRow, World, make_entry, make_register, make_sheet, make_target

AS_OF = date(2026, 6, 1)


def make_world(world: World, *rows: SheetRow, **shape: object) -> World:
    register = make_register()
    target = make_target(1, "news_items", **{"measure": "amount", "floor": Decimal("7.5"), **shape})
    world.register = replace(register, targets={**register.targets, "p.01": target})
    world.sheets["s"] = make_sheet(rows)
    world.sync()
    return world


def list_codes(world: World, table: str) -> list[object]:
    return [row["code"] for row in world.list_findings(table) if row["code"] != "evidence_missing"]


def test_decimals_are_kept_from_the_cell_to_the_figure(world: World) -> None:
    day = date(2026, 3, 1)
    make_world(world, make_entry(day, "5,25"), make_entry(day, 2, content="khác"), make_entry(day, "1,125"))
    database = world.open_database()
    row = compute_attainment(database, Question(AS_OF))[0]
    assert (row["target"], row["actual"], row["numerator"]) == ("p.01", 7.25, 7.25)
    assert sorted(entry["quantity"] or 0 for entry in list_latest_entries(database, Question(AS_OF))) == [2, 5.25]
    (rejection,) = world.list_findings("rejections")
    assert (rejection["code"], rejection["value"]) == ("quantity_unreadable", "1,125")
    assert not world.sync().published


def test_a_row_with_decimals_does_not_survive_a_target_that_counts(world: World) -> None:
    make_world(world, make_entry(date(2026, 3, 1), "5,25"), make_entry(date(2026, 3, 2), 3))
    world.register = replace(make_register(), hash="second")
    world.sync()
    assert list_codes(world, "rejections") == ["quantity_not_whole"]
    assert compute_attainment(world.open_database(), Question(AS_OF))[0]["numerator"] == 3


def test_another_agency_than_the_lead_is_told_that_a_rate_does_not_add_up(world: World) -> None:
    day = date(2026, 3, 1)
    rows = [make_entry(day, "3,5"), make_entry(day, "3,4", "Sở Tài chính")]
    make_world(world, *rows, accumulation="level", adds_up=False, comparator="<", floor=Decimal(4))
    (warning,) = world.list_findings("warnings")
    assert (warning["code"], warning["agency"], warning["header"]) == ("not_the_lead", "Sở Tài chính", "Cơ quan")
    row = compute_attainment(world.open_database(), Question(AS_OF))[0]
    assert (row["actual"], row["entries"]) == (3.5, 1)


def test_a_carried_target_takes_words_instead_of_a_number(world: World) -> None:
    day = date(2026, 3, 1)
    rows = [make_entry(day, None, content="Xếp thứ 12/34"), make_entry(date(2026, 3, 2), None)]
    make_world(world, *rows, measure="carried", comparator=None, floor=None)
    assert list_codes(world, "rejections") == ["content_missing"]
    database = world.open_database()
    row = compute_attainment(database, Question(AS_OF))[0]
    assert (row["status"], row["entries"], row["actual"]) == ("carried", 1, None)
    (entry,) = list_latest_entries(database, Question(AS_OF))
    assert (entry["quantity"], entry["content"]) == (None, "Xếp thứ 12/34")

"""Rows that are no data are counted apart, recorded and retired like others (design.md §4)."""

from __future__ import annotations

from datetime import date, timedelta

from kpis.store import positions
from tests.sync.conftest import COLUMNS, NOON, SheetRow, World, make_entry, make_register, make_sheet

TOTAL: SheetRow = {"Ngày": "Tổng cộng", "Số lượng": 3}
HEADER: SheetRow = {name: name for name in COLUMNS}
VALID, REJECTED = make_entry(date(2026, 3, 1), 3), make_entry(date(2026, 3, 2), "hai")


def list_current(world: World) -> list[tuple[object, ...]]:
    """Return reason and row of the rows that are set aside now."""
    return sorted((row["reason"], row["row"]) for row in world.list_findings("set_aside_rows"))


def test_rows_read_are_the_accepted_the_rejected_and_those_set_aside(world: World) -> None:
    world.sheets["s"] = make_sheet([VALID, REJECTED, TOTAL, HEADER])
    (result,) = world.sync().sources
    assert (result.read, result.accepted, result.rejected, result.set_aside) == (4, 1, 1, 2)
    assert list_current(world) == [("no_data", 4), ("repeats_header", 5)]


def test_a_row_that_becomes_data_is_no_longer_set_aside(world: World) -> None:
    world.sheets["s"] = make_sheet([VALID, TOTAL])
    world.sync()
    world.sheets["s"] = make_sheet([VALID, REJECTED])
    world.now = NOON + timedelta(days=1)
    (result,) = world.sync().sources
    assert (result.set_aside, result.rejected) == (0, 1)
    assert list_current(world) == []
    database = world.open_database()
    retired = database.fetch_rows("select retired_at from set_aside_rows")
    database.close()
    assert [row["retired_at"] for row in retired] == [world.now]


def test_an_unchanged_sheet_publishes_nothing_and_a_moved_row_is_found_at_its_new_place(world: World) -> None:
    world.sheets["s"] = make_sheet([VALID, TOTAL])
    world.sync()
    world.sheets["s"] = make_sheet([TOTAL, VALID])
    assert not world.sync().published
    ((place),) = positions.read(world.pointer)["s"].values()
    assert (place.tab, place.row) == ("Tiến độ", 2)


def test_a_second_column_is_noted_and_looked_at_in_stored_rows_too(world: World) -> None:
    columns = [*COLUMNS, "Kết quả"]
    rows: list[SheetRow] = [{**VALID, "Kết quả": 3}, {**make_entry(date(2026, 3, 2), 3), "Kết quả": 4}]
    world.sheets["s"] = make_sheet(rows, columns=columns)
    (result,) = world.sync().sources
    assert (result.accepted, result.rejected, len(result.messages)) == (1, 1, 1)
    world.register = make_register(register_hash="second")
    world.sheets["s"] = None
    (result,) = world.sync().sources
    assert (result.accepted, result.rejected, len(result.messages)) == (1, 1, 1)

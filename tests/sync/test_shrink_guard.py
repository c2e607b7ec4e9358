"""The shrink guard: more than half and more than 10 rows lost are held until taken (design.md §4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from kpis.errors import SourceError, UsageError
from kpis.sync.result import Message
from tests.sync.conftest import World, make_entries, make_entry, make_register, make_sheet


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (22, 11, "changed"),  # half is not more than half
        (23, 11, "held"),
        (11, 1, "changed"),  # 10 is not more than 10
        (12, 1, "held"),
        (40, 0, "held"),
        (4, 0, "changed"),
    ],
)
def test_a_source_is_held_when_more_than_half_and_more_than_10_rows_are_gone(
    world: World, before: int, after: int, outcome: str
) -> None:
    world.sheets["s"] = make_sheet(make_entries(before))
    world.sync()
    world.sheets["s"] = make_sheet(make_entries(after))
    source = world.sync_one()
    assert (source.outcome, source.read) == (outcome, after)
    assert len(world.read_content()["entries"]) == (before if outcome == "held" else after)


def test_a_source_is_held_when_its_rows_stay_but_are_no_longer_accepted(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(30))
    world.sync()
    world.sheets["s"] = make_sheet([{**row, "Ngày": "quý I"} for row in make_entries(30)])
    source = world.sync_one()
    assert (source.outcome, source.rejected, source.recorded, source.retired) == ("held", 30, 0, 0)
    assert "accepted rows fell from 30 to 0" in source.format_messages("en")
    assert world.read_content()["rejections"] == []
    assert not world.sync().published


def test_it_is_held_until_it_is_taken_and_says_which_finished_periods_change(world: World) -> None:
    old = [make_entry(date(2025, 3, 1), 1, content=f"{number}") for number in range(20)]
    world.sheets["s"] = make_sheet([*old, *make_entries(20)])
    world.sync()
    world.sheets["s"] = make_sheet(make_entries(5))
    held = world.sync_one()
    assert held.outcome == "held"
    assert "--accept-shrink s" in held.format_messages("en")
    assert "p.01 (2025)" in held.format_messages("en")
    taken = world.sync_one("s")
    assert (taken.outcome, taken.retired) == ("changed", 35)
    assert "p.01 (2025)" in taken.format_messages("en")
    assert "2026" not in taken.format_messages("en")
    assert (world.sync_one().outcome, world.sync_one("s").messages) == ("unchanged", ())


def test_where_no_period_is_over_it_says_so(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(30))
    world.sync()
    world.sheets["s"] = make_sheet([])
    assert "No period that is over changes by it." in world.sync_one("s").format_messages("en")


def test_it_counts_from_the_last_good_read_not_from_the_held_one(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(30))
    world.sync()
    world.sheets["s"] = make_sheet(make_entries(5))
    assert [world.sync_one().outcome for _ in range(2)] == ["held", "held"]
    world.sheets["s"] = make_sheet(make_entries(29))
    assert world.sync_one().outcome == "changed"


def test_one_held_source_stops_no_other(world: World) -> None:
    world.sheets |= {"a": make_sheet(make_entries(30)), "b": make_sheet(make_entries(30))}
    world.sync()
    world.sheets |= {"a": make_sheet([]), "b": make_sheet(make_entries(31))}
    assert [source.outcome for source in world.sync().sources] == ["held", "changed"]


def test_a_register_that_loses_its_names_by_mistake_is_held_too(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(30))
    world.sync()
    world.register = make_register(register_hash="second", without=["Sở Công Thương"])
    source = world.sync_one()
    assert (source.outcome, source.retired) == ("held", 0)
    world.sheets["s"] = SourceError("The file is damaged.")
    assert world.sync_one().retired == 0
    assert len(world.read_content()["entries"]) == 30
    world.register = make_register(register_hash="third")
    world.sheets["s"] = make_sheet(make_entries(30))
    assert world.sync_one().outcome == "unchanged"


def test_what_a_held_source_planned_is_no_result_on_its_day(world: World) -> None:
    world.sheets["s"] = make_sheet([*make_entries(30), make_entry(date(2026, 6, 10))])
    world.sync()
    world.sheets["s"] = make_sheet([])
    world.now = datetime(2026, 6, 11)
    source = world.sync_one()
    assert (source.outcome, source.recorded) == ("held", 0)
    assert len(world.read_content()["entries"]) == 30
    world.sheets["s"] = make_sheet([*make_entries(30), make_entry(date(2026, 6, 10))])
    assert world.sync_one().recorded == 1
    assert len(world.read_content()["entries"]) == 31


def test_a_name_that_is_no_source_is_refused_before_anything_is_read(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(30))
    with pytest.raises(UsageError, match=r"No source is called “t”. Sources are: s."):
        world.sync("t")
    assert not world.pointer.exists()


def test_what_it_says_is_there_in_vietnamese(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(30))
    world.sync()
    world.sheets["s"] = make_sheet([])
    world.now += timedelta(days=300)
    (message,) = world.sync_one().messages
    said = message.to_text("vi")
    assert "30" in said
    assert "p.01 (2026)" in said
    assert "rows" not in said
    assert Message.from_json(message.to_json()) == message

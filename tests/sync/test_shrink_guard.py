"""The shrink guard: a source that lost most rows of a tab is held until accepted (design.md §4)."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest

from kpis.access.audit import get_system_person
from kpis.errors import SourceError, UsageError
from kpis.store import journal
from kpis.store.paths import DatabasePaths
from kpis.sync.result import Message
from tests.sync.conftest import (
    SheetRow,
    World,
    make_entries,
    make_entry,
    make_register,
    make_report,
    make_sheet,
)


@pytest.mark.parametrize(
    ("old_count", "new_count", "outcome"),
    [
        (22, 11, "changed"),  # half is not more than half
        (23, 11, "held"),
        (11, 4, "held"),
        (8, 3, "held"),
        (7, 3, "changed"),  # 4 is less than 5
        (40, 0, "held"),
        (4, 0, "held"),
        (1, 0, "held"),
        (0, 0, "unchanged"),
    ],
)
def test_a_source_that_lost_over_half_and_5_rows_or_all_is_held(
    world: World, old_count: int, new_count: int, outcome: str
) -> None:
    world.sheets["s"] = make_sheet(make_entries(old_count))
    world.sync()
    world.sheets["s"] = make_sheet(make_entries(new_count))
    source = world.sync_one()
    assert (source.outcome, source.read) == (outcome, new_count)
    assert len(world.read_content()["entries"]) == (old_count if outcome == "held" else new_count)


def make_reports(count: int) -> list[SheetRow]:
    return [make_report("Hoàn thành", date(2026, 3, 1), f"việc {number}") for number in range(count)]


def test_each_tab_is_judged_alone(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(40), make_reports(42))
    world.sync()
    world.sheets["s"] = make_sheet([], make_reports(42))
    source = world.sync_one()
    assert (source.outcome, source.accepted) == ("held", 42)
    assert "“Tiến độ”: accepted rows fell from 40 to 0" in source.format_messages("en")
    assert "Nhiệm vụ" not in source.format_messages("en")
    world.sheets["s"] = make_sheet(make_entries(40), make_reports(3))
    assert "“Nhiệm vụ”: accepted rows fell from 42 to 3" in world.sync_one().format_messages("en")
    world.sheets["s"] = make_sheet([], [])
    assert "; “Nhiệm vụ”: accepted rows fell from 42 to 0" in world.sync_one("s").format_messages("en")
    assert world.read_content()["task_reports"] == []


def make_month(month: int, count: int) -> list[SheetRow]:
    return [make_entry(date(2026, month, 1), 1, content=f"tin {month} {number}") for number in range(count)]


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ({2: 5, 3: 20}, {3: 20, 4: 6}, "held"),  # April was typed over February
        ({2: 5, 3: 20}, {3: 20}, "changed"),  # nothing was gained
        ({2: 4, 3: 20}, {3: 20, 4: 6}, "changed"),
        ({2: 5, 3: 20}, {2: 1, 3: 20, 4: 6}, "changed"),  # not all of February
    ],
)
def test_a_month_that_is_gone_while_another_gained_holds_the_source(
    world: World, old: dict[int, int], new: dict[int, int], outcome: str
) -> None:
    world.sheets["s"] = make_sheet([row for month, count in old.items() for row in make_month(month, count)])
    world.sync()
    world.sheets["s"] = make_sheet([row for month, count in new.items() for row in make_month(month, count)])
    source = world.sync_one()
    assert source.outcome == outcome
    if outcome == "held":
        assert "all 5 accepted rows of 02/2026 are gone" in source.format_messages("en")
        assert "cả 5 dòng được nhận của tháng 02/2026" in source.format_messages("vi")
        assert world.sync_one("s").outcome == "changed"


def test_rejected_rows_that_are_deleted_hold_nothing(world: World) -> None:
    world.sheets["s"] = make_sheet([*make_entries(3), *[make_entry("quý I", number) for number in range(40)]])
    world.sync()
    world.sheets["s"] = make_sheet(make_entries(3))
    assert world.sync_one().outcome == "changed"


def test_rows_that_another_source_counts_are_not_lost(world: World) -> None:
    world.sheets |= {"old": make_sheet(make_entries(12))}
    world.sync()
    world.sheets = {"new": make_sheet(make_entries(12))}
    world.sync()
    world.sheets = {"new": make_sheet(make_entries(12)), "old": make_sheet(make_entries(12))}
    assert [source.outcome for source in world.sync().sources] == ["unchanged", "changed"]
    assert len(world.read_content()["entries"]) == 12


@pytest.mark.parametrize("order", ["ab", "ba"])
@pytest.mark.parametrize("left", [0, 4])
@pytest.mark.parametrize("is_new", [False, True])
def test_a_block_of_rows_moved_to_another_source_is_not_lost(world: World, order: str, left: int, is_new: bool) -> None:
    moved, reports = make_entries(20, start=100), make_reports(7)
    remaining = make_entries(left)
    other = [] if is_new else make_entries(3, start=40)
    sheets = {"a": make_sheet([*remaining, *moved], reports), "b": make_sheet(other, [])}
    world.sheets = {name: sheets[name] for name in order if name == "a" or not is_new}
    world.sync()
    world.now += timedelta(hours=1)
    sheets = {"a": make_sheet(remaining, []), "b": make_sheet([*other, *moved], reports)}
    world.sheets = {name: sheets[name] for name in order}
    results = {source.id: source for source in world.sync().sources}
    assert {name: result.outcome for name, result in results.items()} == {"a": "changed", "b": "changed"}
    assert (results["a"].accepted, results["a"].retired, results["a"].messages) == (left, 27, ())
    assert (results["b"].accepted, results["b"].rejected, results["b"].recorded) == (
        27 + len(other),
        0,
        27 + len(other) * is_new,
    )
    assert len(world.read_content()["entries"]) == 20 + left + len(other)
    assert world.list_findings("rejections") == []
    assert not world.sync().published


def test_rows_deleted_beside_a_moved_block_hold_the_source(world: World) -> None:
    moved = make_entries(3, start=100)
    world.sheets = {"a": make_sheet([*make_entries(20), *moved]), "b": make_sheet(make_entries(2, start=40))}
    world.sync()
    world.sheets = {"a": make_sheet(make_entries(5)), "b": make_sheet([*make_entries(2, start=40), *moved])}
    first, second = world.sync().sources
    assert (first.outcome, second.outcome, second.rejected) == ("held", "changed", 3)
    assert len(world.read_content()["entries"]) == 25


def test_a_source_that_fails_now_holds_no_rows_for_another(world: World) -> None:
    world.sheets = {"a": make_sheet(make_entries(20)), "b": make_sheet(make_entries(22))}
    world.sync()
    world.sheets = {"a": make_sheet([]), "b": SourceError("The file is damaged.")}
    assert [source.outcome for source in world.sync().sources] == ["held", "failed"]
    assert len(world.read_content()["entries"]) == 22


def test_a_source_whose_rows_are_no_longer_accepted_is_held(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(30))
    world.sync()
    world.sheets["s"] = make_sheet([{**row, "Ngày": "quý I"} for row in make_entries(30)])
    source = world.sync_one()
    assert (source.outcome, source.rejected, source.recorded, source.retired) == ("held", 30, 0, 0)
    assert "accepted rows fell from 30 to 0" in source.format_messages("en")
    assert world.read_content()["rejections"] == []
    assert not world.sync().published


def test_it_is_held_until_accepted_and_names_the_finished_periods_that_change(world: World) -> None:
    old = [make_entry(date(2025, 3, 1), 1, content=f"{number}") for number in range(20)]
    world.sheets["s"] = make_sheet([*old, *make_entries(20)])
    world.sync()
    world.sheets["s"] = make_sheet(make_entries(5))
    result = world.sync_one()
    assert result.outcome == "held"
    assert "--accept-shrink s" in result.format_messages("en")
    assert "p.01 (2025)" in result.format_messages("en")
    result = world.sync_one("s")
    assert (result.outcome, result.retired) == ("changed", 35)
    *earlier, last = map(json.dumps, journal.read(DatabasePaths(world.pointer).journal))
    assert f'"accepted_by": {json.dumps(get_system_person())}' in last
    assert not any("accepted_by" in record for record in earlier)
    assert "p.01 (2025)" in result.format_messages("en")
    assert "2026" not in result.format_messages("en")
    assert (world.sync_one().outcome, world.sync_one("s").messages) == ("unchanged", ())


def test_a_message_says_that_no_finished_period_changes(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(30))
    world.sync()
    world.sheets["s"] = make_sheet([])
    assert "No finished period changes." in world.sync_one("s").format_messages("en")


def test_the_loss_is_counted_from_the_last_good_read_not_from_a_held_one(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(30))
    world.sync()
    world.sheets["s"] = make_sheet(make_entries(5))
    assert [world.sync_one().outcome for _ in range(2)] == ["held", "held"]
    world.sheets["s"] = make_sheet(make_entries(29))
    assert world.sync_one().outcome == "changed"


def test_a_held_source_does_not_stop_others(world: World) -> None:
    world.sheets |= {"a": make_sheet(make_entries(30)), "b": make_sheet(make_entries(30, start=50))}
    world.sync()
    world.sheets |= {"a": make_sheet([]), "b": make_sheet(make_entries(31, start=50))}
    assert [source.outcome for source in world.sync().sources] == ["held", "changed"]


def test_a_register_that_loses_names_by_mistake_holds_its_sources(world: World) -> None:
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


def test_a_planned_row_of_a_held_source_does_not_count_on_its_day(world: World) -> None:
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


def test_an_unknown_source_name_is_refused_before_anything_is_read(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(30))
    with pytest.raises(UsageError, match=r"No source is called “t”. Sources are: s."):
        world.sync("t")
    assert not world.pointer.exists()


def test_the_message_is_complete_in_vietnamese(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(30))
    world.sync()
    world.sheets["s"] = make_sheet([])
    world.now += timedelta(days=300)
    (message,) = world.sync_one().messages
    text = message.to_text("vi")
    assert "30" in text
    assert "p.01 (2026)" in text
    assert "rows" not in text
    assert "trang tính “Tiến độ”: số dòng được nhận giảm từ 30 xuống 0" in text
    assert Message.from_json(message.to_json()) == message

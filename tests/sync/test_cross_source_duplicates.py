"""A row in two sources of one plan counts once (design.md §4 duplicate_row)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from kpis.checks.finding_messages import format_sentence
from kpis.errors import UsageError
from kpis.measures.attainment import compute_attainment
from kpis.measures.question import Question
from kpis.sources.config import load_sources
from kpis.sync.status import list_source_statuses
from tests.sync.conftest import NOON, World, make_entries, make_entry, make_register, make_report, make_sheet

DAY = date(2026, 3, 15)


def sum_news_items(world: World, as_known_at_start: bool = False) -> int:
    """Return the news items that count today, now or as known at NOON."""
    rows = compute_attainment(
        world.open_database(), Question(NOON.date(), known_at=NOON if as_known_at_start else None)
    )
    return next(int(row["numerator"]) for row in rows if row["target"] == "p.01")


def count_entries(world: World) -> dict[str, int]:
    """Return the number of current entries by source."""
    rows = world.open_database().fetch_rows(
        "select source, count(*) as n from entries where retired_at is null group by 1 order by 1"
    )
    return {str(row["source"]): int(str(row["n"])) for row in rows}


def test_a_row_of_two_sheets_counts_in_the_first_and_is_rejected_in_the_second(world: World) -> None:
    world.sheets |= {
        "a": make_sheet(make_entries(3)),
        "b": make_sheet([*make_entries(2), make_entry(DAY, 9)]),
    }
    first, second = world.sync().sources
    assert (first.accepted, second.accepted, second.rejected) == (3, 1, 2)
    assert sum_news_items(world) == 12
    rejections = world.list_findings("rejections")
    assert {(row["source"], row["code"], row["cell"]) for row in rejections} == {
        ("b", "duplicate_row", "A2"), ("b", "duplicate_row", "A3"),
    }  # fmt: skip
    sentence = format_sentence("duplicate_row", "vi", "A2", None, None, {"reason": "source", "source": "a"})
    assert sentence.startswith("A2: nguồn “a” đã có đúng dòng này và đã được tính ở đó; nếu là việc khác")
    assert not world.sync().published


def test_a_row_keeps_counting_in_the_source_that_had_it_first(world: World) -> None:
    world.sheets |= {"a": make_sheet(make_entries(1)), "b": make_sheet(make_entries(2, start=5))}
    world.sync()
    world.sheets["a"] = make_sheet([*make_entries(1), *make_entries(2, start=5)])
    first, second = world.sync().sources
    assert (first.rejected, second.rejected) == (2, 0)
    assert count_entries(world) == {"a": 1, "b": 2}


def test_a_task_report_counts_once_too(world: World) -> None:
    world.sheets |= {name: make_sheet([], [make_report("Hoàn thành", DAY)]) for name in "ab"}
    assert [source.rejected for source in world.sync().sources] == [0, 1]


def test_a_row_left_to_another_source_counts_when_that_source_drops_it(world: World) -> None:
    world.sheets |= {"a": make_sheet(make_entries(20)), "b": make_sheet(make_entries(1))}
    world.sync()
    assert count_entries(world) == {"a": 20}
    world.now += timedelta(hours=1)
    world.sheets |= {"a": make_sheet(make_entries(19, start=2)), "b": None}  # b: known to be unchanged
    world.sync()
    assert count_entries(world) == {"a": 19, "b": 1}
    assert world.list_findings("rejections") == []


@pytest.mark.parametrize("order", ["ab", "ba"])
@pytest.mark.parametrize("is_known_unchanged", [False, True])
def test_a_row_moved_to_another_source_counts_there_in_the_same_sync(
    world: World, order: str, is_known_unchanged: bool
) -> None:
    sheets = {"a": [*make_entries(20), make_entry(DAY, 9)], "b": make_entries(2, start=40)}
    world.sheets = {name: make_sheet(sheets[name]) for name in order}
    world.sync()
    if is_known_unchanged:  # b has had the row all the time, and a gives it up
        world.sheets["b"] = make_sheet([*sheets["b"], make_entry(DAY, 9)])
        world.sync()
    old_sum = sum_news_items(world)
    world.now += timedelta(hours=1)
    world.sheets["a"] = make_sheet(make_entries(20))
    world.sheets["b"] = None if is_known_unchanged else make_sheet([*sheets["b"], make_entry(DAY, 9)])
    results = {source.id: source for source in world.sync().sources}
    assert sum_news_items(world) == old_sum
    assert count_entries(world) == {"a": 20, "b": 3}
    assert world.list_findings("rejections") == []
    result = results["b"]
    assert (result.outcome, result.accepted, result.rejected, result.recorded) == ("changed", 3, 0, 1)
    assert not world.sync().published


def test_a_row_moved_in_a_ring_of_sources_counts_once(world: World) -> None:
    lists = {name: make_entries(6, start=10 * number) for number, name in enumerate("abc")}
    world.sheets = {name: make_sheet(rows) for name, rows in lists.items()}
    world.sync()
    moved = {"a": lists["b"], "b": lists["c"], "c": lists["a"]}
    world.sheets = {name: make_sheet([*lists[name][1:], moved[name][0]]) for name in "abc"}
    results = world.sync().sources
    assert [(source.accepted, source.rejected) for source in results] == [(6, 0)] * 3
    assert count_entries(world) == {"a": 6, "b": 6, "c": 6}
    assert sum_news_items(world) == 18


def test_a_renamed_source_counts_once_and_keeps_its_history(world: World) -> None:
    world.sheets["hn"] = make_sheet(
        [*make_entries(30), make_entry(DAY, 1, evidence=None)], [make_report("Hoàn thành", DAY)]
    )
    world.sync()
    old_sum = sum_news_items(world)
    world.sheets = {"ha-noi": world.sheets["hn"]}
    world.now += timedelta(days=1)
    world.sync()
    assert count_entries(world) == {"ha-noi": 31}
    assert (sum_news_items(world), sum_news_items(world, as_known_at_start=True)) == (old_sum, old_sum)
    assert world.list_findings("rejections") == []
    assert {row["source"] for row in world.list_findings("warnings")} == {"ha-noi"}
    assert [status.id for status in list_source_statuses(world.open_database(), world.pointer, world.now)] == ["ha-noi"]
    assert not world.sync().published


def test_a_recheck_does_not_bring_back_rows_that_another_source_took_over(world: World) -> None:
    world.sheets["hn"] = make_sheet(make_entries(30))
    world.sync()
    world.sheets = {"ha-noi": world.sheets["hn"]}
    world.sync()
    world.register = make_register(register_hash="second")
    world.sync()
    assert count_entries(world) == {"ha-noi": 30}
    assert world.list_findings("rejections") == []


def test_a_copy_of_last_years_sheet_counts_only_its_new_rows(world: World) -> None:
    world.sheets["hn26"] = make_sheet(make_entries(39))
    world.sync()
    world.sheets["hn27"] = make_sheet([*make_entries(39), make_entry(date(2026, 5, 1), 1, content="mới")])
    world.sync()
    assert count_entries(world) == {"hn26": 39, "hn27": 1}
    world.sheets = {"hn27": world.sheets["hn27"]}
    world.sync()
    assert count_entries(world) == {"hn27": 40}
    assert sum_news_items(world) == 40


def test_a_removed_source_keeps_the_rows_that_no_other_source_has(world: World) -> None:
    world.sheets |= {"a": make_sheet(make_entries(3)), "b": make_sheet(make_entries(2, start=10))}
    world.sync()
    world.sheets = {"b": make_sheet(make_entries(3, start=10))}
    world.sync()
    assert count_entries(world) == {"a": 3, "b": 3}


def test_a_day_never_runs_backwards(world: World) -> None:
    world.sheets["s"] = make_sheet([make_entry(DAY, 61)])
    world.sync()
    world.now -= timedelta(days=150)  # the clock of the machine was set back
    assert world.sync_one().outcome == "unchanged"
    assert count_entries(world) == {"s": 1}


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ('workbook = "a.xlsx"', 'workbook = "./b/../a.xlsx"', True),
        (
            'google = "https://docs.google.com/spreadsheets/d/1AbcdefghijklmnopqrstuvwxyzABCDEF/edit"',
            'google = "1AbcdefghijklmnopqrstuvwxyzABCDEF"',
            True,
        ),
        ('workbook = "a.xlsx"', 'workbook = "b.xlsx"', False),
    ],
)
def test_a_sheet_under_two_names_is_refused(tmp_path: Path, first: str, second: str, refused: bool) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(f'[[source]]\nid = "a"\nplan = "p"\n{first}\n[[source]]\nid = "b"\nplan = "p"\n{second}\n')
    if refused:
        with pytest.raises(UsageError, match="count twice"):
            load_sources(file)
    else:
        assert len(load_sources(file).sources) == 2

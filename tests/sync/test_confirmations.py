"""design.md §4 History, §5: a confirmation has a history, and never changes the full reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sync.conftest import COLUMNS, NOON, SheetRow, SheetValue, World, make_entry, make_sheet

ALL_COLUMNS = (*COLUMNS, "Xác nhận", "Sự kiện chung")


@contextmanager
def make_world() -> Iterator[World]:
    with TemporaryDirectory() as folder:
        yield World(Path(folder) / "kpis.json")


def sync_rows(world: World, rows: Sequence[SheetRow]) -> None:
    world.now += timedelta(days=1)
    world.sheets["s"] = make_sheet(rows, columns=ALL_COLUMNS)
    world.sync_one()


def confirm(row: SheetRow, answer: str | None = "x") -> SheetRow:
    return {**row, "Xác nhận": answer}


def query(world: World, sql: str, **parameters: object) -> list[dict[str, object]]:
    database = world.open_database()
    try:
        return database.fetch_rows(sql, parameters)
    finally:
        database.close()


def read_known(world: World, moment: datetime) -> list[dict[str, object]]:
    known_then = "recorded_at <= $at and coalesce(retired_at > $at, true)"
    columns = "* exclude (retired_at)"
    return query(world, f"select {columns} from entries where {known_then} order by all", at=moment)  # noqa: S608


def read_totals(world: World) -> list[list[dict[str, object]]]:
    return [query(world, f"select * from {table} order by all") for table in ("curve", "standings")]  # noqa: S608


def test_a_changed_confirmation_retires_the_row_and_records_it_again(world: World) -> None:
    row = make_entry(date(2026, 3, 1))
    sync_rows(world, [row])
    sync_rows(world, [confirm(row)])
    confirmed_at = world.now
    sync_rows(world, [row])
    rows = query(world, "select * from entries order by recorded_at")
    assert [row["confirmed"] for row in rows] == [False, True, False]
    assert len({row["row_hash"] for row in rows}) == 1
    assert [row["retired_at"] for row in rows] == [rows[1]["recorded_at"], rows[2]["recorded_at"], None]
    first = rows[0]["recorded_at"]
    assert [row["first_recorded_at"] for row in rows] == [None, first, first]
    as_known = "select confirmed from entries where recorded_at <= $at and (retired_at is null or retired_at > $at)"
    assert query(world, as_known, at=confirmed_at) == [{"confirmed": True}]


def test_a_row_of_an_earlier_format_is_not_recorded_again(world: World) -> None:
    """Null means false: in a database of an earlier format the new columns are null."""
    row = make_entry(date(2026, 3, 1))
    sync_rows(world, [row])
    world.now += timedelta(days=1)
    assert world.sync_one().outcome == "unchanged"
    world.sheets["s"] = make_sheet([row])  # the same rows in a sheet without the new columns
    assert world.sync_one().outcome == "unchanged"


def test_confirming_the_earlier_of_two_levels_of_a_day_leaves_the_later_one(world: World) -> None:
    first = make_entry(date(2026, 3, 1), 9, target="p.02", total=10)
    second = make_entry(date(2026, 3, 1), 3, target="p.02", total=10)
    sync_rows(world, [first])
    sync_rows(world, [first, second])
    totals = read_totals(world)
    assert query(world, "select numerator from standings") == [{"numerator": 3}]
    sync_rows(world, [confirm(first), second])
    assert read_totals(world) == totals


def build_rows(targets: Sequence[str], quantities: Sequence[int]) -> st.SearchStrategy[list[SheetRow]]:
    row = st.builds(
        make_entry,
        st.sampled_from([date(2026, 3, 15), date(2026, 3, 16), "15/05/2026", "28/05/2026", date(2026, 3, 5)]),
        st.sampled_from(quantities),
        st.sampled_from(["Sở Công Thương", "Sở Tài chính"]),
        target=st.sampled_from(targets),
        total=st.sampled_from([3, 5]),
        content=st.sampled_from([None, "a"]),
    )
    return st.lists(row, min_size=1, max_size=8)


# Milestones have a property of their own: a confirmed 1 is not withdrawn by a later 0.
rows = build_rows(["p.01", "p.02"], [0, 1, 3])
milestone_rows = build_rows(["p.03"], [0, 1])


@settings(max_examples=12, deadline=None)
@given(rows, rows, st.data())
def test_confirming_never_changes_the_full_reading(
    first: list[SheetRow], second: list[SheetRow], data: st.DataObject
) -> None:
    with make_world() as world:
        sync_rows(world, first)
        sync_rows(world, [*first, *second])
        totals = read_totals(world)
        moments = [NOON + timedelta(days=days) for days in (1, 2)]
        pasts = [read_known(world, moment) for moment in moments]
        answers = st.sampled_from([None, "x", "có", "không"])
        for _ in range(2):
            sync_rows(world, [confirm(row, data.draw(answers)) for row in (*first, *second)])
            assert read_totals(world) == totals
        assert [read_known(world, moment) for moment in moments] == pasts


@settings(max_examples=12, deadline=None)
@given(milestone_rows, st.data())
def test_confirming_a_milestone_only_ever_keeps_it_done(reports: list[SheetRow], data: st.DataObject) -> None:
    with make_world() as world:
        sync_rows(world, reports)
        (unconfirmed, _) = read_totals(world)
        confirmed = [confirm(row, data.draw(st.sampled_from([None, "x"]))) for row in reports]
        sync_rows(world, confirmed)
        (new_totals, _) = read_totals(world)
        done = {row["day"]: row.pop("numerator") for row in unconfirmed}
        done_after = {row["day"]: row.pop("numerator") for row in new_totals}
        assert new_totals == unconfirmed
        assert all(int(str(done_after[day])) >= int(str(number)) for day, number in done.items())
        if not any(row["Xác nhận"] and row["Số lượng"] for row in confirmed):
            assert done_after == done


def make_us_rows(*more: SheetRow) -> list[SheetRow]:
    days: tuple[SheetValue, ...] = (date(2026, 3, 5), "15/05/2026", "28/05/2026")
    return [*(make_entry(day, content=str(number)) for number, day in enumerate(days)), *more]


def test_doubtful_dates_are_told_of_the_source_and_of_their_rows(world: World) -> None:
    world.sheets["s"] = make_sheet(make_us_rows())
    (message,) = world.sync_one().messages
    assert message.to_text("vi").startswith("1 ô ngày có thể bị đảo ngày và tháng, ô đầu tiên là Tiến độ!A2: ")
    assert [row["cell"] for row in world.list_findings("warnings")] == ["A2"]
    stored = query(world, "select swapped_on from entries where swapped_on is not null")
    assert stored == [{"swapped_on": date(2026, 5, 3)}]


def test_a_row_first_read_before_the_swapped_day_is_never_doubtful(world: World) -> None:
    """It was accepted in March, so it cannot mean May, whatever is added to the sheet later."""
    world.now = datetime(2026, 3, 6, 5)
    world.sheets["s"] = make_sheet(make_us_rows()[:1])
    world.sync_one()
    world.now = NOON
    world.sheets["s"] = make_sheet(make_us_rows())
    assert world.sync_one().messages == ()
    assert world.list_findings("warnings") == []
    assert query(world, "select count(*) as n from entries where swapped_on is not null") == [{"n": 0}]

"""Rules of the history on random sheets: identity is content, every past is available (design.md §4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.checks.source_check import check_source
from kpis.errors import SourceError
from kpis.language import clock
from kpis.register.model import Register
from kpis.sheet.model import CellFinding, CheckedRow, CheckedSheet, RawSheet
from kpis.store import positions
from tests.sync.conftest import (
    COLUMNS,
    NOON,
    TASK_COLUMNS,
    Content,
    SheetRow,
    World,
    make_entry,
    make_register,
    make_report,
    make_sheet,
)

pytestmark = pytest.mark.slow

BROKEN = SourceError("The file is damaged.")
LINK = "https://vi.example/1"
_ENTRY_COLUMNS = 8
"""The fields of an entry that every format has; those after it are in test_confirmations."""
QUICK = settings(max_examples=12, deadline=None)

rows = st.lists(
    st.builds(
        make_entry,
        st.sampled_from([date(2026, 3, 15), date(2026, 3, 16), date(2026, 6, 3), "31/02/2026", None]),
        st.sampled_from([0, 1, 3, "hai", None]),
        st.sampled_from(["Sở Công Thương", "Sở Tài chính", "Sở Mới"]),
        target=st.sampled_from(["p.01", "p.02", "p.03"]),
        total=st.sampled_from([None, 3]),
        content=st.sampled_from([None, "a"]),
        evidence=st.sampled_from([None, "1/BC", LINK]),
    ),
    max_size=7,
)
tasks = st.none() | st.lists(
    st.builds(
        make_report,
        st.sampled_from(["Đang thực hiện", "Hoàn thành", "Chưa rõ"]),
        st.sampled_from([date(2026, 3, 15), None]),
        st.sampled_from([None, "xong"]),
    ),
    max_size=3,
)
states = st.builds(make_sheet, rows, tasks)


@contextmanager
def make_world() -> Iterator[World]:
    """Yield a new world for each example."""
    with TemporaryDirectory() as folder:
        yield World(Path(folder) / "kpis.json")


def check_raw(raw: RawSheet, register: Register, now: datetime) -> CheckedSheet:
    return check_source(raw, "p", register, clock.to_local_day(now))


def build_content(checked: CheckedSheet) -> Content:
    """Return the expected content of the tables for one checked sheet."""

    def build_rows(row: CheckedRow, findings: Sequence[CellFinding]) -> list[tuple[object, ...]]:
        return [("s", "p", row.agency, row.target, finding.code, finding.value) for finding in findings]

    tables: Content = {
        "entries": [("s", "p", *astuple(row.entry)[:_ENTRY_COLUMNS]) for row in checked.rows if row.entry],
        "task_reports": [("s", "p", *astuple(row.report)) for row in checked.rows if row.report],
        "rejections": [values for row in checked.rows for values in build_rows(row, row.rejections)],
        "warnings": [values for row in checked.rows for values in build_rows(row, row.warnings)],
    }
    return {table: sorted(content, key=repr) for table, content in tables.items()}


def read_checked_content(world: World, known_at: datetime | None = None) -> Content:
    return {table: rows for table, rows in world.read_content(known_at).items() if table != "raw_rows"}


@QUICK
@given(rows, tasks, st.data())
def test_a_new_order_of_rows_columns_and_tabs_publishes_nothing_and_updates_positions(
    progress: list[SheetRow], reports: list[SheetRow] | None, data: st.DataObject
) -> None:
    with make_world() as world:
        world.sheets["s"] = make_sheet(progress, reports)
        world.sync()
        moved = make_sheet(
            data.draw(st.permutations(progress)),
            None if reports is None else data.draw(st.permutations(reports)),
            columns=data.draw(st.permutations(COLUMNS)),
            task_columns=data.draw(st.permutations(TASK_COLUMNS)),
            title_rows=data.draw(st.integers(0, 3)),
            tasks_first=data.draw(st.booleans()),
        )
        world.sheets["s"] = moved
        result = world.sync()
        assert [source.outcome for source in result.sources] == ["unchanged"]
        assert not result.published
        positions_shown = {
            (row["code"], row["tab"], row["row"], row["cell"])
            for table in ("rejections", "warnings")
            for row in positions.apply_moved_positions(world.pointer, world.list_findings(table))
        }
        assert positions_shown == {
            (finding.code, row.tab_name, row.number, finding.cell)
            for row in check_raw(moved, world.register, world.now).rows
            for finding in (*row.rejections, *row.warnings)
        }


@QUICK
@given(
    st.lists(states | st.just(BROKEN), min_size=2, max_size=5),
    st.lists(st.integers(0, 3), min_size=5, max_size=5),
)
def test_the_current_set_is_the_last_good_sheet_and_every_past_is_available(
    sequence: list[RawSheet | SourceError], days: list[int]
) -> None:
    with make_world() as world:
        last: RawSheet | None = None
        read_at = world.now
        tasks_seen = False
        pasts: dict[datetime, Content] = {}
        accepted = 0
        for state, pause in zip(sequence, days, strict=False):
            world.now += timedelta(days=pause, minutes=1)
            world.sheets["s"] = state
            source = world.sync_one("s")
            lacks_tasks = isinstance(state, RawSheet) and tasks_seen and len(state.tabs) == 1
            assert (source.outcome == "failed") == (isinstance(state, SourceError) or lacks_tasks)
            if isinstance(state, RawSheet) and not lacks_tasks:
                last, tasks_seen, read_at = state, tasks_seen or len(state.tabs) == 2, world.now
                assert source.read == source.accepted + source.rejected
            expected = CheckedSheet((), False, None) if last is None else check_raw(last, world.register, read_at)
            content = read_checked_content(world)
            assert content == build_content(expected)
            accepted += source.recorded - source.retired
            assert accepted == len(content["entries"]) + len(content["task_reports"])
            pasts[world.now] = content
        for moment, past in pasts.items():
            assert read_checked_content(world, moment) == past


@QUICK
@given(st.lists(states, min_size=1, max_size=3), st.booleans())
def test_a_recheck_of_stored_rows_gives_the_same_as_a_new_read(sequence: list[RawSheet], as_count: bool) -> None:
    with make_world() as world:
        last, read_at = None, world.now
        for state in sequence:
            world.sheets["s"] = state
            if world.sync_one("s").outcome != "failed":
                last = state
        assert last is not None
        world.register = make_register(
            register_hash="second", without=["Sở Tài chính"], **({"measure": "count"} if as_count else {})
        )
        world.now += timedelta(days=10)  # the rows of 3 June are due now, but were not read again
        world.sheets["s"] = BROKEN
        assert world.sync_one("s").outcome == "failed"
        assert read_checked_content(world) == build_content(check_raw(last, world.register, read_at))


def test_two_rows_with_the_same_row_number_are_both_rechecked() -> None:
    with make_world() as world:
        world.sheets["s"] = make_sheet([make_entry(date(2026, 3, 1), agency="Sở Tài chính")], title_rows=2)
        world.register = make_register(without=["Sở Tài chính"])
        world.sync()
        rows = [make_entry(date(2026, 3, day), agency="Sở Tài chính") for day in (2, 1)]
        world.sheets["s"] = make_sheet(rows, title_rows=1)
        world.sync()
        world.register, world.sheets["s"] = make_register(register_hash="second"), BROKEN
        assert world.sync_one().recorded == 2


def test_the_past_is_available_by_moment_and_by_vietnamese_day() -> None:
    with make_world() as world:
        world.sheets["s"] = make_sheet([make_entry(date(2026, 3, 1))])
        world.sync()
        assert read_checked_content(world, NOON - timedelta(seconds=1))["entries"] == []
        assert len(read_checked_content(world, clock.get_end_of_day(date(2026, 6, 1)))["entries"]) == 1

"""The first sync after an upgrade carries the database of an earlier release over (design.md §4 History)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from kpis.checks.row_identity import RowIdentities, make_text_key
from kpis.errors import SourceError, StoreError
from kpis.measures.attainment import compute_attainment
from kpis.measures.question import Question
from kpis.pack.edition.folders import list_editions
from kpis.pack.edition.gathering import gather_against, sealed_baseline
from kpis.sheet.model import RawSheet
from kpis.store.database import Database
from kpis.store.formats import FORMAT
from kpis.sync import identity_upgrade
from kpis.sync.state import read_states
from tests.store.formats import EDITIONS_1, write_database
from tests.sync.conftest import (
    COLUMNS,
    NOON,
    Content,
    SheetRow,
    SheetValue,
    World,
    make_entry,
    make_report,
    make_sheet,
)

BROKEN = SourceError("The file is damaged.")
MOMENTS = [NOON + timedelta(hours=hours) for hours in (-1, 0, 1, 24, 25, 48)]
HISTORY_TABLES = ("entries", "task_reports", "rejections", "warnings", "raw_rows")
RADIO = "Tin phát thanh về quyền người tiêu dùng"


def make_typed_entry(day: date, quantity: int, typist: str, **more: SheetValue) -> SheetRow:
    return {**make_entry(day, quantity, **more), "Người nhập": typist}


def make_last_sheets() -> dict[str, RawSheet]:
    """Return the sheets that the database of format 1 read last, with their column `Người nhập`."""
    day = date(2026, 3, 1)
    radio = [make_typed_entry(day, 5, typist, content=RADIO) for typist in ("Chi", "An", "Bình")]
    unknown = [make_typed_entry(date(2026, 3, 4), 1, name, agency="Sở Mới") for name in ("An", "Bình")]
    rows = [
        *radio,
        make_typed_entry(date(2026, 3, 3), 2, "An", target="p.02", total=3),
        *unknown,
        make_typed_entry(date(2026, 3, 6), 4, "An", total=9, content="có tổng số"),
        make_typed_entry(date(2026, 3, 5), 2, "Bình", content="đổi người", evidence=None),
    ]
    others = [
        make_typed_entry(day, 5, "Dung", content=RADIO),
        make_typed_entry(date(2026, 5, 1), 7, "Dung", agency="Sở Tài chính", content="của t"),
    ]
    columns = (*COLUMNS, "Người nhập")
    report = make_report("Hoàn thành", date(2026, 6, 2), "xong")
    return {"s": make_sheet(rows, [report], columns=columns), "t": make_sheet(others, columns=columns)}


@pytest.fixture
def old_world(tmp_path: Path) -> World:
    """The database of format 1 with its last sheets, a day after they were read."""
    world = World(tmp_path / "var" / "kpis.json", dict(make_last_sheets()), now=NOON + timedelta(days=3))
    write_database(world.pointer)
    return world


def open_any_format(world: World) -> Database:
    database = Database.open(world.pointer, accept_older=True)
    assert database is not None
    return database


def read_stamps(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Return when every row of the history was recorded and retired, with what it says."""
    columns = {
        "entries": "target, occurred_on, quantity, content, entered_by", "task_reports": "task, status",
        "rejections": "code, value", "warnings": "code, value", "raw_rows": "cells, row_hash",
    }  # fmt: skip
    database = open_any_format(world)
    stamps = {}
    for table in HISTORY_TABLES:
        sql = f'select source, tab, "row", {columns[table]}, recorded_at, retired_at from {table}'  # noqa: S608
        stamps[table] = sorted((tuple(row.values()) for row in database.fetch_rows(sql)), key=repr)
    database.close()
    return stamps


def read_pasts(world: World) -> list[Content]:
    """Return the content of the history as known at every moment of the old database."""
    return [world.read_content(moment) for moment in MOMENTS]


def read_old_pasts(world: World, monkeypatch: pytest.MonkeyPatch) -> list[Content]:
    with monkeypatch.context() as patch:
        patch.setattr(World, "open_database", open_any_format)
        return read_pasts(world)


def compute_totals(world: World, known_at: datetime | None = None) -> dict[str, int]:
    database = world.open_database()
    rows = compute_attainment(database, Question(date(2026, 6, 4), known_at=known_at))
    database.close()
    return {str(row["target"]): int(row["numerator"] or 0) for row in rows}


def test_a_reader_is_told_to_sync_once(old_world: World) -> None:
    with pytest.raises(StoreError, match=r"earlier release.*python -m kpis sync once"):
        Database.open(old_world.pointer)
    assert old_world.pointer.with_name("kpis-3.duckdb").exists()


def test_the_history_is_carried_over_and_every_past_answers_the_same(
    old_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pasts, stamps = read_old_pasts(old_world, monkeypatch), read_stamps(old_world)
    result = old_world.sync()
    assert (result.published, result.version) == (True, 4)
    assert old_world.open_database().meta["format"] == FORMAT
    assert read_pasts(old_world) == pasts
    new_stamps = read_stamps(old_world)
    for table in HISTORY_TABLES:
        new_recorded = [row[:-1] for row in new_stamps[table]]
        assert [row[:-1] for row in stamps[table] if row[:-1] not in new_recorded] == []
        retired = [row for row in stamps[table] if row[-1] is not None]
        assert [row for row in retired if row not in new_stamps[table]] == []
    assert not old_world.sync().published


def test_figures_as_known_before_the_upgrade_stay(old_world: World) -> None:
    old_world.sync()
    assert compute_totals(old_world, NOON)["p.01"] == 5 + 5 + 3 + 4
    assert compute_totals(old_world, NOON + timedelta(days=2))["p.01"] == 5 + 5 + 5 + 4 + 2 + 5 + 7
    assert compute_totals(old_world)["p.01"] == 5 + 4 + 2 + 7


def test_of_equal_rows_the_first_recorded_counts_and_the_others_are_duplicates(old_world: World) -> None:
    results = {source.id: source for source in old_world.sync().sources}
    rows = old_world.open_database().fetch_rows(
        "select source, entered_by, recorded_at, retired_at from entries where content = $radio order by all",
        {"radio": RADIO},
    )
    upgraded_at = NOON + timedelta(days=3)
    assert [tuple(row.values()) for row in rows] == [
        ("s", "An", NOON, None),
        ("s", "Bình", NOON, upgraded_at),
        ("s", "Chi", NOON + timedelta(days=2), upgraded_at),
        ("t", "Dung", NOON + timedelta(days=1), upgraded_at),
    ]
    codes = [(row["source"], row["code"]) for row in old_world.list_findings("rejections")]
    assert sorted(codes) == [
        ("s", "agency_unknown"), ("s", "duplicate_row"), ("s", "duplicate_row"), ("s", "duplicate_row"),
        ("t", "duplicate_row"),
    ]  # fmt: skip
    assert (results["s"].accepted, results["s"].rejected) == (5, 4)
    assert (results["t"].accepted, results["t"].rejected) == (1, 1)


def test_rows_that_stay_are_not_recorded_again(old_world: World) -> None:
    old_world.sync()
    rows = old_world.open_database().fetch_rows(
        "select content, recorded_at from entries where retired_at is null and content is not null"
    )
    assert {str(row["content"]): row["recorded_at"] for row in rows} == {
        RADIO: NOON, "có tổng số": NOON, "đổi người": NOON + timedelta(days=2),
        "của t": NOON + timedelta(days=1),
    }  # fmt: skip


def test_sources_that_fail_during_the_upgrade_are_carried_over_too(old_world: World) -> None:
    old_world.sheets = {"s": BROKEN, "t": BROKEN}
    old_world.sync()
    assert compute_totals(old_world)["p.01"] == 5 + 4 + 2 + 7
    states = read_states(old_world.open_database())
    assert (states["s"].accepted, states["s"].rejected) == (5, 4)
    old_world.sheets = dict(make_last_sheets())
    assert [source.recorded for source in old_world.sync().sources] == [0, 0]


@pytest.mark.parametrize("damage", ["update source_states set layout = '{' where source = 's'",
                                    "update raw_rows set cells = '[[' where source = 's'"])  # fmt: skip
def test_stored_rows_that_provoke_a_fault_stop_no_other_source(old_world: World, damage: str) -> None:
    with duckdb.connect(old_world.pointer.with_name("kpis-3.duckdb")) as connection:
        connection.execute(damage)
    old_world.pointer.unlink()
    results = {source.id: source for source in old_world.sync().sources}
    assert (results["s"].accepted, results["s"].rejected) == (5, 4)
    assert (results["t"].accepted, results["t"].rejected, results["t"].recorded) == (1, 1, 0)
    assert compute_totals(old_world)["p.01"] == 5 + 4 + 2 + 7


def test_a_row_that_provokes_a_fault_keeps_its_hash(old_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(row: object) -> tuple[int, int]:
        raise LookupError(row)

    monkeypatch.setattr(identity_upgrade, "_identify_entry", fail)
    old_world.sync()
    assert compute_totals(old_world)["p.01"] == 5 + 4 + 2 + 7


def test_tables_and_columns_that_an_old_version_lacks_are_added_and_null(old_world: World) -> None:
    path = old_world.pointer.with_name("kpis-3.duckdb")
    with duckdb.connect(path) as connection:
        connection.execute("alter table rejections drop column detail")
        connection.execute("drop table standings")
    old_world.pointer.unlink()
    old_world.sheets = {}
    old_world.sync()
    database = old_world.open_database()
    assert database.fetch_rows("select distinct detail from rejections where recorded_at < $at",
                               {"at": old_world.now}) == [{"detail": None}]  # fmt: skip
    assert compute_totals(old_world)["p.01"] > 0


@pytest.mark.parametrize("number", [2, 3, 4])
def test_a_database_of_a_later_format_is_carried_over_with_its_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Format 2 keys a period by target and start, format 3 has other register tables, 4 no successors of agencies."""
    world = World(tmp_path / "var" / "kpis.json", dict(make_last_sheets()), now=NOON + timedelta(days=4))
    write_database(world.pointer, number)
    with pytest.raises(StoreError, match=r"earlier release.*python -m kpis sync once"):
        Database.open(world.pointer)
    pasts, stamps = read_old_pasts(world, monkeypatch), read_stamps(world)
    assert [source.recorded for source in world.sync().sources] == [0, 0]
    assert world.open_database().meta["format"] == FORMAT
    assert (read_pasts(world), read_stamps(world)) == (pasts, stamps)
    assert compute_totals(world)["p.01"] == 5 + 4 + 2 + 7
    assert compute_totals(world, NOON)["p.01"] == 5 + 5 + 3 + 4
    assert not world.sync().published


def test_a_typist_is_no_part_of_a_row(world: World) -> None:
    columns = (*COLUMNS, "Người nhập")
    world.sheets["s"] = make_sheet([make_typed_entry(date(2026, 3, 1), 1, "An")], columns=columns)
    world.sync()
    world.sheets["s"] = make_sheet([make_typed_entry(date(2026, 3, 1), 1, "Bình")], columns=columns)
    assert not world.sync().published
    rows = [make_typed_entry(date(2026, 3, 1), 1, typist) for typist in ("An", "Bình")]
    world.sheets["s"] = make_sheet(rows, columns=columns)
    assert (world.sync_one().accepted, world.sync_one().rejected) == (1, 1)


@pytest.mark.parametrize("newer", [str(int(FORMAT) + 1), "99", "x"])
def test_a_database_of_a_newer_release_is_refused_and_stays(old_world: World, newer: str) -> None:
    path = old_world.pointer.with_name("kpis-3.duckdb")
    with duckdb.connect(path) as connection:
        connection.execute("update meta set value = $newer where key = 'format'", {"newer": newer})
    old_world.pointer.unlink()
    with pytest.raises(StoreError, match="another release"):
        old_world.sync()
    assert path.exists()


def test_a_sealed_edition_opens_and_keeps_its_fingerprint(old_world: World) -> None:
    old_world.sync()
    (edition,) = list_editions(EDITIONS_1)
    assert edition.list_altered_files() == []
    database = old_world.open_database()
    figures = gather_against(database, old_world.pointer, sealed_baseline(edition), old_world.now)
    assert figures.version == 4
    database.close()


def test_evidence_in_another_spelling_gets_the_identity_of_today(old_world: World) -> None:
    """A row without a typist too: format 1 hashed a document number as it was typed."""

    def identify(evidence: str) -> int:
        parts = ("2026-03-07", "Sở Công Thương", "p.01", "3", "")
        texts = make_text_key(("mít tinh", evidence, ""))
        return RowIdentities("progress").identify((*parts, texts), 0).hash_accepted()

    evidence = "Số 015 / KH-UBND"
    with duckdb.connect(old_world.pointer.with_name("kpis-3.duckdb")) as connection:
        connection.execute(
            """insert into entries by name select
            's' as source, 'p' as plan, 'p.01' as target, 'Sở Công Thương' as agency,
            date '2026-03-07' as occurred_on, 3 as quantity, 'mít tinh' as content,
            $evidence as evidence, 'Tiến độ' as tab, 9 as row,
            $hash::ubigint as row_hash, $at as recorded_at, $at + interval 1 minute as retired_at""",
            {"evidence": evidence, "hash": identify(evidence), "at": NOON},
        )
    old_world.sync()
    database = old_world.open_database()
    rows = database.fetch_rows("select row_hash, evidence from entries where content = 'mít tinh'")
    database.close()
    assert rows == [{"row_hash": identify("15/KH-UBND"), "evidence": evidence}]

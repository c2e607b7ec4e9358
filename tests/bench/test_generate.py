"""The generator of the bench's databases: reproducible rows in date order that can be queried."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import generate, nation
from kpis.measures.attainment import compute_attainment
from kpis.measures.question import Question
from kpis.store.database import Database

pytestmark = pytest.mark.slow

ENTRIES = 2_000


@pytest.fixture(scope="module")
def pointer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "nation.json"
    generate.generate_database(path, ENTRIES)
    return path


def _open_database(pointer: Path) -> Database:
    database = Database.open(pointer)
    assert database is not None
    return database


def test_the_nation_has_34_plans_and_3321_communes() -> None:
    register = nation.build_register()
    assert len(register.plans) == 34
    assert sum(agency.kind == "commune" for agency in register.agencies) == 3_321


def test_a_version_has_the_requested_number_of_entries_in_date_order(pointer: Path) -> None:
    database = _open_database(pointer)
    days = [row["occurred_on"] for row in database.fetch_rows("select occurred_on from entries order by rowid")]
    assert len(days) == ENTRIES
    assert days == sorted(days, key=str)
    assert str(days[-1]) <= generate.TODAY.isoformat()


def test_every_target_of_every_province_has_a_status(pointer: Path) -> None:
    rows = compute_attainment(_open_database(pointer), Question(generate.TODAY))
    assert {row["plan"] for row in rows} == set(nation.build_register().plans)
    assert {"attained", "behind", "no_data"} <= {row["status"] for row in rows}


def test_the_same_size_gives_the_same_rows(pointer: Path, tmp_path: Path) -> None:
    second = tmp_path / "second.json"
    generate.generate_database(second, ENTRIES)
    query = "select * from entries order by rowid"
    assert _open_database(second).fetch_rows(query) == _open_database(pointer).fetch_rows(query)


def test_rows_made_in_small_slices_are_complete_and_unique(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(generate, "SLICE_ROWS", 300)
    generate.generate_database(tmp_path / "sliced.json", ENTRIES)
    [counted] = _open_database(tmp_path / "sliced.json").fetch_rows(
        "select count(*) as n, count(distinct row_hash) as h from entries"
    )
    assert counted == {"n": ENTRIES, "h": ENTRIES}

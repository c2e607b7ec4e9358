"""After any syncs the published totals are those that are computed from the whole version (design.md §7)."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import duckdb
import pytest

from kpis.measures.publish import publish_totals
from kpis.store.paths import DatabasePaths
from kpis.store.versions import find_current_version
from tests.measures.published_tables import read_published_tables
from tests.sync.conftest import SheetRow, World, make_entry, make_sheet
from tests.sync.test_register_history_properties import AGENCIES, CHANGES
from tests.sync.test_tracked_plans import TwoPlanWorld, make_two_plans

STEPS = 8


def check_totals(world: World) -> None:
    """Compute the totals of a copy of the current version from all of it, and compare."""
    version = find_current_version(world.pointer)
    assert version is not None
    copy = world.pointer.with_name("copy.duckdb")
    shutil.copyfile(DatabasePaths(world.pointer).get_version_path(version), copy)
    with closing(duckdb.connect(copy)) as connection:
        published = read_published_tables(connection)
        publish_totals(connection)
        assert published == read_published_tables(connection), version
    copy.unlink()


def make_row(random: Random, plan: str, number: int) -> SheetRow:
    day = date(random.randint(2025, 2027), random.randint(1, 12), random.randint(1, 28))
    target, total = random.choice([("01", None), ("01", None), ("02", 5)])
    return make_entry(
        min(day, date(2026, 5, 31)), random.randint(0, 4), random.choice(AGENCIES), target=f"{plan}.{target}",
        total=total, content=random.choice([f"tin {number}", "lũy kế"]),
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_random_syncs_publish_what_is_computed_from_all(world: World, seed: int) -> None:
    """Rows come, change, go, come back and move between plans and sources; registers, days and years pass."""
    random = Random(seed)
    two_plans = TwoPlanWorld(world.pointer, register=make_two_plans())
    two_plans.plans = {("t", "q")}
    rows: dict[str, list[SheetRow]] = {name: [] for name in ("s", "t", "u")}
    gone: list[tuple[str, SheetRow]] = []
    for step in range(STEPS):
        for name, plan in (("s", "p"), ("t", "q"), ("u", "p")):
            rows[name] += [make_row(random, plan, step) for _ in range(random.choice([0, 0, 1, 3]))]
            if rows[name] and random.random() < 0.5:
                gone.append((name, rows[name].pop(random.randrange(len(rows[name])))))
        if gone and random.random() < 0.5:
            name, row = gone.pop()
            rows[random.choice([name, "u" if name == "s" else name])].append(row)
        if random.random() < 0.25:
            register = random.choice(CHANGES[:3])(two_plans.register, random)
            two_plans.register = replace(register, hash=f"{step}")
        two_plans.plans = {("t", random.choice("qqqp"))}
        two_plans.sheets = {name: make_sheet(each) for name, each in rows.items()}
        two_plans.now += timedelta(days=random.choice([0, 1, 8, 200]))
        two_plans.sync("s", "t", "u")
        check_totals(two_plans)


def test_a_row_that_is_retired_and_comes_back_is_in_the_totals_again(world: World) -> None:
    entries = [make_entry(date(2026, 3, day), content=f"tin {day}") for day in range(1, 5)]
    for number in (4, 3, 4, 2):
        world.sheets["s"] = make_sheet(entries[:number])
        world.now += timedelta(days=1)
        world.sync("s")
        check_totals(world)
        with closing(world.open_database()) as database:
            assert [row["actual"] for row in database.fetch_rows("select max(numerator) as actual from curve")] == [
                number
            ]

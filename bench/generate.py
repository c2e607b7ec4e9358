"""Generates a database of made-up entries: `python -m bench.generate --entries 10000000 --database PATH`.

Rows are inserted into one version as Arrow tables, one slice of time after the other: in date order and with
constant memory. The same size gives the same rows. Raw rows are left out: no page reads them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import numpy
import pyarrow
import pyarrow.compute
from tqdm import tqdm

from bench import nation
from kpis.language.clock import parse_moment
from kpis.measures.publish import publish_totals
from kpis.register.model import Register
from kpis.register.tables import build_tables
from kpis.store import lock, sql, versions
from kpis.store.formats import FORMAT
from kpis.store.paths import DatabasePaths
from kpis.sync.rules import compute_rules_hash
from kpis.sync.weeks import WEEKS_UNTIL, find_last_ended_sunday

TODAY = date(nation.LAST_YEAR, 11, 21)
SLICE_ROWS = 250_000
"""Rows generated at a time; limits the memory used."""
_SEED = 2026
_MEMORY_LIMIT = "1GB"
_FIRST_DATE = date(nation.FIRST_YEAR, 1, 1)
_EPOCH = date(1970, 1, 1)
_CONTENT_COUNT = 100_000
"""So many texts that two agencies seldom report the same within two days, as in sheets that people write."""
_CONTENTS = pyarrow.array([f"Việc minh họa số {number} tại địa phương" for number in range(_CONTENT_COUNT)])
_PERSON_NAMES = pyarrow.array([f"Cán bộ {number}" for number in range(60)])
_ALWAYS = datetime.fromisoformat("0001-01-01")
_RECORDED_AT = parse_moment(f"{TODAY} 09:00")
_LAST_MOMENT = int(numpy.datetime64(_RECORDED_AT, "s").astype("int64"))


@dataclass(frozen=True)
class RegisterArrays:
    """The register as arrays from which slices are drawn; an agency's plan is a position in `plans`."""

    register: Register
    plans: pyarrow.Array
    agencies: pyarrow.Array
    plan_of_agency: numpy.ndarray
    targets: pyarrow.Array
    is_ratio: numpy.ndarray

    @classmethod
    def build(cls, register: Register) -> RegisterArrays:
        """Build the arrays of a register whose plans all have the same targets in the same order."""
        plans = list(register.plans)
        position = {plan: number for number, plan in enumerate(plans)}
        first = [target for target in register.targets.values() if target.plan == plans[0]]
        return cls(
            register,
            pyarrow.array(plans),
            pyarrow.array([agency.name for agency in register.agencies]),
            numpy.array([position[agency.plan] for agency in register.agencies]),
            pyarrow.array(list(register.targets)),
            numpy.array([target.measure == "ratio" for target in first]),
        )


def main() -> None:
    """Generate the database of the command line."""
    parser = argparse.ArgumentParser(description="Make a database of made-up entries.")
    parser.add_argument("--entries", type=int, default=10_000_000)
    parser.add_argument("--database", type=Path, default=Path("var/bench/nation.json"))
    options = parser.parse_args()
    number = generate_database(options.database, options.entries)
    print(f"{options.database}: version {number}, {options.entries:,} entries", file=sys.stderr)


def generate_database(pointer: Path, entries: int) -> int:
    """Publish a version with so many entries at `pointer`; returns its number. Ten million take minutes."""
    paths = DatabasePaths(pointer)
    with lock.try_lock(paths.lock) as is_locked:
        if not is_locked:
            raise SystemExit(f"{pointer}: a sync is running there")
        number = versions.find_next_number(paths)
        versions.clear_leftovers(paths)
        # Unlike a sync, not one transaction: inserted rows need not stay in memory.
        with duckdb.connect(paths.staging, config={"memory_limit": _MEMORY_LIMIT}) as connection:
            connection.execute(sql.load("kpis.store", "schema"))
            _fill_database(connection, entries, number)
        versions.publish(paths, number)
    return number


def _fill_database(connection: duckdb.DuckDBPyConnection, entries: int, number: int) -> None:
    arrays = RegisterArrays.build(nation.build_register())
    for name, rows in build_tables(arrays.register).items():
        if rows:
            _insert_rows(connection, name, pyarrow.Table.from_pylist(rows))
    tracked = [{"plan": plan, "recorded_at": _ALWAYS} for plan in arrays.register.plans]
    _insert_rows(connection, "tracked_plans", pyarrow.Table.from_pylist(tracked))
    for slice_ in tqdm(
        _generate_slices(arrays, entries), total=-(-entries // SLICE_ROWS), unit="slice", file=sys.stderr
    ):
        _insert_rows(connection, "entries", slice_)
    connection.execute(sql.load("bench", "source_states"))
    facts = {**_build_meta(arrays.register), "format": FORMAT, "version": str(number)}
    _insert_rows(connection, "meta", pyarrow.table({"key": list(facts), "value": list(facts.values())}))
    publish_totals(connection)
    connection.execute("checkpoint")


def _insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: pyarrow.Table) -> None:
    connection.register("incoming", rows)
    connection.execute(f"insert into {sql.quote_identifier(table)} by name select * from incoming")  # noqa: S608
    connection.unregister("incoming")


def _generate_slices(arrays: RegisterArrays, entries: int) -> Iterator[pyarrow.Table]:
    days = (TODAY - _FIRST_DATE).days
    for begin in range(0, entries, SLICE_ROWS):
        end = min(entries, begin + SLICE_ROWS)
        yield _generate_slice(arrays, begin, end, days * begin // entries, days * end // entries)


def _generate_slice(arrays: RegisterArrays, begin: int, end: int, first_day: int, last_day: int) -> pyarrow.Table:
    """Return entries `begin` to `end`, which occurred from day `first_day` to day `last_day`."""
    random = numpy.random.default_rng([_SEED, begin])
    size = end - begin
    offset = (_FIRST_DATE - _EPOCH).days
    day = numpy.sort(random.integers(first_day, last_day + 1, size)) + offset
    agency = random.integers(0, len(arrays.agencies), size)
    plan = arrays.plan_of_agency[agency]
    kind = random.integers(0, len(arrays.is_ratio), size)
    denominator = random.integers(1, 40, size)
    quantity = numpy.where(arrays.is_ratio[kind], random.integers(0, denominator + 1), random.integers(0, 4, size))
    recorded = (day + random.integers(1, 8, size)) * 86_400 + random.integers(0, 36_000, size)
    recorded = numpy.minimum(recorded, _LAST_MOMENT)  # nothing is recorded after the version that has it
    row = numpy.arange(begin, end, dtype=numpy.uint64)
    return pyarrow.table(
        {
            "source": _as_dictionary(plan, arrays.plans),
            "plan": _as_dictionary(plan, arrays.plans),
            "target": _as_dictionary(plan * len(arrays.is_ratio) + kind, arrays.targets),
            "agency": _as_dictionary(agency, arrays.agencies),
            "occurred_on": pyarrow.array(day.astype("int32")).cast(pyarrow.date32()),
            "quantity": pyarrow.array(quantity),
            "denominator": pyarrow.array(denominator, mask=~arrays.is_ratio[kind]),
            "content": _as_dictionary(random.integers(0, len(_CONTENTS), size), _CONTENTS),
            "evidence": _build_links(row),
            "entered_by": _as_dictionary(random.integers(0, len(_PERSON_NAMES), size), _PERSON_NAMES),
            "tab": _as_dictionary(numpy.zeros(size, dtype="int64"), pyarrow.array(["Tiến độ"])),
            "row": pyarrow.array((row + numpy.uint64(2)).astype("int32")),
            "row_hash": pyarrow.array(row * numpy.uint64(0x9E3779B97F4A7C15)),
            "recorded_at": pyarrow.array(recorded).cast(pyarrow.timestamp("s")),
        }
    )


def _as_dictionary(positions: numpy.ndarray, values: pyarrow.Array) -> pyarrow.Array:
    return pyarrow.DictionaryArray.from_arrays(pyarrow.array(positions.astype("int32")), values)


def _build_links(row: numpy.ndarray) -> pyarrow.Array:
    numbers = pyarrow.array(row).cast(pyarrow.string())
    return pyarrow.compute.binary_join_element_wise("https://vi-du.example", numbers, "/")


def _build_meta(register: Register) -> dict[str, str]:
    """Return the `meta` that a sync would store, marked as a sample: pages say that it is made up."""
    facts = {"register_hash": register.hash, "rules_hash": compute_rules_hash()}
    weeks = {WEEKS_UNTIL: find_last_ended_sunday(_RECORDED_AT).isoformat()}
    return facts | weeks | {"recorded_at": _RECORDED_AT.isoformat(), "sample": "yes"}


if __name__ == "__main__":
    main()

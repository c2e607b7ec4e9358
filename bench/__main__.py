"""`make bench`: measures speed at three sizes and writes docs/bench.md (design.md §8).

python -m bench                              everything, within --minutes
python -m bench --sizes sample --rows 1,2    some rows at some sizes; the others keep their last results
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from bench import (
    access,
    database_queries,
    databases,
    fresh_days,
    lake_moving,
    lake_publication,
    page_links,
    page_loads,
    plan_import_speed,
    publication,
    reruns,
    results,
    results_page,
    screenshots,
    sessions,
    sync_memory,
    sync_speed,
    weekly_pack,
)
from bench.results import BenchLine
from kpis.settings import get_project_root

Benchmark = Callable[[Sequence[str], float], list[BenchLine]]

BENCHMARKS: tuple[tuple[tuple[int, ...], float, Benchmark], ...] = (
    ((1, 2, 3, 4), 6.0, page_loads.measure),
    ((19,), 3.0, page_links.measure),
    ((6, 7), 1.0, database_queries.measure),
    ((22,), 2.0, fresh_days.measure),
    ((8,), 3.0, sync_speed.measure),
    ((24,), 1.0, sync_speed.measure_reading),
    ((9,), 0.5, sync_speed.measure_unchanged),
    ((21,), 2.0, publication.measure),
    ((5,), 3.0, reruns.measure),
    ((20,), 1.0, reruns.measure_search),
    ((10,), 1.5, sessions.measure),
    ((12,), 2.0, screenshots.measure),
    ((13,), 1.0, sync_memory.measure),
    ((11,), 2.0, weekly_pack.measure),
    ((14,), 0.5, plan_import_speed.measure),
    ((15,), 2.0, access.measure_gate),
    ((16,), 0.5, access.measure_scopes),
    ((17,), 1.5, sessions.measure_signed_in),
    ((18,), 0.5, access.measure_memory),
    ((25, 26, 27, 28), 2.0, lake_publication.measure),
    ((29,), 1.0, lake_moving.measure),
)
"""Rows that are measured together, their share of the time, in minutes of the usual run, and the function."""

_PLANNED_SHARE = 0.85
"""The part of the time that is shared out: the turns that every row takes may end after its share."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the requested rows; progress goes to standard error, the table to standard output."""
    options = _build_parser().parse_args(arguments)
    sizes = [size for size in results.SIZE_LABELS if size in options.sizes.split(",")]
    rows = {int(row) for row in options.rows.split(",")} if options.rows else None
    chosen = [benchmark for benchmark in BENCHMARKS if rows is None or rows & set(benchmark[0])]
    end, load = time.monotonic() + options.minutes * 60, results_page.read_load_average()
    lines = results.read_results(options.kept)
    for index, (group, _, measure) in enumerate(chosen):
        places = [(row, size) for row in group for size in sizes]
        begin = time.monotonic()
        _write_message(f"rows {', '.join(map(str, group))}")
        deadline = begin + _compute_share([minutes for _, minutes, _ in chosen[index:]], end - begin)
        if begin >= end:
            lines = results.mark_left_out(lines, places, f"{options.minutes:g} minutes were over")
            _write_message(f"  left out, {options.minutes:g} minutes are over")
        else:
            lines = _measure_rows(lines, places, lambda: measure(sizes, deadline))  # noqa: B023 - called at once
            _write_message(f"  {time.monotonic() - begin:.0f} s")
        results.write_results(options.kept, lines)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(results_page.render_page(lines, datetime.now(UTC), load), encoding="utf-8")
    print(results.format_table(lines))


def _compute_share(weights: Sequence[float], seconds_left: float) -> float:
    """Return the seconds after which the first of the rows that are left begins no further turn."""
    return max(0.0, seconds_left) * _PLANNED_SHARE * weights[0] / sum(weights)


def _measure_rows(
    lines: list[BenchLine], places: Sequence[tuple[int, str]], measure: Callable[[], list[BenchLine]]
) -> list[BenchLine]:
    """Return the lines with new results; rows that fail say why, and the next ones are measured."""
    try:
        return results.merge_results(lines, places, measure())
    except Exception as error:  # noqa: BLE001 - whatever keeps one row from being measured
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        _write_message(f"  could not be measured:\n{traceback.format_exc()}")
        return results.mark_left_out(lines, places, reason.replace("|", "/"))


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Speed, as ratios to a baseline.")
    parser.add_argument("--sizes", default=",".join(results.SIZE_LABELS), help="of: %(default)s")
    parser.add_argument("--rows", default="", help="numbers of the table's rows, like 1,2,6 (all)")
    parser.add_argument("--minutes", type=float, default=25, help="begin no further row after (%(default)s)")
    parser.add_argument("--out", type=Path, default=get_project_root() / "docs" / "bench.md", help="%(default)s")
    parser.add_argument("--kept", type=Path, default=databases.FOLDER / "results.json", help="%(default)s")
    return parser


def _write_message(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _handle_sigterm(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit("terminated")  # stops the servers and browsers too


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _handle_sigterm)
    main()

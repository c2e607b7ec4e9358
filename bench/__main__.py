"""`make bench`: measures speed at three sizes and writes docs/bench.md (design.md §8).

python -m bench                              everything, within --minutes
python -m bench --sizes sample --rows 1,2    some rows at some sizes; the others keep their last results
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from bench import (
    access,
    database_queries,
    databases,
    fresh_days,
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
)
"""Rows that are measured together, the minutes after which no further turn begins, and the function."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the requested rows; progress goes to standard error, the table to standard output."""
    options = _build_parser().parse_args(arguments)
    sizes = [size for size in results.SIZE_LABELS if size in options.sizes.split(",")]
    rows = {int(row) for row in options.rows.split(",")} if options.rows else None
    begin, load = time.monotonic(), results_page.read_load_average()
    lines, left_out = results.read_results(options.kept), list[int]()
    for group, minutes, measure in BENCHMARKS:
        if rows is not None and not rows & set(group):
            continue
        now = time.monotonic()
        if now - begin >= options.minutes * 60:
            left_out += group
            continue
        _write_message(f"rows {', '.join(map(str, group))}")
        updated = measure(sizes, min(now + minutes * 60, begin + options.minutes * 60))
        lines = results.merge_results(lines, [(row, size) for row in group for size in sizes], updated)
        results.write_results(options.kept, lines)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(results_page.render_page(lines, datetime.now(UTC), load), encoding="utf-8")
        _write_message(f"  {time.monotonic() - now:.0f} s")
    print(results.format_table(lines))
    if left_out:
        _write_message(f"left out, {options.minutes:g} minutes are over: rows {', '.join(map(str, left_out))}")


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Speed, as ratios to a baseline.")
    parser.add_argument("--sizes", default=",".join(results.SIZE_LABELS), help="of: %(default)s")
    parser.add_argument("--rows", default="", help="numbers of the table's rows, like 1,2,6 (all)")
    parser.add_argument("--minutes", type=float, default=20, help="begin no further row after (%(default)s)")
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

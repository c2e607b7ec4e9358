"""The weekly pack against drawing its charts alone, and its memory; each in a separate process."""

from __future__ import annotations

import json
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import vl_convert

from bench import databases
from bench.generate import TODAY
from bench.results import BenchLine
from bench.timing import Spread
from kpis.charts import fonts
from kpis.language.clock import parse_moment
from kpis.settings import get_project_root
from kpis.store.database import Database

_WEEK = "2026-W47"
_DRAW_FUNCTIONS = ("vega_to_svg", "svg_to_png")
_PLAN = "ha-noi"
_MAX_MEMORY_RATIO = 1.25

DrawCall = tuple[str, tuple[object, ...], dict[str, object]]


def measure(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure rows 11 and 13: time and memory of an edition of all plans and of one province."""
    lines = []
    for size in sizes:
        every, single = (_measure_size(size, plan, deadline) for plan in ("", _PLAN))
        lines += [_build_line(size, "of all plans", every), _build_line(size, "of one province", single)]
        if size == "nation":
            what, against = "memory of the weekly pack of 34 provinces", "of one province"
            lines.append(
                BenchLine(
                    13,
                    size,
                    what,
                    against,
                    _MAX_MEMORY_RATIO,
                    Spread.create_single(every[0]["memory"]),
                    Spread.create_single(single[0]["memory"]),
                    "peak resident size",
                    "MiB",
                )
            )
    return lines


def _measure_size(size: str, plan: str, deadline: float) -> list[dict[str, float]]:
    """Measure up to three packs, each in its own process; at least one even past the deadline."""
    packs = [_measure_once(size, plan)]
    while len(packs) < 3 and time.monotonic() < deadline:
        packs.append(_measure_once(size, plan))
    return packs


def _build_line(size: str, scope: str, packs: Sequence[dict[str, float]]) -> BenchLine:
    pack, charts = (Spread.compute([times[name] for times in packs]) for name in ("pack", "charts"))
    warm = Spread.compute([times["warm"] for times in packs]).median
    note = (
        f"{packs[0]['calls']:.0f} drawings by vl-convert, including its start, as in the pack; "
        f"a second time they take {warm:,.0f} ms, the pack {pack.median / warm:.3g} times that"
    )
    return BenchLine(11, size, f"the weekly pack {scope}", "drawing its charts alone", 2, pack, charts, note)


def _measure_once(size: str, plan: str) -> dict[str, float]:
    """Measure a pack, then the drawing of its charts alone."""
    with tempfile.TemporaryDirectory() as folder:
        drawings = str(Path(folder) / "drawings")
        pack = _run_subprocess("pack", drawings, str(databases.ensure_database(size)), plan)
        return {**pack, **_run_subprocess("charts", drawings)}


def _run_subprocess(*command_arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.weekly_pack", *command_arguments]
    ran = subprocess.run(command, cwd=get_project_root(), capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"the pack failed: {ran.stderr[-2000:]}")
    measured: dict[str, float] = json.loads(ran.stdout)
    return measured


def _measure_pack(drawings_file: Path, pointer: Path, plan: str | None) -> dict[str, float]:
    """Seal a pack; returns its seconds and peak memory (MiB), and stores its drawing calls in a file."""
    from kpis.pack.edition.sealing import EditionRequest, seal
    from kpis.pack.figures.weeks import parse_week

    database = Database.open(pointer)
    if database is None:
        raise SystemExit(f"{pointer}: nothing is published")
    order = EditionRequest(parse_week(_WEEK), plan, "vi", parse_moment("2026-11-22 20:00"), TODAY)
    with tempfile.TemporaryDirectory(dir=databases.FOLDER) as folder, _record_draw_calls() as calls:
        begin = time.perf_counter()
        seal(database, pointer, order, Path(folder))
        pack = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    del calls[0]  # a dummy chart that starts vl-convert
    drawings_file.write_bytes(pickle.dumps(calls))
    return {"pack": pack, "calls": len(calls), "memory": peak}


def _measure_charts(drawings_file: Path) -> dict[str, float]:
    """Return the seconds of the same drawings in a new process, and of drawing them a second time."""
    calls: list[DrawCall] = pickle.loads(drawings_file.read_bytes())  # noqa: S301 - our own file
    times = []
    for _ in range(2):
        begin = time.perf_counter()
        vl_convert.register_font_directory(str(fonts.get_font_folder()))
        for function, arguments, keywords in calls:
            getattr(vl_convert, function)(*arguments, **keywords)
        times.append(time.perf_counter() - begin)
    return {"charts": times[0], "warm": times[1]}


@contextmanager
def _record_draw_calls() -> Iterator[list[DrawCall]]:
    """Record every drawing call in the context, so that it can be repeated."""
    calls: list[DrawCall] = []
    originals = {name: getattr(vl_convert, name) for name in _DRAW_FUNCTIONS}

    def wrap_function(name: str, draw: Callable[..., object]) -> Callable[..., object]:
        def record_call(*arguments: object, **keywords: object) -> object:
            calls.append((name, arguments, keywords))
            return draw(*arguments, **keywords)

        return record_call

    try:
        for name, draw in originals.items():
            setattr(vl_convert, name, wrap_function(name, draw))
        yield calls
    finally:
        for name, draw in originals.items():
            setattr(vl_convert, name, draw)


if __name__ == "__main__":
    if sys.argv[1] == "pack":
        print(json.dumps(_measure_pack(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] or None)))
    else:
        print(json.dumps(_measure_charts(Path(sys.argv[2]))))

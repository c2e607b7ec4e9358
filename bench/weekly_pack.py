"""The weekly pack and its part to project against drawing their charts alone, and its memory; each in a process."""

from __future__ import annotations

import json
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import vl_convert

from bench import databases
from bench.generate import TODAY
from bench.results import BenchLine
from bench.timing import Spread
from kpis.charts import fonts
from kpis.language.clock import parse_moment
from kpis.settings import get_project_root
from kpis.store.database import Database

if TYPE_CHECKING:
    from kpis.pack.figures.edition_figures import EditionFigures

_WEEK, _NOW = "2026-W47", "2026-11-22 20:00"
_DRAW_FUNCTIONS = ("vega_to_svg", "svg_to_png")
_PLAN = "ha-noi"
_SCOPES = {"": "of all plans", _PLAN: "of one province"}
_PART_GOALS = {"": 2.5, _PLAN: 2.0}
_NATION_GOAL = 6.0
"""Goals of the part to project; the last is for all plans of the nation. The whole edition has none."""
_MAX_MEMORY_RATIO = 1.25

DrawCall = tuple[str, tuple[object, ...], dict[str, object]]


def measure(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure rows 11 and 13: the part to project, the whole edition, and the edition's memory."""
    lines: list[BenchLine] = []
    for size in sizes:
        lines += [_build_part_line(size, scope, _measure_runs("part", size, scope, deadline)) for scope in _SCOPES]
        seals = {scope: _measure_runs("seal", size, scope, deadline) for scope in _SCOPES}
        lines += [_build_seal_line(size, scope, runs) for scope, runs in seals.items()]
        if size == "nation":
            lines.append(_build_memory_line(size, *(seals[scope][0]["memory"] for scope in _SCOPES)))
    return lines


def _measure_runs(mode: str, size: str, plan: str, deadline: float) -> list[dict[str, float]]:
    """Measure up to three times, each in its own process; at least once even past the deadline."""
    runs = [_measure_once(mode, size, plan)]
    while len(runs) < 3 and time.monotonic() < deadline:
        runs.append(_measure_once(mode, size, plan))
    return runs


def _build_part_line(size: str, plan: str, runs: Sequence[dict[str, float]]) -> BenchLine:
    goal = _NATION_GOAL if size == "nation" and not plan else _PART_GOALS[plan]
    return _build_line(size, f"the part to project {_SCOPES[plan]}", goal, runs)


def _build_seal_line(size: str, plan: str, runs: Sequence[dict[str, float]]) -> BenchLine:
    return _build_line(size, f"the whole edition {_SCOPES[plan]}", None, runs)


def _build_line(size: str, what: str, goal: float | None, runs: Sequence[dict[str, float]]) -> BenchLine:
    pack, charts, warm = (Spread.compute([times[name] for times in runs]) for name in ("pack", "charts", "warm"))
    note = (
        f"{runs[0]['calls']:.0f} drawings by vl-convert, including its start; "
        f"a second time they take {warm.median:,.0f} ms, this {pack.median / warm.median:.3g} times that"
    )
    return BenchLine(11, size, what, "drawing its charts alone", goal, pack, charts, note)


def _build_memory_line(size: str, every: float, single: float) -> BenchLine:
    what, against = "memory of the weekly pack of 34 provinces", "of one province"
    spread, baseline = Spread.create_single(every), Spread.create_single(single)
    return BenchLine(13, size, what, against, _MAX_MEMORY_RATIO, spread, baseline, "peak resident size", "MiB")


def _measure_once(mode: str, size: str, plan: str) -> dict[str, float]:
    """Measure an edition or its part to project, then the drawing of its charts alone."""
    with tempfile.TemporaryDirectory() as folder:
        drawings = str(Path(folder) / "drawings")
        pack = _run_subprocess(mode, drawings, str(databases.ensure_database(size)), plan)
        return {**pack, **_run_subprocess("charts", drawings)}


def _run_subprocess(*command_arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.weekly_pack", *command_arguments]
    ran = subprocess.run(command, cwd=get_project_root(), capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"the pack failed: {ran.stderr[-2000:]}")
    measured: dict[str, float] = json.loads(ran.stdout)
    return measured


def _measure_pack(mode: str, drawings_file: Path, pointer: Path, plan: str | None) -> dict[str, float]:
    """Make an edition or a part; returns seconds and peak memory (MiB), and stores its drawing calls in a file."""
    from kpis.pack.edition.sealing import EditionRequest, find_baseline, gather_for_request, seal
    from kpis.pack.figures.weeks import parse_week

    database = Database.open(pointer)
    if database is None:
        raise SystemExit(f"{pointer}: nothing is published")
    request = EditionRequest(parse_week(_WEEK), plan, "vi", parse_moment(_NOW), TODAY)
    with tempfile.TemporaryDirectory(dir=databases.FOLDER) as name, _record_draw_calls() as calls:
        folder = Path(name)
        if mode == "part":
            figures = gather_for_request(database, pointer, request, find_baseline(request, folder))
            begin = time.perf_counter()
            _write_part_to_project(figures, request.now, folder)
        else:
            begin = time.perf_counter()
            seal(database, pointer, request, folder)
        pack = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    del calls[0]  # a dummy chart that starts vl-convert
    drawings_file.write_bytes(pickle.dumps(calls))
    return {"pack": pack, "calls": len(calls), "memory": peak}


def _write_part_to_project(figures: EditionFigures, sealed_at: datetime, folder: Path) -> None:
    """Write pages, pictures and slides of gathered figures, the slides in a second thread, as an edition does."""
    from kpis.pack.meeting.parts import open_parts
    from kpis.pack.pages.compose import build_contents
    from kpis.pack.pdf.typesetting import write_pages
    from kpis.pack.pptx.slides import write_slides

    contents = build_contents(figures, sealed_at, None)
    with open_parts(figures, contents, sealed_at, folder) as parts, ThreadPoolExecutor(1) as executor:
        meeting = parts.meeting
        slides = executor.submit(write_slides, meeting, folder, sealed_at)
        write_pages(meeting, folder, sealed_at)
        slides.result()


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
    if sys.argv[1] == "charts":
        print(json.dumps(_measure_charts(Path(sys.argv[2]))))
    else:
        print(json.dumps(_measure_pack(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] or None)))

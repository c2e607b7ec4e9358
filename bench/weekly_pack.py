"""The weekly pack against drawing its charts alone, and its memory: each in a process of its own."""

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
    """Rows 11 and 13: an edition of all plans and of one province at each size, and what memory they take."""
    found = []
    for size in sizes:
        every, one = (_measure_size(size, plan, deadline) for plan in ("", _PLAN))
        found += [_build_line(size, "of all plans", every), _build_line(size, "of one province", one)]
        if size == "nation":
            what, against = "memory of the weekly pack of 34 provinces", "of one province"
            found.append(
                BenchLine(
                    13,
                    size,
                    what,
                    against,
                    _MAX_MEMORY_RATIO,
                    _to_spread(every[0]["memory"]),
                    _to_spread(one[0]["memory"]),
                    "highest resident size",
                    "MiB",
                )
            )
    return found


def _measure_size(size: str, plan: str, deadline: float) -> list[dict[str, float]]:
    """Up to three packs, each in its own process; one where the time is over."""
    packs = [_measure_once(size, plan)]
    while len(packs) < 3 and time.monotonic() < deadline:
        packs.append(_measure_once(size, plan))
    return packs


def _build_line(size: str, scope: str, packs: Sequence[dict[str, float]]) -> BenchLine:
    own, charts = (Spread.compute([pack[name] for pack in packs]) for name in ("pack", "charts"))
    warm = Spread.compute([pack["warm"] for pack in packs]).median
    said = (
        f"{packs[0]['calls']:.0f} drawings by vl-convert, its start among them as in the pack; "
        f"drawn once more they take {warm:,.0f} ms, the pack {own.median / warm:.3g} times that"
    )
    return BenchLine(11, size, f"the weekly pack {scope}", "drawing its charts alone", 2, own, charts, said)


def _to_spread(mebibytes: float) -> Spread:
    return Spread(mebibytes, mebibytes, mebibytes, 1)


def _measure_once(size: str, plan: str) -> dict[str, float]:
    """A pack, then its charts alone."""
    with tempfile.TemporaryDirectory() as folder:
        kept = str(Path(folder) / "drawings")
        pack = _run_subprocess("pack", kept, str(databases.ensure_database(size)), plan)
        return {**pack, **_run_subprocess("charts", kept)}


def _run_subprocess(*command_arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.weekly_pack", *command_arguments]
    ran = subprocess.run(command, cwd=get_project_root(), capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"the pack failed: {ran.stderr[-2000:]}")
    measured: dict[str, float] = json.loads(ran.stdout)
    return measured


def _measure_pack(drawings_file: Path, pointer: Path, plan: str | None) -> dict[str, float]:
    """Seconds of a pack, MiB at the highest; keeps its drawings in a file."""
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
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    del calls[0]  # a chart for nobody, by which vl-convert starts
    drawings_file.write_bytes(pickle.dumps(calls))
    return {"pack": pack, "calls": len(calls), "memory": highest}


def _measure_charts(drawings_file: Path) -> dict[str, float]:
    """Seconds of the same drawings in a new process, and of drawing them once more."""
    calls: list[DrawCall] = pickle.loads(drawings_file.read_bytes())  # noqa: S301 - written by the pack's process
    taken = []
    for _ in range(2):
        begin = time.perf_counter()
        vl_convert.register_font_directory(str(fonts.get_font_folder()))
        for draw, arguments, named in calls:
            getattr(vl_convert, draw)(*arguments, **named)
        taken.append(time.perf_counter() - begin)
    return {"charts": taken[0], "warm": taken[1]}


@contextmanager
def _record_draw_calls() -> Iterator[list[DrawCall]]:
    """Every drawing that is made inside, to be made again."""
    calls: list[DrawCall] = []
    before = {name: getattr(vl_convert, name) for name in _DRAW_FUNCTIONS}

    def wrap_function(name: str, draw: Callable[..., object]) -> Callable[..., object]:
        def record_call(*arguments: object, **named: object) -> object:
            calls.append((name, arguments, named))
            return draw(*arguments, **named)

        return record_call

    try:
        for name, draw in before.items():
            setattr(vl_convert, name, wrap_function(name, draw))
        yield calls
    finally:
        for name, draw in before.items():
            setattr(vl_convert, name, draw)


if __name__ == "__main__":
    if sys.argv[1] == "pack":
        print(json.dumps(_measure_pack(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] or None)))
    else:
        print(json.dumps(_measure_charts(Path(sys.argv[2]))))

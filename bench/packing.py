"""The weekly pack against drawing its charts alone, and its memory: each pack in a process of its own."""

from __future__ import annotations

import json
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
from bench.results import Line
from bench.timing import Spread
from kpis.language.clock import parse_moment
from kpis.settings import project_root
from kpis.store.database import Database

_WEEK = "2026-W47"
_DRAWS = ("vega_to_svg", "svg_to_png")
_PLAN = "ha-noi"
_MOST = 1.25

Call = tuple[Callable[..., object], tuple[object, ...], dict[str, object]]


def measure(sizes: Sequence[str], until: float) -> list[Line]:
    """Rows 11 and 13: one edition of all plans at each size, and the nation's beside one province's."""
    found = []
    for size in sizes:
        packs: list[dict[str, float]] = []
        while len(packs) < 3 and (len(packs) < 1 or time.monotonic() < until):
            packs.append(_apart(size, ""))
        own, charts = (Spread.of([pack[name] for pack in packs]) for name in ("pack", "charts"))
        said = f"{packs[0]['calls']:.0f} drawings by vl-convert"
        found.append(Line(11, size, "the weekly pack", "drawing its charts alone", 2, own, charts, said))
        if size == "nation":
            one = _apart(size, _PLAN)["memory"]
            every = packs[0]["memory"]
            what, against = "memory of the weekly pack of 34 provinces", "of one province"
            found.append(
                Line(
                    13,
                    size,
                    what,
                    against,
                    _MOST,
                    _memory(every),
                    _memory(one),
                    "highest resident size",
                    "MiB",
                )
            )
    return found


def _memory(highest: float) -> Spread:
    return Spread(highest, highest, highest, 1)


def _apart(size: str, plan: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.packing", str(databases.pointer(size)), plan]
    ran = subprocess.run(command, cwd=project_root(), capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"the pack failed: {ran.stderr[-2000:]}")
    measured: dict[str, float] = json.loads(ran.stdout)
    return measured


def _one(pointer: Path, plan: str | None) -> dict[str, float]:
    """Seconds of a pack and of its charts drawn again alone; MiB at the highest."""
    from kpis.pack.edition import Order, seal
    from kpis.pack.weeks import parse_week

    database = Database.open(pointer)
    if database is None:
        raise SystemExit(f"{pointer}: nothing is published")
    vl_convert.svg_to_png('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
    order = Order(parse_week(_WEEK), plan, "vi", parse_moment("2026-11-22 20:00"), TODAY)
    with tempfile.TemporaryDirectory(dir=databases.FOLDER) as folder, _noted() as calls:
        begin = time.perf_counter()
        seal(database, pointer, order, Path(folder))
        pack = time.perf_counter() - begin
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begin = time.perf_counter()
    for draw, arguments, named in calls:
        draw(*arguments, **named)
    charts = time.perf_counter() - begin
    return {"pack": pack, "charts": charts, "calls": len(calls), "memory": highest}


@contextmanager
def _noted() -> Iterator[list[Call]]:
    """Every drawing that is made inside, to be made again."""
    calls: list[Call] = []
    before = {name: getattr(vl_convert, name) for name in _DRAWS}

    def noting(draw: Callable[..., object]) -> Callable[..., object]:
        def noted(*arguments: object, **named: object) -> object:
            calls.append((draw, arguments, named))
            return draw(*arguments, **named)

        return noted

    try:
        for name, draw in before.items():
            setattr(vl_convert, name, noting(draw))
        yield calls
    finally:
        for name, draw in before.items():
            setattr(vl_convert, name, draw)


if __name__ == "__main__":
    print(json.dumps(_one(Path(sys.argv[1]), sys.argv[2] or None)))

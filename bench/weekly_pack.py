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
from bench.results import Line
from bench.timing import Spread
from kpis.charts import fonts
from kpis.language.clock import parse_moment
from kpis.settings import project_root
from kpis.store.database import Database

_WEEK = "2026-W47"
_DRAWS = ("vega_to_svg", "svg_to_png")
_PLAN = "ha-noi"
_MOST = 1.25

Call = tuple[str, tuple[object, ...], dict[str, object]]


def measure(sizes: Sequence[str], until: float) -> list[Line]:
    """Rows 11 and 13: an edition of all plans and of one province at each size, and what memory they take."""
    found = []
    for size in sizes:
        every, one = (_made(size, plan, until) for plan in ("", _PLAN))
        found += [_line(size, "of all plans", every), _line(size, "of one province", one)]
        if size == "nation":
            what, against = "memory of the weekly pack of 34 provinces", "of one province"
            found.append(
                Line(
                    13,
                    size,
                    what,
                    against,
                    _MOST,
                    _memory(every[0]["memory"]),
                    _memory(one[0]["memory"]),
                    "highest resident size",
                    "MiB",
                )
            )
    return found


def _made(size: str, plan: str, until: float) -> list[dict[str, float]]:
    """Up to three packs, each in its own process; one where the time is over."""
    packs = [_apart(size, plan)]
    while len(packs) < 3 and time.monotonic() < until:
        packs.append(_apart(size, plan))
    return packs


def _line(size: str, scope: str, packs: Sequence[dict[str, float]]) -> Line:
    own, charts = (Spread.of([pack[name] for pack in packs]) for name in ("pack", "charts"))
    warm = Spread.of([pack["warm"] for pack in packs]).median
    said = (
        f"{packs[0]['calls']:.0f} drawings by vl-convert, its start among them as in the pack; "
        f"drawn once more they take {warm:,.0f} ms, the pack {own.median / warm:.3g} times that"
    )
    return Line(11, size, f"the weekly pack {scope}", "drawing its charts alone", 2, own, charts, said)


def _memory(highest: float) -> Spread:
    return Spread(highest, highest, highest, 1)


def _apart(size: str, plan: str) -> dict[str, float]:
    """A pack, then its charts alone."""
    with tempfile.TemporaryDirectory() as folder:
        kept = str(Path(folder) / "drawings")
        pack = _ran("pack", kept, str(databases.pointer(size)), plan)
        return {**pack, **_ran("charts", kept)}


def _ran(*what: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.weekly_pack", *what]
    ran = subprocess.run(command, cwd=project_root(), capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"the pack failed: {ran.stderr[-2000:]}")
    measured: dict[str, float] = json.loads(ran.stdout)
    return measured


def _pack(kept: Path, pointer: Path, plan: str | None) -> dict[str, float]:
    """Seconds of a pack, MiB at the highest; keeps its drawings in a file."""
    from kpis.pack.edition.sealing import Order, seal
    from kpis.pack.figures.weeks import parse_week

    database = Database.open(pointer)
    if database is None:
        raise SystemExit(f"{pointer}: nothing is published")
    order = Order(parse_week(_WEEK), plan, "vi", parse_moment("2026-11-22 20:00"), TODAY)
    with tempfile.TemporaryDirectory(dir=databases.FOLDER) as folder, _noted() as calls:
        begin = time.perf_counter()
        seal(database, pointer, order, Path(folder))
        pack = time.perf_counter() - begin
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    del calls[0]  # a chart for nobody, by which vl-convert starts
    kept.write_bytes(pickle.dumps(calls))
    return {"pack": pack, "calls": len(calls), "memory": highest}


def _charts(kept: Path) -> dict[str, float]:
    """Seconds of the same drawings in a new process, and of drawing them once more."""
    calls: list[Call] = pickle.loads(kept.read_bytes())  # noqa: S301 - written by the pack's process
    taken = []
    for _ in range(2):
        begin = time.perf_counter()
        vl_convert.register_font_directory(str(fonts.folder()))
        for draw, arguments, named in calls:
            getattr(vl_convert, draw)(*arguments, **named)
        taken.append(time.perf_counter() - begin)
    return {"charts": taken[0], "warm": taken[1]}


@contextmanager
def _noted() -> Iterator[list[Call]]:
    """Every drawing that is made inside, to be made again."""
    calls: list[Call] = []
    before = {name: getattr(vl_convert, name) for name in _DRAWS}

    def noting(name: str, draw: Callable[..., object]) -> Callable[..., object]:
        def noted(*arguments: object, **named: object) -> object:
            calls.append((name, arguments, named))
            return draw(*arguments, **named)

        return noted

    try:
        for name, draw in before.items():
            setattr(vl_convert, name, noting(name, draw))
        yield calls
    finally:
        for name, draw in before.items():
            setattr(vl_convert, name, draw)


if __name__ == "__main__":
    if sys.argv[1] == "pack":
        print(json.dumps(_pack(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] or None)))
    else:
        print(json.dumps(_charts(Path(sys.argv[2]))))

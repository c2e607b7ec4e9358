"""What signing in costs: a page behind the gate, a question of a scope, the memory of scopes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench import databases
from bench.generate import TODAY
from bench.page_loads import ROUNDS, build_watch_script, open_chromium, wait_until_complete
from bench.results import BenchLine
from bench.servers import serve_app
from bench.signed_in import serve_signed_in
from bench.timing import Spread, build_timer, take_turns
from kpis.measures.attainment import compute_attainment
from kpis.measures.question import Question
from kpis.measures.register_facts import list_plans
from kpis.settings import get_project_root
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope
from kpis.ui import pages

_PLAN = "ha-noi"
_TURNS = 15
_UNGATED = "bench/ungated_app.py"


def measure_gate(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure row 15: the overview of an administrator against the app without its gate, in Chromium, in turns."""
    return [_measure_gate(size, deadline) for size in sizes]


def _measure_gate(size: str, deadline: float) -> BenchLine:
    pointer = databases.ensure_database(size)
    with serve_signed_in(pointer) as app, serve_app(pointer, _UNGATED) as ungated, open_chromium() as browser:
        [headers] = app.open_sessions(["admin@tinh.vn"])
        name, _, value = headers["Cookie"].partition("=")

        def load(host: str) -> float:
            context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN", bypass_csp=True)
            try:
                context.add_cookies([{"name": name, "value": value, "url": f"http://{host}"}])
                page = context.new_page()
                page.add_init_script(build_watch_script(pages.OVERVIEW))
                page.goto(f"http://{host}/", wait_until="commit")
                return wait_until_complete(page)
            finally:
                context.close()

        behind, without = take_turns([lambda: load(app.host), lambda: load(ungated)], 3 * ROUNDS, deadline=deadline)
    subject, against = "overview of who is signed in, all drawn", "without the gate"
    return BenchLine(15, size, subject, against, 1.05, Spread.compute(behind), Spread.compute(without))


def measure_scopes(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure row 16: attainment asked of a scope against the whole database asked about the same plans."""
    lines = []
    for size in sizes:
        database = _open(size)
        every = frozenset(str(row["plan"]) for row in list_plans(database))
        for what, plans in (("one plan", frozenset({_PLAN})), ("all plans but one", every - {_PLAN})):
            lines.append(_measure_scope(size, database, what, plans, deadline))
        database.close()
    return lines


def _measure_scope(size: str, database: Database, what: str, plans: frozenset[str], deadline: float) -> BenchLine:
    scoped, question = database.for_scope(Scope(plans)), Question(TODAY, plans=plans)
    if compute_attainment(scoped, Question(TODAY)) != compute_attainment(database, question):
        raise SystemExit("the scope and the whole database disagree")
    days = [[TODAY - timedelta(days=ago) for ago in range(1, _TURNS + 5)] for _ in range(2)]
    timers = [
        build_timer(lambda: compute_attainment(scoped, Question(days[0].pop()))),
        build_timer(lambda: compute_attainment(database, replace(question, as_of=days[1].pop()))),
    ]
    in_scope, unscoped = take_turns(timers, _TURNS, warm_up_turns=2, deadline=deadline)
    subject, against = f"attainment of a scope, {what}", "of the whole, asked about the same plans"
    return BenchLine(16, size, subject, against, 1.3, Spread.compute(in_scope), Spread.compute(unscoped))


def measure_memory(sizes: Sequence[str], _deadline: float) -> list[BenchLine]:
    """Measure row 18: the memory of a process that has opened the scope of every plan, against none."""
    lines = []
    for size in sizes:
        pointer = databases.ensure_database(size)
        (none, _), (every, scopes) = (_measure_in_subprocess(pointer, kind) for kind in ("none", "every"))
        share = (every - none) / scopes
        note = f"{scopes} scopes of one plan each, {share:.2g} MiB a scope; resident size after one question each"
        lines.append(
            BenchLine(
                18, size, "memory with a scope for every plan", "with the whole database alone", None,
                Spread.create_single(every), Spread.create_single(none), note, unit="MiB",
            )
        )  # fmt: skip
    return lines


def _measure_in_subprocess(pointer: Path, kind: str) -> tuple[float, int]:
    command = [sys.executable, "-m", "bench.access", str(pointer), kind]
    run = subprocess.run(command, cwd=get_project_root(), capture_output=True, text=True, check=True)
    size, scopes = run.stdout.split()
    return float(size), int(scopes)


def _print_memory(pointer: Path, kind: str) -> None:
    """Ask each plan of its scope, or of the whole database; print the resident size (MiB) and the number of plans."""
    database = Database.open(pointer)
    if database is None:
        raise SystemExit(f"no database at {pointer}")
    plans = [str(row["plan"]) for row in list_plans(database)]
    for plan in plans:
        if kind == "every":
            compute_attainment(database.for_scope(Scope(frozenset({plan}))), Question(TODAY))
        else:
            compute_attainment(database, Question(TODAY, plans=frozenset({plan})))
    time.sleep(0.5)
    pages_in_memory = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    print(pages_in_memory * 4096 / 2**20, len(plans))


def _open(size: str) -> Database:
    database = Database.open(databases.ensure_database(size))
    if database is None:
        raise SystemExit(f"the database “{size}” is missing")
    return database


if __name__ == "__main__":
    _print_memory(Path(sys.argv[1]), sys.argv[2])

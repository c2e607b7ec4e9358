"""A soak on this machine alone: many sessions, idle sockets and slow senders, while new versions are published.

python -m bench.soak                                   an hour: 300 sessions, 2,000 idle sockets
python -m bench.soak --minutes 10 --sessions 100       shorter

It ends by itself, serves a made-up database of its own below a temporary folder, and prints one JSON document. Exit
code 1: an error, a stale page, a session that was refused, or memory, files or threads that grew.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from bench import sheet_files
from bench.signed_in import PEOPLE, SignedInApp, serve_folder
from bench.soak_visitors import Tally, keep_idle, send_slowly, visit
from kpis.register.load import load_register
from kpis.settings import get_project_root
from kpis.store.versions import find_current_version

PLANS, ROWS = ("ha-noi", "dong-thap", "tuyen-quang"), 500
MAX_SESSIONS, MAX_IDLE, MAX_MINUTES = 1_000, 5_000, 120
MAX_GROWTH = 1.15
"""Memory, files and threads at the end against those after the first third; more counts as growing."""
_LOOK_SECONDS = 5.0


def main() -> int:
    """Run the soak; return its exit code."""
    options = _build_parser().parse_args()
    sessions, idle = min(options.sessions, MAX_SESSIONS), min(options.idle, MAX_IDLE)
    seconds = 60 * min(options.minutes, MAX_MINUTES)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pointer = _prepare(folder)
        with serve_folder(folder, pointer) as app:
            tally = asyncio.run(_run(app, folder, pointer, seconds, sessions, idle, options.slow, options.publish))
    report = tally.summarize(MAX_GROWTH)
    print(json.dumps({"minutes": seconds / 60, "sessions": sessions, "idle_sockets": idle, **report}, indent=1))
    return 0 if report["passed"] else 1


async def _run(
    app: SignedInApp,
    folder: Path,
    pointer: Path,
    seconds: float,
    sessions: int,
    idle: int,
    slow: int,
    publish_seconds: float,
) -> Tally:
    tally = Tally(time.monotonic() + seconds)
    emails = [list(PEOPLE)[number % len(PEOPLE)] for number in range(sessions)]
    headers = app.open_sessions(emails)
    async with asyncio.TaskGroup() as group:
        group.create_task(_publish(folder, pointer, tally, publish_seconds))
        group.create_task(_watch_process(app.pid, tally))
        for number in range(idle):
            group.create_task(keep_idle(app.host, tally, number))
        for number in range(slow):
            group.create_task(send_slowly(app.host, tally, number))
        for number, values in enumerate(headers):
            group.create_task(visit(app.host, values, emails[number], tally, number))
    return tally


def _prepare(folder: Path) -> Path:
    """Write the sheets, read them once, and return the pointer of the database."""
    register = load_register()
    (folder / "sheets").mkdir()
    lines = []
    for plan in PLANS:
        source = sheet_files.write_csv_folder(folder / "sheets", register, plan, ROWS)
        lines.append(f'[[source]]\nid = "{plan}"\nplan = "{plan}"\nworkbook = "{source.location}"\n')
    (folder / "sources.toml").write_text("".join(lines), encoding="utf-8")
    (folder / "var").mkdir()
    pointer = folder / "var" / "kpis.json"
    _sync(folder, pointer)
    return pointer


def _sync(folder: Path, pointer: Path) -> None:
    command = [sys.executable, "-m", "kpis", "sync", "--sources", str(folder / "sources.toml")]
    subprocess.run([*command, "--database", str(pointer)], cwd=get_project_root(), check=True, capture_output=True)


async def _publish(folder: Path, pointer: Path, tally: Tally, every: float) -> None:
    """Publish a new version regularly: one more row in one sheet."""
    file = next((folder / "sheets").glob(f"{PLANS[0]}*/*.csv"))
    last_row = file.read_text(encoding="utf-8").splitlines()[-1]
    number = 0
    while not tally.is_over():
        number += 1
        with file.open("a", encoding="utf-8") as sheet:
            sheet.write(f"{last_row} {number}\n")
        await asyncio.to_thread(_sync, folder, pointer)
        tally.note_published(find_current_version(pointer) or 0)
        await tally.sleep(every)


async def _watch_process(pid: int, tally: Tally) -> None:
    """Write down memory, open files and threads of the server."""
    folder = Path(f"/proc/{pid}")
    while not tally.is_over():
        with suppress(OSError):
            status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
            files = sum(1 for _ in (folder / "fd").iterdir())
            tally.note_process(int(status["VmRSS"].split()[0]) / 1024, files, int(status["Threads"]))
        await tally.sleep(_LOOK_SECONDS)


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60, help=f"at most {MAX_MINUTES} (%(default)s)")
    parser.add_argument("--sessions", type=int, default=300, help=f"at most {MAX_SESSIONS} (%(default)s)")
    parser.add_argument("--idle", type=int, default=2_000, help="sockets that send nothing (%(default)s)")
    parser.add_argument("--slow", type=int, default=20, help="connections that send a byte a second (%(default)s)")
    parser.add_argument("--publish", type=float, default=30, help="seconds between new versions (%(default)s)")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())

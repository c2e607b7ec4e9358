"""A hundred sessions that open their first page at once: of the app, signed in or not, and of Streamlit alone.

The pages of the version have been rendered in advance by then: while they are, they take turns with whoever looks.
"""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, closing
from urllib.parse import urlsplit

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from bench import databases
from bench.results import BenchLine
from bench.servers import serve_app_at_rest, serve_bare_page, wait_until_at_rest
from bench.signed_in import PEOPLE, serve_signed_in
from bench.timing import Spread, take_turns
from bench.websocket_session import (
    PROTOCOL,
    Session,
    build_headers,
    build_stream_url,
    encode_rerun,
    is_script_finished,
)

SESSION_COUNT = 100
GOAL, GOAL_OF_BARE = 50, 1.5
_TURNS, _SINGLE_TURNS = 5, 75
_PAUSE = 0.06
"""Seconds before a single session: what the server still does for the ones before must not count."""

Headers = Sequence[Mapping[str, str]]


def find_start_page(host: str, headers: Mapping[str, str]) -> str:
    """Return the page that a browser has once it has asked for "/": the own agency for an officer, "" for others."""
    with closing(http.client.HTTPConnection(host, timeout=60)) as connection:
        connection.request("GET", "/", headers=dict(headers))
        answer = connection.getresponse()
        if answer.status not in {200, 303}:
            raise SystemExit(f"the start page cannot be opened (status {answer.status})")
        return urlsplit(answer.headers.get("Location", "/")).path.strip("/")


def measure(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure row 10: new sessions that all open the overview at once, against one, and against a bare page."""
    lines: list[BenchLine] = []
    for size in sizes:
        with serve_app_at_rest(databases.ensure_database(size)) as host:
            subject = f"{SESSION_COUNT} sessions at once, p95"
            lines += _measure_server(10, size, subject, host, [{}] * SESSION_COUNT, deadline)
    return lines


def measure_signed_in(sizes: Sequence[str], deadline: float) -> list[BenchLine]:
    """Measure row 17: signed-in sessions of five scopes that all open their start page at once, likewise."""
    emails = [list(PEOPLE)[number % len(PEOPLE)] for number in range(SESSION_COUNT)]
    lines: list[BenchLine] = []
    for size in sizes:
        with serve_signed_in(databases.ensure_database(size)) as app:
            wait_until_at_rest(app.pid)
            subject = f"{SESSION_COUNT} signed-in sessions of five scopes at once, p95"
            lines += _measure_server(17, size, subject, app.host, app.open_sessions(emails), deadline)
    return lines


def _measure_server(row: int, size: str, subject: str, host: str, headers: Headers, deadline: float) -> list[BenchLine]:
    """Return the line of the goal, which names the limit of Streamlit alone, and the one against that limit."""
    everybody: Headers = [{}] * len(headers)
    with serve_bare_page(_count_bytes(host, headers)) as bare:
        start_pages = [find_start_page(host, values) for values in headers]
        timers = [
            _build_single_timer(host, headers[0]),
            lambda: compute_parallel_time(host, headers, start_pages),
            _build_single_timer(bare, {}),
            lambda: compute_parallel_time(bare, everybody, [""] * len(everybody)),
        ]
        times = take_turns(timers, _TURNS, deadline=deadline)
        further_times = take_turns([timers[0], timers[2]], _SINGLE_TURNS, warm_up_turns=0)
    single, bare_single = (Spread.compute([*times[place], *further_times[place // 2]]) for place in (0, 2))
    parallel, bare_parallel = (Spread.compute(times[place]) for place in (1, 3))
    note = (
        f"a bare Streamlit page in the same turns: {bare_parallel.median / bare_single.median:.3g} "
        f"({bare_parallel.median:,.0f} ms / {bare_single.median:.3g} ms)"
    )
    against_bare = f"{len(headers)} sessions of a bare Streamlit page at once, p95"
    return [
        BenchLine(row, size, subject, "one session, p50", GOAL, parallel, single, note),
        BenchLine(row, size, subject, against_bare, GOAL_OF_BARE, parallel, bare_parallel),
    ]


def _count_bytes(host: str, headers: Headers) -> int:
    """Return how many bytes a session receives, on average of the first ones."""
    counts = []
    for values in headers[: len(PEOPLE)]:
        with Session(host, values) as session:
            session.run(find_start_page(host, values))
            counts.append(session.received_bytes)
    return sum(counts) // len(counts)


def _build_single_timer(host: str, headers: Mapping[str, str]) -> Callable[[], float]:
    def open_one() -> float:
        time.sleep(_PAUSE)
        with Session(host, headers) as session:
            return session.run()

    return open_one


def compute_parallel_time(host: str, headers: Headers, start_pages: Sequence[str]) -> float:
    """Return the 95th percentile of the seconds of new sessions that run their start page at once."""
    times = sorted(asyncio.run(_run_sessions(host, headers, start_pages)))
    return times[int(0.95 * len(times)) - 1]


async def _run_sessions(host: str, headers: Headers, start_pages: Sequence[str]) -> list[float]:
    """Connect all sessions, then run them; returns the seconds until the end of each session's script."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(_open_connection(host, values)) for values in headers]
        begin = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            runs = [group.create_task(_wait_for_end(*pair)) for pair in zip(sockets, start_pages, strict=True)]
        return [run.result() - begin for run in runs]


def _open_connection(host: str, headers: Mapping[str, str]) -> connect:
    return connect(
        build_stream_url(host),
        subprotocols=[PROTOCOL],
        max_size=None,
        compression=None,
        proxy=None,
        open_timeout=60,
        additional_headers=build_headers(host, headers),
    )


async def _wait_for_end(socket: ClientConnection, start_page: str) -> float:
    """Run the script of a session; returns the moment (`time.perf_counter`) at which it ended."""
    await socket.send(encode_rerun(start_page))
    while True:
        received = await socket.recv()
        if isinstance(received, bytes) and is_script_finished(ForwardMsg.FromString(received)):
            return time.perf_counter()

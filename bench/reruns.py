"""Reruns after a filter, and many sessions at once: server time, over Streamlit's own WebSocket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack
from datetime import timedelta
from urllib.parse import quote, urlencode

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from bench import databases
from bench.generate import TODAY
from bench.results import Line
from bench.servers import the_app, the_empty_page
from bench.timing import Spread, in_turns
from bench.websocket_session import PROTOCOL, Session, address, is_last, question
from kpis.ui import pages

SESSIONS = 100
_TIMES = 15
_REST = 0.06
"""Seconds between runs: Streamlit collects its garbage after one has ended, which is not the next one's."""

_PLAN = "ha-noi"
_AGENCY = "Sở Công Thương"


def measure(sizes: Sequence[str], until: float) -> list[Line]:
    """Row 5: a rerun of each page with another filter, against a rerun of an empty page, in turns."""
    found: list[Line] = []
    with the_empty_page(frozen=True) as empty:
        for size in sizes:
            with the_app(databases.pointer(size)) as host:
                for entry in pages.PAGES:
                    found += _page(size, host, empty, entry.slug, until)
    return found


def _page(size: str, host: str, empty: str, page: str, until: float) -> Iterator[Line]:
    goal = 2.5 if page == pages.OVERVIEW else 8.0
    path = "" if page == pages.OVERVIEW else page
    days = _days()
    with ExitStack() as stack:
        nothing, kept, fresh = (stack.enter_context(Session(one)) for one in (empty, host, host))
        two = [_query(page, 1), _query(page, 2)]

        def known() -> float:
            time.sleep(_REST)
            two.reverse()
            return kept.run(path, two[0])

        def unknown() -> float:
            time.sleep(_REST)
            return fresh.run(path, _query(page, next(days)))

        def none() -> float:
            time.sleep(_REST)
            return nothing.run()

        fresh.run(path, _query(page, 0))
        base, own, first = in_turns([none, known, unknown], _TIMES, warm=2, until=until)
    against = "an empty rerun"
    yield Line(5, size, f"{page}, a filter chosen before", against, goal, Spread.of(own), Spread.of(base))
    yield Line(5, size, f"{page}, a day nobody asked for", against, goal, Spread.of(first), Spread.of(base))


def _days() -> Iterator[int]:
    return iter(range(3, 10_000))


def _query(page: str, days_ago: int) -> str:
    asked = {"as_of": (TODAY - timedelta(days=days_ago)).isoformat()}
    if page in (pages.PROVINCE, pages.AGENCY):
        asked["plan"] = _PLAN
    if page == pages.AGENCY:
        asked["agency"] = _AGENCY
    return urlencode(asked, quote_via=quote)


def sessions(sizes: Sequence[str], until: float) -> list[Line]:
    """Row 10: new sessions that open the overview all at once, against one that opens it alone."""
    found = []
    for size in sizes:
        with the_app(databases.pointer(size)) as host:

            def alone(host: str = host) -> float:
                with Session(host) as one:
                    return one.run()

            def together(host: str = host) -> float:
                times = sorted(asyncio.run(_at_once(host)))
                return times[int(0.95 * len(times)) - 1]

            base, own = in_turns([alone, together], 5, until=until)
            base += in_turns([alone], 15, warm=0)[0]
        found.append(
            Line(
                10,
                size,
                f"{SESSIONS} sessions at once, p95",
                "one session, p50",
                50,
                Spread.of(own),
                Spread.of(base),
                "new sessions of the overview over the WebSocket, without a browser",
            )
        )
    return found


async def _at_once(host: str) -> list[float]:
    """Seconds from the common start to the end of each session's script; all are connected before it."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(_connection(host)) for _ in range(SESSIONS)]
        begin = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            runs = [group.create_task(_ended(socket)) for socket in sockets]
        return [run.result() - begin for run in runs]


def _connection(host: str) -> connect:
    return connect(address(host), subprotocols=[PROTOCOL], max_size=None, compression=None, proxy=None)


async def _ended(socket: ClientConnection) -> float:
    """The moment at which one session's first run has ended."""
    await socket.send(question())
    while True:
        received = await socket.recv()
        if isinstance(received, bytes) and is_last(ForwardMsg.FromString(received)):
            return time.perf_counter()

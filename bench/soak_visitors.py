"""The visitors of a soak, and what is counted of them."""

from __future__ import annotations

import asyncio
import random
import re
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from bench.websocket_session import PROTOCOL, build_headers, build_stream_url, encode_rerun, is_script_finished
from kpis.ui import pages

MAX_PAUSE = 20.0
"""Seconds that a visitor reads a page, at most."""
STALE_SECONDS = 5.0
"""A page asked for so long after a version was published shows that version."""
_ALWAYS_FINE = {"memory_mib": 0.0, "files": 0.0, "threads": 100.0}
"""What never counts as growth: the server keeps pools of threads, of which more or fewer are at work."""
_PAGES = ("", pages.SOURCES, pages.TARGETS, pages.TASKS, pages.PROVINCE)
_ANSWER_SECONDS = 120.0
_VERSION = re.compile(rb'data-version="(\d+)"')
_OFFICER = "officer@tinh.vn"


@dataclass
class Tally:
    """What happened until `ends_at` (`time.monotonic`)."""

    ends_at: float
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    stale: int = 0
    process: list[tuple[float, int, int]] = field(default_factory=list)
    published: list[tuple[float, int]] = field(default_factory=list)

    def is_over(self) -> bool:
        """True once the soak ends."""
        return time.monotonic() >= self.ends_at

    async def sleep(self, seconds: float) -> None:
        """Wait so long, or until the soak ends."""
        await asyncio.sleep(max(0.0, min(seconds, self.ends_at - time.monotonic())))

    def note_published(self, version: int) -> None:
        """Record a version that readers may see from now on."""
        self.published.append((time.monotonic(), version))

    def note_page(self, asked_at: float, version: int) -> None:
        """Record a page, and whether it showed an older version than it should have."""
        self.times.append(time.monotonic() - asked_at)
        due = max((number for moment, number in self.published if moment <= asked_at - STALE_SECONDS), default=0)
        self.stale += version < due

    def note_process(self, memory: float, files: int, threads: int) -> None:
        """Record the size of the server: MiB, open files, threads."""
        self.process.append((memory, files, threads))

    def summarize(self, max_growth: float) -> dict[str, object]:
        """Return the counts, times in seconds, and the server's size after the first third and at the end."""
        third = max(1, len(self.process) // 3)
        begin, end = self.process[third : 2 * third] or self.process, self.process[-third:]
        growth = {
            name: (statistics.median(row[index] for row in begin), statistics.median(row[index] for row in end))
            for index, name in enumerate(("memory_mib", "files", "threads"))
        }
        times = sorted(self.times) or [0.0]
        passed = (
            not self.errors
            and not self.stale
            and bool(self.times)
            and all(last <= max(max_growth * first, _ALWAYS_FINE[name]) for name, (first, last) in growth.items())
        )
        return {
            "passed": passed,
            "pages": len(self.times),
            "median_seconds": round(statistics.median(times), 3),
            "p95_seconds": round(times[int(0.95 * (len(times) - 1))], 3),
            "errors": len(self.errors),
            "first_errors": self.errors[:5],
            "stale_pages": self.stale,
            "versions": len(self.published),
            **{name: {"middle": round(first), "end": round(last)} for name, (first, last) in growth.items()},
        }


async def visit(host: str, headers: Mapping[str, str], email: str, tally: Tally, number: int) -> None:
    """Read one page after the other, with pauses, over one websocket, until the soak ends."""
    rng = random.Random(number)
    slugs = pages.OFFICER_PAGES if email == _OFFICER else _PAGES
    await tally.sleep(rng.uniform(0, MAX_PAUSE))
    while not tally.is_over():
        try:
            async with connect(
                build_stream_url(host),
                subprotocols=[PROTOCOL],
                max_size=None,
                compression=None,
                proxy=None,
                open_timeout=_ANSWER_SECONDS,
                ping_interval=None,
                additional_headers=build_headers(host, headers),
            ) as socket:
                while not tally.is_over():
                    await _read_page(socket, rng.choice(slugs), tally)
                    await tally.sleep(rng.uniform(0, MAX_PAUSE))
        except (OSError, WebSocketException, TimeoutError) as error:
            tally.errors.append(f"{email}: {type(error).__name__} {error}")
            await tally.sleep(1)


async def _read_page(socket: ClientConnection, slug: str, tally: Tally) -> None:
    asked_at = time.monotonic()
    version = 0
    await socket.send(encode_rerun(slug))
    while True:
        frame = await asyncio.wait_for(socket.recv(), _ANSWER_SECONDS)
        data = frame if isinstance(frame, bytes) else frame.encode()
        if match := _VERSION.search(data):
            version = int(match[1])
        if is_script_finished(ForwardMsg.FromString(data)):
            break
    tally.note_page(asked_at, version)


async def keep_idle(host: str, tally: Tally, number: int) -> None:
    """Open a socket that says nothing, or begins a request and never ends it."""
    await tally.sleep(number * 0.005)
    name, _, port = host.partition(":")
    try:
        reader, writer = await asyncio.open_connection(name, int(port))
        if number % 2:
            writer.write(b"GET / HTTP/1.1\r\nHost: ")
        waiting = asyncio.create_task(reader.read(1))
        await asyncio.wait({waiting}, timeout=max(0.0, tally.ends_at - time.monotonic()))
        waiting.cancel()
        writer.close()
    except OSError as error:
        tally.errors.append(f"idle: {type(error).__name__} {error}")


async def send_slowly(host: str, tally: Tally, number: int) -> None:
    """Send a request byte by byte, one a second, again and again."""
    name, _, port = host.partition(":")
    text = f"GET /dang-nhap?n={number} HTTP/1.1\r\nHost: {host}\r\nX-Slow: {'x' * 2000}".encode()
    while not tally.is_over():
        try:
            _, writer = await asyncio.open_connection(name, int(port))
            for byte in text:
                if tally.is_over():
                    break
                writer.write(bytes([byte]))
                await writer.drain()
                await tally.sleep(1)
            writer.close()
        except OSError:  # a server may close a sender that is too slow
            await tally.sleep(1)

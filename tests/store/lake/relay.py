"""A TCP relay on this machine between the tests and PostgreSQL, which can fall silent without closing anything."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

Change = Callable[[bytes], bytes]
Result = TypeVar("Result")


class Relay:
    """Forwards every connection to one port; `change` may rewrite what the server says."""

    def __init__(self, target: int, change: Change) -> None:
        self._target = target
        self._change = change
        self._loop = asyncio.new_event_loop()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = int(self._server.sockets[0].getsockname()[1])

    def fall_silent(self) -> None:
        """Forward nothing more, in either direction, and keep every connection open."""
        self._loop.call_soon_threadsafe(self._flowing.clear)

    def speak(self) -> None:
        """Forward again, and first what came meanwhile."""
        self._loop.call_soon_threadsafe(self._flowing.set)

    def close(self) -> None:
        """Close every connection."""
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers += [writer, server_writer]
        for work in (
            self._forward(reader, server_writer, lambda data: data),
            self._forward(server_reader, writer, self._change),
        ):
            task = self._loop.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, change: Change) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                await self._flowing.wait()
                writer.write(change(data))
                await writer.drain()
            await self._flowing.wait()
        writer.close()

    async def _close(self) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


@contextmanager
def run_relay(target: int, change: Change = lambda data: data) -> Iterator[Relay]:
    """Run a relay to a port of this machine."""
    relay = Relay(target, change)
    try:
        yield relay
    finally:
        relay.close()

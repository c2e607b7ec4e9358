"""The websocket of a page: what it must not tell, and its end when rights change."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from kpis.ui.shared import streamlit_internals

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("kpis")
CHECK_SECONDS = 30.0
_POLICY_VIOLATION = 1008

IsAllowed = Callable[[bool], Awaitable[bool]]
"""Asked with True for an activity of the person: may the socket go on?"""

OnPress = Callable[[str], Awaitable[None]]
"""Called with the key of every button that a message presses."""


OnSession = Callable[[str], None]
"""Called with the id of every session of Streamlit that the socket's page has."""


def hide_server_details(send: Send, on_session: OnSession | None = None) -> Send:
    """Return a `send` that leaves out the program's path on the server and the versions of what runs it."""

    async def send_hidden(message: Message) -> None:
        if message["type"] == "websocket.send" and message.get("bytes"):
            data = streamlit_internals.hide_server_details(message["bytes"], on_session)
            message = {**message, "bytes": data}
        await send(message)

    return send_hidden


class OpenSockets:
    """How many websockets of pages are open, and when somebody last did something; changed in the event loop alone."""

    count = 0
    active_at = float("-inf")


class GuardedSocket:
    """One websocket that is closed as soon as its session, person or rights are not those it was opened with."""

    def __init__(
        self,
        app: ASGIApp,
        is_allowed: IsAllowed,
        check_seconds: float | None = None,
        on_press: OnPress | None = None,
        on_session: OnSession | None = None,
    ) -> None:
        self.app, self._ask, self._on_press, self._on_session = app, is_allowed, on_press, on_session
        self._check_seconds = CHECK_SECONDS if check_seconds is None else check_seconds
        self._closed = asyncio.Event()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the socket; its rights are asked for before every message and by itself every 30 seconds."""
        self._receive, self._send = receive, hide_server_details(send, self._on_session)
        watch = asyncio.create_task(self._check_regularly())
        OpenSockets.count += 1
        try:
            await self.app(scope, self._receive_allowed, self._send_open)
        finally:
            OpenSockets.count -= 1
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    async def _is_allowed(self, is_activity: bool) -> bool:
        try:
            return await self._ask(is_activity)
        except Exception:  # noqa: BLE001 - a question without an answer lets nobody go on
            _log.exception("whether a page may stay open could not be asked")
            return False

    async def _receive_allowed(self) -> Message:
        next_message = asyncio.ensure_future(self._receive())
        closed = asyncio.ensure_future(self._closed.wait())
        try:
            await asyncio.wait({next_message, closed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            closed.cancel()
        if self._closed.is_set():
            next_message.cancel()
            return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}
        message = next_message.result()
        if message["type"] == "websocket.receive":
            data = message.get("bytes") or b""
            is_activity = not streamlit_internals.is_automatic_rerun(data)
            if not await self._is_allowed(is_activity):
                await self._close()
                return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}
            if is_activity:
                OpenSockets.active_at = time.monotonic()
            if self._on_press is not None:
                for key in streamlit_internals.list_pressed_keys(data):
                    await self._on_press(key)
        return message

    async def _send_open(self, message: Message) -> None:
        if not self._closed.is_set():
            await self._send(message)

    async def _check_regularly(self) -> None:
        while not self._closed.is_set():
            await asyncio.sleep(self._check_seconds)
            if not await self._is_allowed(False):
                await self._close()

    async def _close(self) -> None:
        if not self._closed.is_set():
            self._closed.set()
            with suppress(RuntimeError, OSError):  # the other side has closed it meanwhile
                await self._send({"type": "websocket.close", "code": _POLICY_VIOLATION})

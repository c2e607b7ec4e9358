"""Middleware of the bench's own pages that switches the delay of packets off, as the gate of the product does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpis.ui.server.packet_delay import send_packets_at_once

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class PacketsAtOnce:
    """Passes every request on, from a connection that sends small packets at once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        send_packets_at_once(receive)
        await self.app(scope, receive, send)

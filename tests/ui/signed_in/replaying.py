"""Frames of one person's page, sent again over the websocket of another person's."""

from __future__ import annotations

from tests.ui.conftest import OpenedPage

RECORD_SOCKETS = """
(() => {
  const sockets = window.kpisSockets = [];
  const Native = window.WebSocket;
  window.WebSocket = new Proxy(Native, {construct(target, parts) {
    const socket = new target(...parts); sockets.push(socket); return socket;
  }});
})();
"""


def replay(opened: OpenedPage, frames: list[bytes]) -> None:
    """Send frames of somebody else's page over the websocket of this one."""
    for frame in frames:
        opened.page.evaluate("data => window.kpisSockets.at(-1).send(Uint8Array.from(data))", list(frame))
        opened.page.wait_for_timeout(3_000)

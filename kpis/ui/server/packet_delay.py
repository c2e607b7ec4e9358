"""Small packets go out at once: the system must not hold one back until the browser has confirmed the one before.

Streamlit opens the server's socket in a way that asyncio's own switch for this (TCP_NODELAY) does not recognize, so
every page, click and answer could stand still for the 40 ms after which a browser confirms a packet.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Receive

_FAMILIES = frozenset({socket.AF_INET, socket.AF_INET6})


def send_packets_at_once(receive: Receive) -> None:
    """Switch the delay off for the connection that a request came by; nothing where the server does not show it.

    uvicorn passes `receive` as a method of what serves the connection, which has its `transport`.
    """
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    connection = None if transport is None else transport.get_extra_info("socket")
    if connection is not None and connection.family in _FAMILIES:
        with suppress(OSError):  # the other side has closed it meanwhile
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

"""Without a rights file the dashboard is for this machine alone: which requests pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpis.ui.server.gate.requests import get_header, has_loopback_peer, is_forwarded

if TYPE_CHECKING:
    from starlette.types import Scope

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_DEFAULT_PORT = 80
_SAFE_METHODS = frozenset({"GET", "HEAD"})


def is_local_request(scope: Scope) -> bool:
    """True if a request comes from this machine, unforwarded, to one of its names and from a page of ours.

    The port is the one that the server answers at; an Origin is required of a websocket and of every method but
    GET and HEAD, and checked wherever one is sent.
    """
    hosts = _list_loopback_hosts(scope)
    origin = get_header(scope, b"origin")
    needs_origin = scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS
    return (
        has_loopback_peer(scope)
        and not is_forwarded(scope)
        and get_header(scope, b"host") in hosts
        and (not needs_origin if origin is None else origin in {f"http://{host}" for host in hosts})
    )


def has_loopback_host(scope: Scope) -> bool:
    """True if the Host header is a name of this machine with the port that the server answers at."""
    return get_header(scope, b"host") in _list_loopback_hosts(scope)


def _list_loopback_hosts(scope: Scope) -> set[str]:
    server = scope.get("server")
    port = server[1] if server else None
    if port is None:
        return set()
    suffixes = (f":{port}", "") if port == _DEFAULT_PORT else (f":{port}",)
    return {host + suffix for host in LOOPBACK_HOSTS for suffix in suffixes}

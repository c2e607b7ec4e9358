"""What the gate reads of a request: headers, cookies, peer."""

from __future__ import annotations

import ipaddress
from http.cookies import Morsel
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Scope

_PROXY_HEADERS = frozenset({b"forwarded", b"x-real-ip", b"via", b"true-client-ip", b"cf-connecting-ip"})


def get_header(scope: Scope, name: bytes) -> str | None:
    """Return a header that stands exactly once; None if it is missing, "" (never valid) if it stands twice."""
    values = [value for key, value in scope["headers"] if key.lower() == name]
    if not values:
        return None
    return values[0].decode("latin-1") if len(values) == 1 else ""


def get_cookie(scope: Scope, name: str) -> str | None:
    """Return the value of a cookie; None if it is missing or stands twice."""
    values = [value for cookie_name, value in list_cookies(scope) if cookie_name == name]
    return values[0] if len(values) == 1 else None


def list_cookies(scope: Scope) -> list[tuple[str, str]]:
    """Return name and value of every cookie, in the order sent."""
    cookies = []
    for key, value in scope["headers"]:
        for part in value.decode("latin-1").split(";") if key.lower() == b"cookie" else ():
            name, _, cookie_value = part.strip().partition("=")
            cookies.append((name, cookie_value))
    return cookies


def is_forwarded(scope: Scope) -> bool:
    """True if the request came through a proxy: HTTP before 1.1, or a header that only proxies send."""
    if scope.get("http_version", "1.1") in {"0.9", "1.0"}:
        return True
    names = {key.lower().replace(b"_", b"-") for key, _ in scope["headers"]}
    return bool(names & _PROXY_HEADERS) or any(name.startswith(b"x-forwarded") for name in names)


def has_loopback_peer(scope: Scope) -> bool:
    """True if the connection comes from this machine."""
    client = scope.get("client")
    try:
        peer = ipaddress.ip_address(client[0]) if client else None
    except ValueError:
        return False
    if isinstance(peer, ipaddress.IPv6Address) and peer.ipv4_mapped:
        peer = peer.ipv4_mapped
    return peer is not None and peer.is_loopback


def format_cookie(name: str, value: str, *, is_secure: bool, max_age: int | None = None) -> str:
    """Return a Set-Cookie header: HttpOnly, SameSite=Lax, Path=/, and Secure over TLS."""
    morsel: Morsel[str] = Morsel()
    morsel.set(name, value, value)
    morsel["path"], morsel["samesite"] = "/", "Lax"
    morsel["httponly"], morsel["secure"] = True, is_secure
    if max_age is not None:
        morsel["max-age"] = max_age
    return morsel.OutputString()

"""The public address of an installation: the only source of allowed hosts, origins, links and cookie names."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"https": 443, "http": 80}
_LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
COOKIE_NAME = re.compile(r"(__Host-)?kpis-[0-9a-f]{8}")
"""The name of a session's cookie, of whatever address."""
_PATH_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/")


@dataclass(frozen=True)
class Address:
    """`https://host[:port][/path]`; `path` is "" or begins with a slash and does not end with one."""

    scheme: str
    host: str
    port: int
    path: str

    @cached_property
    def host_header(self) -> str:
        """The value of the Host header of a request to this address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @cached_property
    def origin(self) -> str:
        """The value of the Origin header that the pages of this address send."""
        return f"{self.scheme}://{self.host_header}"

    @property
    def is_secure(self) -> bool:
        """True if browsers reach it over TLS."""
        return self.scheme == "https"

    @cached_property
    def cookie_name(self) -> str:
        """The name of the session's cookie; two installations on one host have different ones."""
        name = "kpis-" + hashlib.sha256(str(self).encode()).hexdigest()[:8]
        return f"__Host-{name}" if self.is_secure else name

    def __str__(self) -> str:
        """Return the address without a slash at its end."""
        return self.origin + self.path


def parse_address(text: str) -> Address:
    """Return the address; ValueError unless it is https, or http on this machine, without user, query, fragment."""
    parts = urlsplit(text)
    host = (parts.hostname or "").lower()
    if not host or not host.isascii() or parts.username is not None or parts.query or parts.fragment:
        raise ValueError(text)
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK_HOSTS):
        raise ValueError(text)
    path = parts.path.rstrip("/")
    if not set(path) <= _PATH_CHARACTERS or any(part in {"", ".", ".."} for part in path.split("/")[1:]):
        raise ValueError(text)
    return Address(parts.scheme, host, parts.port or _DEFAULT_PORTS[parts.scheme], path)

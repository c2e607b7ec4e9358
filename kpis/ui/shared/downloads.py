"""Files that a page offers: each has an address that opens it for the viewer of the page alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from kpis.access.identities import Viewer

PATH = "/tai-ve/"
_LIFETIME_SECONDS = 3600.0
_MAX_OFFERS = 5_000


@dataclass(frozen=True)
class Offer:
    """One file. `read` returns its bytes when it is downloaded; `is_allowed` asks for the right again then."""

    read: Callable[[], bytes]
    file_name: str
    mime_type: str
    session_id: str
    is_allowed: Callable[[Viewer], bool]
    offered_at: float = field(default_factory=time.monotonic)


class Offers:
    """The files offered by this process; an offer lasts an hour, and the oldest give way to new ones."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._offers: OrderedDict[str, Offer] = OrderedDict()

    def add(self, offer: Offer) -> str:
        """Return the address of a file: the same one for the same file and viewer, which nobody can guess."""
        name = f"{offer.session_id}\0{offer.file_name}\0{offer.mime_type}"
        token = hmac.new(self._secret, name.encode(), hashlib.sha256).hexdigest()
        with self._lock:
            self._offers[token] = offer
            self._offers.move_to_end(token)
            while len(self._offers) > _MAX_OFFERS:
                self._offers.popitem(last=False)
        return PATH + token

    def find(self, token: str, viewer: Viewer) -> Offer | None:
        """Return the file for a viewer; None if unknown, too old, another viewer's or not allowed any more."""
        with self._lock:
            offer = self._offers.get(token)
        if offer is None or time.monotonic() - offer.offered_at > _LIFETIME_SECONDS:
            return None
        return offer if offer.session_id == viewer.session_id and offer.is_allowed(viewer) else None


OFFERS = Offers()

"""Who a request to a route of our own comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kpis.access.identities import IDENTITIES, OPEN_VIEWER, Viewer
from kpis.ui.server.gate.signed_in import IDENTITY_HEADER

if TYPE_CHECKING:
    from starlette.requests import Request


def find_request_viewer(request: Request) -> Viewer:
    """Return who the gate let in; without a rights file it adds no identity, and takes away any that is sent."""
    identity = request.headers.get(IDENTITY_HEADER.decode())
    if identity is None:
        return OPEN_VIEWER
    viewer = IDENTITIES.find(identity)
    if viewer is None:
        raise HTTPException(401)
    return viewer

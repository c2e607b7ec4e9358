"""Who a request to a route of our own comes from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kpis.access.enforcement import get_access_paths, is_enforced
from kpis.access.identities import IDENTITIES, OPEN_VIEWER, Viewer
from kpis.settings import load_settings
from kpis.ui.server.gate.signed_in import IDENTITY_HEADER

if TYPE_CHECKING:
    from starlette.requests import Request


def find_request_viewer(request: Request) -> Viewer:
    """Return who the gate let in; without a rights file it adds no identity, and takes away any that is sent."""
    identity = request.headers.get(IDENTITY_HEADER.decode())
    if identity is None:
        if is_enforced(get_access_paths(load_settings(os.environ, read_only=True))):
            raise HTTPException(401)
        return OPEN_VIEWER
    viewer = IDENTITIES.find(identity)
    if viewer is None:
        raise HTTPException(401)
    return viewer

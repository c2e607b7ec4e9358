"""Who looks at the page that runs: the person signed in, or anybody at this machine without a rights file."""

from __future__ import annotations

import os

import streamlit as st

from kpis.access.enforcement import get_access_paths, is_enforced
from kpis.access.errors import NotAllowedError
from kpis.access.identities import IDENTITIES, OPEN_VIEWER, Viewer
from kpis.settings import load_settings

IDENTITY_KEY = "kpis"
"""The key of `st.user` that `server.trustedUserHeaders` fills from the header of the gate."""


def get_viewer() -> Viewer:
    """Return the viewer. NotAllowedError where rights are enforced and the gate has let nobody in."""
    identity = st.user.get(IDENTITY_KEY)
    viewer = IDENTITIES.find(identity if isinstance(identity, str) else None)
    if viewer is not None:
        return viewer
    if is_enforced(get_access_paths(load_settings(os.environ, read_only=True))):
        raise NotAllowedError("You are not signed in. Load the page again.")
    return OPEN_VIEWER

"""The process beside the dashboard that reads the sources again and again (kpis.watch)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import streamlit as st

from kpis.settings import project_root

SECRET = "google"  # noqa: S105 - the name of a table in secrets.toml, not a secret
_PATIENCE = 20  # seconds that a reading under way has to end


def environment() -> dict[str, str]:
    """The environment of a reading, with the key of Streamlit's secrets ([google]) where none is set."""
    found = dict(os.environ)
    has_key = "KPIS_GOOGLE_KEY" in found or "KPIS_GOOGLE_KEY_JSON" in found
    if not has_key and st.secrets.load_if_toml_exists() and SECRET in st.secrets:
        found["KPIS_GOOGLE_KEY_JSON"] = json.dumps(dict(st.secrets[SECRET]))
    return found


@contextmanager
def watching() -> Iterator[None]:
    """Reads beside the server for as long as this lasts; the process ends with its standard input."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kpis.watch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=environment(),
        cwd=project_root(),
    )
    try:
        yield
    finally:
        if process.stdin is not None:
            with suppress(OSError):  # it has ended by itself
                process.stdin.close()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait()

"""What is refused before the server starts: without a rights file it may listen to this machine alone."""

from __future__ import annotations

import ipaddress
import os
import secrets
import sys
from collections.abc import Mapping

from kpis.access.enforcement import OPEN_MODE, AccessState, get_access_paths, is_enforced
from kpis.access.errors import RightsFileError
from kpis.errors import KpisError, UsageError
from kpis.language.messages import explain, translate
from kpis.settings import choose_language, load_settings
from kpis.store.opening import find_lake
from kpis.ui.server.gate.signed_in import IDENTITY_HEADER
from kpis.ui.shared import streamlit_internals
from kpis.ui.shared.viewer import IDENTITY_KEY


def exit_if_not_allowed(environ: Mapping[str, str], server_address: str | None, base_path: str) -> None:
    """End the process with a sentence (exit code 2) if the server must not start with these settings.

    Where nobody signs in, the log gets a line that says how the server is protected.
    """
    try:
        check_start(environ, server_address, base_path)
        if not is_enforced(get_access_paths(load_settings(environ, read_only=True))):
            sys.stderr.write(translate(choose_language(environ), OPEN_MODE) + "\n")
    except KpisError as error:
        sys.stderr.write(explain(error, choose_language(environ)) + "\n")
        sys.stderr.flush()
        os._exit(2)  # Streamlit imports the app in a way that goes on after SystemExit


def check_start(environ: Mapping[str, str], server_address: str | None, base_path: str) -> None:
    """Raise UsageError if people elsewhere could reach a server without rights, or an address is wrong.

    With rights the identity that the gate sets must be all that pages learn of their viewer.
    """
    settings = load_settings(environ, read_only=True)
    find_lake(settings)
    state = AccessState(get_access_paths(settings), environ)
    if not is_enforced(state.paths):
        if not _is_loopback(server_address):
            text = (
                "Without a rights file the dashboard is for this machine alone: start it with "
                "--server.address 127.0.0.1, or write access.toml first (docs/administrator.md)."
            )
            raise UsageError(text)
        return
    probe = secrets.token_hex(16)
    if streamlit_internals.gather_user_values(IDENTITY_HEADER.decode(), probe) != {IDENTITY_KEY: probe}:
        text = (
            "Streamlit does not tell the pages who is signed in: the option {option} is not that of {file}. Start the "
            "server in the folder of app.py, without settings of your own for it."
        )
        raise UsageError(text, option="server.trustedUserHeaders", file=".streamlit/config.toml")
    try:
        address = state.get_rights().address
    except RightsFileError:
        return  # the server starts, and every request is refused with the faults of the file
    if address.path != base_path:
        text = (
            "access.toml says {address}, but the server answers at “{path}”: start it with --server.baseUrlPath {base}."
        )
        raise UsageError(text, address=address, path=base_path or "/", base=address.path.strip("/") or '""')


def _is_loopback(address: str | None) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False

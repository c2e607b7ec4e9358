"""Programs of the system that some tests need; `make test` installs them on Debian."""

from __future__ import annotations

import shutil

import pytest


def require_program(name: str) -> str:
    """Return the path of a program; skip only where the system cannot have its Debian package."""
    path = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/bin:/sbin:/bin")
    if path is None and shutil.which("apt-get") is None:
        pytest.skip(f"{name} is a package of Debian, which this system has not")
    assert path is not None, f"{name} is missing: run scripts/web_servers.sh"
    return path

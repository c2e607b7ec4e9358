"""The product's version: from pyproject.toml in a checkout, else from the metadata of the package."""

from __future__ import annotations

import tomllib
from importlib.metadata import version

from kpis.settings import get_project_root


def get_product_version() -> str:
    """Return the version of the code that runs: the repository's, else the installed package's."""
    project = get_project_root() / "pyproject.toml"
    if project.is_file():
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    return version("kpis")

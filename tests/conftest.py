"""Settings of all tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from tests.paths import ROOT

# `same` gives reproducible examples in every run; `explore` searches for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

SLOW_FOLDERS = (
    "tests/feedback/google",
    "tests/pack/edition",
    "tests/pack/pdf",
    "tests/pack/pptx",
    "tests/pack/xlsx",
    "tests/sources/google",
    "tests/sync",
    "tests/templates/google",
)
"""Tests here start servers, write whole editions or publish database versions: all of them are slow."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the slow folders, which `make check` leaves to `make test`."""
    for item in items:
        folder = item.path.relative_to(ROOT).parent.as_posix()
        if folder.startswith(SLOW_FOLDERS):
            item.add_marker(pytest.mark.slow)

"""The sample, read once, for the tests of this folder."""

from tests.pack.fixtures import (
    database,
    pointer,
)

__all__ = ["database", "pointer"]

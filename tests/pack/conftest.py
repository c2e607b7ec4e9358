"""The shared fixtures of the tests in this folder."""

from tests.pack.fixtures import (
    database,
    edition_contents,
    figures,
    make_request,
    pointer,
)

__all__ = ["database", "edition_contents", "figures", "make_request", "pointer"]

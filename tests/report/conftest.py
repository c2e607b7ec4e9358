"""The sample, read once, for the tests of this folder."""

from tests.pack.fixtures import (
    database,
    edition_contents,
    figures,
    make_request,
    pointer,
)

__all__ = ["database", "edition_contents", "figures", "make_request", "pointer"]

"""The sample, read once, for the tests of this folder."""

from tests.pack.fixtures import (
    database,
    figures,
    order,
    pointer,
    whole,
)

__all__ = ["database", "figures", "order", "pointer", "whole"]

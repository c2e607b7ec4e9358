"""The name of the product."""

from __future__ import annotations

PRODUCT_NAME = "Progress of plans"
"""A catalogue key."""

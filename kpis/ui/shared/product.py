"""The name of the product."""

from __future__ import annotations

PRODUCT_NAME = "Consumer protection plans"
"""A catalogue key."""

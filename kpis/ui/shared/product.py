"""Words that stand before any language is chosen."""

from __future__ import annotations

PRODUCT_NAME = "Consumer protection plans"
"""The product's name, a catalogue key."""

"""The part of a register that merges one agency of Đồng Tháp into another, from the middle of 2026."""

from __future__ import annotations


def build_merger(old: str, new: str) -> str:
    """Return the entries of both agencies as TOML; the new one is found by the old name too."""
    return f"""
[[agency]]
plan = "dong-thap"
name = "{old}"
successor = "{new}"
from = 2026-07-01

[[agency]]
plan = "dong-thap"
name = "{new}"
aliases = ["{old}"]
"""

"""The version of what readers take from a sheet: rows stored by another version are read afresh."""

from __future__ import annotations

from typing import Final

READER_VERSION: Final = 3
"""2: number formats that show another value, struck and raised text, formulas over their own column. 3: the tab of
explanations."""

"""Readers: an issued document, whatever its format, as a `Document` of blocks in reading order (design.md §3)."""

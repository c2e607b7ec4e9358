"""The limits within which one document is read, beside those of the process that reads it (kpis.sources.bounds)."""

from __future__ import annotations

MAX_FILE_BYTES = 30 << 20
"""Bytes of one file, as uploads are limited too."""
MAX_UNPACKED_BYTES = 256 << 20
"""Bytes that the parts of a Word file declare together: beyond it, it is no document."""
MAX_PAGES = 300
"""Pages of one PDF; the longest plans with their annexes have about a hundred."""
MAX_CHARACTERS = 900_000
"""Characters of one document: about 300 pages."""
MAX_BLOCKS = 60_000
"""Paragraphs and rows of tables of one document."""
READ_SECONDS = 180.0
"""Seconds in which one document must have been read."""
PROGRAM_SECONDS = 180.0
"""Seconds that an optional program may take for one document, or for one scanned page."""

"""The named errors of documents that cannot be read; each says what to do next."""

from __future__ import annotations

from kpis.errors import KpisError


class DocumentError(KpisError):
    """A document that cannot be read, is not one, or holds too much; {file} names it."""

    exit_code = 1


class ScannedError(DocumentError):
    """A PDF whose pages are pictures; its value `pages` is how many there are."""

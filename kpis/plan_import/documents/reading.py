"""Reads one document by its format. Every failure is a named error with the next step."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kpis.errors import KpisError
from kpis.plan_import.documents.text_reader import read_text_blocks
from kpis.plan_import.model import Document


class DocumentError(KpisError):
    """A document that cannot be read; `file` names it."""


def read_document(path: Path) -> Document:
    """Return the document as blocks. DocumentError if the file cannot be read."""
    content = path.read_bytes()
    blocks = read_text_blocks(content.decode("utf-8-sig"))
    return Document(path.name, hashlib.sha256(content).hexdigest(), blocks)

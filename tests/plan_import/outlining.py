"""Texts of tests as outlined blocks."""

from __future__ import annotations

from kpis.plan_import.documents.text_reader import read_text_blocks
from kpis.plan_import.model import Document, OutlinedBlock
from kpis.plan_import.outline import outline_document


def outline_text(content: str) -> tuple[OutlinedBlock, ...]:
    """Return a text's blocks with sections and zones."""
    return outline_document(Document("plan.txt", "", read_text_blocks(content)))

"""Readers: an issued document, whatever its format, as a `Document` of blocks in reading order (design.md §3)."""

from kpis.plan_import.documents.errors import DocumentError
from kpis.plan_import.documents.reading import read_document

__all__ = ["DocumentError", "read_document"]

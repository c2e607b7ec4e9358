"""What the parsing process does with one request: reads a document, and reports its pages as it goes."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from typing import Any

from kpis.errors import KpisError
from kpis.plan_import.documents.errors import ScannedError
from kpis.plan_import.documents.reading import read_document
from kpis.plan_import.model import Block, Document


def answer_request(request: str, send: Callable[[bytes], None]) -> bytes:
    """Return the pickled answer to a file's path.

    It is ("document", plain fields) or ("error", catalogue key, values) or ("scan", pages); ("page", number, pages)
    is sent for each page before it.
    """
    try:
        document = read_document(Path(request), lambda page, pages: send(pickle.dumps(("page", page, pages))))
    except ScannedError as error:
        return pickle.dumps(("scan", error.values["pages"]))
    except KpisError as error:
        values = {name: value if isinstance(value, int) else str(value) for name, value in error.values.items()}
        return pickle.dumps(("error", error.text, values))
    return pickle.dumps(("document", pack_document(document)), pickle.HIGHEST_PROTOCOL)


def pack_document(document: Document) -> tuple[Any, ...]:
    """Return a document as tuples of plain values."""
    blocks = tuple(astuple(block) for block in document.blocks)
    return document.file_name, document.sha256, blocks, document.page_count, document.notes


def unpack_document(packed: tuple[Any, ...]) -> Document:
    """Return the document of such tuples."""
    file_name, sha256, blocks, page_count, notes = packed
    return Document(file_name, sha256, tuple(Block(*fields) for fields in blocks), page_count, notes)

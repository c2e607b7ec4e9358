"""What was left out or changed while a document was read, by code, as sentences (catalogue keys)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DOCUMENT_NOTES: Final[Mapping[str, str]] = {
    "deleted_text": "Tracked deletions left out: {n}.",
    "deleted_rows": "Deleted rows of tables left out: {n}.",
    "inserted_text": "Tracked insertions taken in: {n}.",
    "hidden_text": "Hidden texts left out: {n}.",
    "text_boxes": "Text boxes read: {n}.",
    "old_font": "The text was typed for an old font ({n}) and was converted. Read it through with care.",
    "recognised": "The text was recognised from pictures. Read every number through with care.",
    "converted": "The file was converted from .doc by LibreOffice.",
}

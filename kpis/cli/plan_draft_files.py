"""The files of a review: the draft in the installation's register, the workbook where the reviewer wants it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import KpisError, UsageError
from kpis.language.messages import translate
from kpis.plan_import.documents.errors import DocumentError
from kpis.plan_import.model import Document
from kpis.plan_import.review.book.write import build_book
from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.draft.offered import list_offered_agencies
from kpis.plan_import.review.draft_store import DraftStore
from kpis.plan_import.review.import_subject import ImportSubject
from kpis.store.files import as_store_error, write_atomic


class DraftFiles:
    """Where `plan import` writes a draft and its workbook: --out, else `<id>.xlsx` in the current folder.

    UsageError for a workbook that exists: it may hold decisions. ReviewError for a draft that cannot be read.
    """

    def __init__(self, request: Request, subject: ImportSubject) -> None:
        self._request = request
        self._subject = subject
        self._book = Path(request.get_text(options.BOOK) or f"{subject.plan}.xlsx").expanduser()
        if self._book.exists():
            raise UsageError("“{path}” already exists. Choose another name; nothing was written.", path=self._book)
        self._store = DraftStore(settings.get_register_folder(request.environ), subject)

    def write(self, path: Path, document: Document, build: Callable[[], Draft]) -> Draft:
        """Write a new draft and its workbook, or the workbook of the draft that was made from this document.

        Raises ReviewError for a draft from another document, DocumentError for a file that changed meanwhile.
        """
        draft = self._store.find_continued(document)
        if draft is not None:
            self._write_book(draft)
            self._write_message(
                translate(
                    self._request.lang,
                    "The draft of “{plan}” is from the same document and goes on: its workbook is written again, with "
                    "what is decided.",
                    plan=draft.plan,
                )
            )
        else:
            content = _read_same(path, document)
            draft = build()
            self._write_book(draft)
            try:
                self._store.create(draft, content)
            except KpisError:  # a book without its draft could never be taken in
                self._book.unlink(missing_ok=True)
                raise
        self._write_message(
            translate(
                self._request.lang, "The workbook of revision {revision} is in {path}: decide on {count} rows there.",
                revision=draft.revision, path=self._book, count=draft.count_undecided(),
            )
        )  # fmt: skip
        return draft

    def _write_book(self, draft: Draft) -> None:
        with as_store_error(self._book):
            self._book.parent.mkdir(parents=True, exist_ok=True)
        names = [indicator.name_vi for indicator in self._subject.register.indicators.values()]
        write_atomic(self._book, build_book(draft, list_offered_agencies(draft), names))

    def _write_message(self, message: str) -> None:
        self._request.write_message(message)


def _read_same(path: Path, document: Document) -> bytes:
    """Return the bytes of the file that was read; it is kept for whoever asks what was accepted."""
    try:
        content = path.read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise DocumentError("{file} was changed while it was being read. Run the command again.", file=path.name)
    return content

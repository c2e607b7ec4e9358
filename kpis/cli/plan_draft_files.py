"""The files of a review: the draft in the installation's register, the workbook where the reviewer wants it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import KpisError, UsageError
from kpis.language.messages import translate
from kpis.plan_import.agencies import list_standing_agencies
from kpis.plan_import.documents.errors import DocumentError
from kpis.plan_import.model import Document, Proposal
from kpis.plan_import.outline import outline_document
from kpis.plan_import.review.book.write import build_book
from kpis.plan_import.review.draft.build import build_draft
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.draft.places import find_other_place, read_place
from kpis.register.communes import list_communes
from kpis.register.load import load_register
from kpis.store.files import as_store_error, write_atomic


class DraftFiles:
    """Where `plan import` writes a draft and its workbook: --out, else `<id>.xlsx` in the current folder.

    UsageError for a place that is none, and for a workbook that exists: it may hold decisions. ReviewError for a
    draft that cannot be read.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._plan = request.require_text(options.NEW_PLAN)
        self._place = read_place(request.require_text(options.PLACE))
        self._book = Path(request.get_text(options.BOOK) or f"{self._plan}.xlsx").expanduser()
        if self._book.exists():
            raise UsageError("“{path}” already exists. Choose another name; nothing was written.", path=self._book)
        self._indicators = tuple(load_register(overlay=settings.find_overlay(request.environ)).indicators.values())
        self._folder = DraftFolder(settings.get_register_folder(request.environ), self._plan)
        self._existing = self._folder.find()

    def write(self, path: Path, document: Document, proposal: Proposal) -> None:
        """Write a new draft and its workbook, or the workbook of the draft that was made from this document.

        Raises ReviewError for a draft from another document, DocumentError for a file that changed meanwhile.
        """
        draft = self._existing
        if draft is None:
            content = _read_same(path, document)
            draft = build_draft(
                self._plan, self._place, document, outline_document(document), proposal, self._indicators
            )
            self._write_book(draft)
            try:
                self._folder.create(draft, content)
            except KpisError:  # a book without its draft could never be taken in
                self._book.unlink(missing_ok=True)
                raise
        elif draft.sha256 != document.sha256 or draft.get_row("header.place").proposed["value"] != self._place.name:
            raise self._folder.build_exists_error(draft)
        else:
            self._write_book(draft)
            self._write_message(
                translate(
                    self._request.lang,
                    "The draft of “{plan}” is from the same document and goes on: its workbook is written again, with "
                    "what is decided.",
                    plan=self._plan,
                )
            )
        self._warn_of_other_place(draft)
        self._write_message(
            translate(
                self._request.lang, "The workbook of revision {revision} is in {path}: decide on {count} rows there.",
                revision=draft.revision, path=self._book, count=draft.count_undecided(),
            )
        )  # fmt: skip

    def _warn_of_other_place(self, draft: Draft) -> None:
        other = find_other_place(draft.get_row("header.issuer").proposed.get("value", ""), self._place.name)
        if other is not None:
            text = "Look out: the document is of “{other}”, but --place is “{place}”. It cannot be accepted so."
            self._write_message(translate(self._request.lang, text, other=other, place=self._place.name))

    def _write_book(self, draft: Draft) -> None:
        with as_store_error(self._book):
            self._book.parent.mkdir(parents=True, exist_ok=True)
        names = [indicator.name_vi for indicator in self._indicators]
        write_atomic(self._book, build_book(draft, list_offered_agencies(draft), names))

    def _write_message(self, message: str) -> None:
        self._request.write_message(message)


def list_offered_agencies(draft: Draft) -> list[str]:
    """Return the agencies that a reviewer may choose from: standing ones, communes, those of the document."""
    place = draft.get_row("header.place").get_value("value")
    province = draft.get_row("header.province").get_value("value")
    is_province = draft.get_row("header.kind").get_value("value") == "province"
    communes = [commune.agency for commune in list_communes(province) or ()] if is_province else []
    return [
        *list_standing_agencies(place),
        *(row.get_value("name") for row in draft.list_rows("agency") if not row.is_added),
        *communes,
    ]


def _read_same(path: Path, document: Document) -> bytes:
    """Return the bytes of the file that was read; it is kept for whoever asks what was accepted."""
    try:
        content = path.read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise DocumentError("{file} was changed while it was being read. Run the command again.", file=path.name)
    return content

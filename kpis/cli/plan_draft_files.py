"""The files of a review: the draft in the installation's register, the workbook where the reviewer wants it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.cli.plan_import_subject import ImportSubject
from kpis.errors import KpisError, UsageError
from kpis.language.messages import translate
from kpis.plan_import.agencies import list_standing_agencies
from kpis.plan_import.documents.errors import DocumentError
from kpis.plan_import.model import Document
from kpis.plan_import.review.book.write import build_book
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft, ReviewError
from kpis.plan_import.review.draft.places import find_other_place
from kpis.plan_import.review.versions.writing import list_versions
from kpis.register.communes import list_communes
from kpis.register.version_facts import read_version_facts
from kpis.store.files import as_store_error, write_atomic


class DraftFiles:
    """Where `plan import` writes a draft and its workbook: --out, else `<id>.xlsx` in the current folder.

    UsageError for a place that is none, and for a workbook that exists: it may hold decisions. ReviewError for a
    draft that cannot be read.
    """

    def __init__(self, request: Request, subject: ImportSubject) -> None:
        self._request = request
        self._subject = subject
        self._plan = subject.plan
        self._place = subject.read_plan_place()
        self._book = Path(request.get_text(options.BOOK) or f"{self._plan}.xlsx").expanduser()
        if self._book.exists():
            raise UsageError("“{path}” already exists. Choose another name; nothing was written.", path=self._book)
        self._register = settings.get_register_folder(request.environ)
        self._folder = DraftFolder(self._register, self._plan)
        self._existing = self._folder.find()

    def write(self, path: Path, document: Document, build: Callable[[], Draft]) -> None:
        """Write a new draft and its workbook, or the workbook of the draft that was made from this document.

        Raises ReviewError for a draft from another document, DocumentError for a file that changed meanwhile.
        """
        draft = self._existing
        self._refuse_accepted(document)
        if draft is not None and self._goes_on(draft, document):
            self._write_book(draft)
            self._write_message(
                translate(
                    self._request.lang,
                    "The draft of “{plan}” is from the same document and goes on: its workbook is written again, with "
                    "what is decided.",
                    plan=self._plan,
                )
            )
        elif draft is None or self._is_past(draft):
            content = _read_same(path, document)
            new, replaces = build(), draft.id if draft else None
            self._write_book(new)
            try:
                self._folder.create(new, content, replaces)
            except KpisError:  # a book without its draft could never be taken in
                self._book.unlink(missing_ok=True)
                raise
            draft = new
        else:
            raise self._folder.build_exists_error(draft)
        self._warn_of_other_place(draft)
        self._write_message(
            translate(
                self._request.lang, "The workbook of revision {revision} is in {path}: decide on {count} rows there.",
                revision=draft.revision, path=self._book, count=draft.count_undecided(),
            )
        )  # fmt: skip

    def _goes_on(self, draft: Draft, document: Document) -> bool:
        """Tell whether a draft is of this document, for the same purpose, and on the version that is in force."""
        base, mode = self._subject.base, self._subject.mode
        is_same = draft.sha256 == document.sha256 and draft.mode == mode
        is_of_place = draft.get_row("header.place").proposed["value"] == self._place.name
        return is_same and is_of_place and (base is None or draft.basis_sha256 == base.sha256)

    def _refuse_accepted(self, document: Document) -> None:
        """Refuse to amend a plan by a document that one of its versions was accepted from."""
        for version in list_versions(self._register, self._plan) if self._subject.base else ():
            for path in version.folder.glob("document.*"):
                if hashlib.sha256(path.read_bytes()).hexdigest() == document.sha256:
                    raise ReviewError(
                        "{file} is the document of version {number} of “{plan}” already. If it was read wrongly, "
                        "change the workbook of that version and accept it with --corrects {number} --why TEXT.",
                        file=document.file_name, number=version.number, plan=self._plan,
                    )  # fmt: skip

    def _is_past(self, draft: Draft) -> bool:
        """Tell whether a draft was accepted, or made on a version that is no longer in force; a copy of it stays."""
        base = self._subject.base
        if base is None:
            return False
        facts = [read_version_facts(version) for version in list_versions(self._register, self._plan)]
        is_accepted = any(each.draft == draft.id for each in facts)
        return is_accepted or (draft.mode != "new" and draft.basis_sha256 != base.sha256)

    def _warn_of_other_place(self, draft: Draft) -> None:
        name = "issuer" if draft.mode == "new" else "document_issuer"
        other = find_other_place(draft.get_row(f"header.{name}").proposed.get("value", ""), self._place.name)
        if other is not None:
            text = "Look out: the document is of “{other}”, but --place is “{place}”. It cannot be accepted so."
            self._write_message(translate(self._request.lang, text, other=other, place=self._place.name))

    def _write_book(self, draft: Draft) -> None:
        with as_store_error(self._book):
            self._book.parent.mkdir(parents=True, exist_ok=True)
        names = [indicator.name_vi for indicator in self._subject.register.indicators.values()]
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
        *draft.known_agencies,
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

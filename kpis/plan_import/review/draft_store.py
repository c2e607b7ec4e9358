"""Where the draft of an import is kept: one that goes on, a new one, or a new one in the place of one that is over."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kpis.plan_import.model import Document
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft, ReviewError
from kpis.plan_import.review.import_subject import ImportSubject
from kpis.plan_import.review.versions.writing import list_versions
from kpis.register.version_facts import read_version_facts


class DraftStore:
    """The draft of a subject in a register. ReviewError for a draft that cannot be read."""

    def __init__(self, register: Path, subject: ImportSubject) -> None:
        self._register = register
        self._subject = subject
        self._folder = DraftFolder(register, subject.plan)
        self._existing = self._folder.find()

    def find_continued(self, document: Document) -> Draft | None:
        """Return the draft that goes on with a document; None if a new one is to be created.

        Raises ReviewError for a draft from another document, and for the document of an accepted version.
        """
        draft = self._existing
        self._refuse_accepted(document)
        if draft is None:
            return None
        if self._goes_on(draft, document):
            return draft
        if not self._is_over(draft):
            raise self._folder.build_exists_error(draft)
        return None

    def create(self, draft: Draft, content: bytes) -> None:
        """Write a new draft and its document; a copy of the one before it stays. Raises ReviewError and StoreError."""
        self._folder.create(draft, content, self._existing.id if self._existing else None)

    def _goes_on(self, draft: Draft, document: Document) -> bool:
        """Tell whether a draft is of this document, for the same purpose, and on the version that is in force."""
        subject = self._subject
        is_same = draft.sha256 == document.sha256 and draft.mode == subject.mode
        is_of_place = draft.get_row("header.place").proposed["value"] == subject.place.name
        return is_same and is_of_place and (subject.base is None or draft.basis_sha256 == subject.base.sha256)

    def _refuse_accepted(self, document: Document) -> None:
        """Refuse to amend a plan by a document that one of its versions was accepted from."""
        for version in list_versions(self._register, self._subject.plan) if self._subject.base else ():
            for path in version.folder.glob("document.*"):
                if hashlib.sha256(path.read_bytes()).hexdigest() == document.sha256:
                    raise ReviewError(
                        "{file} is the document of version {number} of “{plan}” already. If it was read wrongly, "
                        "correct that version: on the page Import a plan, or with its workbook and --corrects "
                        "{number} --why TEXT.",
                        file=document.file_name, number=version.number, plan=self._subject.plan,
                    )  # fmt: skip

    def _is_over(self, draft: Draft) -> bool:
        """Tell whether a draft was accepted, or made on a version that is no longer in force."""
        base = self._subject.base
        if base is None:
            return False
        versions = list_versions(self._register, self._subject.plan)
        of_draft = [facts for facts in map(read_version_facts, versions) if facts.draft == draft.id]
        if of_draft:
            return any(facts.closes(draft.id, draft.revision) for facts in of_draft)
        return draft.mode != "new" and draft.basis_sha256 != base.sha256

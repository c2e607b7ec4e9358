"""An accepted version whose document was read wrongly: its draft is opened again, with what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kpis.plan_import.review.amendments.base_plan import list_in_order
from kpis.plan_import.review.book.read import read_book, take_in_book
from kpis.plan_import.review.draft.folder import DRAFT_FILE, DraftFolder, decode_draft
from kpis.plan_import.review.draft.model import Draft, ReviewError
from kpis.plan_import.review.versions.writing import BOOK_FILE, get_version, list_versions
from kpis.register.version_facts import VersionFacts, read_version_facts


def list_correctable(facts: Sequence[VersionFacts]) -> list[VersionFacts]:
    """Return the versions of one plan that can be corrected: those with a document that no other one corrects."""
    corrected = {each.corrects for each in facts}
    return [each for each in facts if each.draft is not None and each.number not in corrected]


def find_version_to_correct(draft: Draft, facts: Sequence[VersionFacts]) -> int | None:
    """Return the version that a draft was accepted as and that its later decisions correct; None for another draft."""
    return max(
        (each.number for each in facts if each.draft == draft.id and not each.closes(draft.id, draft.revision)),
        default=None,
    )


def reopen_version(register: Path, plan: str, number: int) -> Draft:
    """Return the draft of a version as its next revision, stored; one that is open already goes on.

    Raises ReviewError while another draft of the plan is under review, or if the version's files cannot be read.
    """
    version = get_version(register, plan, number)
    facts = [read_version_facts(each) for each in list_versions(register, plan)]
    draft, document = _read_decided(version.folder)
    folder = DraftFolder(register, plan)
    current = folder.find()
    revisions = [each.revision or 0 for each in facts if each.draft == draft.id]
    if current is not None and current.id == draft.id:
        if find_version_to_correct(current, facts) is not None:
            return current
        revisions.append(current.revision)
    new = replace(draft, revision=max(draft.revision, *revisions) + 1)
    if current is None or current.id != draft.id:
        if current is not None and not _is_over(current, facts):
            raise folder.build_exists_error(current)
        folder.create(new, document, current.id if current else None)
    else:
        folder.write(new, current)
    return new


def _read_decided(folder: Path) -> tuple[Draft, bytes]:
    """Return the draft of a version with the decisions of the workbook that was accepted, and its document."""
    try:
        draft = decode_draft((folder / DRAFT_FILE).read_bytes())
        document = (folder / f"document{Path(draft.file_name).suffix.lower()}").read_bytes()
        book = read_book(folder / BOOK_FILE)
    except (OSError, ValueError) as error:
        raise ReviewError("{path} cannot be read. Restore it from a copy.", path=folder) from error
    decided, faults = take_in_book(book, draft)
    if faults:
        raise ReviewError("{path} cannot be read. Restore it from a copy.", path=folder / BOOK_FILE)
    return decided, document


def _is_over(draft: Draft, facts: Sequence[VersionFacts]) -> bool:
    """Tell whether a draft was accepted, or made on a version that is no longer in force."""
    if any(each.closes(draft.id, draft.revision) for each in facts):
        return True
    is_amendment = draft.mode != "new" and find_version_to_correct(draft, facts) is None
    return is_amendment and draft.basis != list_in_order(facts)[-1].number

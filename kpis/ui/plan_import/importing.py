"""From an uploaded file to a draft: written aside, read in the limited process, proposed, stored."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kpis import settings
from kpis.errors import UsageError
from kpis.language.normalization import clean
from kpis.plan_import.documents.document_parser import parse_document
from kpis.plan_import.documents.errors import DocumentError
from kpis.plan_import.model import Proposal
from kpis.plan_import.notes import DOCUMENT_NOTES
from kpis.plan_import.propose import propose
from kpis.plan_import.review.draft.folder import PLAN_ID
from kpis.plan_import.review.draft.model import Draft, DraftMode
from kpis.plan_import.review.draft.places import PlanPlace, read_place
from kpis.plan_import.review.draft_store import DraftStore
from kpis.plan_import.review.import_subject import PLACE_WITH_KIND, ImportSubject, read_amended_subject
from kpis.plan_import.review.import_warnings import Sentence, list_import_warnings
from kpis.plan_import.review.visible_indicators import MaySeePlan
from kpis.register.load import load_register
from kpis.store.files import as_store_error

_MAX_NAME_BYTES = 120


@dataclass(frozen=True)
class UploadedDocument:
    """A file as it was uploaded, and what the reviewer said of it; an amendment has the place of its plan."""

    file_name: str
    content: bytes
    plan: str
    place: str = ""
    mode: DraftMode = "new"


@dataclass(frozen=True)
class ImportedDraft:
    """The draft; `is_new` is false if it was there already. `notes`: catalogue keys with their values."""

    draft: Draft
    is_new: bool
    notes: tuple[Sentence, ...] = ()


def import_document(
    upload: UploadedDocument,
    register: Path,
    environ: Mapping[str, str],
    report: Callable[[int, int], None] | None = None,
    may_see: MaySeePlan = lambda _plan: True,
) -> ImportedDraft:
    """Return the draft of an uploaded document. `report` gets each page's number and how many there are.

    `may_see`: the plans of which the reviewer may learn what indicators they brought.

    Raises UsageError for id or place, DocumentError for the file, ReviewError for a draft of another document,
    StoreError for a full disk; the register is then as it was.
    """
    subject = _read_subject(upload, environ).hide_other_plans(settings.find_overlay(environ), may_see)
    store = DraftStore(register, subject)
    with as_store_error(Path(tempfile.gettempdir())), tempfile.TemporaryDirectory(prefix="kpis-upload-") as aside:
        path = Path(aside) / _build_safe_name(upload.file_name)
        path.write_bytes(upload.content)
        document = parse_document(path, report, may_use_programs=False)
    continued = store.find_continued(document)
    if continued is not None:
        return ImportedDraft(continued, is_new=False, notes=tuple(list_import_warnings(continued, subject)))
    proposal = propose(document, subject.place.name)
    if subject.mode == "new":
        _check_proposal(proposal, document.file_name)
    draft = subject.build_draft(document, proposal)
    store.create(draft, upload.content)
    notes = [(DOCUMENT_NOTES[code], {"n": value}) for code, value in document.notes]
    return ImportedDraft(draft, is_new=True, notes=(*notes, *list_import_warnings(draft, subject)))


def _read_subject(upload: UploadedDocument, environ: Mapping[str, str]) -> ImportSubject:
    """Return what the document is imported for. UsageError for an id or a place that does not fit."""
    overlay = settings.find_overlay(environ)
    if upload.mode != "new":
        return read_amended_subject(overlay, upload.plan, upload.mode)
    place = _read_place(upload.place)
    if not PLAN_ID.fullmatch(upload.plan):
        raise UsageError("“{text}” is not an id of a plan. Write it in small letters like can-tho-2027.",
                         text=upload.plan)  # fmt: skip
    register = load_register(overlay=overlay)
    if upload.plan in register.plans:
        raise UsageError(
            "The plan “{text}” exists. Give the new plan another id, like {text}-2027; a document that changes the "
            "plan is imported as an amendment.",
            text=upload.plan,
        )
    return ImportSubject(upload.plan, place, "new", register)


def _read_place(text: str) -> PlanPlace:
    if not PLACE_WITH_KIND.fullmatch(text):
        raise UsageError(
            "The place “{text}” does not begin with its kind. Write it like “tỉnh Đồng Tháp”, “thành phố Cần Thơ” or "
            "“phường Bắc Kạn”.",
            text=text,
        )
    return read_place(text)


def _build_safe_name(file_name: str) -> str:
    """Return a name without folders and control characters, short enough for every file system."""
    name = clean(re.split(r"[/\\]", file_name)[-1]).strip(". ") or "document"
    stem, suffix = Path(name).stem, Path(name).suffix
    short = stem.encode()[:_MAX_NAME_BYTES].decode(errors="ignore")
    return f"{short}{suffix[:12]}"


def _check_proposal(proposal: Proposal, file_name: str) -> None:
    if proposal.targets or proposal.milestones or proposal.tasks:
        return
    raise DocumentError(
        "No target, milestone or task was recognised in {file}; {n} numbers are left over. Check that it is the whole "
        "plan with its annexes, and give the Word file if this one is a PDF.",
        file=file_name,
        n=sum(entry.outcome == "left_over" for entry in proposal.ledger),
    )

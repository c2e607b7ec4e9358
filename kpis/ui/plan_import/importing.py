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
from kpis.plan_import.outline import outline_document
from kpis.plan_import.propose import propose
from kpis.plan_import.review.draft.build import build_draft
from kpis.plan_import.review.draft.folder import PLAN_ID, DraftFolder
from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.draft.places import PlanPlace, read_place
from kpis.register.load import load_register
from kpis.store.files import as_store_error

_PLACE = re.compile(r"(?:tỉnh|thành phố|xã|phường|đặc khu)\s+\S.*", re.IGNORECASE)
_MAX_NAME_BYTES = 120


@dataclass(frozen=True)
class UploadedDocument:
    """A file as it was uploaded, and what the reviewer said of it."""

    file_name: str
    content: bytes
    plan: str
    place: str


@dataclass(frozen=True)
class ImportedDraft:
    """The draft; `is_new` is false if it was there already. `notes`: catalogue keys with their values."""

    draft: Draft
    is_new: bool
    notes: tuple[tuple[str, str], ...] = ()


def import_document(
    upload: UploadedDocument,
    register: Path,
    environ: Mapping[str, str],
    report: Callable[[int, int], None] | None = None,
) -> ImportedDraft:
    """Return the draft of an uploaded document. `report` gets each page's number and how many there are.

    Raises UsageError for id or place, DocumentError for the file, ReviewError for a draft of another document,
    StoreError for a full disk; the register is then as it was.
    """
    place = _read_place(upload.place)
    folder = _check_plan(upload.plan, register, environ)
    existing = folder.find()
    with as_store_error(Path(tempfile.gettempdir())), tempfile.TemporaryDirectory(prefix="kpis-upload-") as aside:
        path = Path(aside) / _build_safe_name(upload.file_name)
        path.write_bytes(upload.content)
        document = parse_document(path, report, may_use_programs=False)
    if existing is not None:
        if existing.sha256 != document.sha256 or existing.get_row("header.place").proposed["value"] != place.name:
            raise folder.build_exists_error(existing)
        return ImportedDraft(existing, is_new=False)
    proposal = propose(document, place.name)
    _check_proposal(proposal, document.file_name)
    draft = build_draft(upload.plan, place, document, outline_document(document), proposal)
    folder.create(draft, upload.content)
    notes = tuple((DOCUMENT_NOTES[code], value) for code, value in document.notes)
    return ImportedDraft(draft, is_new=True, notes=notes)


def _read_place(text: str) -> PlanPlace:
    if not _PLACE.fullmatch(text):
        raise UsageError(
            "The place “{text}” does not begin with its kind. Write it like “tỉnh Đồng Tháp”, “thành phố Cần Thơ” or "
            "“phường Bắc Kạn”.",
            text=text,
        )
    return read_place(text)


def _check_plan(plan: str, register: Path, environ: Mapping[str, str]) -> DraftFolder:
    if not PLAN_ID.fullmatch(plan):
        raise UsageError("“{text}” is not an id of a plan. Write it in small letters like can-tho-2027.", text=plan)
    if plan in load_register(overlay=settings.find_overlay(environ)).plans:
        raise UsageError("The plan “{text}” exists. Give the new plan another id, like {text}-2027.", text=plan)
    return DraftFolder(register, plan)


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

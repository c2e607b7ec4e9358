"""The files of a review: the draft in the installation's register, the workbook where the reviewer wants it."""

from __future__ import annotations

from pathlib import Path

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import KpisError
from kpis.language.messages import translate
from kpis.plan_import.agencies import list_standing_agencies
from kpis.plan_import.model import Document, Proposal
from kpis.plan_import.outline import outline_document
from kpis.plan_import.review.book.write import build_book
from kpis.plan_import.review.draft.build import build_draft
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.draft.places import read_place
from kpis.register.communes import list_communes
from kpis.store.files import write_atomic


def write_draft(request: Request, path: Path, document: Document, proposal: Proposal) -> None:
    """Write a new draft of the plan, and its workbook to --out; the message goes to standard error."""
    plan, place = request.require_text(options.NEW_PLAN), read_place(request.require_text(options.PLACE))
    draft = build_draft(plan, place, document, outline_document(document), proposal)
    out = Path(request.require_text(options.BOOK)).expanduser()
    try:
        DraftFolder(settings.get_register_folder(request.environ), plan).create(draft, path.read_bytes())
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KpisError(
            "{path} could not be written: {reason}. Close the file if it is open, or choose another place.",
            path=out, reason=error.strerror or error,
        ) from error  # fmt: skip
    write_atomic(out, build_book(draft, list_offered_agencies(draft)))
    request.write_message(
        translate(
            request.lang, "The workbook of revision {revision} is in {path}: decide on {count} rows there.",
            revision=draft.revision, path=out, count=draft.count_undecided(),
        )
    )  # fmt: skip


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

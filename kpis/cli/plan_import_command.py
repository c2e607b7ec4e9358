"""`plan import`: what an issued document proposes: a draft with its workbook, and a table; or one JSON document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

from kpis.cli import options
from kpis.cli.command import Request
from kpis.cli.output import OutputRow, print_json
from kpis.cli.plan_amendment_output import print_amendment
from kpis.cli.plan_draft_files import DraftFiles
from kpis.cli.plan_import_subject import read_subject
from kpis.language.messages import translate
from kpis.plan_import.documents.document_parser import parse_document
from kpis.plan_import.model import Document, Place, Proposal
from kpis.plan_import.notes import DOCUMENT_NOTES
from kpis.plan_import.propose import propose
from kpis.plan_import.review.amendments.build import changes_anything
from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.import_subject import ImportSubject
from kpis.plan_import.review.import_warnings import list_import_warnings

NOTHING_PROPOSED_EXIT_CODE: Final = 1
_PAGES_BETWEEN_REPORTS: Final = 10
_COLUMNS: Final = {"kind": "kind", "place": "place", "value": "value", "text": "text"}


def run(request: Request) -> int:
    """Print what is proposed and write it as a draft to review, with --json only if --out names its workbook.

    Narration and progress go to standard error.
    """
    path = Path(request.require_text(options.DOCUMENT_FILE)).expanduser()
    subject = read_subject(request)
    is_reviewed = not request.is_given(options.JSON) or request.get_text(options.BOOK) is not None
    files = DraftFiles(request, subject) if is_reviewed else None
    document = parse_document(path, _report_pages(request))
    _write_notes(document, request)
    proposal = propose(document, subject.place.name)
    if subject.base is not None:
        return _import_amendment(path, document, proposal, subject, files, request)
    if request.is_given(options.JSON):
        print_json(asdict(proposal), request.out)
    else:
        request.print_rows(list(_list_rows(proposal, request)), _COLUMNS, as_json=False)
    code = _write_summary(path, proposal, request)
    if files is not None and code == 0:
        draft = files.write(path, document, lambda: subject.build_draft(document, proposal))
        _write_warnings(draft, subject, request)
    return code


def _import_amendment(
    path: Path, document: Document, proposal: Proposal, subject: ImportSubject, files: DraftFiles | None,
    request: Request,
) -> int:  # fmt: skip
    """Print what each clause changes, and write the draft; a document that changes nothing is an alarm."""
    draft = subject.build_draft(document, proposal)
    print_amendment(draft, request, as_json=request.is_given(options.JSON))
    _write_warnings(draft, subject, request)
    if files is not None:
        files.write(path, document, lambda: draft)
    return 0 if changes_anything(draft) else NOTHING_PROPOSED_EXIT_CODE


def _write_warnings(draft: Draft, subject: ImportSubject, request: Request) -> None:
    for text, values in list_import_warnings(draft, subject):
        request.write_message(translate(request.lang, text, **values))


def _report_pages(request: Request) -> Callable[[int, int], None]:
    def report(page: int, pages: int) -> None:
        if page % _PAGES_BETWEEN_REPORTS == 0:
            request.write_message(translate(request.lang, "Page {page} of {pages} read…", page=page, pages=pages))

    return report


def _write_notes(document: Document, request: Request) -> None:
    for code, value in document.notes:
        request.write_message(translate(request.lang, DOCUMENT_NOTES[code], n=value))


def _list_rows(proposal: Proposal, request: Request) -> Iterator[OutputRow]:
    kinds = {name: translate(request.lang, name) for name in ("target", "milestone", "task", "number left over")}
    for target in proposal.targets:
        value = f"{target.comparator} {target.floor.normalize():f}"
        yield {"kind": kinds["target"], "place": _write_place(target.place), "value": value, "text": target.quote}
    for milestone in proposal.milestones:
        yield {"kind": kinds["milestone"], "place": _write_place(milestone.place), "text": milestone.title}
    for task in proposal.tasks:
        yield {"kind": kinds["task"], "place": _write_place(task.place), "value": task.number, "text": task.title}
    for entry in proposal.ledger:
        if entry.outcome == "left_over":
            place = _write_place(entry.place)
            yield {"kind": kinds["number left over"], "place": place, "value": entry.text, "text": ""}


def _write_place(place: Place) -> str:
    parts = [place.section, f"tr. {place.page}" if place.page else None, f"d. {place.line}" if place.line else None]
    return ", ".join(part for part in parts if part)


def _write_summary(path: Path, proposal: Proposal, request: Request) -> int:
    left_over = sum(entry.outcome == "left_over" for entry in proposal.ledger)
    if not (proposal.targets or proposal.milestones or proposal.tasks):
        request.write_message(
            translate(
                request.lang,
                "No target, milestone or task was recognised in {file}; {n} numbers are left over. Check that it is "
                "the whole plan with its annexes, and give the Word file if this one is a PDF.",
                file=path.name,
                n=left_over,
            )
        )
        return NOTHING_PROPOSED_EXIT_CODE
    request.write_message(
        translate(
            request.lang,
            "{file}: {targets} values of targets, {milestones} milestones, {tasks} tasks, {agencies} agencies "
            "proposed; {n} numbers left over. Nothing counts until it is reviewed and accepted.",
            file=path.name,
            targets=len(proposal.targets),
            milestones=len(proposal.milestones),
            tasks=len(proposal.tasks),
            agencies=len(proposal.agencies),
            n=left_over,
        )
    )
    return 0

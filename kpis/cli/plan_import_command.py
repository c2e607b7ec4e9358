"""`plan import`: what an issued document proposes: a draft with its workbook, and a table; or one JSON document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.cli.output import OutputRow, print_json
from kpis.cli.plan_draft_files import DraftFiles
from kpis.errors import UsageError
from kpis.language.messages import translate
from kpis.plan_import.documents.document_parser import parse_document
from kpis.plan_import.model import Document, Place, Proposal
from kpis.plan_import.notes import DOCUMENT_NOTES
from kpis.plan_import.propose import propose
from kpis.plan_import.review.draft.folder import PLAN_ID
from kpis.register.load import load_register

NOTHING_PROPOSED_EXIT_CODE: Final = 1
_PLACE: Final = re.compile(r"(?:tỉnh|thành phố|xã|phường|đặc khu)\s+\S.*", re.IGNORECASE)
_PAGES_BETWEEN_REPORTS: Final = 10
_COLUMNS: Final = {"kind": "kind", "place": "place", "value": "value", "text": "text"}


def run(request: Request) -> int:
    """Print what is proposed and write it as a draft to review, with --json only if --out names its workbook.

    Narration and progress go to standard error.
    """
    path = Path(request.require_text(options.DOCUMENT_FILE)).expanduser()
    place = _read_place(request)
    _check_plan_id(request)
    is_reviewed = not request.is_given(options.JSON) or request.get_text(options.BOOK) is not None
    files = DraftFiles(request) if is_reviewed else None
    document = parse_document(path, _report_pages(request))
    _write_notes(document, request)
    proposal = propose(document, place)
    if request.is_given(options.JSON):
        print_json(asdict(proposal), request.out)
    else:
        request.print_rows(list(_list_rows(proposal, request)), _COLUMNS, as_json=False)
    code = _write_summary(path, proposal, request)
    if files is not None and code == 0:
        files.write(path, document, proposal)
    return code


def _read_place(request: Request) -> str:
    place = request.require_text(options.PLACE).strip()
    if not _PLACE.fullmatch(place):
        raise UsageError(
            "--place: “{text}” does not begin with its kind. Write it like “tỉnh Đồng Tháp”, “thành phố Cần Thơ” or "
            "“phường Bắc Kạn”.",
            text=place,
        )
    return place


def _check_plan_id(request: Request) -> None:
    plan = request.require_text(options.NEW_PLAN)
    if not PLAN_ID.fullmatch(plan):
        raise UsageError("--plan: “{text}” is not an id. Write it in small letters like can-tho-2027.", text=plan)
    register = load_register(overlay=settings.find_overlay(request.environ))
    if plan in register.plans:
        raise UsageError("--plan: the plan “{text}” exists. Give the new plan another id, like {text}-2027.", text=plan)


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

"""`plan accept`: take a decided workbook into the installation's own register as a plan's first version."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import RegisterError
from kpis.language.messages import explain, translate
from kpis.plan_import.review.book.read import CellFault, ReviewBook, read_book, take_in_book
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import ReviewError, ReviewFault
from kpis.plan_import.review.versions.checks import find_version_faults
from kpis.plan_import.review.versions.id_record import open_counter
from kpis.plan_import.review.versions.plan_tables import VersionTables, build_version_tables
from kpis.plan_import.review.versions.version_facts import VersionFacts
from kpis.plan_import.review.versions.writing import (
    FIRST_VERSION,
    build_accepted_error,
    build_documents,
    build_files,
    get_version,
    hold_sync_lock,
    publish_version,
)
from kpis.register.load import load_register

_MAX_LISTED = 50


def run(request: Request) -> int:
    """Accept the workbook; every reason against it goes to standard error, and the register stays as it was."""
    path = Path(request.require_text(options.BOOK_FILE)).expanduser()
    register_folder = settings.get_register_folder(request.environ)
    with hold_sync_lock(request.read_settings().pointer):
        book = read_book(path)
        content = path.read_bytes()
        plan = book.identity.plan
        folder = DraftFolder(register_folder, plan)
        version = get_version(register_folder, plan, FIRST_VERSION)
        if version.folder.exists():
            raise build_accepted_error(plan, version.folder)
        register = load_register(overlay=settings.find_overlay(request.environ))
        if plan in register.plans:
            raise ReviewError("The plan “{plan}” exists already; a new plan needs another id.", plan=plan)
        stored = folder.read()
        draft, cell_faults = take_in_book(book, stored)
        if cell_faults:
            return _write_faults(request, [_format_cell_fault(fault, request) for fault in cell_faults])
        may_lack_targets = request.is_given(options.NO_TARGETS)
        faults = find_version_faults(draft, register.indicators, may_lack_targets=may_lack_targets)
        if faults:
            return _write_faults(request, [_format_fault(fault, book, request) for fault in faults])
        reviewer = getpass.getuser()
        ids = open_counter(register_folder, plan)
        tables = build_version_tables(draft, reviewer, register.indicators, ids)
        issued_on = draft.get_header("issued_on")
        facts = VersionFacts(
            plan, FIRST_VERSION, request.now, reviewer,
            document_number=draft.get_header("number"),
            issued_on=date.fromisoformat(issued_on) if issued_on else None,
            document_name=draft.file_name, draft=draft.id, revision=draft.revision,
        )  # fmt: skip
        documents = build_documents(draft, folder.read_document(draft), content)
        files = build_files(tables, facts, ids, documents)
        try:
            accepted = publish_version(register_folder, version, files, ids)
        except RegisterError:
            _write_rows_by_id(tables, request)
            raise
    for row, reason in tables.carried:
        text = "{row} “{title}” is kept in the plan's words and not judged: {reason}."
        values = {"row": row.id, "title": row.get_value("title"), "reason": translate(request.lang, reason)}
        request.write_message(translate(request.lang, text, **values))
    text = (
        "The plan “{plan}” is accepted: {targets} targets and milestones, {tasks} tasks. Next: “new-sheet --plan "
        "{plan}”, share the sheet, name it in the sources file."
    )
    counts = {
        "targets": sum(target.plan == plan for target in accepted.targets.values()),
        "tasks": sum(task.plan == plan for task in accepted.tasks.values()),
    }
    request.out.write(translate(request.lang, text, plan=plan, **counts) + "\n")
    return 0


def _write_faults(request: Request, lines: Sequence[str]) -> int:
    for line in lines[:_MAX_LISTED]:
        request.write_message(line)
    if len(lines) > _MAX_LISTED:
        request.write_message(translate(request.lang, "… and {n} more.", n=len(lines) - _MAX_LISTED))
    request.write_message(
        translate(request.lang, "Not accepted: {n} cells to settle. The register is as it was.", n=len(lines))
    )
    return ReviewError.exit_code


def _format_cell_fault(fault: CellFault, request: Request) -> str:
    reason = explain(fault.reason, request.lang)
    return translate(request.lang, "{tab}, cell {cell}: {reason}", tab=fault.tab, cell=fault.cell, reason=reason)


def _format_fault(fault: ReviewFault, book: ReviewBook, request: Request) -> str:
    tab, cell = book.locate(fault.row, fault.field_name)
    reason = translate(request.lang, fault.text, **fault.values)
    text = "{tab}, cell {cell} ({row}): {reason}"
    return translate(request.lang, text, tab=tab, cell=cell, row=fault.row.id, reason=reason)


def _write_rows_by_id(tables: VersionTables, request: Request) -> None:
    """Say which rows of the workbook the ids in the loader's faults are of."""
    text = "The register would not be right with this plan. Rows of the workbook by id: {rows}."
    rows = ", ".join(f"{entry_id} = {row}" for entry_id, row in tables.rows_by_id.items())
    request.write_message(translate(request.lang, text, rows=rows))

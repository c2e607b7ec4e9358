"""`plan accept`: take a decided workbook into the installation's own register as a version of a plan."""

from __future__ import annotations

import getpass
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kpis import settings
from kpis.access.audit import get_system_person
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import KpisError, UsageError
from kpis.language.messages import explain, translate
from kpis.plan_import.review.book.read import CellFault, ReviewBook, read_book
from kpis.plan_import.review.draft.model import ReviewError, ReviewFault
from kpis.plan_import.review.versions.acceptance import Acceptance, AcceptanceTerms
from kpis.plan_import.review.versions.acceptance_notes import AcceptanceNotes
from kpis.plan_import.review.versions.accepting import accept_book
from kpis.plan_import.review.versions.carried import describe_carried
from kpis.plan_import.review.versions.closed_entries import describe_closed, list_years_to_name
from kpis.plan_import.review.versions.version_sentences import describe_acceptance
from kpis.store.opening import open_store
from kpis.store.version_store import hold_writer_lock

_MAX_LISTED = 50


def run(request: Request) -> int:
    """Accept the workbook; every reason against it goes to standard error, and the register stays as it was."""
    path = Path(request.require_text(options.BOOK_FILE)).expanduser()
    run_settings = request.read_settings()
    store = open_store(run_settings)
    terms = replace(_read_terms(request), is_leading=store.is_leading)
    notes = AcceptanceNotes(run_settings, get_system_person(), request.now)
    with hold_writer_lock(store):
        book = read_book(path)
        try:
            accepted = accept_book(book, path.read_bytes(), terms, announce=notes.write)
        except KpisError:
            notes.write_failure()
            raise
        if accepted.register_error is not None:
            notes.write_failure()
    if accepted.cell_faults:
        return _write_faults(request, [_format_cell_fault(fault, request) for fault in accepted.cell_faults])
    if accepted.faults:
        return _write_faults(request, [_format_fault(fault, book, request) for fault in accepted.faults])
    if accepted.register_error is not None:
        _write_rows_by_id(accepted.rows_by_id, request)
        raise accepted.register_error
    for target in accepted.carried:
        request.write_message(describe_carried(target, request.lang))
    for entry in accepted.closed:
        request.write_message(describe_closed(entry, request.lang))
    if terms.only_checks:
        _write_check(accepted, request)
    _write_result(accepted, request)
    return 0


def _read_terms(request: Request) -> AcceptanceTerms:
    corrects = request.get_text(options.CORRECTS)
    if corrects is not None and not re.fullmatch(r"[1-9][0-9]{0,5}", corrects):
        reason = UsageError("“{text}” is not the number of a version, like 1.", text=corrects)
        raise options.build_option_error(options.CORRECTS, reason)
    years = [options.parse_year(options.JUDGES_AGAIN, text) for text in request.get_texts(options.JUDGES_AGAIN)]
    return AcceptanceTerms(
        settings.get_register_folder(request.environ),
        getpass.getuser(),
        request.now,
        may_lack_targets=request.is_given(options.NO_TARGETS),
        in_force_from=options.parse_day(options.IN_FORCE_FROM, request.get_text(options.IN_FORCE_FROM)),
        judges_again=tuple(year for year in years if year is not None),
        corrects=int(corrects) if corrects else None,
        why=request.get_text(options.WHY),
        only_checks=request.is_given(options.CHECK),
    )


def _write_check(accepted: Acceptance, request: Request) -> None:
    """Say which years could be named, and that nothing was accepted."""
    if years := list_years_to_name(accepted.closed):
        text = "If this version is to judge {years} too, accept it with {options}."
        given = " ".join(f"{options.JUDGES_AGAIN.flag} {year}" for year in years)
        request.write_message(translate(request.lang, text, years=", ".join(map(str, years)), options=given))
    request.out.write(translate(request.lang, "The workbook is complete. Nothing was accepted.") + "\n")


def _write_result(accepted: Acceptance, request: Request) -> None:
    register, facts, plan = accepted.register, accepted.facts, accepted.plan
    if register is None or facts is None:
        return
    targets = sum(target.plan == plan for target in register.targets_in_force)
    tasks = sum(task.plan == plan for task in register.tasks_in_force)
    request.out.write(describe_acceptance(facts, targets, tasks, request.lang) + "\n")


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


def _write_rows_by_id(rows_by_id: Mapping[str, str], request: Request) -> None:
    """Say which rows of the workbook the ids in the loader's faults are of."""
    text = "The register would not be right with this plan. Rows of the workbook by id: {rows}."
    rows = ", ".join(f"{entry_id} = {row}" for entry_id, row in rows_by_id.items())
    request.write_message(translate(request.lang, text, rows=rows))

"""Accept a decided workbook: as the first version of a plan, as an amendment, or as the correction of a version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from kpis.errors import RegisterError, StoreError, UsageError
from kpis.plan_import.review.amendments.base_plan import BasePlan, read_base_plan
from kpis.plan_import.review.book.read import ReviewBook, take_in_book
from kpis.plan_import.review.draft.folder import DRAFT_FILE, DraftFolder, decode_draft, encode_draft
from kpis.plan_import.review.draft.model import Draft, ReviewError
from kpis.plan_import.review.versions.acceptance import Acceptance, AcceptanceTerms
from kpis.plan_import.review.versions.acceptance_checks import check_changes, check_order, check_years
from kpis.plan_import.review.versions.amended_tables import build_amended_tables
from kpis.plan_import.review.versions.carried import list_carried
from kpis.plan_import.review.versions.checks import find_version_faults
from kpis.plan_import.review.versions.closed_entries import list_closed_entries
from kpis.plan_import.review.versions.id_record import open_counter
from kpis.plan_import.review.versions.overrides import check_overrides
from kpis.plan_import.review.versions.plan_tables import VersionTables, build_version_tables
from kpis.plan_import.review.versions.writing import (
    FIRST_VERSION,
    build_accepted_error,
    build_documents,
    build_files,
    get_version,
    list_versions,
    publish_version,
)
from kpis.register.accepted_plans import AcceptedVersion
from kpis.register.load import load_register
from kpis.register.version_facts import VersionFacts, read_version_facts


def accept_book(
    book: ReviewBook,
    content: bytes,
    terms: AcceptanceTerms,
    announce: Callable[[VersionFacts], None] = lambda _: None,
) -> Acceptance:
    """Accept a workbook with its bytes; the caller holds the lock of the sync. `announce`: see `accept_draft`.

    Raises ReviewError, UsageError and StoreError; the register is then as it was, except that the plan in force of an
    amendment may have been kept as version 1.
    """
    stored, document = _find_draft(book, terms)
    _refuse_second(stored, terms)
    draft, cell_faults = take_in_book(book, stored)
    if cell_faults:
        return Acceptance(draft.plan, cell_faults=cell_faults)
    return accept_draft(draft, build_documents(draft, document, content), terms, stored=stored, announce=announce)


def accept_draft(
    draft: Draft,
    documents: dict[str, bytes],
    terms: AcceptanceTerms,
    *,
    stored: Draft | None = None,
    announce: Callable[[VersionFacts], None] = lambda _: None,
) -> Acceptance:
    """Accept a decided draft with the documents of its version (`build_documents`), as `accept_book` does.

    `stored`: the draft as it lies in its folder, from which a correction starts. `announce` gets the version before it
    is written, and may raise.
    """
    plan = draft.plan
    _refuse_second(draft, terms)
    corrected = _find_corrected(draft, terms)
    facts = _list_facts(terms.register, plan)
    base = _read_base(draft, facts, corrected, terms)
    overlay = terms.register if terms.register.is_dir() else None
    indicators = (base.register if base else load_register(overlay=overlay)).indicators
    faults = find_version_faults(draft, indicators, may_lack_targets=terms.may_lack_targets)
    if faults:
        return Acceptance(plan, faults=faults)
    number = max((each.number for each in facts), default=0) + 1
    if terms.only_checks:
        new = _build_facts(draft, number, facts, corrected, terms)
        closed = list_closed_entries(draft, base, new.days) if base and corrected is None else ()
        return Acceptance(plan, carried=list_carried(draft), closed=closed)
    if base is not None and base.number == 0:
        _keep_plan_in_force(base, terms)
        number = FIRST_VERSION + 1
    new = _build_facts(draft, number, facts, corrected, terms)
    documents = {**documents, DRAFT_FILE: encode_draft(stored or draft)}
    return _publish(draft, base, new, corrected, documents, terms, announce)


def _refuse_second(draft: Draft, terms: AcceptanceTerms) -> None:
    """Refuse a draft that a version was accepted from already, unless it corrects it."""
    accepted = next((each for each in _list_facts(terms.register, draft.plan) if each.draft == draft.id), None)
    if accepted is not None and terms.corrects is None:
        raise build_accepted_error(draft.plan, get_version(terms.register, draft.plan, accepted.number).folder)


def _publish(
    draft: Draft,
    base: BasePlan | None,
    facts: VersionFacts,
    corrected: VersionFacts | None,
    documents: dict[str, bytes],
    terms: AcceptanceTerms,
    announce: Callable[[VersionFacts], None],
) -> Acceptance:
    known_ids = {str(each["row"]): str(each["id"]) for each in corrected.clauses} if corrected else {}
    if base is None:
        ids = open_counter(terms.register, draft.plan)
        overlay = terms.register if terms.register.is_dir() else None
        indicators = load_register(overlay=overlay).indicators
        tables = build_version_tables(draft, terms.reviewer, indicators, ids, known_ids)
        if corrected is not None:
            earlier = read_base_plan(terms.register, draft.plan, corrected.number).indicators
            tables.indicators = [*earlier, *tables.indicators]
    else:
        used = [str(table["id"]) for name in ("target", "task") for table in base.tables[name]]
        ids = open_counter(terms.register, draft.plan, used)
        tables = build_amended_tables(draft, base, terms.reviewer, ids, known_ids)
        check_changes(tables, base)
    files = build_files(tables, facts, ids, documents)
    announce(facts)
    version = get_version(terms.register, draft.plan, facts.number)
    try:
        register = publish_version(
            terms.register, version, files, ids,
            partial(_judge, terms, tables if base else None),
        )  # fmt: skip
    except RegisterError as error:
        return Acceptance(draft.plan, rows_by_id=tables.rows_by_id, register_error=error)
    closed = list_closed_entries(draft, base, facts.days) if base and corrected is None else ()
    return Acceptance(draft.plan, facts=facts, register=register, carried=list_carried(draft), closed=closed)


def _judge(terms: AcceptanceTerms, amended: VersionTables | None, candidate: AcceptedVersion) -> None:
    """Raise StoreError if another process may have begun to write, or an error if the version must not be."""
    if amended is not None:
        check_overrides(terms.register, candidate, amended)
    if not terms.is_leading():
        text = (
            "The connection to PostgreSQL was lost, so another machine may be changing the register: the plan was not "
            "accepted. Accept it again."
        )
        raise StoreError(text)


def _find_draft(book: ReviewBook, terms: AcceptanceTerms) -> tuple[Draft, bytes]:
    """Return the draft that a book was written from, with its document; that of a version if it was accepted."""
    folder = DraftFolder(terms.register, book.identity.plan)
    current = folder.find()
    if current is None or current.id != book.identity.draft:
        for version in list_versions(terms.register, book.identity.plan):
            path = version.folder / DRAFT_FILE
            if path.exists() and (draft := decode_draft(path.read_bytes())).id == book.identity.draft:
                return draft, (version.folder / f"document{Path(draft.file_name).suffix.lower()}").read_bytes()
    draft = folder.read()
    if draft.id != book.identity.draft:
        take_in_book(book, draft)  # says which import the book is of
    return draft, folder.read_document(draft)


def _list_facts(register: Path, plan: str) -> list[VersionFacts]:
    return [read_version_facts(version) for version in list_versions(register, plan)]


def _find_corrected(draft: Draft, terms: AcceptanceTerms) -> VersionFacts | None:
    """Return the version that is corrected; its own book corrects it, or an amendment that was made on it."""
    if terms.corrects is None:
        if terms.why:
            raise UsageError("--why belongs to --corrects: it says why a version is corrected.")
        return None
    if not terms.why or not terms.why.strip():
        raise UsageError("--corrects needs --why: say what was wrong, it is shown with the correction.")
    facts = {each.number: each for each in _list_facts(terms.register, draft.plan)}
    if terms.corrects not in facts:
        raise ReviewError(
            "The plan “{plan}” has no version {text}. Its versions are {numbers}.",
            plan=draft.plan, text=terms.corrects, numbers=", ".join(map(str, facts)) or "–",
        )  # fmt: skip
    later = next((each.number for each in facts.values() if each.corrects == terms.corrects), None)
    if later is not None:
        raise ReviewError(
            "Version {number} was corrected by version {later} already; correct that one.",
            number=terms.corrects, later=later,
        )  # fmt: skip
    corrected = facts[terms.corrects]
    if draft.id != corrected.draft and draft.basis != corrected.number:
        raise ReviewError(
            "The workbook is neither of version {number} nor made on it. Change the workbook that version {number} was "
            "accepted from, or import its document again with --amends.",
            number=terms.corrects,
        )
    return corrected


def _read_base(
    draft: Draft, facts: Sequence[VersionFacts], corrected: VersionFacts | None, terms: AcceptanceTerms
) -> BasePlan | None:
    """Return the version that an amendment changes, the one on which it was imported; None for a new plan."""
    overlay = terms.register if terms.register.is_dir() else None
    if draft.mode == "new":
        if corrected is None:
            register = load_register(overlay=overlay)
            if draft.plan in register.plans:
                text = "The plan “{plan}” exists already; a new plan needs another id."
                raise ReviewError(text, plan=draft.plan)
            if terms.in_force_from or terms.judges_again:
                raise UsageError("The first version of a plan is in force from its beginning; leave the option out.")
        return None
    if corrected is not None:
        return read_base_plan(overlay, draft.plan, draft.basis or FIRST_VERSION)
    base = read_base_plan(overlay, draft.plan)
    is_kept = base.number == FIRST_VERSION and draft.basis == 0 and facts[0].draft is None
    if base.sha256 != draft.basis_sha256 or not (base.number == draft.basis or is_kept):
        raise ReviewError(
            "The plan “{plan}” was changed since the workbook was written: version {number} is in force now. Import "
            "the document again with --amends, and decide in the new workbook.",
            plan=draft.plan, number=base.number or FIRST_VERSION,
        )  # fmt: skip
    return base


def _build_facts(
    draft: Draft,
    number: int,
    others: Sequence[VersionFacts],
    corrected: VersionFacts | None,
    terms: AcceptanceTerms,
) -> VersionFacts:
    prefix = "" if draft.mode == "new" else "document_"
    issued_on = draft.get_header(f"{prefix}issued_on")
    facts = VersionFacts(
        draft.plan, number, terms.now, terms.reviewer,
        document_number=draft.get_header(f"{prefix}number"),
        issued_on=date.fromisoformat(issued_on) if issued_on else None,
        document_name=draft.file_name, judges_again=tuple(sorted(set(terms.judges_again))),
        corrects=terms.corrects, why=terms.why, draft=draft.id, revision=draft.revision,
    )  # fmt: skip
    if draft.mode == "new" and corrected is None:
        return facts
    facts = replace(facts, in_force_from=_choose_day(draft, facts, corrected, terms))
    if corrected is not None:
        facts = replace(facts, judges_again=facts.judges_again or corrected.judges_again)
    check_order(facts, others)
    check_years(facts, draft)
    return facts


def _choose_day(
    draft: Draft, facts: VersionFacts, corrected: VersionFacts | None, terms: AcceptanceTerms
) -> date | None:  # fmt: skip
    if corrected is not None:
        if corrected.in_force_from is None and terms.in_force_from is not None:
            raise UsageError("The first version of a plan is in force from its beginning; leave the option out.")
        return terms.in_force_from or corrected.in_force_from
    stated = draft.get_header("in_force_from")
    day = terms.in_force_from or (date.fromisoformat(stated) if stated else facts.issued_on)
    if day is None:
        raise UsageError("The document has neither a day of issue nor one of force. Give it with --in-force-from.")
    return day


def _keep_plan_in_force(base: BasePlan, terms: AcceptanceTerms) -> None:
    """Write a plan that has no accepted version as version 1; by itself that changes no figure."""
    plan = base.register.plans[base.plan]
    tables = VersionTables(
        plan={
            "plan": base.tables["plan"][0],
            **{name: list(base.tables[name]) for name in ("target", "section", "task")},
        },
        agencies={name: list(base.tables[name]) for name in ("agency", "collective")},
    )
    facts = VersionFacts(
        base.plan, FIRST_VERSION, terms.now, terms.reviewer, document_number=plan.number, issued_on=plan.issued_on
    )
    ids = open_counter(
        terms.register, base.plan, [str(t["id"]) for name in ("target", "task") for t in base.tables[name]]
    )
    files = build_files(tables, facts, ids, {})
    publish_version(terms.register, get_version(terms.register, base.plan, FIRST_VERSION), files, ids)

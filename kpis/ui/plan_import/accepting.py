"""Accept the shown revision of a draft, with its workbook as the record, and note it in journal and audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from kpis import settings
from kpis.errors import KpisError, RegisterError
from kpis.plan_import.review.book.write import build_book
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft, ReviewFault
from kpis.plan_import.review.draft.offered import list_offered_agencies
from kpis.plan_import.review.versions import accepting as versions
from kpis.plan_import.review.versions.acceptance_notes import AcceptanceNotes
from kpis.plan_import.review.versions.accepting import AcceptanceTerms
from kpis.plan_import.review.versions.carried import CarriedTarget
from kpis.plan_import.review.versions.closed_entries import ClosedEntry
from kpis.plan_import.review.versions.writing import build_documents, hold_sync_lock
from kpis.register.load import load_register
from kpis.register.version_facts import VersionFacts
from kpis.ui.plan_import.deciding import build_outdated_error


@dataclass(frozen=True)
class AcceptanceChoices:
    """What the reviewer says beside the rows, as the options of `plan accept` do."""

    may_lack_targets: bool = False
    in_force_from: date | None = None
    judges_again: tuple[int, ...] = ()
    corrects: int | None = None
    why: str | None = None


@dataclass(frozen=True)
class AcceptedPlan:
    """What came of it: the faults that stand in the way, or how much the plan has; `carried`: what is not judged,
    `closed`: what keeps the version that judged it.

    `register_error`: the register would not be right with this plan; `rows_by_id` are its rows by id.
    """

    faults: Sequence[ReviewFault] = ()
    targets: int = 0
    tasks: int = 0
    carried: Sequence[CarriedTarget] = ()
    closed: Sequence[ClosedEntry] = ()
    facts: VersionFacts | None = None
    register_error: RegisterError | None = None
    rows_by_id: Mapping[str, str] = field(default_factory=dict)


def accept_draft(
    seen: Draft,
    reviewer: str,
    environ: Mapping[str, str],
    now: datetime,
    choices: AcceptanceChoices = AcceptanceChoices(),
) -> AcceptedPlan:
    """Accept a draft as the reviewer saw it; `reviewer` is an e-mail address or the system's user.

    Raises KpisError; the register is then as it was.
    """
    run_settings = settings.load_settings(environ, read_only=True)
    register = settings.get_register_folder(environ)
    folder = DraftFolder(register, seen.plan)
    terms = AcceptanceTerms(
        register, reviewer, now, choices.may_lack_targets, choices.in_force_from, choices.judges_again,
        choices.corrects, choices.why,
    )  # fmt: skip
    notes = AcceptanceNotes(run_settings, reviewer, now)
    with hold_sync_lock(run_settings.pointer):
        draft = folder.read()
        if (draft.id, draft.revision) != (seen.id, seen.revision):
            raise build_outdated_error(seen, draft)
        names = [each.name_vi for each in load_register(overlay=settings.find_overlay(environ)).indicators.values()]
        book = build_book(draft, list_offered_agencies(draft), names)
        documents = build_documents(draft, folder.read_document(draft), book)
        try:
            accepted = versions.accept_draft(draft, documents, terms, announce=notes.write)
        except KpisError:
            notes.write_failure()
            raise
        if accepted.register_error is not None:
            notes.write_failure()
            return AcceptedPlan(register_error=accepted.register_error, rows_by_id=accepted.rows_by_id)
    if accepted.register is None:
        return AcceptedPlan(accepted.faults)
    return AcceptedPlan(
        targets=sum(target.plan == draft.plan for target in accepted.register.targets_in_force),
        tasks=sum(task.plan == draft.plan for task in accepted.register.tasks_in_force),
        carried=accepted.carried,
        closed=accepted.closed,
        facts=accepted.facts,
    )

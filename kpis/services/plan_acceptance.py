"""Accept the shown revision of a draft, with its workbook as the record, and note it in journal and audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from kpis import settings
from kpis.errors import KpisError, RegisterError
from kpis.plan_import.review.book.write import build_book
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft, ReviewFault
from kpis.plan_import.review.draft.offered import list_offered_agencies
from kpis.plan_import.review.draft.outdated import build_outdated_error
from kpis.plan_import.review.versions import accepting as versions
from kpis.plan_import.review.versions.acceptance import AcceptanceTerms
from kpis.plan_import.review.versions.acceptance_notes import AcceptanceNotes
from kpis.plan_import.review.versions.carried import CarriedTarget
from kpis.plan_import.review.versions.closed_entries import ClosedEntry
from kpis.plan_import.review.versions.writing import build_documents, list_versions
from kpis.register.load import load_register
from kpis.register.version_facts import VersionFacts, read_version_facts
from kpis.store.opening import open_store
from kpis.store.version_store import hold_writer_lock

RequireRight = Callable[[], object]
"""Raises KpisError where the reviewer may not accept the plan any more."""


@dataclass(frozen=True)
class AcceptanceChoices:
    """What the reviewer says beside the rows, as the options of `plan accept` do."""

    may_lack_targets: bool = False
    in_force_from: date | None = None
    judges_again: tuple[int, ...] = ()
    corrects: int | None = None
    why: str | None = None


@dataclass(frozen=True)
class SeenRevision:
    """The revision of a plan's draft that a reviewer saw; `draft` is its id."""

    plan: str
    draft: str
    revision: int


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
    require_right: RequireRight | None = None,
) -> AcceptedPlan:
    """Accept a draft as the reviewer saw it; `reviewer` is an e-mail address or the system's user.

    Raises KpisError; the register is then as it was. `require_right` is asked immediately before it is written: to
    wait for a reading and to load the register takes its time.
    """
    store = open_store(settings.load_settings(environ, read_only=True))
    with hold_writer_lock(store):
        revision = SeenRevision(seen.plan, seen.id, seen.revision)
        return accept_revision(revision, reviewer, environ, now, choices, store.is_leading, require_right)


def check_draft(
    seen: Draft, reviewer: str, environ: Mapping[str, str], now: datetime, choices: AcceptanceChoices
) -> AcceptedPlan:
    """Return what would stand in the way of accepting a draft as it was seen, and what would come of it."""
    revision = SeenRevision(seen.plan, seen.id, seen.revision)
    draft, documents, terms = _prepare(revision, reviewer, environ, now, choices)
    checked = versions.accept_draft(draft, documents, replace(terms, only_checks=True))
    return AcceptedPlan(checked.faults, carried=checked.carried, closed=checked.closed)


def accept_revision(
    seen: SeenRevision,
    reviewer: str,
    environ: Mapping[str, str],
    now: datetime,
    choices: AcceptanceChoices,
    is_leading: Callable[[], bool],
    require_right: RequireRight | None = None,
) -> AcceptedPlan:
    """Accept a revision for the holder of the lock of the sync, as `accept_draft` does; `is_leading`: its lock."""
    draft, documents, terms = _prepare(seen, reviewer, environ, now, choices)
    terms = replace(terms, is_leading=is_leading)
    notes = AcceptanceNotes(settings.load_settings(environ, read_only=True), reviewer, now)

    def announce(facts: VersionFacts) -> None:
        if require_right is not None:
            require_right()
        notes.write(facts)

    try:
        accepted = versions.accept_draft(draft, documents, terms, announce=announce)
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


def find_accepted_number(seen: SeenRevision, environ: Mapping[str, str], choices: AcceptanceChoices) -> int | None:
    """Return the version that a revision was accepted as already; None if it was not."""
    for version in list_versions(settings.get_register_folder(environ), seen.plan):
        facts = read_version_facts(version)
        if (facts.draft, facts.revision, facts.corrects) == (seen.draft, seen.revision, choices.corrects):
            return facts.number
    return None


def _prepare(
    seen: SeenRevision, reviewer: str, environ: Mapping[str, str], now: datetime, choices: AcceptanceChoices
) -> tuple[Draft, dict[str, bytes], AcceptanceTerms]:
    """Return draft, documents and terms; OutdatedError if the draft is at another revision by now."""
    register = settings.get_register_folder(environ)
    folder = DraftFolder(register, seen.plan)
    draft = folder.read()
    if (draft.id, draft.revision) != (seen.draft, seen.revision):
        raise build_outdated_error(seen.plan, seen.revision, draft)
    names = [each.name_vi for each in load_register(overlay=settings.find_overlay(environ)).indicators.values()]
    book = build_book(draft, list_offered_agencies(draft), names)
    terms = AcceptanceTerms(
        register, reviewer, now, choices.may_lack_targets, choices.in_force_from, choices.judges_again,
        choices.corrects, choices.why,
    )  # fmt: skip
    return draft, build_documents(draft, folder.read_document(draft), book), terms

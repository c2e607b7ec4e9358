"""Accept the shown revision of a draft, with its workbook as the record, and note it in the sync journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kpis import settings
from kpis.access.recording import record_action
from kpis.errors import KpisError
from kpis.plan_import.review.book.write import build_book
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft, DraftRow, ReviewError, ReviewFault
from kpis.plan_import.review.versions.checks import find_version_faults
from kpis.plan_import.review.versions.id_record import open_counter
from kpis.plan_import.review.versions.plan_tables import build_version_tables
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
from kpis.store import journal
from kpis.store.paths import DatabasePaths
from kpis.ui.plan_import.deciding import build_outdated_error
from kpis.ui.plan_import.field_widgets import list_offered_agencies


@dataclass(frozen=True)
class AcceptedPlan:
    """What came of it: the faults that stand in the way, or how much the plan has; `carried`: what is not judged."""

    faults: Sequence[ReviewFault] = ()
    targets: int = 0
    tasks: int = 0
    carried: Sequence[tuple[DraftRow, str]] = ()


def accept_draft(
    seen: Draft, reviewer: str, environ: Mapping[str, str], now: datetime, *, may_lack_targets: bool
) -> AcceptedPlan:  # fmt: skip
    """Accept a draft as the reviewer saw it; `reviewer` is an e-mail address or the system's user.

    Raises KpisError; the register is then as it was.
    """
    register_folder = settings.get_register_folder(environ)
    run_settings = settings.load_settings(environ, read_only=True)
    pointer = run_settings.pointer
    folder = DraftFolder(register_folder, seen.plan)
    version = get_version(register_folder, seen.plan, FIRST_VERSION)
    with hold_sync_lock(pointer):
        if version.folder.exists():
            raise build_accepted_error(seen.plan, version.folder)
        draft = folder.read()
        if (draft.id, draft.revision) != (seen.id, seen.revision):
            raise build_outdated_error(seen, draft)
        register = load_register(overlay=settings.find_overlay(environ))
        if draft.plan in register.plans:
            raise ReviewError("The plan “{plan}” exists already; a new plan needs another id.", plan=draft.plan)
        faults = find_version_faults(draft, register.indicators, may_lack_targets=may_lack_targets)
        if faults:
            return AcceptedPlan(faults)
        ids = open_counter(register_folder, draft.plan)
        tables = build_version_tables(draft, reviewer, register.indicators, ids)
        issued_on = draft.get_header("issued_on")
        facts = VersionFacts(
            draft.plan, FIRST_VERSION, now, reviewer,
            document_number=draft.get_header("number"),
            issued_on=date.fromisoformat(issued_on) if issued_on else None,
            document_name=draft.file_name, draft=draft.id, revision=draft.revision,
        )  # fmt: skip
        book = build_book(draft, list_offered_agencies(draft))
        documents = build_documents(draft, folder.read_document(draft), book)
        note = {
            "at": now.isoformat(), "action": "accept_plan", "by": reviewer, "plan": draft.plan,
            "version": FIRST_VERSION, "draft": draft.id, "revision": draft.revision,
        }  # fmt: skip
        path = DatabasePaths(pointer).journal
        details = {"plan": draft.plan, "version": FIRST_VERSION, "revision": draft.revision}
        record_action(run_settings, "accept_plan", reviewer, now, **details)
        journal.append(path, note)  # before the plan: what cannot be noted is not accepted
        try:
            accepted = publish_version(register_folder, version, build_files(tables, facts, ids, documents), ids)
        except KpisError:
            journal.append(path, note | {"action": "accept_plan_failed"})
            raise
    return AcceptedPlan(
        targets=sum(target.plan == draft.plan for target in accepted.targets.values()),
        tasks=sum(task.plan == draft.plan for task in accepted.tasks.values()),
        carried=tables.carried,
    )

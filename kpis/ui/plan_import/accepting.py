"""Accept the shown revision of a draft, with its workbook as the record, and note it in the sync journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kpis import settings
from kpis.access.recording import record_action
from kpis.errors import KpisError
from kpis.plan_import.review.book.write import build_book
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft, DraftRow, ReviewFault
from kpis.plan_import.review.versions import accepting as versions
from kpis.plan_import.review.versions.accepting import AcceptanceTerms
from kpis.plan_import.review.versions.writing import build_documents, hold_sync_lock
from kpis.register.version_facts import VersionFacts
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
    run_settings = settings.load_settings(environ, read_only=True)
    folder = DraftFolder(settings.get_register_folder(environ), seen.plan)
    terms = AcceptanceTerms(settings.get_register_folder(environ), reviewer, now, may_lack_targets=may_lack_targets)
    notes = _Notes(run_settings, reviewer, now)
    with hold_sync_lock(run_settings.pointer):
        draft = folder.read()
        if (draft.id, draft.revision) != (seen.id, seen.revision):
            raise build_outdated_error(seen, draft)
        book = build_book(draft, list_offered_agencies(draft))
        documents = build_documents(draft, folder.read_document(draft), book)
        try:
            accepted = versions.accept_draft(draft, documents, terms, announce=notes.write)
            if accepted.register_error is not None:
                raise accepted.register_error
        except KpisError:
            notes.write_failure()
            raise
    if accepted.register is None:
        return AcceptedPlan(accepted.faults)
    return AcceptedPlan(
        targets=sum(target.plan == draft.plan for target in accepted.register.targets_in_force),
        tasks=sum(task.plan == draft.plan for task in accepted.register.tasks_in_force),
        carried=accepted.carried,
    )


class _Notes:
    """The lines about an acceptance in the sync journal and in the record of actions, before the version is written."""

    def __init__(self, run_settings: settings.Settings, reviewer: str, now: datetime) -> None:
        self._settings = run_settings
        self._reviewer = reviewer
        self._now = now
        self._note: dict[str, object] | None = None

    def write(self, facts: VersionFacts) -> None:
        """Write that a version is accepted: what cannot be noted is not accepted."""
        note = {
            "at": self._now.isoformat(), "action": "accept_plan", "by": self._reviewer, "plan": facts.plan,
            "version": facts.number, "draft": facts.draft, "revision": facts.revision,
        }  # fmt: skip
        details = {"plan": facts.plan, "version": facts.number, "revision": facts.revision}
        record_action(self._settings, "accept_plan", self._reviewer, self._now, **details)
        journal.append(self._path, note)
        self._note = note

    def write_failure(self) -> None:
        """Write that a version of which a line was written was not accepted after all."""
        if self._note is not None:
            journal.append(self._path, self._note | {"action": "accept_plan_failed"})

    @property
    def _path(self) -> Path:
        return DatabasePaths(self._settings.pointer).journal

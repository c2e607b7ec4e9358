"""A draft that is no longer wanted: noted in journal and audit, then set aside; its file stays, nothing opens it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from kpis.access.recording import record_action
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft, ReviewError
from kpis.plan_import.review.versions.writing import list_versions
from kpis.register.version_facts import read_version_facts
from kpis.settings import Settings
from kpis.store.opening import append_to_journal, open_store
from kpis.store.version_store import hold_writer_lock


def find_open_draft(register: Path, plan: str) -> Draft:
    """Return the draft of a plan that is under review. ReviewError if there is none."""
    draft = DraftFolder(register, plan).find()
    if draft is None or _is_accepted(register, draft):
        raise ReviewError("There is no draft of the plan “{plan}” under review.", plan=plan)
    return draft


def discard_draft(register: Path, seen: Draft, settings: Settings, person: str, now: datetime) -> Path:
    """Set a draft aside as it was seen, and return its file. `now` is naive UTC.

    Raises ReviewError if it was accepted or decided on in the meantime, StoreError and AuditError; the draft is then
    as it was.
    """
    with hold_writer_lock(open_store(settings)):
        return discard_held_draft(register, seen, settings, person, now)


def discard_held_draft(register: Path, seen: Draft, settings: Settings, person: str, now: datetime) -> Path:
    """Do the same for the holder of the writer's lock."""
    folder = DraftFolder(register, seen.plan)
    with folder.hold_unchanged(seen):
        if _is_accepted(register, seen):
            raise ReviewError("There is no draft of the plan “{plan}” under review.", plan=seen.plan)
        details: dict[str, object] = {"plan": seen.plan, "file": seen.file_name, "revision": seen.revision}
        record_action(settings, "discard_draft", person, now, **details)
        note = {"at": now.isoformat(), "action": "discard_draft", "by": person, "draft": seen.id}
        append_to_journal(settings, note | details)
        return folder.set_aside(seen)


def _is_accepted(register: Path, draft: Draft) -> bool:
    facts = [read_version_facts(version) for version in list_versions(register, draft.plan)]
    return any(each.closes(draft.id, draft.revision) for each in facts)

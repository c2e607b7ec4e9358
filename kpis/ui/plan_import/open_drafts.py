"""The drafts that are still under review: those that no accepted version was made from as they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kpis.access.identities import Viewer
from kpis.errors import KpisError
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.versions.reopening import find_version_to_correct
from kpis.register.accepted_plans import list_accepted_versions
from kpis.register.faults import RegisterFaults
from kpis.register.version_facts import read_version_facts


@dataclass
class OpenDrafts:
    """The open drafts by plan, the version that one of them corrects, an error for each that cannot be read."""

    drafts: dict[str, Draft] = field(default_factory=dict)
    corrected: dict[str, int] = field(default_factory=dict)
    errors: list[KpisError] = field(default_factory=list)


def find_open_drafts(register: Path, viewer: Viewer) -> OpenDrafts:
    """Return the open drafts that a viewer may decide on, by plan in alphabetical order."""
    open_drafts = OpenDrafts()
    versions = list_accepted_versions(register, RegisterFaults())
    for path in sorted(register.glob("drafts/*/draft.json")):
        if not viewer.may("import_plan", path.parent.name):
            continue
        try:
            draft = DraftFolder(register, path.parent.name).read()
            facts = [read_version_facts(version) for version in versions.get(draft.plan, ())]
            if any(each.closes(draft.id, draft.revision) for each in facts):
                continue
            open_drafts.drafts[draft.plan] = draft
            if (number := find_version_to_correct(draft, facts)) is not None:
                open_drafts.corrected[draft.plan] = number
        except KpisError as error:
            open_drafts.errors.append(error)
    return open_drafts

"""The drafts that are still under review: those that no accepted version was made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kpis.access.identities import Viewer
from kpis.errors import KpisError
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Draft
from kpis.register.accepted_plans import AcceptedVersion, list_accepted_versions
from kpis.register.faults import RegisterFaults
from kpis.register.version_facts import read_version_facts


@dataclass
class OpenDrafts:
    """The open drafts by plan, and an error for each that cannot be read."""

    drafts: dict[str, Draft] = field(default_factory=dict)
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
            if not _is_accepted(draft, versions.get(draft.plan, [])):
                open_drafts.drafts[draft.plan] = draft
        except KpisError as error:
            open_drafts.errors.append(error)
    return open_drafts


def _is_accepted(draft: Draft, versions: list[AcceptedVersion]) -> bool:
    return any(read_version_facts(version).draft == draft.id for version in versions)

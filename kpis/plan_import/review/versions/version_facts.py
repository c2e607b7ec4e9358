"""What version.toml says of a version: its document, from when it is in force, who accepted it, what it corrects."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kpis.plan_import.review.draft.model import Draft, ReviewError
from kpis.plan_import.review.versions.toml_output import TomlTable
from kpis.register.accepted_plans import VERSION_FILE, AcceptedVersion


@dataclass(frozen=True)
class VersionFacts:
    """The facts of one version. `accepted_at` is naive UTC. `in_force_from` is None for a first version.

    A version made of a plan that came without a document has neither `draft` nor `document_name`. `clauses`: what the
    document says of each id.
    """

    plan: str
    number: int
    accepted_at: datetime
    reviewer: str
    document_number: str | None = None
    issued_on: date | None = None
    document_name: str | None = None
    in_force_from: date | None = None
    judges_again: tuple[int, ...] = ()
    corrects: int | None = None
    why: str | None = None
    draft: str | None = None
    revision: int | None = None
    clauses: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)

    def closes(self, draft: Draft) -> bool:
        """True if the version was accepted from a draft as it stands: later decisions of it are a correction."""
        return draft.id == self.draft and draft.revision <= (self.revision or draft.revision)

    def build_table(self) -> TomlTable:
        """Return the table [version]."""
        return {
            "number": self.number,
            "plan": self.plan,
            "document_number": self.document_number,
            "issued_on": self.issued_on,
            "document_name": self.document_name,
            "in_force_from": self.in_force_from,
            "accepted_at": self.accepted_at.isoformat(timespec="seconds") + "Z",
            "reviewer": self.reviewer,
            "judges_again": list(self.judges_again),
            "corrects": self.corrects,
            "why": self.why,
            "draft": self.draft,
            "revision": self.revision,
        }


def read_version_facts(version: AcceptedVersion) -> VersionFacts:
    """Return the facts of a version. ReviewError if its file cannot be read."""
    path = version.folder / VERSION_FILE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        table = content["version"]
        return VersionFacts(
            plan=version.plan,
            number=version.number,
            accepted_at=datetime.fromisoformat(table["accepted_at"].removesuffix("Z")),
            reviewer=table["reviewer"],
            document_number=table.get("document_number"),
            issued_on=table.get("issued_on"),
            document_name=table.get("document_name"),
            in_force_from=table.get("in_force_from"),
            judges_again=tuple(table.get("judges_again", ())),
            corrects=table.get("corrects"),
            why=table.get("why"),
            draft=table.get("draft"),
            revision=table.get("revision"),
            clauses=tuple(content.get("clause", ())),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ReviewError("{path} cannot be read. Restore it from a copy.", path=path) from error

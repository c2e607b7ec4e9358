"""What version.toml says of a version: its document, from when it is in force, who accepted it, what it corrects."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kpis.errors import RegisterError
from kpis.language.clock import to_local_day
from kpis.register.accepted_plans import VERSION_FILE, AcceptedVersion
from kpis.register.judging_versions import VersionDays

_FIRST_MOMENT = "1970-01-01"


@dataclass(frozen=True)
class VersionFacts:
    """The facts of one version. `accepted_at` is naive UTC. `in_force_from` is None for a first version.

    A version made of a plan that came without a document has neither `draft` nor `document_name`. `clauses`: what the
    document says of each id; `ended`: the clause by which an id ended.
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
    ended: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)

    def closes(self, draft: str, revision: int) -> bool:
        """True if the version was accepted from a draft as it stands: later decisions of it are a correction."""
        return draft == self.draft and revision <= (self.revision or revision)

    @property
    def days(self) -> VersionDays:
        """What decides which days and periods the version judges."""
        return VersionDays(
            self.number,
            self.in_force_from,
            to_local_day(self.accepted_at),
            frozenset(self.judges_again),
            self.corrects,
        )

    def build_table(self) -> dict[str, object]:
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
    """Return the facts of a version; RegisterError if its file cannot be read.

    A file that was written by hand may say less than who accepted the version, and when.
    """
    path = version.folder / VERSION_FILE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        table = content.get("version", {})
        return VersionFacts(
            plan=version.plan,
            number=version.number,
            accepted_at=datetime.fromisoformat(str(table.get("accepted_at", _FIRST_MOMENT)).removesuffix("Z")),
            reviewer=str(table.get("reviewer", "")),
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
            ended=tuple(content.get("ended", ())),
        )
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise RegisterError(
            "{path} cannot be read. Restore it from a copy.", file=path.as_posix(), key=VERSION_FILE, path=path
        ) from error

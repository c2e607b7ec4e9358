"""The lines about an acceptance in the sync journal and in the audit, written before the version is."""

from __future__ import annotations

from datetime import datetime

from kpis.access.recording import record_action
from kpis.register.version_facts import VersionFacts
from kpis.settings import Settings
from kpis.store.opening import append_to_journal


class AcceptanceNotes:
    """`person`: how the audit names the reviewer. `now` is naive UTC."""

    def __init__(self, settings: Settings, person: str, now: datetime) -> None:
        self._settings = settings
        self._person = person
        self._now = now
        self._note: dict[str, object] | None = None

    def write(self, facts: VersionFacts) -> None:
        """Write that a version is accepted: what cannot be noted is not accepted."""
        details: dict[str, object] = {"plan": facts.plan, "version": facts.number, "revision": facts.revision}
        if facts.in_force_from is not None:
            details["in_force_from"] = facts.in_force_from.isoformat()
        if facts.judges_again:
            details["judges_again"] = ", ".join(map(str, facts.judges_again))
        if facts.corrects is not None:
            details |= {"corrects": facts.corrects, "why": facts.why}
        note = {"at": self._now.isoformat(), "action": "accept_plan", "by": facts.reviewer, "draft": facts.draft}
        record_action(self._settings, "accept_plan", self._person, self._now, **details)
        append_to_journal(self._settings, note | details)
        self._note = note | details

    def write_failure(self) -> None:
        """Write that a version of which a line was written was not accepted after all."""
        if self._note is not None:
            append_to_journal(self._settings, self._note | {"action": "accept_plan_failed"})

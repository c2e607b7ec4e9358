"""What amendments and corrections changed between two questions (design.md §3, Which version judges)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from kpis.measures.plan_versions import VersionsByPlan, find_start, load_plan_versions
from kpis.measures.query import DatabaseReader, load_query, run_query
from kpis.measures.question import Question
from kpis.register.entry_changes import ChangeKind, EntryKind, FieldChange
from kpis.register.version_changes import deserialize_fields
from kpis.register.version_facts import VersionFacts


@dataclass(frozen=True)
class Amendment:
    """One entry of a plan that one version changed, added or dropped.

    `version` has number, document number and day, reviewer, `judges_again` (years whose closed periods it judges), and
    of a correction `corrects` and `why`. `in_force_from` is the day from which the change holds: of a correction that
    of the corrected version, None for always. `compared_with` is the number of the version before, or of the corrected
    one.

    `entry` is the id of a target, milestone or task, else a name. `fields` has each changed field with the value
    before and after, as in the plan's files (`floor`: 0.9 is 90 % of a ratio, coverage or change); it is empty for what
    was added or dropped. `quote` is the clause of the version's document, None where none was kept.
    """

    version: VersionFacts
    in_force_from: date | None
    compared_with: int
    kind: EntryKind
    entry: str
    title_vi: str
    change: ChangeKind
    fields: tuple[FieldChange, ...]
    measure: str | None
    quote: str | None
    section: str | None
    page: int | None
    line: int | None

    @property
    def plan(self) -> str:
        """The plan that was changed."""
        return self.version.plan

    @property
    def is_correction(self) -> bool:
        """True if the reviewer corrected a version, which the issuer has not changed."""
        return self.version.corrects is not None

    def get_change(self, field: str) -> FieldChange | None:
        """Return both values of a field; None if it did not change."""
        return next((each for each in self.fields if each.field == field), None)


def fetch_amendments(db: DatabaseReader, question: Question, earlier: Question | None = None) -> list[Amendment]:
    """Return what the versions changed that judge days up to the question's, as known at its moment.

    With `earlier`, without those that it shows too: what changed for a reader between the two days and moments. By
    plan, then by version, then as in the plan.
    """
    versions = load_plan_versions(db, question.to_parameters())
    in_force = _list_in_force(versions, question)
    if earlier is not None:
        in_force -= _list_in_force(load_plan_versions(db, earlier.to_parameters()), earlier)
    amendments = []
    text = load_query("kpis.measures", "version_changes")
    for row in run_query(db, text, question.to_parameters()) if in_force else ():
        plan, number = str(row["plan"]), cast(int, row["version"])
        if (plan, number) in in_force:
            version = next(each for each in versions[plan] if each.number == number)
            amendments.append(_build_amendment(row, version, versions[plan]))
    return amendments


def _list_in_force(versions: VersionsByPlan, question: Question) -> frozenset[tuple[str, int]]:
    """Return plan and number of each version that is in force by the question's day."""
    return frozenset(
        (plan, version.number)
        for plan, of_plan in versions.items()
        for version in of_plan
        if (start := find_start(version, of_plan)) is None or start <= question.as_of
    )


def _build_amendment(row: dict[str, object], version: VersionFacts, versions: Sequence[VersionFacts]) -> Amendment:
    return Amendment(
        version=version,
        in_force_from=find_start(version, versions),
        compared_with=cast(int, row["compared_with"]),
        kind=cast(EntryKind, row["kind"]),
        entry=str(row["entry"]),
        title_vi=str(row["title_vi"]),
        change=cast(ChangeKind, row["change"]),
        fields=deserialize_fields(str(row["fields"])),
        measure=cast("str | None", row["measure"]),
        quote=cast("str | None", row["quote"]),
        section=cast("str | None", row["section"]),
        page=cast("int | None", row["page"]),
        line=cast("int | None", row["line"]),
    )

"""One entry of a plan that a version added, dropped or changed, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

EntryKind = Literal["plan", "target", "milestone", "section", "task", "agency", "collective", "indicator"]
ChangeKind = Literal["added", "dropped", "changed"]


@dataclass(frozen=True)
class FieldChange:
    """One field with both values, as in the files; None where a version does not have it."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class EntryChange:
    """One entry that was added, dropped or changed; `fields` only for a changed one.

    `measure` is that of a target, for the form of its numbers.
    """

    kind: EntryKind
    id: str
    title: str
    change: ChangeKind
    fields: tuple[FieldChange, ...] = ()
    measure: str | None = None


@dataclass(frozen=True)
class VersionChange:
    """One entry that a version changed, with the clause of its document; the clause is None where none was kept."""

    plan: str
    version: int
    compared_with: int
    change: EntryChange
    quote: str | None = None
    section: str | None = None
    page: int | None = None
    line: int | None = None

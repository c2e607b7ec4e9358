"""The terms on which a workbook is accepted, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from kpis.errors import RegisterError
from kpis.plan_import.review.book.read import CellFault
from kpis.plan_import.review.draft.model import ReviewFault
from kpis.plan_import.review.versions.carried import CarriedTarget
from kpis.plan_import.review.versions.closed_entries import ClosedEntry
from kpis.register.model import Register
from kpis.register.version_facts import VersionFacts


@dataclass(frozen=True)
class AcceptanceTerms:
    """What the reviewer says beside the workbook. `register`: the folder of the installation's own register.

    `only_checks`: nothing is accepted or written. `is_leading` tells, right before the version gets its name, whether
    the caller still holds the lock of the sync.
    """

    register: Path
    reviewer: str
    now: datetime
    may_lack_targets: bool = False
    in_force_from: date | None = None
    judges_again: tuple[int, ...] = ()
    corrects: int | None = None
    why: str | None = None
    only_checks: bool = False
    is_leading: Callable[[], bool] = lambda: True


@dataclass(frozen=True)
class Acceptance:
    """What came of it: the version and the register with it, or the faults that stand in the way.

    `carried`: what is kept in words; `closed`: what keeps the version that judged it. `rows_by_id`: codes of the
    workbook's rows by id, for the faults of the loader.
    """

    plan: str
    cell_faults: Sequence[CellFault] = ()
    faults: Sequence[ReviewFault] = ()
    facts: VersionFacts | None = None
    register: Register | None = None
    carried: Sequence[CarriedTarget] = ()
    closed: Sequence[ClosedEntry] = ()
    rows_by_id: Mapping[str, str] = field(default_factory=dict)
    register_error: RegisterError | None = None

"""A scope: the plans that a viewer sees, and for an officer the agencies whose rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """The plans, and with `agencies` (plan, agency) only the rows of those agencies; None for every row.

    Verdicts are asked of a scope without agencies: the rows of some would change them.
    """

    plans: frozenset[str]
    agencies: frozenset[tuple[str, str]] | None = None

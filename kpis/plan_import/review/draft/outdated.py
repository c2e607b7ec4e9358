"""A decision on a revision of a draft that others have moved on from."""

from __future__ import annotations

from kpis.plan_import.review.draft.model import Draft, ReviewError

_MAX_LISTED = 10


class OutdatedError(ReviewError):
    """A decision on a revision that is no longer the draft's."""


def build_outdated_error(plan: str, revision: int, current: Draft) -> OutdatedError:
    """Return the error for a revision of a plan's draft that others have moved on from."""
    moved = [row.id for row in current.rows if row.revision > revision]
    return OutdatedError(
        "The draft of “{plan}” was at revision {old} when you opened it and is now at revision {new}; decided since: "
        "{rows}. The page now shows the present state: look at the row and decide again.",
        plan=plan, old=revision, new=current.revision,
        rows=", ".join(moved[:_MAX_LISTED]) + (" …" if len(moved) > _MAX_LISTED else ""),
    )  # fmt: skip

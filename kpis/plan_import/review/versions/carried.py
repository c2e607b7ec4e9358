"""Which decided targets the register cannot judge, why, and how the reviewer could have them judged."""

from __future__ import annotations

from typing import NamedTuple

from kpis.language.messages import Language, translate
from kpis.plan_import.review.draft.decisions import find_faults
from kpis.plan_import.review.draft.model import Draft, DraftRow
from kpis.plan_import.review.versions.checks import list_promises, read_years
from kpis.plan_import.review.versions.shapes import CARRIED_MENDS, list_carried_rows


class CarriedTarget(NamedTuple):
    """The first row of a target that is kept in words; `reason` is a catalogue key."""

    row: DraftRow
    reason: str


def list_carried(draft: Draft) -> list[CarriedTarget]:
    """Return what would be kept in words, of the rows decided so far that are in order."""
    faulty = {fault.row.id for fault in find_faults(draft)}
    if not draft.get_header("start_year") or faulty & {"header.start_year", "header.end_year"}:
        return []
    rows = [row for row in list_promises(draft)[0] if row.id not in faulty]
    return [CarriedTarget(row, reason) for row, reason in list_carried_rows(rows, read_years(draft))]


def describe_carried(target: CarriedTarget, lang: Language) -> str:
    """Return in one sentence what is not judged, why, and what to change in its row."""
    text = "{row} “{title}” is kept in the plan's words and not judged: {reason}. To have it judged: {mend}."
    reason, mend = (translate(lang, each) for each in (target.reason, CARRIED_MENDS[target.reason]))
    title = target.row.get_value("title")
    return translate(lang, text, row=target.row.id, title=title, reason=reason, mend=mend)

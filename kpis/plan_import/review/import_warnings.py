"""What a reviewer should look at before deciding: the document may be of another place or plan, or change nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kpis.language.normalization import fold
from kpis.plan_import.review.amendments.build import changes_anything
from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.draft.places import PlanPlace, find_other_place
from kpis.plan_import.review.import_subject import ImportSubject
from kpis.register.communes import list_provinces

Sentence = tuple[str, Mapping[str, object]]


def list_import_warnings(draft: Draft, subject: ImportSubject) -> Iterator[Sentence]:
    """Yield warnings about a draft as catalogue keys with their values; none of them stops the import."""
    plan = subject.register.plans.get(subject.plan)
    if subject.base is not None and plan is not None:
        text = fold(" ".join(block.text for block in draft.text))
        if plan.number and fold(plan.number) not in text:
            yield (
                "Look out: {file} does not name the plan's number {number}. Check that it amends this plan.",
                {"file": draft.file_name, "number": plan.number},
            )
        if not changes_anything(draft):
            yield (
                "Look out: no clause was recognised in {file} that changes the plan “{plan}”. If one does, enter it in "
                "an added row; the whole new text of a plan is imported with --whole.",
                {"file": draft.file_name, "plan": subject.plan},
            )
    other = find_document_place(draft, subject.place)
    if other is not None:
        yield (
            "Look out: the document is of “{other}”, but the plan is of “{place}”. It cannot be accepted so.",
            {"other": other, "place": subject.place.name},
        )


def find_document_place(draft: Draft, place: PlanPlace) -> str | None:
    """Return the place that a document is of, if it is another one than the plan's; None where it names none.

    The issuer says it; where that names no place, the title does.
    """
    prefix = "" if draft.mode == "new" else "document_"
    issuer = draft.get_row(f"header.{prefix}issuer").proposed.get("value", "")
    other = find_other_place(issuer, place.name)
    if other is not None or _list_provinces_in(issuer) or draft.mode != "new":
        return other
    named = _list_provinces_in(draft.get_row("header.title").proposed.get("value", ""))
    return None if not named or place.province in named else named[0]


def _list_provinces_in(text: str) -> list[str]:
    """Return the provinces that a text names with their kind, like "tỉnh Đồng Tháp"."""
    folded = fold(text)
    return [
        name
        for name in list_provinces()
        if re.search(rf"(?<!\w)(?:tỉnh|thành phố|tp\.?) {re.escape(fold(name))}(?!\w)", folded)
    ]

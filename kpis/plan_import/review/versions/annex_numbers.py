"""The section and number of a task from how an annex prints them."""

from __future__ import annotations

import re

from kpis.language.normalization import clean
from kpis.plan_import.review.draft.model import DraftRow

WHOLE_ANNEX = "PL"
_NUMBER = re.compile(r"(?:(?P<above>[^\s.]+(?:\.[^\s.]+)*)\.)?(?P<last>[0-9]{1,6})")


def split_number(row: DraftRow) -> tuple[str, int | None]:
    """Return the section of a task and its number there: "2.3" is the third one of section 2."""
    section = clean(row.get_value("section")).strip(" .)")
    match = _NUMBER.fullmatch(clean(row.get_value("number")).strip(" .)"))
    if match is None:
        return section or WHOLE_ANNEX, None
    above = match["above"]
    if above and above != section and not section.endswith(f".{above}"):
        section = above if not section or above.startswith(f"{section}.") else f"{section}.{above}"
    return section or WHOLE_ANNEX, int(match["last"])

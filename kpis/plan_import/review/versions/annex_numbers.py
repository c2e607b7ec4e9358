"""The section and number of a task from how an annex prints them."""

from __future__ import annotations

import re

from kpis.language.normalization import clean
from kpis.plan_import.review.draft.model import DraftRow

_NUMBER = re.compile(r"(?:(?P<above>[^\s.]+(?:\.[^\s.]+)*)\.)?(?P<last>[0-9]{1,6})")


def split_number(row: DraftRow) -> tuple[str, str]:
    """Return the section of a task and its number as printed, "" for none: "2.3" stands in section 2."""
    section, number = (clean(row.get_value(name)).strip(" .)") for name in ("section", "number"))
    match = _NUMBER.fullmatch(number)
    above = match["above"] if match else None
    if above and above != section and not section.endswith(f".{above}"):
        section = above if not section or above.startswith(f"{section}.") else f"{section}.{above}"
    return section, number

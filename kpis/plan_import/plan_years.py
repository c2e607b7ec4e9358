"""The years that a plan's title states, without those of documents that it names, terms and visions."""

from __future__ import annotations

import re
from typing import Final

_REFERENCES: Final = re.compile(
    r"(?:số\s*:?\s*[\w./-]*\d[\w./&-]*|\b\d{1,5}/(?:\d{4}/)?[A-ZĐ]+-[\wĐ&]+)(?:\s+năm\s+\d{4})?"
    r"|ngày\s*\d{1,2}\s*(?:/\s*\d{1,2}\s*/\s*\d{4}|tháng\s*\d{1,2}\s*năm\s*\d{4})|(?-i:Luật"
    r"|Hiến pháp)[^,;]{0,60}?năm\s\d{4}",
    re.I,
)
_PERIOD: Final = re.compile(
    r"(?:giai đoạn|thời kỳ|các năm)?\s*(?:từ\s)?(?:năm\s*)?(?P<start>(?:19|20)\d\d)\s*(?:[-–—]"
    r"|đến(?: năm)?)\s*(?P<end>(?:19|20)\d\d)",
    re.I,
)
_BOTH: Final = re.compile(
    r"năm\s+(?:19|20)\d\d\s*(?P<mark>,|;|và)\s*(?=giai đoạn|thời kỳ|các năm)"
    r"|(?:19|20)\d\d\s*[-–—]\s*(?:19|20)\d\d\s*(?P<second>,|;|và)\s*năm\s+(?:19|20)\d\d",
    re.I,
)
"""A year beside a period: with "và" the plan is for both, after a comma it cannot be told."""
_UNTIL: Final = re.compile(r"đến\s+(?:hết\s+)?(?:năm\s+)?(?P<end>(?:19|20)\d\d)", re.I)
_YEAR: Final = re.compile(r"năm\s+(?P<year>(?:19|20)\d\d)(?!\s*[-–])", re.I)
_VISION: Final = re.compile(
    r"(?:tầm nhìn|định hướng|hướng)(?: tới| đến)?\s+(?:đến\s+)?(?:năm\s+)?(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)\d\d)?",
    re.I,
)
_TERM: Final = re.compile(r"(?:nhiệm kỳ|khóa|khoá|năm học|niên độ)\s+(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)\d\d)?", re.I)


def find_period(title: str) -> tuple[int | None, int | None]:
    """Return first and last year that a title states; None where it states none, or several that could be meant."""
    text = _TERM.sub(" ", _VISION.sub(" ", _REFERENCES.sub(" ", title)))
    periods = list(dict.fromkeys((int(match["start"]), int(match["end"])) for match in _PERIOD.finditer(text)))
    rest = _PERIOD.sub(" ", text)
    untils = list(dict.fromkeys(int(match["end"]) for match in _UNTIL.finditer(rest)))
    years = list(dict.fromkeys(int(match["year"]) for match in _YEAR.finditer(_UNTIL.sub(" ", rest))))
    if (
        len(years) == 1
        and (not periods or periods[0][0] <= years[0] <= periods[0][1])
        and len(periods) <= 1
        and not untils
    ):
        both = _BOTH.search(text)
        if both is None or not periods:
            return years[0], years[0]
        mark = both["mark"] or both["second"]
        return periods[0] if mark.lower() == "và" else (None, None)
    if len(periods) == 1 and not years and periods[0][0] <= periods[0][1]:
        return periods[0]
    if not periods and not years and len(untils) == 1:
        return None, untils[0]
    return None, None

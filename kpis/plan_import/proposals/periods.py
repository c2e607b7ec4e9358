"""What a clause says of time: the year by which, and how often."""

from __future__ import annotations

import re

from kpis.plan_import.model import ProposedRecurrence

_YEAR = r"((?:19|20)[0-9]{2})(?![0-9]|[.,][0-9])"
# The last year of each expression counts: "giai đoạn 2026 - 2030" is by 2030.
_SPAN = re.compile(rf"{_YEAR}\s*(?:-|/|đến|tới)\s*(?:hết\s*)?(?:năm\s*)?{_YEAR}")
_YEAR_BEFORE = re.compile(rf"trước\s*(?:năm\s*)?{_YEAR}")
_FROM = re.compile(rf"(?:từ|kể từ|so với|so)\s*(?:cuối\s*|đầu\s*)?(?:năm\s*)?{_YEAR}|{_YEAR}\s*trở đi")
_PLAIN = re.compile(
    rf"(?:đến|tới|hết|cuối|vào|trong|ngay|tính|phấn đấu)?\s*(?:hết\s*|cuối\s*)?(?:năm\s*|/\s*|-\s*)?{_YEAR}"
)
_DUE = ("đến", "tới", "hết", "cuối", "vào", "trước")
_DOCUMENT_YEAR = re.compile(r"(?:luật|nghị quyết|quyết định|nghị định|chỉ thị|kế hoạch|báo cáo|hiến pháp)[^.;,]*$")
_RECURRENCES: tuple[tuple[ProposedRecurrence, re.Pattern[str]], ...] = (
    ("monthly", re.compile(r"(?:hằng|mỗi|một) tháng|/ ?tháng(?! ?[0-9])")),
    ("quarterly", re.compile(r"(?:hằng|mỗi|một) quý|/ ?quý(?! ?[0-9iv])")),
    ("half_yearly", re.compile(r"(?:mỗi|định kỳ|hằng) (?:6|06|sáu) tháng|/ ?(?:6|06) tháng|nửa năm")),
    ("yearly", re.compile(r"hằng năm|mỗi năm(?! học)|từng năm|một năm|mỗi năm học|/ ?năm(?! ?[0-9])|bình quân năm")),
)
_OF_NOUN = re.compile(
    r"(?:trợ cấp|phụ cấp|lương|hưu trí|xã hội|thu nhập|chi trả|báo cáo|ngân sách|kế hoạch|lộ trình thực hiện|"
    r"lộ trình)\s*$"
)
_BULLETS = " -+•*0123456789.)(abcdđe"
_OTHER_NUMBER = re.compile(r"[0-9;]")
_NUMBER_IN_BRACKETS = re.compile(r"[^.;,()0-9]{0,60}(?P<bracket>\([^()]*[0-9])")
_COUNTED = re.compile(r"[^.;0-9()]{1,60}")
# "Đến năm 2030, tầm nhìn đến năm 2045" is due in 2030.
_VISION = re.compile(r"(?:tầm nhìn|định hướng)[\s,]*$")


def find_years(folded: str) -> list[tuple[int, int, int]]:
    """Return (start, end, year) of every expression of a year by which something is to be; "trước 2030" is 2029."""
    years: list[tuple[int, int, int]] = []
    spans = [
        match.span() for match in _FROM.finditer(folded) if not _SPAN.search(folded, match.start(), match.end() + 12)
    ]
    for pattern, shift in ((_SPAN, 0), (_YEAR_BEFORE, -1), (_PLAIN, 0)):
        for match in pattern.finditer(folded):
            if any(start < match.end() and match.start() < end for start, end in spans):
                continue
            spans.append(match.span())
            is_due = pattern is _SPAN or match.group().startswith(_DUE)
            if is_due or not _DOCUMENT_YEAR.search(folded, 0, match.start()):
                years.append((*match.span(), int(match.group(match.lastindex or 1)) + shift))
    nearer = [item for item in years if not _VISION.search(folded, 0, item[0])]
    return sorted(nearer or years)


def find_recurrence(folded: str, start: int, end: int) -> ProposedRecurrence | None:
    """Return how often the thing counted at a place of a sentence is done; None where the sentence does not say.

    "Hằng năm" speaks for a number in its own part between commas, at the head of the sentence, or after the number's
    slash ("02 lớp/năm"); not where it belongs to a noun ("trợ cấp hằng tháng").

    Args:
        folded: one sentence.
        start: where the number begins.
        end: where the number ends.
    """
    part_start = max(folded.rfind(mark, 0, start) for mark in ",;(:") + 1
    part_end = min((position for mark in ",;.)" if (position := folded.find(mark, end)) >= 0), default=len(folded))
    if (inside := _NUMBER_IN_BRACKETS.match(folded, end)) is not None:
        part_end = min(part_end, inside.start("bracket"))  # "60 cầu (12 cầu/năm)": the rate is of the other number
    clause_start = max(folded.rfind(mark, 0, start) for mark in ";.") + 1
    for recurrence, pattern in _RECURRENCES:
        for match in pattern.finditer(folded):
            begin = match.start()
            is_near = part_start <= begin < part_end
            is_head = any(not folded[head:begin].strip(_BULLETS) for head in (0, clause_start) if head <= begin < start)
            is_rate = match.group().startswith("/") and _COUNTED.fullmatch(folded, end, begin)
            is_tail = not folded[match.end() :].strip(" .;") and not _OTHER_NUMBER.search(folded, end, begin)
            if (is_near or is_head or is_rate or is_tail) and not _OF_NOUN.search(folded, 0, begin):
                return recurrence
    return None

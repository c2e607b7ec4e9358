"""Finds the days by which agencies report: "trước ngày 15/11 hằng năm", "ngày 18 hằng tháng"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kpis.plan_import.model import OutlinedBlock
from kpis.register.model import ReportedPart, ReportingDay

_DAY: Final = re.compile(
    r"(?:(?:trước|đến|vào|chậm nhất(?: là)?|muộn nhất(?: là)?"
    r"|chậm nhất vào)\s*(?:hết\s)?ngày|trước(?=\s\d{1,2}/\d{1,2}(?:\s(?:hằng|hàng|mỗi) năm"
    r"|/\d{4})))\s*(?P<day>\d{1,2})\s*(?:[/-]"
    r"|tháng)\s*(?P<month>\d{1,2})(?P<year>\s*(?:/|năm)\s*\d{4})?(?!\d)"
    r"|(?<=\bvà\s)(?:ngày\s)?(?P<day2>\d{1,2})/(?P<month2>\d{1,2})(?!\d|/\d)",
    re.I,
)
_DAY_OF_MONTH: Final = re.compile(
    r"(?:trước|vào|chậm nhất(?: là)?)?\s*ngày\s*(?P<day>\d{1,2})\s*(?:của\s)?(?:hằng|hàng|mỗi|các)\s*tháng(?!\s*cuối)"
)
_REPORTS: Final = re.compile(r"báo cáo", re.I)
_YEARLY: Final = re.compile(r"(?:hằng|hàng|mỗi)\s*năm|định kỳ|báo cáo năm|cả năm|một năm|01 năm|12 tháng|năm sau", re.I)
_HALF_YEARLY: Final = re.compile(r"(?:06|6|sáu) tháng", re.I)
_ABOVE: Final = re.compile(
    r"(?:tổng hợp,?\s*(?:tham mưu[^.;]{0,60})?)[^.;]{0,60}báo cáo\s+(?:Ủy ban|Uỷ ban|UBND|Bộ|Chính phủ"
    r"|Thủ tướng|Tỉnh ủy|Thành ủy|HĐND)",
    re.I,
)
_NEXT_YEAR: Final = re.compile(r"^\s*(?:của\s)?(?:năm (?:sau|kế tiếp|tiếp theo|liền kề))")
_NO_REPORT: Final = re.compile(r"số liệu|tính từ ngày|kể từ ngày|có hiệu lực|hoàn thành trước|trình|ban hành", re.I)
_SPAN: Final = re.compile(r"từ ngày[^.;]{1,50}$", re.I)
_SENTENCE: Final = re.compile(r"[^.;]+(?:\.(?=\d)[^.;]+)*[.;]?")


def find_reporting_days(outlined: Sequence[OutlinedBlock], end_year: int | None) -> tuple[ReportingDay, ...]:
    """Return the days of sentences that ask agencies for reports, in the text's order.

    A day with a year counts only in that plan's last year; the day on which the focal agency passes on what it
    gathered is not one.
    """
    days: list[ReportingDay] = []
    for item in outlined:
        if item.zone in {"letterhead", "preamble", "recipients", "goals"} or item.block.is_table:
            continue
        for sentence in _SENTENCE.findall(item.block.text):
            if _REPORTS.search(sentence):
                days += _read_sentence(sentence, end_year)
    return tuple(dict.fromkeys(days))


def _read_sentence(sentence: str, end_year: int | None) -> list[ReportingDay]:
    days: list[ReportingDay] = [
        ReportingDay(f"{int(match['day']):02}", "month")
        for match in _DAY_OF_MONTH.finditer(sentence)
        if 1 <= int(match["day"]) <= 31 and not _ABOVE.search(sentence[: match.start()])
    ]
    for match in _DAY.finditer(sentence):
        day, month = int(match["day"] or match["day2"]), int(match["month"] or match["month2"])
        if not (1 <= day <= 31 and 1 <= month <= 12) or _ABOVE.search(sentence[: match.start()]):
            continue
        if _SPAN.search(sentence[: match.start()]):
            continue  # "số liệu tính từ ngày 15/12 đến ngày 14/12": what a report covers
        if match["year"] and (end_year is None or int(match["year"].strip()[-4:]) != end_year):
            continue
        is_regular = _YEARLY.search(sentence) or match["year"]
        if not is_regular and _NO_REPORT.search(sentence[max(0, match.start() - 40) : match.start()]):
            continue
        rest = sentence[match.end() :]
        days.append(
            ReportingDay(f"{day:02}/{month:02}", _judge_period(sentence, match, month), bool(_NEXT_YEAR.match(rest)))
        )
    return days


def _judge_period(sentence: str, match: re.Match[str], month: int) -> ReportedPart:
    """A day in May to July next to "6 tháng" closes a half year; every other day a year."""
    near = sentence[max(0, match.start() - 60) : match.end() + 60]
    return (
        "half_year"
        if 5 <= month <= 7
        and (_HALF_YEARLY.search(near) or (match["day2"] is None and " và " in sentence[match.end() : match.end() + 5]))
        else "year"
    )

"""The years and the due day of a task from its printed schedule (design.md §5, task)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from kpis.language.normalization import fold
from kpis.register.model import Timing

_YEAR = re.compile(r"(?<![0-9/])(20[0-9]{2})(?![0-9])|(?<=/)(20[0-9]{2})(?![0-9])")
_YEARLY = re.compile(r"\b(?:hàng|hằng|mỗi) (?:năm|quý|tháng|tuần)\b|\b(?:hàng|hằng) năm\b|\bđịnh kỳ\b")
_ONGOING = re.compile(r"\bthường xuyên\b|\bcác năm (?:tiếp theo|sau)\b|\btheo (?:kế hoạch|chương trình|tiến độ)\b")
_ONWARDS = re.compile(r"từ (?:đầu )?(?:năm|quý|tháng)?\b")
_DEADLINE = re.compile(r"\b(?:trước|đến|chậm nhất|hoàn thành)\b")


class TaskYears(NamedTuple):
    """When a task is to be done; `last_year` is None for one without an end."""

    timing: Timing
    first_year: int
    last_year: int | None


def read_schedule(schedule: str, start_year: int, end_year: int | None) -> TaskYears:
    """Return the timing of a task by its schedule; without a stated time it is due in the plan's last year."""
    text = fold(schedule)
    years = sorted(int(match[1] or match[2]) for match in _YEAR.finditer(text))
    years = [year for year in years if start_year <= year <= (end_year or year)]
    several = years[-1] if len(years) > 1 else None
    if _ONGOING.search(text):
        return TaskYears("ongoing", years[0] if years else start_year, several)
    if _YEARLY.search(text):
        return TaskYears("yearly", years[0] if years else start_year, several)
    if not years:
        return TaskYears("once", start_year, end_year)
    if several is None and _ONWARDS.match(text):
        return TaskYears("once", years[0], end_year)
    if several is None and _DEADLINE.search(text):
        return TaskYears("once", start_year, years[0])
    return TaskYears("once", years[0], years[-1])


_YEARS = r"(?:\s*/\s*|\s+năm\s+|\s+)(?P<year>20[0-9]{2})|\s+(?P<yearly>(?:hằng|hàng|mỗi) năm)"
_BY = r"(?:hoàn thành |thực hiện |xong )?(?:trong |hết |đến hết |chậm nhất (?:là )?(?:trong )?)?"
_BY_DAY = (
    r"(?:hoàn thành |thực hiện |xong )?(?:trước |trong |đến |đến hết |chậm nhất (?:là |vào )?|muộn nhất (?:là |vào )?)?"
)
_SPANS: tuple[re.Pattern[str], ...] = (
    re.compile(rf"{_BY}quý (?P<quarter>i{{1,3}}|iv|[1-4])(?:{_YEARS})?"),
    re.compile(rf"{_BY}tháng (?P<month>[0-9]{{1,2}})(?:{_YEARS})?"),
    re.compile(rf"{_BY}(?:0?6|sáu) tháng (?P<half>đầu|cuối) năm(?:{_YEARS})?"),
    re.compile(rf"{_BY_DAY}(?:ngày )?(?P<day>[0-9]{{1,2}})(?:/| tháng )(?P<in_month>[0-9]{{1,2}})(?:{_YEARS})?"),
)
"""What a schedule as a whole must say for the day by which the task is done."""
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def read_due_day(schedule: str, years: TaskYears, start_year: int, end_year: int | None) -> str:
    """Return the day by which a task is done: "2026-06-30", or "30/06" of every year; "" where no exact words say it.

    A year that is not written is known only in a plan of one year.
    """
    text = fold(schedule).strip(" .;,")
    match = next((match for pattern in _SPANS if (match := pattern.fullmatch(text))), None)
    if match is None or years.timing == "ongoing":
        return ""
    is_yearly = match["yearly"] is not None
    year = int(match["year"]) if match["year"] else start_year if start_year == end_year else years.last_year or 0
    is_certain = is_yearly or match["year"] or start_year == end_year
    if not is_certain or is_yearly != (years.timing == "yearly") or (not is_yearly and years.last_year != year):
        return ""
    try:
        day = _find_last_day(match.groupdict(), 2001 if is_yearly else year)
    except ValueError:  # no such day
        return ""
    return f"{day:%d/%m}" if is_yearly else day.isoformat()


def _find_last_day(parts: dict[str, str | None], year: int) -> date:
    if parts.get("day"):
        return date(year, int(parts["in_month"] or 0), int(parts["day"] or 0))
    month = int(parts.get("month") or 0)
    if quarter := parts.get("quarter"):
        month = 3 * (_QUARTERS.get(quarter) or int(quarter))
    elif half := parts.get("half"):
        month = 6 if half == "đầu" else 12
    return date(year, month, monthrange(year, month)[1] if 1 <= month <= 12 else 1)

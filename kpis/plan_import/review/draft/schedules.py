"""The years of a task from its printed schedule (design.md §5, task)."""

from __future__ import annotations

import re
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

"""Handmade rows, as `kpis.measures` returns them, and a reader's view."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from kpis.language.messages import Language
from kpis.measures.attainment_rows import Attainment, restore_attainment_row
from kpis.measures.task_status import TaskStatus
from kpis.ui.shared.filters import Filters, PlanChoice
from kpis.ui.shared.page_view import PageView

TODAY = date(2026, 11, 21)
HA_NOI = PlanChoice("ha-noi", "Hà Nội", "Hà Nội", False, 2026, 2030)
DONG_THAP = PlanChoice("dong-thap", "Đồng Tháp", "Đồng Tháp", False, 2026, 2030)
BAC_KAN = PlanChoice("bac-kan", "Phường Bắc Kạn", "Thái Nguyên", True, 2026, 2030)


def build_target(**overrides: Any) -> Attainment:
    """Return a row of "at least 50 news items a year" in Hà Nội, with `overrides`."""
    row: dict[str, Any] = {
        "target": "ha-noi.12",
        "plan": "ha-noi",
        "province": "Hà Nội",
        "indicator": "news_items",
        "measure": "count",
        "comparator": ">=",
        "floor": 50,
        "stretch": None,
        "unit": "tin bài",
        "unit_en": "news items",
        "recurrence": "yearly",
        "force": "binding",
        "period_start": date(2026, 1, 1),
        "period_end": date(2026, 12, 31),
        "due_on": date(2026, 12, 31),
        "as_of": TODAY,
        "actual": 24,
        "numerator": 24,
        "denominator": None,
        "expected": 44,
        "reporting_agencies": 3,
        "roster_size": 0,
        "entries": 9,
        "status": "behind",
        "met": False,
        "agency": None,
        "place": "thành phố Hà Nội",
        "kind": "province",
        "title_vi": "Tin bài <b>",
        "title_en": "News items",
        "lead": "Sở Công Thương",
        "population": None,
        "roster_reported": 0,
    }
    return restore_attainment_row({**row, **overrides})


def build_task(**overrides: Any) -> TaskStatus:
    """Return a task of Hà Nội that was due on 14/11/2026 and is not done, with `overrides`."""
    task: dict[str, Any] = {
        "task": "ha-noi.I.1",
        "plan": "ha-noi",
        "section": "I",
        "number": 1,
        "title_vi": "Tập huấn <b>",
        "title_en": "Training",
        "timing": "once",
        "year": 2026,
        "starts_on": date(2026, 1, 1),
        "due_on": date(2026, 11, 14),
        "as_of": TODAY,
        "state": "overdue",
        "leads": ["Sở Công Thương", "Sở Y tế"],
        "coordinators": [],
        "lead_reports": [
            {"agency": name, "status": None, "reported_on": None} for name in ("Sở Công Thương", "Sở Y tế")
        ],
        "members": None,
        "position": 1,
        "plan_position": 1,
    }
    return cast(TaskStatus, {**task, **overrides})


def build_view(lang: Language = "vi", **overrides: Any) -> PageView:
    """Return the view of a reader who sees all plans as of today, with `overrides`."""
    filters = Filters(TODAY, 2026, None, None, lang)
    values: dict[str, Any] = {
        "filters": filters,
        "plan": None,
        "today": TODAY,
        "sample": False,
    }
    return PageView(**{**values, **overrides})

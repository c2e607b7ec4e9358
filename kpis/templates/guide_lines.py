"""The guide tab: how to fill the sheet, in Vietnamese, with examples from the plan (design.md §4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kpis.language import formatting
from kpis.language.messages import translate
from kpis.register.communes import DIVISION_TYPES
from kpis.sheet.tab_headers import FEEDBACK_HEADER
from kpis.templates.plan_sheet import (
    EXPLANATION_COLUMNS,
    EXPLANATIONS_TAB,
    PROGRESS_COLUMNS,
    PROGRESS_TAB,
    TASK_COLUMNS,
    TASKS_TAB,
    SheetTemplate,
)

LineStyle = Literal["title", "subtitle", "heading", "header", "cells", "row"]


@dataclass(frozen=True)
class GuideLine:
    """One row of the guide: its cells from the first column on, as wide as `COLUMN_WIDTHS` says."""

    style: LineStyle
    cells: tuple[str, ...]


COLUMN_WIDTHS = (26, 78, 26, 12, 12)
"""In characters."""

COMMON_MISTAKES = (
    ("2 {unit} · hai · 50%", "The quantity has words or signs in it.", "2"),
    ("1,000", "A comma before three digits: is it one or a thousand?", "1000"),
    ("15/3", "The day has no year.", "15/03/{year}"),
    ("31/02/{year}", "No such day in the calendar.", "28/02/{year}"),
    ("2, 5, 9", "Running totals on rows that the system adds up: the figure becomes too large.", "2, 3, 4"),
    ("{place}", "A place is not an agency, and a cell holds only one agency.", "{agency}"),
)
"""What people type, what is wrong with it (a catalogue key), what to type instead; the plan fills the names."""


def build_guide(template: SheetTemplate) -> list[GuideLine]:
    """Return the rows of the tab; the parts on tasks only if the plan has an annex."""
    plan = template.plan
    number = f" ({plan.number})" if plan.number else ""
    return [
        GuideLine("title", (translate("vi", "How to report progress"),)),
        GuideLine("subtitle", (f"{plan.title_vi}{number}",)),
        *_build_section("In short", _build_steps(template)),
        *_build_columns(PROGRESS_TAB),
        *_build_section("What counts", _build_counting(template)),
        *_build_examples(template),
        *_build_mistakes(template),
        *_build_section("What the column “Phản hồi” says", _build_feedback_signs()),
        *(_build_columns(TASKS_TAB) if template.tasks else []),
        *_build_columns(EXPLANATIONS_TAB),
    ]


def _build_steps(template: SheetTemplate) -> list[tuple[str, ...]]:
    steps = [
        "Open the tab “Tiến độ”; each piece of work is one row, below the last one filled in.",
        "Choose the agency and the target from the lists; type the day and the quantity.",
        "Put a link or a document number under “Minh chứng”.",
        "After a few minutes read “Phản hồi” in the same row and fix what it names.",
    ]
    if template.tasks:
        steps.append("For annex tasks, set the status on the tab “Nhiệm vụ”; the rows are already filled in.")
    steps.append("To withdraw a row, empty its cells. Rows and columns may be sorted, moved, added; keep the headers.")
    return [(str(number), translate("vi", step)) for number, step in enumerate(steps, 1)]


def _build_columns(tab: str) -> list[GuideLine]:
    columns = {PROGRESS_TAB: PROGRESS_COLUMNS, TASKS_TAB: TASK_COLUMNS, EXPLANATIONS_TAB: EXPLANATION_COLUMNS}[tab]
    return [
        GuideLine("heading", (translate("vi", "Columns of the tab “{tab}”", tab=tab),)),
        GuideLine("header", ("Cột", translate("vi", "What to type"))),
        *(GuideLine("cells", (column.header, translate("vi", column.hint))) for column in columns),
    ]


def _build_counting(template: SheetTemplate) -> list[tuple[str, ...]]:
    first = formatting.format_day(template.first_day, "vi")
    if template.last_day:
        days = translate(
            "vi", "From {first} to {last}, and not after today.",
            first=first, last=formatting.format_day(template.last_day, "vi"),
        )  # fmt: skip
    else:
        days = translate("vi", "From {first} on, and not after today.", first=first)
    duplicates = "Two rows that are equal in every column: the second is rejected."
    accumulation = (
        "The rows of some targets add up; for others the newest row replaces older ones: "
        "see “Cách ghi” on the tab “Chỉ tiêu”."
    )
    rows = [
        ("Required cells", "Ngày, Cơ quan, Chỉ tiêu, Số lượng; for a ratio also Tổng số."),
        ("The number 0", "0 is accepted as a report, but not as an achievement."),
        ("Two equal rows", duplicates),
        ("How rows add up", accumulation),
    ]
    return [
        (translate("vi", "Which days"), days),
        *((translate("vi", label), translate("vi", text)) for label, text in rows),
    ]


def _build_examples(template: SheetTemplate) -> list[GuideLine]:
    """Return one example row for each measure that the plan has, and one for a ratio with an upper limit."""
    if not template.targets:
        return []
    samples: dict[tuple[str, bool], tuple[str, str, str, str]] = {}
    focal = template.plan.focal_agency
    for target, name in zip(template.targets, template.target_names, strict=True):
        has_limit = target.measure == "ratio" and target.comparator in ("<=", "<")
        ratio_example = ("1", "60") if has_limit else ("45", "60")
        quantity, total = {"milestone": ("1", ""), "ratio": ratio_example}.get(target.measure, ("2", ""))
        # An agency outside the roster would add nothing.
        agency = focal if not target.roster or focal in target.roster else target.roster[0]
        samples.setdefault((target.measure, has_limit), (name, agency, quantity, total))
    day = formatting.format_day(date(template.plan.start_year, 3, 15), "vi")
    return [
        GuideLine("heading", (translate("vi", "Examples"),)),
        GuideLine("header", ("Ngày", "Chỉ tiêu", "Cơ quan", "Số lượng", "Tổng số")),
        *(
            GuideLine("cells", (day, name, agency, quantity, total))
            for name, agency, quantity, total in samples.values()
        ),
    ]


def _build_mistakes(template: SheetTemplate) -> list[GuideLine]:
    plan, prefixes = template.plan, tuple(f"UBND {division}" for division in DIVISION_TYPES)
    communes = [name for name in template.agencies if name.startswith(prefixes)]
    agency = communes[0] if communes else plan.focal_agency
    names = {
        "year": plan.start_year, "unit": template.targets[0].unit_vi if template.targets else "%",
        "agency": agency, "place": agency.removeprefix("UBND ") if communes else plan.place,
    }  # fmt: skip
    headers = ("What was typed", "What is wrong", "What to type")
    return [
        GuideLine("heading", (translate("vi", "Common mistakes"),)),
        GuideLine("header", tuple(translate("vi", header) for header in headers)),
        *(
            GuideLine("cells", (typed.format_map(names), translate("vi", reason), correct.format_map(names)))
            for typed, reason, correct in COMMON_MISTAKES
        ),
    ]


def _build_feedback_signs() -> list[tuple[str, ...]]:
    rows = [
        ("✓ …", "The row counts; the text also shows the target's progress, like 47/50."),
        ("? …", "The row counts, but can be read in two ways; “Xác nhận” and “Sự kiện chung” settle it."),
        ("! …", "The row counts, with a warning, for example that evidence is missing."),
        ("✗ D12: …", "The row does not count. The text names the cell and how to fix it."),
        (FEEDBACK_HEADER, "The column is locked: only the system writes there."),
    ]
    return [(sign, translate("vi", text)) for sign, text in rows]


def _build_section(heading: str, rows: list[tuple[str, ...]]) -> list[GuideLine]:
    return [GuideLine("heading", (translate("vi", heading),)), *(GuideLine("row", cells) for cells in rows)]

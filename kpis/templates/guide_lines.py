"""The guide tab: how to fill the sheet, in Vietnamese, with this plan's own examples (design.md §4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kpis.language import formatting as written
from kpis.language.messages import translate
from kpis.sheet.layout import FEEDBACK_HEADER
from kpis.templates.plan_sheet import PROGRESS_COLUMNS, PROGRESS_TAB, TASK_COLUMNS, TASKS_TAB, SheetTemplate

LineStyle = Literal["title", "subtitle", "heading", "head", "cells", "row"]


@dataclass(frozen=True)
class GuideLine:
    """One row of the guide: cells from the first column on, under `WIDTHS`."""

    style: LineStyle
    cells: tuple[str, ...]


COLUMN_WIDTHS = (26, 78, 26, 12, 12)

COMMON_MISTAKES = (
    ("2 sự kiện · hai · 50%", "The quantity has words or signs in it.", "2"),
    ("1,000", "A comma before three digits: is it one or a thousand?", "1000"),
    ("15/3", "The day has no year.", "15/03/2026"),
    ("31/02/2026", "No such day in the calendar.", "28/02/2026"),
    ("2, 5, 9", "Running totals on rows that the system adds up: the figure becomes too large.", "2, 3, 4"),
)
"""What people type, what is wrong with it (catalogue key), what would be right."""


def build_guide(template: SheetTemplate) -> list[GuideLine]:
    """The whole tab from the top; the parts on tasks only where the plan has an annex."""
    plan = template.plan
    number = f" ({plan.number})" if plan.number else ""
    return [
        GuideLine("title", (translate("vi", "How to report progress"),)),
        GuideLine("subtitle", (f"{plan.title_vi}{number}",)),
        *_build_section("In short", _build_steps(template)),
        *_build_columns(PROGRESS_TAB),
        *_build_section("What counts", _build_counting(template)),
        *_build_examples(template),
        *_build_mistakes(),
        *_build_section("What the column “Phản hồi” says", _build_feedback_signs()),
        *(_build_columns(TASKS_TAB) if template.tasks else []),
    ]


def _build_steps(template: SheetTemplate) -> list[tuple[str, ...]]:
    steps = [
        "Open the tab “Tiến độ”; each piece of work is one row, below the last one filled in.",
        "Choose the agency and the target from the lists; type the day and the quantity.",
        "Put a link or a document number under “Minh chứng”.",
        "After a few minutes read “Phản hồi” beside the row, and mend what it names.",
    ]
    if template.tasks:
        steps.append("For annex tasks, set the status on the tab “Nhiệm vụ”; the rows are filled in already.")
    steps.append(
        "To take a row back, empty its cells. Rows and columns may be sorted, moved, added; keep the headers."
    )
    return [(str(number), translate("vi", step)) for number, step in enumerate(steps, 1)]


def _build_columns(tab: str) -> list[GuideLine]:
    columns = PROGRESS_COLUMNS if tab == PROGRESS_TAB else TASK_COLUMNS
    return [
        GuideLine("heading", (translate("vi", "Columns of the tab “{tab}”", tab=tab),)),
        GuideLine("head", ("Cột", translate("vi", "What to type"))),
        *(GuideLine("cells", (column.header, translate("vi", column.hint))) for column in columns),
    ]


def _build_counting(template: SheetTemplate) -> list[tuple[str, ...]]:
    first = written.format_day(template.first_day, "vi")
    if template.last_day:
        days = translate(
            "vi", "From {first} to {last}, and not after today.",
            first=first, last=written.format_day(template.last_day, "vi"),
        )  # fmt: skip
    else:
        days = translate("vi", "From {first} on, and not after today.", first=first)
    same = "Two rows that are the same in every column: the second is sent back."
    adding = (
        "Some targets add up, for others the newest row replaces the older: "
        "the tab “Chỉ tiêu” says which, under “Cách ghi”."
    )
    rows = [
        ("What is needed", "Ngày, Cơ quan, Chỉ tiêu, Số lượng; for a ratio also Tổng số."),
        ("The number 0", "0 is accepted as a report, and counts as nothing achieved."),
        ("Two equal rows", same),
        ("How rows add up", adding),
    ]
    return [
        (translate("vi", "Which days"), days),
        *((translate("vi", a), translate("vi", b)) for a, b in rows),
    ]


def _build_examples(template: SheetTemplate) -> list[GuideLine]:
    """One row for each way of counting that the plan has, as it would be typed."""
    samples: dict[str, tuple[str, str, str]] = {}
    for target, name in zip(template.targets, template.target_names, strict=True):
        quantity, total = {"milestone": ("1", ""), "ratio": ("45", "60")}.get(target.measure, ("2", ""))
        samples.setdefault(target.measure, (name, quantity, total))
    day = written.format_day(date(template.plan.start_year, 3, 15), "vi")
    return [
        GuideLine("heading", (translate("vi", "Examples"),)),
        GuideLine("head", ("Ngày", "Chỉ tiêu", "Cơ quan", "Số lượng", "Tổng số")),
        *(
            GuideLine("cells", (day, name, template.plan.focal_agency, quantity, total))
            for name, quantity, total in samples.values()
        ),
    ]


def _build_mistakes() -> list[GuideLine]:
    heads = ("What was typed", "What is wrong", "What to type")
    return [
        GuideLine("heading", (translate("vi", "Common mistakes"),)),
        GuideLine("head", tuple(translate("vi", head) for head in heads)),
        *(GuideLine("cells", (typed, translate("vi", reason), right)) for typed, reason, right in COMMON_MISTAKES),
        GuideLine("cells", (
            "Thái Nguyên", translate("vi", "A place is no agency; several agencies in one cell neither."),
            "UBND phường …",
        )),
    ]  # fmt: skip


def _build_feedback_signs() -> list[tuple[str, ...]]:
    rows = [
        ("✓ …", "The row counts; beside it how far the target has come, like 47/50."),
        ("! …", "The row counts, with something to look at, like evidence that is missing."),
        ("✗ D12: …", "The row does not count. The sentence names the cell and what to mend in it."),
        (FEEDBACK_HEADER, "The column is locked: only the system writes there."),
    ]
    return [(sign, translate("vi", text)) for sign, text in rows]


def _build_section(heading: str, rows: list[tuple[str, ...]]) -> list[GuideLine]:
    return [GuideLine("heading", (translate("vi", heading),)), *(GuideLine("row", cells) for cells in rows)]

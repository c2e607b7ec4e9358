"""The annex of the yearly report: the plan's own columns and numbering, then the result of each task."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kpis.charts import palette
from kpis.language import formatting
from kpis.measures.task_status import TaskStatus
from kpis.report.figures import ReportFigures
from kpis.report.phrases import mark_unless_known, t
from kpis.report.task_report_lines import build_task_report_lines, format_members_progress
from kpis.report.word_document import CellContent, CellLines, GroupedTitle, WordDocument

_FONT_SIZE = 9.5
_PAGE_WIDTH = 257.0  # mm between the margins of a landscape page


@dataclass(frozen=True)
class _AnnexColumn:
    title: str | GroupedTitle
    width: float
    get_cell: Callable[[TaskStatus], CellContent]


_PLAN_COLUMNS: Mapping[str, tuple[float, Callable[[TaskStatus], str]]] = {
    "number": (0.65, lambda task: task["number"] or ""),
    "task": (3.4, lambda task: task["title_vi"]),
    "leads": (1.8, lambda task: "; ".join(task["leads"])),
    "coordinators": (2.2, lambda task: "; ".join(task["coordinators"])),
    "output": (1.8, lambda task: task["output"] or ""),
    "schedule": (1.2, lambda task: task["schedule"] or ""),
}

_NEUTRAL_TITLES: Mapping[str, str] = {
    "number": "TT",
    "task": "Nhiệm vụ",
    "leads": "Cơ quan chủ trì",
    "coordinators": "Cơ quan phối hợp",
    "output": "Sản phẩm",
    "schedule": "Thời gian thực hiện",
}
"""Titles for a plan whose register names no columns; of the optional ones, those that any task fills."""

_OPTIONAL_CONTENTS = ("coordinators", "output", "schedule")


def add_annex(document: WordDocument, figures: ReportFigures) -> None:
    """Add the annex on landscape pages; nothing for a plan without tasks."""
    if not figures.tasks:
        return
    document.add_landscape_section()
    document.add_paragraph(t("ANNEX"), bold=True, centre=True)
    document.add_paragraph(
        t("Results by task as of {day}", day=formatting.format_day(figures.as_of, "vi")),
        bold=True,
        centre=True,
    )
    line = "(Kèm theo Báo cáo số […]/BC-[…] ngày […] tháng […] năm […] của {})"
    document.add_paragraph(figures.plan["focal_agency"], template=line, italic=True, centre=True)
    columns = _build_columns(figures)
    total_width = sum(column.width for column in columns)
    document.add_table(
        [column.title for column in columns],
        _build_rows(figures, columns),
        [_PAGE_WIDTH * column.width / total_width for column in columns],
        _FONT_SIZE,
    )


def _build_columns(figures: ReportFigures) -> list[_AnnexColumn]:
    return [
        *(_AnnexColumn(title, *_PLAN_COLUMNS[content]) for content, title in list_plan_columns(figures)),
        _AnnexColumn("Kết quả", 2.2, lambda task: build_task_report_lines(figures, task, "result")),
        _AnnexColumn("Minh chứng", 1.6, lambda task: build_task_report_lines(figures, task, "evidence")),
        _AnnexColumn("Tình trạng", 1.4, lambda task: _format_state(figures, task)),
    ]


def list_plan_columns(figures: ReportFigures) -> list[tuple[str, str | GroupedTitle]]:
    """Return content and title of each column of the plan's own annex, as the register transcribes it."""
    columns = json.loads(figures.plan["annex_columns"] or "[]")
    if columns:
        return [
            (
                column["content"],
                GroupedTitle(column["title"], column["group"]) if column["group"] else column["title"],
            )
            for column in columns
        ]
    return [
        (content, title)
        for content, title in _NEUTRAL_TITLES.items()
        if content not in _OPTIONAL_CONTENTS or any(_PLAN_COLUMNS[content][1](task) for task in figures.tasks)
    ]


def _format_state(figures: ReportFigures, task: TaskStatus) -> CellLines:
    state = mark_unless_known(figures.can_state_tasks, palette.get_task_state_label(task["state"], "vi"))
    progress = format_members_progress(figures, task) if figures.can_state_tasks else ""
    return CellLines((state, progress) if progress else (state,))


def _build_rows(figures: ReportFigures, columns: Sequence[_AnnexColumn]) -> list[Sequence[CellContent] | str]:
    """Return the tasks under the titles of their sections, in the order of `figures.tasks`."""
    rows: list[Sequence[CellContent] | str] = []
    sections = {section["section"]: section for section in figures.sections}
    sections_with_title: set[str] = set()

    def add_section_title(section_id: str | None) -> None:
        section = sections.get(section_id or "")
        if section is None or section["section"] in sections_with_title:
            return
        add_section_title(section["parent"])
        sections_with_title.add(section["section"])
        printed = section["section"].removeprefix(f"{section['parent']}.")  # "A.I" stands under "A" as "I"
        rows.append(f"{printed}. {section['title_vi']}")

    for task in figures.tasks:
        add_section_title(task["section"])
        rows.append([column.get_cell(task) for column in columns])
    return rows

"""The annex of the yearly report: the plan's own columns and numbering, then what came of each task."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.measures.task_status import TaskStatus
from kpis.report.figures import ReportFigures
from kpis.report.phrases import mark_unless_known, t
from kpis.report.task_report_lines import build_task_report_lines, format_members_progress
from kpis.report.word_document import CellContent, CellLines, GroupedTitle, WordDocument

_FONT_SIZE = 9.5
_PAGE_WIDTH = 257.0  # mm between the margins of a page across


@dataclass(frozen=True)
class _AnnexColumn:
    title: str | GroupedTitle
    width: float
    get_cell: Callable[[TaskStatus], CellContent]


_PLAN_COLUMNS: Mapping[str, tuple[float, Callable[[TaskStatus], str]]] = {
    "number": (0.65, lambda task: str(task["number"])),
    "task": (3.4, lambda task: task["title_vi"]),
    "leads": (1.8, lambda task: "; ".join(task["leads"])),
    "coordinators": (2.2, lambda task: "; ".join(task["coordinators"])),
    "output": (1.8, lambda task: task["output"] or ""),
    "schedule": (1.2, lambda task: task["schedule"] or ""),
}

ANNEX_COLUMNS: Mapping[str, Sequence[tuple[str, str | GroupedTitle]]] = {
    # 003_a529566dfef0b5d6.txt line 139
    "dong-thap": (
        ("number", "STT"),
        ("task", "Nhiệm vụ"),
        ("leads", "Cơ quan chủ trì"),
        ("coordinators", "Cơ quan phối hợp"),
        ("output", "Sản phẩm đầu ra"),
        ("schedule", "Thời gian thực hiện"),
    ),
    # 001_e37f073b5e5f6d51.txt lines 113 and 114
    "thai-nguyen": (
        ("number", "TT"),
        ("task", "Nội dung nhiệm vụ"),
        ("leads", GroupedTitle("Đơn vị chủ trì", group="Cơ quan thực hiện")),
        ("coordinators", GroupedTitle("Đơn vị phối hợp", group="Cơ quan thực hiện")),
    ),
    # 004_97866cbfb5cfd824.txt line 254
    "tuyen-quang": (
        ("number", "TT"),
        ("task", "Nội dung nhiệm vụ"),
        ("leads", "Cơ quan, đơn vị chủ trì thực hiện"),
        ("coordinators", "Cơ quan, đơn vị phối hợp thực hiện"),
        ("schedule", "Thời gian hoàn thành"),
    ),
}
"""The headers of the annexes, as the plans print them; by plan, what a column holds and its title."""

_DEFAULT_COLUMNS = ANNEX_COLUMNS["dong-thap"]


def add_annex(document: WordDocument, figures: ReportFigures) -> int:
    """The annex on pages across; gives how many tasks it holds. Without tasks there is none."""
    if not figures.tasks:
        return 0
    document.add_landscape_section()
    document.add_paragraph(t("ANNEX"), bold=True, centre=True)
    document.add_paragraph(
        t("Results by task as of {day}", day=written.format_day(figures.as_of, "vi")), bold=True, centre=True
    )
    line = "(Kèm theo Báo cáo số […]/BC-[…] ngày […] tháng […] năm […] của {})"
    document.add_paragraph(figures.plan["focal_agency"], template=line, italic=True, centre=True)
    columns = _build_columns(figures)
    whole = sum(column.width for column in columns)
    rows, count = _build_rows(figures, columns)
    document.add_table(
        [column.title for column in columns],
        rows,
        [_PAGE_WIDTH * column.width / whole for column in columns],
        _FONT_SIZE,
    )
    return count


def _build_columns(figures: ReportFigures) -> list[_AnnexColumn]:
    own = ANNEX_COLUMNS.get(figures.plan["plan"], _DEFAULT_COLUMNS)
    made = [_AnnexColumn(title, *_PLAN_COLUMNS[name]) for name, title in own]

    return [
        *made,
        _AnnexColumn("Kết quả", 2.2, lambda task: build_task_report_lines(figures, task, "result")),
        _AnnexColumn("Minh chứng", 1.6, lambda task: build_task_report_lines(figures, task, "evidence")),
        _AnnexColumn("Tình trạng", 1.4, lambda task: _format_state(figures, task)),
    ]


def _format_state(figures: ReportFigures, task: TaskStatus) -> CellLines:
    told_of = figures.can_state_tasks
    said = mark_unless_known(told_of, palette.get_task_state_label(task["state"], "vi"))
    return CellLines(
        tuple(text for text in (said, format_members_progress(figures, task) if told_of else "") if text)
    )


def _build_rows(
    figures: ReportFigures, columns: Sequence[_AnnexColumn]
) -> tuple[list[Sequence[CellContent] | str], int]:
    """The tasks under the titles of their sections, in the annex's order (that of `figures.tasks`)."""
    rows: list[Sequence[CellContent] | str] = []
    titles = {one["section"]: one for one in figures.sections}
    headed: set[str] = set()

    def add_section_title(section: str | None) -> None:
        one = titles.get(section or "")
        if one is None or one["section"] in headed:
            return
        add_section_title(one["parent"])
        headed.add(one["section"])
        rows.append(f"{one['section']}. {one['title_vi']}")

    for task in figures.tasks:
        add_section_title(task["section"])
        rows.append([column.get_cell(task) for column in columns])
    return rows, len(figures.tasks)

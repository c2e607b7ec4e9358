"""The annex of the yearly report: the plan's own columns and numbering, then what came of each task."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kpis.charts import palette
from kpis.language import formatting as written
from kpis.measures.task_status import TaskStatus
from kpis.report.figures import ReportFigures
from kpis.report.phrases import stated, t
from kpis.report.task_report_lines import members, told
from kpis.report.word_document import Cell, Lines, Title, Word

_SIZE = 9.5
_WHOLE = 257.0  # mm between the margins of a page across


@dataclass(frozen=True)
class _Column:
    title: str | Title
    width: float
    read: Callable[[TaskStatus], Cell]


_READS: Mapping[str, tuple[float, Callable[[TaskStatus], str]]] = {
    "number": (0.65, lambda task: str(task["number"])),
    "task": (3.4, lambda task: task["title_vi"]),
    "leads": (1.8, lambda task: "; ".join(task["leads"])),
    "coordinators": (2.2, lambda task: "; ".join(task["coordinators"])),
    "output": (1.8, lambda task: task["output"] or ""),
    "schedule": (1.2, lambda task: task["schedule"] or ""),
}

OWN_COLUMNS: Mapping[str, Sequence[tuple[str, str | Title]]] = {
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
        ("leads", Title("Đơn vị chủ trì", under="Cơ quan thực hiện")),
        ("coordinators", Title("Đơn vị phối hợp", under="Cơ quan thực hiện")),
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

_ELSE = OWN_COLUMNS["dong-thap"]


def add_annex(word: Word, figures: ReportFigures) -> int:
    """The annex on pages across; gives how many tasks it holds. Without tasks there is none."""
    if not figures.tasks:
        return 0
    word.turn()
    word.paragraph(t("ANNEX"), bold=True, centre=True)
    word.paragraph(
        t("Results by task as of {day}", day=written.day(figures.as_of, "vi")), bold=True, centre=True
    )
    line = "(Kèm theo Báo cáo số […]/BC-[…] ngày […] tháng […] năm […] của {})"
    word.paragraph(figures.plan["focal_agency"], template=line, italic=True, centre=True)
    columns = _columns(figures)
    whole = sum(column.width for column in columns)
    rows, count = _rows(figures, columns)
    word.table(
        [column.title for column in columns],
        rows,
        [_WHOLE * column.width / whole for column in columns],
        _SIZE,
    )
    return count


def _columns(figures: ReportFigures) -> list[_Column]:
    own = OWN_COLUMNS.get(figures.plan["plan"], _ELSE)
    made = [_Column(title, *_READS[name]) for name, title in own]

    return [
        *made,
        _Column("Kết quả", 2.2, lambda task: told(figures, task, "result")),
        _Column("Minh chứng", 1.6, lambda task: told(figures, task, "evidence")),
        _Column("Tình trạng", 1.4, lambda task: _state(figures, task)),
    ]


def _state(figures: ReportFigures, task: TaskStatus) -> Lines:
    told_of = figures.tell_of_tasks
    said = stated(told_of, palette.task_word(task["state"], "vi"))
    return Lines(tuple(text for text in (said, members(figures, task) if told_of else "") if text))


def _rows(figures: ReportFigures, columns: Sequence[_Column]) -> tuple[list[Sequence[Cell] | str], int]:
    """The tasks under the titles of their sections, in the annex's order (that of `figures.tasks`)."""
    rows: list[Sequence[Cell] | str] = []
    titles = {one["section"]: one for one in figures.sections}
    headed: set[str] = set()

    def head(section: str | None) -> None:
        one = titles.get(section or "")
        if one is None or one["section"] in headed:
            return
        head(one["parent"])
        headed.add(one["section"])
        rows.append(f"{one['section']}. {one['title_vi']}")

    for task in figures.tasks:
        head(task["section"])
        rows.append([column.read(task) for column in columns])
    return rows, len(figures.tasks)

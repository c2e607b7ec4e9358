"""The names of our tabs, the headers of their columns, and which cells are such headers (design.md §4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from kpis.language.normalization import fold_to_alphanumeric
from kpis.sheet.explanation_headers import AGENCY_HEADERS, EXPLANATION_HEADERS
from kpis.sheet.headers import list_header_keys
from kpis.sheet.model import Cell, Field

TabKind = Literal["progress", "tasks", "explanations"]
TAB_KINDS: tuple[TabKind, ...] = get_args(TabKind)
MAIN_KINDS: tuple[TabKind, ...] = ("progress", "tasks")
"""The tabs that a source stands or falls with; what is wrong with the tab of explanations is told of it alone."""
MAX_HEADER_ROWS = 10
"""The header must be within this many rows from the top."""

TAB_NAMES: Mapping[TabKind, str] = {"progress": "Tiến độ", "tasks": "Nhiệm vụ", "explanations": "Giải trình"}
_EVIDENCE_HEADERS = ("Minh chứng", "Link")
HEADERS: Mapping[TabKind, Mapping[Field, tuple[str, ...]]] = {
    "progress": {
        "occurred_on": ("Ngày", "Ngày thực hiện"),
        "agency": AGENCY_HEADERS,
        "target": ("Chỉ tiêu", "Mã chỉ tiêu"),
        "quantity": ("Số lượng", "Kết quả", "Đã thực hiện", "Tử số"),
        "denominator": ("Tổng số", "Mẫu số"),
        "content": ("Nội dung",),
        "evidence": _EVIDENCE_HEADERS,
        "entered_by": ("Người nhập",),
        "confirmed": ("Xác nhận",),
        "shared_event": ("Sự kiện chung",),
    },
    "tasks": {
        "task": ("Mã",),
        "task_title": ("Nhiệm vụ",),
        "agency": AGENCY_HEADERS,
        "status": ("Trạng thái",),
        "finished_on": ("Ngày hoàn thành",),
        "result": ("Kết quả",),
        "evidence": _EVIDENCE_HEADERS,
        "difficulty": ("Khó khăn",),
    },
    "explanations": EXPLANATION_HEADERS,
}
"""The accepted headers of every column that we read, the usual one first."""

REQUIRED_FIELDS: Mapping[TabKind, tuple[Field, ...]] = {
    "progress": ("occurred_on", "agency", "target", "quantity"),
    "tasks": ("task", "status"),
    "explanations": ("agency", "explanation"),
}
FEEDBACK_HEADER = "Phản hồi"
"""The column for our feedback: never read, written if the account may write."""

_YEAR_PATTERN = re.compile(r"20[0-9]{2}$")
_KIND_BY_TAB_NAME = {fold_to_alphanumeric(name): kind for kind, name in TAB_NAMES.items()}
_FIELD_BY_HEADER: Mapping[TabKind, Mapping[str, Field]] = {
    kind: {fold_to_alphanumeric(name): field for field, names in fields.items() for name in names}
    for kind, fields in HEADERS.items()
}

TEXT_FIELDS: frozenset[Field] = frozenset(
    {
        "content", "evidence", "entered_by", "confirmed", "shared_event", "task_title", "result", "difficulty",
        "question", "explanation", "remedies", "answered_by",
    }
)  # fmt: skip
"""The fields of plain text: of two columns with one such field, the first that is filled is read."""


def find_tab_kind(name: str) -> TabKind | None:
    """Return which of our tabs a tab or file name means (“Tiến độ 2027” is one), None for any other."""
    return _KIND_BY_TAB_NAME.get(_YEAR_PATTERN.sub("", fold_to_alphanumeric(name)))


def rank_header(kind: TabKind, field: Field, text: str) -> int:
    """Return 0 for the first name of a field in design.md §4, 1 for it with a bracket, 2 for other names."""
    keys = list_header_keys(text)
    first = fold_to_alphanumeric(HEADERS[kind][field][0])
    return 0 if keys[0] == first else 1 if first in keys else 2


def contains_header(kind: TabKind, cells: Iterable[Cell]) -> bool:
    """True if a row has every required header of one of our tabs."""
    return {field for _, field, _ in find_fields(kind, cells)}.issuperset(REQUIRED_FIELDS[kind])


def count_matched_headers(kind: TabKind, cells: Iterable[Cell]) -> int:
    """Count the headers of one of our tabs that a row contains; the header row has the most."""
    return sum(1 for _ in find_fields(kind, cells))


def find_fields(kind: TabKind, cells: Iterable[Cell]) -> Iterable[tuple[int, Field, str]]:
    """Yield column (from 0), field and text of each cell that is a header."""
    for column, cell in enumerate(cells):
        field = find_field(kind, cell)
        if field is not None:
            yield column, field, cell.text


def find_field(kind: TabKind, cell: Cell) -> Field | None:
    """Return the field of which a cell is the header, None for any other cell."""
    if cell.kind != "text":
        return None
    fields = _FIELD_BY_HEADER[kind]
    return next((fields[key] for key in list_header_keys(cell.text) if key in fields), None)

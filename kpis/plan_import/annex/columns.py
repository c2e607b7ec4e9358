"""Finds what the columns of an annex's table hold, by the words of its header rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from kpis.language.normalization import clean

Content = Literal["number", "title", "leads", "coordinators", "roles", "output", "schedule", "other"]

_NUMBER: Final = re.compile(r"^(?:s?tt|số tt|số thứ tự|tt\.?|stt\.?|mã số|mã|số)$")
_PLAIN_WORDS: Final[tuple[tuple[Content, re.Pattern[str]], ...]] = (
    (
        "roles",
        re.compile(
            r"chủ trì[^|]{0,25}(?:phối hợp|tham gia)|phân công (?:nhiệm vụ|thực hiện|trách nhiệm)|trách nhiệm thực hiện"
        ),
    ),
    ("coordinators", re.compile(r"phối hợp|tham gia")),
    (
        "leads",
        re.compile(
            r"chủ trì|chịu trách nhiệm|(?:cơ quan|đơn vị|phòng|bộ phận|người)[^|]{0,20}(?:thực hiện|phụ trách"
            r"|đầu mối)|đầu mối"
        ),
    ),
    ("output", re.compile(r"sản phẩm|kết quả|đầu ra")),
    ("schedule", re.compile(r"thời gian|tiến độ|thời hạn|thời điểm|lộ trình|hoàn thành|kỳ hạn")),
    ("title", re.compile(r"nhiệm vụ|nội dung|công việc|hoạt động|giải pháp|đầu việc|dự án|đề án|việc cần làm")),
)
_NO_TASKS: Final = re.compile(r"^(?:(?:tên |các |nhóm |nội dung )?chỉ tiêu|tiêu chí|mục tiêu)\b(?!.*nhiệm vụ)")
_MONEY: Final = re.compile(r"kinh phí|dự toán|thành tiền|đơn giá|số tiền|nguồn vốn|tổng vốn|tổng mức|mức chi|ngân sách")
_MOST_MONEY_COLUMNS: Final = 3
_ANY_AGENCY: Final = re.compile(r"^(?:các )?(?:cơ quan|đơn vị)(?:,? (?:đơn vị|được giao|liên quan|thực hiện))*$")
_SUB_HEADER: Final = re.compile(r"chủ trì|phối hợp|năm \d{4}|bắt đầu|kết thúc")
_COLUMN_NUMBERS: Final = re.compile(r"^\(?\d{1,2}\)?$")
_MOST_HEADER_ROWS: Final = 4


@dataclass(frozen=True)
class Columns:
    """What each column holds, in the table's order. `header_rows`: how many rows of the table say so.

    `first_titles` are those of the first of these rows, which a page may repeat without the others.
    """

    contents: tuple[Content, ...]
    titles: tuple[str, ...]
    header_rows: int
    first_titles: tuple[str, ...] = ()

    def find(self, content: Content) -> int | None:
        """Return the first column with this content."""
        return self.contents.index(content) if content in self.contents else None

    @property
    def are_of_tasks(self) -> bool:
        """Tell whether the table lists tasks: something to do, and who does it."""
        has_roles = "title" in self.contents and bool({"leads", "roles"} & set(self.contents))
        money = sum(_MONEY.search(title) is not None for title in self.titles)
        is_named = "coordinators" in self.contents or any("chủ trì" in title for title in self.titles)
        return has_roles and (money == 0 or (is_named and money <= _MOST_MONEY_COLUMNS))


def read_columns(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Return the columns by the header rows at the top; None if the first rows are no header."""
    for top in range(min(2, len(rows))):
        cells = [fold_title(cell) for cell in rows[top]]
        judged = [judge_title(cell) for cell in cells]
        if sum(content != "other" for content in judged) >= 2 and max(len(cell) for cell in cells) <= 90:
            return _read_from(rows, top)
    return None


def _read_from(rows: Sequence[Sequence[str]], top: int) -> Columns:
    titles = [fold_title(cell) for cell in rows[top]]
    first_titles = tuple(titles)
    end = top + 1
    # A title over several columns stands in the first of them, or in each where the cell is merged.
    spread = [title or titles[index - 1] if index else title for index, title in enumerate(titles)]
    while end < min(len(rows), top + _MOST_HEADER_ROWS):
        cells = [fold_title(cell) for cell in rows[end]]
        if _is_sub_header(cells, titles):
            titles = [
                title if cell == title or not cell else f"{title or spread[index]} {cell}".strip()
                for index, (title, cell) in enumerate(zip(titles, cells, strict=False))
            ]
            titles = [_prefer_role(title) for title in titles]
        elif not all(_COLUMN_NUMBERS.match(cell) for cell in cells if cell) or not any(cells):
            break
        end += 1
    return Columns(_judge_all(titles), tuple(titles), end, first_titles)


def _is_sub_header(cells: Sequence[str], titles: Sequence[str]) -> bool:
    """A second header row has no number, and titles of its own under a wider one."""
    if cells[0] and cells[0] != titles[0]:
        return False
    new = [cell for cell, title in zip(cells, titles, strict=False) if cell and cell != title]
    return bool(new) and all(len(cell) <= 60 for cell in new) and any(_SUB_HEADER.search(cell) for cell in new)


def _prefer_role(title: str) -> str:
    """The lower title decides: "cơ quan thực hiện đơn vị phối hợp" are the coordinators."""
    for word in ("chủ trì", "phối hợp"):
        if title.endswith(word) or re.search(rf"{word}(?: thực hiện)?$", title):
            return f"đơn vị {word}"
    return title


def _judge_all(titles: Sequence[str]) -> tuple[Content, ...]:
    contents: list[Content] = [judge_title(title) for title in titles]
    if "roles" not in contents and "leads" not in contents:
        contents = [
            "leads" if _ANY_AGENCY.match(title) else content for title, content in zip(titles, contents, strict=True)
        ]
    for content in ("title", "leads", "coordinators", "number"):  # a second column of its kind is another thing
        seen = [index for index, each in enumerate(contents) if each == content]
        for index in seen[1:]:
            contents[index] = "other"
    return tuple(contents)


def judge_title(title: str) -> Content:
    """Return what a column with this title (by `fold_title`) holds."""
    if _NUMBER.match(title):
        return "number"
    if _NO_TASKS.match(title):
        return "other"
    return next((content for content, words in _PLAIN_WORDS if words.search(title)), "other")


def fold_title(cell: str) -> str:
    """Return a title in small letters on one line."""
    return clean(cell.replace("\n", " ")).casefold().replace("uỷ", "ủy").replace("  ", " ").strip(" .:")

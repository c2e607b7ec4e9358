"""What the columns of a table of targets hold: names, units, planned values of a year, figures of the past."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kpis.plan_import.proposals.folding import fold_text

_NUMBER_TITLE = re.compile(r"(?:stt|tt|số tt|số thứ tự|no\.?)\W*")
_LABEL_TITLE = re.compile(
    r"chỉ tiêu|nội dung|tên|sản phẩm|mục tiêu|danh mục|chỉ số|tiêu chí|lĩnh vực|địa phương|đơn vị(?! tính)"
)
_UNIT_TITLE = re.compile(r"đvt|đơn vị tính|đơn vị đo|đơn vị$|đv tính|đv$")
_BASELINE_TITLE = re.compile(
    r"(?<!\w)(?:ước|ưth|uth|th|(?<!kế hoạch )(?<!chỉ tiêu )(?<!mục tiêu )(?<!thời gian )thực hiện(?! giai)|hiện trạng|"
    r"kết quả|đã đạt|so sánh|số liệu gốc|thực trạng|hiện có|năm gốc|hiện tại)(?!\w)"
)
# "Phân kỳ thực hiện" above 2026, 2027: carried out in the years to come, unless an estimate is meant.
_CARRIED_OUT = re.compile(r"(?<!\w)(?:th|thực hiện|kết quả)(?!\w)")
_ESTIMATED = re.compile(r"(?<!\w)(?:ước|ưth|uth|đã)(?!\w)")
_PLANNED_TITLE = re.compile(r"(?<!\w)(?:mục tiêu|chỉ tiêu|kế hoạch|phấn đấu|giao|đến năm|lộ trình|dự kiến)(?!\w)")
_MONEY_TITLE = re.compile(
    r"kinh phí|(?<!\w)vốn(?!\w)|dự toán|tổng mức|nhu cầu (?:vốn|kinh phí|sử dụng)|ngân sách|giải ngân|"
    r"(?<!thời )(?<!địa )(?<!đặc )điểm(?!\w)|đơn giá|thành tiền"
)
_YEAR = r"(?:19|20)[0-9]{2}(?![0-9])"
_YEARS = re.compile(rf"(?<![0-9/])(?:{_YEAR}\s*(?:-|đến|tới)\s*(?:năm\s*)?)?({_YEAR})")
_YEAR_ALONE = re.compile(rf"\W*(?:(?:đến |hết |cuối )?năm\s*)?(?:{_YEAR}\s*-\s*)?({_YEAR})\W*")
_SPREAD_TITLE = re.compile(r"giai đoạn|các năm|kế hoạch|mục tiêu|lộ trình|phấn đấu|chia ra|trong đó|theo năm|năm")
_BOUND = r"(?:[≥≤<>~]=?|trên|dưới|hơn|ít nhất|tối thiểu|tối đa|không quá|khoảng|từ|đạt|còn)?"
_VALUE = re.compile(
    rf"\s*{_BOUND}\s*[0-9][0-9., ]*\s*(?:%|‰|phần trăm)?\s*(?:(?:-|đến)\s*[0-9][0-9.,]*\s*%?)?\s*(?:trở lên)?\s*"
)
# In a column of one year a value may be followed by what it counts: "85 xã".
_VALUE_WITH_UNIT = re.compile(_VALUE.pattern + r"(?:[^\W\d_]+(?:[ /][^\W\d_]+){0,3}\s*)?")
_ROW_NUMBER = re.compile(r"\W*(?:[0-9]{1,3}(?:\.[0-9]{1,3})*|[ivxlc]+|[a-zđ])\W*|\W*")
_HEADER_ROWS = 4
_LEAST_TITLES = 3
_LONGEST_TITLE = 60


@dataclass(frozen=True)
class Column:
    """What a column holds: `year` of its values, or a role by its title ("number", "unit", "label").

    `title` is folded; `printed` is the lowest title as the table prints it.
    """

    title: str
    printed: str
    year: int | None
    is_baseline: bool
    is_money: bool
    is_planned: bool
    role: str


def is_money_title(text: str) -> bool:
    """Tell whether a folded title or caption speaks of money to be spent, or of points."""
    return bool(_MONEY_TITLE.search(text))


def is_number_cell(cell: str) -> bool:
    """Tell whether a cell is one value, with how it compares."""
    return bool(cell.strip() and _VALUE.fullmatch(fold_text(cell)))


def is_value(cell: str, column: Column | None) -> bool:
    """Tell whether a cell is a value of a column of years, of planned values, or of the past."""
    if column is None or column.is_money or column.role or not cell.strip():
        return False
    pattern = _VALUE_WITH_UNIT if column.year is not None else _VALUE
    return bool(pattern.fullmatch(fold_text(cell))) and (
        column.year is not None or column.is_planned or column.is_baseline
    )


def is_row_number(cell: str, column: Column | None, position: int) -> bool:
    """Tell whether a cell holds the row's number."""
    if column is not None and column.role == "number":
        return bool(_ROW_NUMBER.fullmatch(fold_text(cell)))
    return position == 0 and len(cell) < 8 and bool(_ROW_NUMBER.fullmatch(fold_text(cell)))


def find_year_alone(cell: str) -> int | None:
    """Return the year of a cell that holds nothing else ("Năm 2026", "2026-2030"), else None."""
    match = _YEAR_ALONE.fullmatch(fold_text(cell))
    return int(match[1]) if match else None


def count_header_rows(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows at the top are titles: those before the first with a value that is no year."""
    for index, row in enumerate(rows[:_HEADER_ROWS]):
        cells = [fold_text(cell).strip() for cell in row]
        filled = [cell for cell in cells if cell]
        is_numbering = len(filled) > 2 and all(re.fullmatch(r"\(?[0-9]{1,2}\)?|[a-z]", cell) for cell in filled)
        are_years = len(filled) > 1 and all(_YEAR_ALONE.fullmatch(cell) for cell in filled)
        values = [cell for cell in cells[1:] if _VALUE.fullmatch(cell) and not _YEAR_ALONE.fullmatch(cell)]
        first = cells[0] if cells else ""
        is_numbered = bool(_ROW_NUMBER.fullmatch(first) if index and first else re.fullmatch(r"[0-9]{1,3}\W?", first))
        if (values and not is_numbering) or (is_numbered and not (is_numbering or are_years)):
            return index
        if index and (len(set(filled)) == 1 or _YEAR_ALONE.fullmatch(first)) and not are_years:
            return index
    if len(rows) < 2:
        return int(bool(rows) and _are_titles(rows[0]))
    is_second = all(not cell.strip() or find_year_alone(cell) for cell in rows[1])
    return 2 if is_second and any(cell.strip() for cell in rows[1]) else 1  # titles alone: their rows stand further on


def _are_titles(row: Sequence[str]) -> bool:
    """Tell whether a row that stands alone holds the titles of the rows below a line that divides the table."""
    cells = [fold_text(cell).strip() for cell in row if cell.strip()]
    is_short = len(cells) >= _LEAST_TITLES and all(len(cell) <= _LONGEST_TITLE for cell in cells)
    has_values = any(_VALUE.fullmatch(cell) and not _YEAR_ALONE.fullmatch(cell) for cell in cells)
    return is_short and not has_values and any(_LABEL_TITLE.search(cell) or _UNIT_TITLE.search(cell) for cell in cells)


def align_header(header: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Return header rows with years that lost the blanks before them moved under their wider title.

    "TT | Chỉ tiêu | ĐVT | Giai đoạn 2026 - 2030" above "2026 | 2027 | 2028" is such a header of six columns. Where
    two titles could be the wide one, the rows stay as they are, and no value has a title.
    """
    rows = [list(row) for row in header]
    if len(rows) != 2 or not rows[1] or not all(find_year_alone(cell) for cell in rows[1]):
        return rows
    first, years = rows
    while first and not first[-1].strip():
        first.pop()
    wide = [index for index, title in enumerate(first) if _is_wide_title(title)]
    if len(first) + len(years) - 1 != width or len(wide) != 1:
        return rows
    at = wide[0]
    spread = [*first[:at], *[first[at]] * len(years), *first[at + 1 :]]
    below = ["" for _ in spread]
    below[at : at + len(years)] = years
    return [spread, below]


def _is_wide_title(title: str) -> bool:
    folded = fold_text(title)
    is_named = _LABEL_TITLE.search(folded) and not _YEARS.search(folded)
    return bool(_SPREAD_TITLE.search(folded)) and not (is_named or _BASELINE_TITLE.search(folded))


def read_columns(
    header: Sequence[Sequence[str]], rows: Sequence[Sequence[str]], first_year: int | None
) -> list[Column]:
    """Return the columns by their titles; one of titles of names that holds values alone is planned.

    Args:
        header: the rows of titles.
        rows: the rows below them.
        first_year: the plan's first year; a column of an earlier one tells what has been.
    """
    width = max((len(row) for row in header), default=0)
    return [
        _read_column(
            [row[position].strip() for row in header if position < len(row)],
            [row[position] for row in rows if position < len(row) and row[position].strip()],
            first_year,
        )
        for position in range(width)
    ]


def _read_column(printed: list[str], cells: list[str], first_year: int | None) -> Column:
    titles = [fold_text(title) for title in printed]
    lowest = next((title for title in reversed(titles) if _YEARS.search(title)), "")
    years = [int(match[1]) for match in _YEARS.finditer(lowest)]
    year = years[-1] if years else None
    title = " ".join(dict.fromkeys(part for part in titles if part))
    values = sum(map(is_number_cell, cells))
    role = "number" if _NUMBER_TITLE.fullmatch(title) else "unit" if _is_unit_column(title, cells) else ""
    is_name = _LABEL_TITLE.search(title) and (not years or 2 * values < len(cells))
    role = role or ("label" if is_name and (2 * values < len(cells) or not cells) else "")
    return Column(
        title=title,
        printed=next((text for text in reversed(printed) if text), ""),
        year=year,
        is_baseline=_is_of_past(title, year, first_year),
        is_money=is_money_title(title),
        is_planned=bool(_PLANNED_TITLE.search(title)),
        role=role,
    )


def _is_of_past(title: str, year: int | None, first_year: int | None) -> bool:
    if year and first_year and year < first_year:
        return True
    is_planned = bool(year and first_year and _CARRIED_OUT.search(title) and not _ESTIMATED.search(title))
    return bool(_BASELINE_TITLE.search(title)) and not is_planned


def _is_unit_column(title: str, cells: Sequence[str]) -> bool:
    return bool(_UNIT_TITLE.search(title)) and not _YEARS.search(title) and not all(map(is_number_cell, cells or [""]))

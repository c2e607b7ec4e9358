"""Targets of tables: columns of years, a column of planned values; other cells are read as prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpis.plan_import.model import OutlinedBlock, ProposedTarget
from kpis.plan_import.proposals.folding import fold_text
from kpis.plan_import.proposals.ledger import Account, open_account
from kpis.plan_import.proposals.passages import Passage, locate
from kpis.plan_import.proposals.periods import find_years
from kpis.plan_import.proposals.readings import group_ranges, read_number

_NUMBER_TITLE = re.compile(r"(?:stt|tt|số tt|số thứ tự|no\.?)\W*")
_LABEL_TITLE = re.compile(
    r"chỉ tiêu|nội dung|tên|sản phẩm|mục tiêu|danh mục|chỉ số|tiêu chí|lĩnh vực|địa phương|đơn vị(?! tính)"
)
_UNIT_TITLE = re.compile(r"đvt|đơn vị tính|đơn vị đo|đơn vị$|đv tính")
_BASELINE_TITLE = re.compile(
    r"(?<!\w)(?:ước|ưth|uth|th|thực hiện(?! giai)|hiện trạng|kết quả|đã đạt|so sánh|số liệu gốc|thực trạng|"
    r"hiện có|năm gốc)(?!\w)"
)
_PLANNED_TITLE = re.compile(r"(?<!\w)(?:mục tiêu|chỉ tiêu|kế hoạch|phấn đấu|giao|đến năm|lộ trình|dự kiến)(?!\w)")
_MONEY_TITLE = re.compile(
    r"kinh phí|(?<!\w)vốn(?!\w)|dự toán|tổng mức|nhu cầu (?:vốn|kinh phí|sử dụng)|ngân sách|giải ngân|điểm|đơn giá|"
    r"thành tiền"
)
_VALUE = re.compile(
    r"\s*(?:[≥≤<>~]=?|trên|dưới|hơn|ít nhất|tối thiểu|tối đa|không quá|khoảng|từ|đạt|"
    r"còn)?\s*[0-9][0-9., ]*\s*(?:%|phần trăm)?"
    r"\s*(?:(?:-|đến)\s*[0-9][0-9.,]*\s*%?)?\s*(?:trở lên)?\s*"
)
_ROW_NUMBER = re.compile(r"\W*(?:[0-9]{1,3}(?:\.[0-9]{1,3})*|[ivxlc]+|[a-zđ])\W*|\W*")
_HEADER_ROWS = 4
_CONFIDENCE = Decimal("0.70")


@dataclass(frozen=True)
class Column:
    """What a column holds: `year` of its planned values, or a role by its title."""

    title: str
    year: int | None
    is_baseline: bool
    is_money: bool
    is_planned: bool
    role: str


def read_table(outlined: OutlinedBlock, caption: str) -> Iterator[tuple[Account, list[ProposedTarget]]]:
    """Yield an account a cell, in reading order, with the targets of columns of years or planned values.

    Cells that are no such value have no targets here: the caller reads them as prose.
    """
    rows = outlined.block.rows
    height = _count_header_rows(rows)
    columns = _read_columns(rows[:height])
    is_money_table = bool(_MONEY_TITLE.search(fold_text(caption))) and "chỉ tiêu" not in fold_text(caption)
    titles = " | ".join((caption, *(column.title for column in columns)))
    is_regular = _is_regular(rows[height:], columns)
    parents: list[str] = []
    for index, row in enumerate(rows):
        label, unit = _read_label(row, columns)
        has_values = index >= height and any(
            _is_value(cell, column) for cell, column in zip(row, columns, strict=False)
        )
        if index >= height and label and not has_values:
            parents = [label]
        for position, cell in enumerate(row):
            column = columns[position] if position < len(columns) else None
            title = column.title if column else ""
            account = open_account(Passage(cell, outlined, ((0, locate(outlined, index)),), title, titles))
            if index < height or _is_row_number(cell, column, position):
                _mask_all(account, "table_header" if index < height else "row_number")
                yield account, []
            elif column and _is_value(cell, column) and has_values and is_regular and not is_money_table:
                yield account, _read_cell(account, column, [*parents, label], unit)
            else:
                yield account, []


def _count_header_rows(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows at the top are titles: those before the first with a value that is no year."""
    for index, row in enumerate(rows[:_HEADER_ROWS]):
        cells = [fold_text(cell).strip() for cell in row]
        filled = [cell for cell in cells if cell]
        is_numbering = len(filled) > 2 and all(re.fullmatch(r"\(?[0-9]{1,2}\)?|[a-z]", cell) for cell in filled)
        values = [
            cell for cell in cells[1:] if _VALUE.fullmatch(cell) and not re.fullmatch(r"\W*(?:19|20)[0-9]{2}\W*", cell)
        ]
        if (values and not is_numbering) or (
            index and cells[0] and _ROW_NUMBER.fullmatch(cells[0]) and not is_numbering
        ):
            return index
        if index and len(filled) == 1:
            return index
    return 1 if len(rows) > 1 else 0


def _read_columns(header: Sequence[Sequence[str]]) -> list[Column]:
    width = max((len(row) for row in header), default=0)
    return [
        _read_column([fold_text(row[position]).strip() for row in header if position < len(row)])
        for position in range(width)
    ]


def _read_column(titles: list[str]) -> Column:
    lowest = next((title for title in reversed(titles) if find_years(title)), "")
    years = find_years(lowest)
    title = " ".join(part for part in titles if part)
    role = "number" if _NUMBER_TITLE.fullmatch(title) else "unit" if _UNIT_TITLE.search(title) else ""
    role = role or ("label" if _LABEL_TITLE.search(title) and not years else "")
    return Column(
        title=title,
        year=years[-1][2] if years else None,
        is_baseline=bool(_BASELINE_TITLE.search(title)),
        is_money=bool(_MONEY_TITLE.search(title)),
        is_planned=bool(_PLANNED_TITLE.search(title)) and not _LABEL_TITLE.match(title),
        role=role,
    )


def _is_regular(rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> bool:
    """Tell whether every value stands under a title; where merged titles were lost, no value has a certain year."""
    titled = {position for position, column in enumerate(columns) if column.title}
    return all(
        position in titled
        for row in rows
        for position, cell in enumerate(row)
        if cell.strip() and _VALUE.fullmatch(fold_text(cell))
    )


def _read_label(row: Sequence[str], columns: Sequence[Column]) -> tuple[str, str]:
    unit = next((cell for cell, column in zip(row, columns, strict=False) if column.role == "unit"), "")
    named = [cell for cell, column in zip(row, columns, strict=False) if column.role == "label" and cell.strip()]
    others = [cell for cell, column in zip(row, columns, strict=False) if not column.role and column.year is None]
    candidates = named or [cell for cell in others if not _VALUE.fullmatch(fold_text(cell)) and len(cell.strip()) > 2]
    return (candidates[0].strip() if candidates else ""), unit.strip()


def _is_value(cell: str, column: Column | None) -> bool:
    if column is None or column.is_money or column.role or not cell.strip() or not _VALUE.fullmatch(fold_text(cell)):
        return False
    return column.year is not None or column.is_planned or column.is_baseline


def _is_row_number(cell: str, column: Column | None, position: int) -> bool:
    if column is not None and column.role == "number":
        return bool(_ROW_NUMBER.fullmatch(fold_text(cell)))
    return position == 0 and len(cell) < 8 and bool(_ROW_NUMBER.fullmatch(fold_text(cell)))


def _mask_all(account: Account, reason: str) -> None:
    for token in account.live:
        account.write(token, "masked", reason)


def _read_cell(account: Account, column: Column, labels: list[str], unit: str) -> list[ProposedTarget]:
    """Return the target of one value; a baseline's column ("ƯTH Năm 2025") is masked as such."""
    if column.is_baseline:
        _mask_all(account, "baseline")
        return []
    label = " - ".join(part for part in labels if part)
    folded = account.masked
    targets: list[ProposedTarget] = []
    for tokens in group_ranges(account.live, folded):
        left = fold_text(labels[-1]) + " " + folded[: tokens[0].start]
        percent = "" if "%" in folded or "%" not in fold_text(unit) else " %"
        right = percent + folded[tokens[-1].end :] + ("" if percent else " " + fold_text(unit))
        reading = read_number(tokens, left, right, left)
        if reading is None:
            continue
        for token in tokens:
            account.write(token, "proposed")
        scale = Decimal(100) if reading.is_fraction else Decimal(1)
        targets.append(
            ProposedTarget(
                quote=f"{label}: {account.passage.text.strip()}",
                place=account.passage.place,
                measure=reading.measure,
                comparator=reading.comparator,
                floor=reading.value / scale,
                stretch=None if reading.upper is None else reading.upper / scale,
                unit=(unit or reading.unit) or None,
                recurrence="by_end" if column.year else None,
                by_year=column.year,
                indicator=label or None,
                confidence=_CONFIDENCE,
            )
        )
    return targets

"""Targets of tables: columns of years, a column of planned values, rows of years; other cells are read as prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpis.plan_import.model import OutlinedBlock, ProposedTarget
from kpis.plan_import.proposals.folding import fold_text
from kpis.plan_import.proposals.ledger import Account, open_account
from kpis.plan_import.proposals.numbers import find_numbers
from kpis.plan_import.proposals.passages import Passage, locate
from kpis.plan_import.proposals.readings import Reading, group_ranges, read_number
from kpis.plan_import.proposals.table_columns import (
    Column,
    align_header,
    count_header_rows,
    find_year_alone,
    is_money_title,
    is_number_cell,
    is_row_number,
    is_value,
    read_columns,
)

_CONFIDENCE = Decimal("0.70")
_UNIT_IN_BRACKETS = re.compile(
    r"\(\s*(?:đvt|đơn vị(?: tính)?)?\s*:?\s*([^()]{1,25}?)\s*\)\s*$|,\s*(%)\s*$", re.IGNORECASE
)
_RANK = re.compile(r"(?<!\w)(?:xếp hạng|thứ hạng|vị thứ|vị trí xếp)(?!\w)")
_RANK_UNIT = re.compile(r"\s*(?:thứ )?(?:hạng|vị trí|bậc xếp hạng|xếp hạng)\s*")
_MOST_IRREGULAR = 5
"""One row in so many may hold values without a title; where more do, the titles above were lost."""


@dataclass(frozen=True)
class _Row:
    """What a row says of all its values: the names above and in it, its unit, its figure of the past."""

    names: list[str]
    unit: str
    baseline: tuple[str, int | None] | None = None
    year: int | None = None


def find_columns(rows: Sequence[Sequence[str]], first_year: int | None, above: Sequence[Column]) -> list[Column]:
    """Return the columns of a table; those `above` where it has no titles and as many columns.

    A text prints a row that is merged over all columns as a line of its own, which divides the table.
    """
    height = count_header_rows(rows)
    width = max((len(row) for row in rows[height:]), default=0)
    if height == 0 and width == len(above):
        return list(above)
    return read_columns(align_header(rows[:height], width), rows[height:], first_year)


def read_table(
    outlined: OutlinedBlock, caption: str, columns: Sequence[Column]
) -> Iterator[tuple[Account, list[ProposedTarget]]]:
    """Yield an account a cell, in reading order, with the targets of columns of years or planned values.

    Cells that are no such value have no targets here: the caller reads them as prose.
    """
    rows = outlined.block.rows
    height = count_header_rows(rows)
    is_money_table = is_money_title(fold_text(caption)) and "chỉ tiêu" not in fold_text(caption)
    titles = " | ".join((caption, *(column.title for column in columns)))
    is_read = _is_regular(rows[height:], columns) and not is_money_table
    parents: list[str] = []
    for index, row in enumerate(rows):
        is_title = index < height
        label, unit = _read_label(row, columns)
        years = None if is_title else _find_row_year(row, columns)
        has_values = not is_title and _has_values(row, columns, years) and _is_aligned(row, columns)
        is_rest = label[:1].islower()  # of a name that a page broke
        if not (is_title or is_rest) and label and not has_values and years is None:
            parents = [label]
        about = _Row([*parents, label], unit, _find_baseline(row, columns), years)
        for position, cell in enumerate(row):
            column = columns[position] if position < len(columns) else None
            passage = Passage(cell, outlined, ((0, locate(outlined, index)),), column.title if column else "", titles)
            account = open_account(passage)
            if is_title or is_row_number(cell, column, position):
                _mask_all(account, "table_header" if is_title else "row_number")
                yield account, []
            elif is_read and has_values and column and (years is not None or is_value(cell, column)):
                yield account, _read_value(account, column, about)
            elif is_read and has_values and cell.strip() == label:
                _mask_all(account, "row_name")
                yield account, []
            else:
                yield account, []


def _has_values(row: Sequence[str], columns: Sequence[Column], year: int | None) -> bool:
    cells = list(zip(row, columns, strict=False))
    if year is not None:
        return any(is_number_cell(cell) and find_year_alone(cell) is None for cell, _ in cells)
    return any(is_value(cell, column) for cell, column in cells)


def _find_row_year(row: Sequence[str], columns: Sequence[Column]) -> int | None:
    """Return the year of a row whose name is a year, in a table whose columns are what is to be reached."""
    if any(column.year is not None for column in columns):
        return None
    names = [cell for cell, column in zip(row, columns, strict=False) if cell.strip() and column.role != "number"]
    return find_year_alone(names[0]) if names else None


def _is_regular(rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> bool:
    """Tell whether values stand under titles; where merged titles were lost, no value has a certain year."""
    titled = {position for position, column in enumerate(columns) if column.title}
    irregular = [
        row for row in rows if any(position not in titled and is_number_cell(cell) for position, cell in enumerate(row))
    ]
    return len(irregular) * _MOST_IRREGULAR <= len(rows) if len(rows) >= _MOST_IRREGULAR else not irregular


def _is_aligned(row: Sequence[str], columns: Sequence[Column]) -> bool:
    """Tell whether a row's cells stand in their columns: no value without a title, none where its unit should be."""
    beyond = any(is_number_cell(cell) for cell in row[len(columns) :])
    untitled = any(is_number_cell(cell) and not column.title for cell, column in zip(row, columns, strict=False))
    shifted = any(is_number_cell(cell) and column.role == "unit" for cell, column in zip(row, columns, strict=False))
    return not (beyond or untitled or shifted)


def _read_label(row: Sequence[str], columns: Sequence[Column]) -> tuple[str, str]:
    unit = next((cell for cell, column in zip(row, columns, strict=False) if column.role == "unit"), "")
    named = [cell for cell, column in zip(row, columns, strict=False) if column.role == "label" and cell.strip()]
    others = [cell for cell, column in zip(row, columns, strict=False) if not column.role and column.year is None]
    candidates = named or [cell for cell in others if not is_number_cell(cell) and len(cell.strip()) > 2]
    label = candidates[0].strip() if candidates else ""
    return label, unit.strip() or _find_unit(label)


def _find_unit(label: str) -> str:
    """Return the unit in brackets at the end of a name: "Diện tích trồng mới (ha)"."""
    match = _UNIT_IN_BRACKETS.search(label)
    return (match[1] or match[2]) if match else ""


def _find_baseline(row: Sequence[str], columns: Sequence[Column]) -> tuple[str, int | None] | None:
    """Return the last figure of the past in a row, with its year."""
    past = [
        (cell, column.year)
        for cell, column in zip(row, columns, strict=False)
        if column.is_baseline and is_value(cell, column)
    ]
    return past[-1] if past else None


def _read_baseline(past: tuple[str, int | None] | None, reading: Reading) -> Decimal | None:
    """Return a row's figure of the past in the unit of its values; a growth of the past starts nothing."""
    numbers = find_numbers(past[0]) if past else []
    if len(numbers) != 1 or numbers[0].value is None or reading.measure in {"change", "carried"}:
        return None
    return numbers[0].value / 100 if reading.is_fraction else numbers[0].value


def _mask_all(account: Account, reason: str) -> None:
    for token in account.live:
        account.write(token, "masked", reason)


def _read_value(account: Account, column: Column, row: _Row) -> list[ProposedTarget]:
    """Return the target of one value; a figure of the past ("ƯTH Năm 2025") is masked as the baseline."""
    if column.is_baseline:
        _mask_all(account, "baseline")
        return []
    if row.year is not None and (column.role or not is_number_cell(account.passage.text)):
        return []
    by_year = column.year or row.year
    names = row.names if row.year is None else [column.printed]
    unit = row.unit if row.year is None else _find_unit(column.printed)
    label = " - ".join(part for part in names if part)
    folded = account.masked
    targets: list[ProposedTarget] = []
    for tokens in group_ranges(account.live, folded):
        left = fold_text(names[-1]) + " " + folded[: tokens[0].start]
        percent = "" if "%" in folded or "%" not in fold_text(unit) else " %"
        right = percent + folded[tokens[-1].end :] + ("" if percent else " " + fold_text(unit))
        reading = read_number(tokens, left, right, left)
        if reading is None:
            continue
        for token in tokens:
            account.write(token, "proposed")
        is_rank = not reading.percent and (_RANK.search(fold_text(names[-1])) or _RANK_UNIT.fullmatch(fold_text(unit)))
        scale = Decimal(100) if reading.is_fraction else Decimal(1)
        past = _read_baseline(row.baseline, reading) if row.year is None else None
        sign = -1 if reading.measure == "change" and reading.change == "down" else 1
        targets.append(
            ProposedTarget(
                quote=f"{label}: {account.passage.text.strip()}",
                place=account.passage.place,
                measure="carried" if is_rank else reading.measure,
                comparator="<=" if is_rank else reading.comparator,
                floor=sign * reading.value / scale,
                stretch=None if reading.upper is None else sign * reading.upper / scale,
                unit=(unit or reading.unit) or None,
                recurrence="by_end" if by_year else None,
                by_year=by_year,
                indicator=label or None,
                confidence=_CONFIDENCE,
                baseline=None if past is None or is_rank else past,
                baseline_year=row.baseline[1] if past is not None and row.baseline and not is_rank else None,
            )
        )
    return targets

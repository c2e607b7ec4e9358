"""Proposes the tasks of the annexes: rows of tables, rows broken by a page, rows of a table that lost its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kpis.plan_import.annex.agency_lists import begins_with_agency
from kpis.plan_import.annex.columns import Columns, read_columns
from kpis.plan_import.annex.lost_tables import read_lost_rows
from kpis.plan_import.annex.task_rows import LEAD_PART, TaskRow, build_task
from kpis.plan_import.model import OutlinedBlock, Place, ProposedTask
from kpis.plan_import.vietnamese_patterns import compile_vietnamese

_NUMBER: Final = re.compile(
    r"^\(?(?P<n>\d{1,3}|[a-zđ]{1,2}|[IVXLivxl]+(?:\.\d{1,2}){0,3}|\d{1,2}(?:\.\d{1,2}){1,3})\s?[.)/:]*$"
)
_SECTION_NUMBER: Final = re.compile(r"^(?:[IVXL]+|[A-HK]|\d{1,2})(?:\.\d{1,2}){0,3}\.?$")
_NUMBERED_TITLE: Final = re.compile(
    r"^(?P<n>[IVXL]{1,5}(?:\.\d{1,2}){0,2}|[A-HK]|\d{1,2}(?:\.\d{1,2}){0,2}|[a-zđ])\s?(?:[.)/:-]\s|[.)])\s*(?P<rest>.+)$",
    re.S,
)
# "C Quản lý" merged over all columns: a letter or Roman number without its sign.
_BARE_NUMBERED_TITLE: Final = compile_vietnamese(r"^(?P<n>[IVXL]{1,5}|[A-HK])\s+(?P<rest>[A-ZÀ-ỸĐ].+)$", re.S)
_HEADED_TITLE: Final = compile_vietnamese(r"([^:]{20,250}):\s+[a-zà-ỹđ]")
_NO_AGENCY: Final = re.compile(r"^[\s\-–—.…/]*$")
_SUMS: Final = re.compile(r"^(?:tổng (?:cộng|kinh phí|số)|cộng|ghi chú|\(\*\))", re.I)
_LEAST_AGENCIES: Final = 0.25
_LONGEST_NUMBER: Final = 12
_LEADING: Final = ("leads", "roles")
_ALL_ROLES: Final = ("leads", "coordinators", "roles")


@dataclass
class _Reading:
    """What has been read so far of the annex's tables.

    `undecided` is a row with a plain number and a text alone: the head of a group, or a task whose other cells stand
    on the next page. `is_in_section_title`: the last row named a section, whose title may go on.
    """

    columns: Columns | None = None
    section: str | None = None
    tasks: list[TaskRow] = field(default_factory=list)
    undecided: TaskRow | None = None
    is_in_section_title: bool = False
    accepted_titles: tuple[str, ...] = ()


def propose_tasks(outlined: Sequence[OutlinedBlock]) -> tuple[ProposedTask, ...]:
    """Return the tasks of every table that has a column of tasks and one of who leads, in order.

    A table without a header row goes on with the table of tasks before it, if it has as many columns.
    """
    reading = _Reading()
    position = 0
    while position < len(outlined):
        item = outlined[position]
        position += 1
        if item.block.is_table:
            _read_table(item, reading)
            columns = reading.columns
            if columns is not None and columns.are_of_tasks and len(item.block.rows) <= columns.header_rows:
                position = _read_lost_table(outlined, position, columns, reading)
        elif item.zone == "annex" and item.block.text.upper().startswith(("PHỤ LỤC", "PHỤLỤC")):
            _settle(reading, None)
            reading.columns, reading.section = None, None
    _settle(reading, None)
    return tuple(build_task(row) for row in _join_numbered(reading.tasks))


def _read_table(item: OutlinedBlock, reading: _Reading) -> None:
    rows = item.block.rows
    columns = read_columns(rows)
    start = columns.header_rows if columns else 0
    if columns is None:
        if reading.columns is None or not _may_go_on(rows, reading.columns):
            reading.columns = None
            return
    else:
        if reading.columns is None or columns.first_titles != reading.columns.first_titles:
            _settle(reading, None)
            reading.section = None
        if reading.columns is not None and columns.first_titles == reading.columns.first_titles:
            columns = replace(reading.columns, header_rows=columns.header_rows)
        reading.columns = columns
    # The rest of a table may hold the rest of one name alone.
    is_rest = bool(reading.tasks or reading.undecided) and reading.accepted_titles == reading.columns.first_titles
    if not reading.columns.are_of_tasks or not (is_rest or _has_leading_agencies(rows[start:], reading.columns)):
        return
    reading.accepted_titles = reading.columns.first_titles
    for index in range(start, len(rows)):
        _read_row(rows[index], _locate(item, index), reading)


def _has_leading_agencies(rows: Sequence[Sequence[str]], columns: Columns) -> bool:
    """Tell whether the column of who leads holds agencies, not units of measure or goods."""
    at = columns.find("leads") if "leads" in columns.contents else columns.find("roles")
    cells = [row[at] for row in rows if at is not None and at < len(row) and not _NO_AGENCY.match(row[at])]
    return not cells or sum(map(begins_with_agency, cells)) >= _LEAST_AGENCIES * len(cells)


def _may_go_on(rows: Sequence[Sequence[str]], columns: Columns) -> bool:
    """Tell whether a table without a header row may be the rest of one with these columns, on the next page."""
    width = len(rows[0])
    if width == len(columns.contents):
        return True
    return 3 <= width < len(columns.contents) and all(not row[0] or _NUMBER.match(row[0]) for row in rows)


def _locate(item: OutlinedBlock, row: int) -> Place:
    lines = item.block.lines
    return Place(None, item.block.page, item.block.index, lines[row] if row < len(lines) else None)


def _read_row(row: Sequence[str], place: Place, reading: _Reading) -> None:
    columns = reading.columns
    if columns is None:
        raise AssertionError("a row is read after its columns")
    texts = [cell.strip() for cell in row]
    number_at = columns.find("number")
    if number_at is not None and len(texts[number_at]) <= _LONGEST_NUMBER and len(set(texts)) > 1:
        texts[number_at] = re.sub(r"\s+", "", texts[number_at])  # "III.1." / "1" in a narrow column
    if not any(texts) or _is_header_again(texts, columns):
        return
    if (section := _find_section(texts, columns)) is not None:
        _settle(reading, None)
        reading.section, reading.is_in_section_title = section or None, True
        return
    cells, number = _pick_cells(texts, columns)
    title = cells.get("title", "")
    if _SUMS.match(title or texts[0]):
        return
    has_lead, has_agencies = (any(_has_agency(cells, role) for role in roles) for roles in (_LEADING, _ALL_ROLES))
    if number is None and reading.undecided is not None:
        reading.undecided = _append_cells(reading.undecided, cells)
        if has_agencies:
            _settle(reading, None)
        return
    if number is None and reading.is_in_section_title and not has_agencies:
        return  # the rest of a section's title
    reading.is_in_section_title = False
    previous = reading.tasks[-1] if reading.tasks else None
    has_lead = has_lead and not (_goes_on_with_roles(cells, previous) or _goes_on_with_lead(cells, previous))
    if number is None and previous is not None and (not has_agencies or _goes_on(title, has_lead, previous)):
        reading.tasks[-1] = _append_cells(previous, cells)
        return
    _settle(reading, number)
    task = TaskRow(reading.section, number, cells, place)
    if number is not None and number.isdigit() and set(cells) == {"title"}:
        reading.undecided = task
    elif title and (number is not None or has_agencies):
        reading.tasks.append(task)


def _has_agency(cells: dict[str, str], role: str) -> bool:
    return not _NO_AGENCY.match(cells.get(role, ""))


def _settle(reading: _Reading, number: str | None) -> None:
    """Decide what an undecided row was, by the number of the next task: None if there is no next one."""
    row, reading.undecided = reading.undecided, None
    if row is None or row.number is None:
        return
    is_child = number is not None and (
        not number.isdigit() or int(number) <= int(row.number) or number.startswith(f"{row.number}.")
    )
    if is_child and set(row.cells) == {"title"}:
        reading.section = row.number
    else:
        reading.tasks.append(row)


def _is_header_again(texts: Sequence[str], columns: Columns) -> bool:
    folded = [text.casefold().replace("\n", " ") for text in texts if text]
    titles = set(columns.titles)
    return sum(text in titles for text in folded) >= 2 or all(re.fullmatch(r"\(?\d{1,2}\)?", text) for text in folded)


def _find_section(texts: Sequence[str], columns: Columns) -> str | None:
    """Return the number of the section that a row names, "" for one without; None if it names none.

    Such a row has a number and one text, or one text alone, over all columns where its cells are merged.
    """
    filled = list(dict.fromkeys(text for text in texts if text))
    number_at = columns.find("number")
    first = texts[number_at] if number_at is not None else ""
    if len(filled) == 2 and _SECTION_NUMBER.match(first.strip(". ")) and _is_section_mark(first):
        return first.strip(". )")
    if len(filled) == 2 and number_at is not None and _is_spread_title(texts, number_at):
        return first.strip(". )")
    if len(filled) != 1:
        return None
    match = _NUMBERED_TITLE.match(filled[0]) or _BARE_NUMBERED_TITLE.match(filled[0])
    is_spread = sum(bool(text) for text in texts) > 1
    if match and (_is_section_mark(match["n"]) or (match["n"].isdigit() and (is_spread or texts[0] == filled[0]))):
        return match["n"]
    if number_at is None or columns.contents[0] == "title" or (not first and filled[0][:1].islower()):
        return None
    return "" if is_spread or texts[0] == filled[0] or filled[0].isupper() else None


def _is_spread_title(texts: Sequence[str], number_at: int) -> bool:
    """Tell whether a row has a number and one text merged over all other columns: "1 | Truyền thông"."""
    others = [text for index, text in enumerate(texts) if index != number_at]
    return bool(_NUMBER.match(texts[number_at])) and len(others) > 2 and len(set(others)) == 1


def _is_section_mark(number: str) -> bool:
    number = number.strip(" .)")
    return bool(re.match(r"[IVXL]+(?:\.|$)|[A-HK](?:\.|$)|\d{1,2}\.\d", number))


def _pick_cells(texts: Sequence[str], columns: Columns) -> tuple[dict[str, str], str | None]:
    """Return the cells by content, and the row's number without its sign."""
    number_at = columns.find("number")
    number: str | None = None
    if number_at is not None:
        match = _NUMBER.match(texts[number_at])
        if match:
            number = match["n"]
        elif texts[number_at] and _count_filled(texts) < len(texts) - 1 and len(texts[number_at]) > 4:
            texts = ["", *texts[:-1]]  # the number's merged cell is missing, so every cell stands one to the left
    cells: dict[str, str] = {}
    for content, text in zip(columns.contents, texts, strict=False):
        if content != "number" and text:
            cells[content] = f"{cells[content]}\n{text}" if content in cells else text
    title = cells.get("title", "")
    if number is None and (match := _NUMBERED_TITLE.match(title)) and (number_at is None or match["n"].isdigit()):
        number, cells["title"] = match["n"], match["rest"].strip()
        if number_at is None and (headed := _HEADED_TITLE.match(cells["title"])):
            cells["title"] = headed[1]  # a cell with number, title and the work in detail
    return cells, number


def _count_filled(texts: Sequence[str]) -> int:
    return sum(bool(text) for text in texts)


def _goes_on(title: str, has_lead: bool, previous: TaskRow) -> bool:
    """Tell whether an unnumbered row is the rest of the row before it, which a page broke."""
    if not title or title[:1].islower():
        return True
    return not has_lead and not previous.cells.get("title", "").rstrip().endswith((".", ";", ":"))


def _goes_on_with_roles(cells: dict[str, str], previous: TaskRow | None) -> bool:
    """Tell whether a cell of both roles goes on: it names no role, as the one before it does."""
    roles = cells.get("roles", "")
    is_named = LEAD_PART.search(roles) or roles.lstrip().lower().startswith("chủ trì")
    return previous is not None and not is_named and LEAD_PART.search(previous.cells.get("roles", "")) is not None


def _goes_on_with_lead(cells: dict[str, str], previous: TaskRow | None) -> bool:
    """Tell whether a page broke the cell of who leads: it begins within a name, or the one before it is open."""
    lead, before_break = cells.get("leads", ""), previous.cells.get("leads", "") if previous else ""
    is_open = before_break.rstrip().endswith((",", ";", " và", "-"))
    return bool(before_break) and (is_open or not begins_with_agency(lead))


def _append_cells(row: TaskRow, cells: dict[str, str]) -> TaskRow:
    joined = dict(row.cells)
    for content, text in cells.items():
        before_break = joined.get(content, "")
        joined[content] = _join_text(before_break, text)
    return replace(row, cells=joined)


def _join_text(start: str, rest: str) -> str:
    if not start:
        return rest
    return f"{start}\n{rest}" if rest[:1].isupper() and start.rstrip().endswith((".", ";")) else f"{start} {rest}"


def _read_lost_table(outlined: Sequence[OutlinedBlock], position: int, columns: Columns, reading: _Reading) -> int:
    """Read the paragraphs behind a header row that stands alone as its cells; return where the next block is."""
    end = position
    while end < len(outlined) and not outlined[end].block.is_table and outlined[end].zone == "annex":
        end += 1
    rows, used = read_lost_rows(outlined[position:end], columns)
    for number, section, cells, place in rows:
        reading.tasks.append(TaskRow(section, number, cells, place))
    return position + used


def _join_numbered(rows: Sequence[TaskRow]) -> Iterator[TaskRow]:
    """A merged number cell repeats its number: only the first row of it has that number."""
    previous: TaskRow | None = None
    for row in rows:
        is_repeated = (
            previous is not None
            and row.number is not None
            and (row.section, row.number) == (previous.section, previous.number)
        )
        yield replace(row, number=None) if is_repeated else row
        previous = row

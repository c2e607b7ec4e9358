"""Proposes the tasks of the annexes: rows of tables, rows broken by a page, rows of a table that lost its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kpis.plan_import.annex.agency_lists import split_agencies
from kpis.plan_import.annex.columns import Columns, read_columns
from kpis.plan_import.annex.lost_tables import read_lost_rows
from kpis.plan_import.model import OutlinedBlock, Place, ProposedTask

_NUMBER: Final = re.compile(
    r"^\(?(?P<n>\d{1,3}|[a-zđ]{1,2}|[IVXLivxl]+(?:\.\d{1,2}){0,3}|\d{1,2}(?:\.\d{1,2}){1,3})\s?[.)/:]*$"
)
_SECTION_NUMBER: Final = re.compile(r"^(?:[IVXL]+|[A-HK]|\d{1,2})(?:\.\d{1,2}){0,3}\.?$")
_NUMBERED_TITLE: Final = re.compile(
    r"^(?P<n>[IVXL]{1,5}(?:\.\d{1,2}){0,2}|[A-HK]|\d{1,2}(?:\.\d{1,2}){0,2}|[a-zđ])\s?(?P<sign>[.)/:-])\s?(?=\S)(?P<rest>.+)$",
    re.S,
)
_HEADED_TITLE: Final = re.compile(r"([^:]{20,250}):\s+[a-zà-ỹđ]")
_LEAD_PART: Final = re.compile(r"(?:(?:cơ quan|đơn vị)\s+)?(?:chủ trì|phụ trách|thực hiện)\s*(?:thực hiện)?\s*:", re.I)
_COORDINATOR_PART: Final = re.compile(r"(?:(?:cơ quan|đơn vị)\s+)?(?:phối hợp|tham gia)\s*(?:thực hiện)?\s*:", re.I)
_NO_AGENCY: Final = re.compile(r"^[\s\-–—.…/]*$")
_SUMS: Final = re.compile(r"^(?:tổng (?:cộng|kinh phí|số)|cộng|ghi chú|\(\*\))", re.I)
_RANK_OF_LETTER: Final = 3


@dataclass
class _Reading:
    """What has been read so far of the annex's tables."""

    columns: Columns | None = None
    section: list[str] = field(default_factory=list)
    tasks: list[_Row] = field(default_factory=list)


@dataclass(frozen=True)
class _Row:
    section: str | None
    number: str | None
    cells: dict[str, str]
    place: Place


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
            reading.columns, reading.section = None, []
    return tuple(_build_task(row) for row in _join_numbered(reading.tasks))


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
            reading.section = []
        if reading.columns is not None and columns.first_titles == reading.columns.first_titles:
            columns = replace(reading.columns, header_rows=columns.header_rows)
        reading.columns = columns
    if not reading.columns.are_of_tasks:
        return
    for index in range(start, len(rows)):
        _read_row(rows[index], _locate(item, index), reading)


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
    if not any(texts) or _is_header_again(texts, columns):
        return
    if _read_section_row(texts, columns, reading):
        return
    cells, number = _pick_cells(texts, columns)
    title = cells.get("title", "")
    if _SUMS.match(title or texts[0]):
        return
    has_agencies = any(not _NO_AGENCY.match(cells.get(role, "")) for role in ("leads", "coordinators", "roles"))
    previous = reading.tasks[-1] if reading.tasks else None
    has_lead = any(not _NO_AGENCY.match(cells.get(role, "")) for role in ("leads", "roles"))
    if number is None and previous is not None and (not has_agencies or _goes_on(title, has_lead, previous)):
        reading.tasks[-1] = _append_cells(previous, cells)
        return
    if title and (number is not None or has_agencies):
        reading.tasks.append(_Row(".".join(reading.section) or None, number, cells, place))


def _is_header_again(texts: Sequence[str], columns: Columns) -> bool:
    folded = [text.casefold().replace("\n", " ") for text in texts if text]
    titles = set(columns.titles)
    return sum(text in titles for text in folded) >= 2 or all(re.fullmatch(r"\(?\d{1,2}\)?", text) for text in folded)


def _read_section_row(texts: Sequence[str], columns: Columns, reading: _Reading) -> bool:
    """Take up a row that names a section: a number and one text, or one text alone, and nobody who leads."""
    filled = list(dict.fromkeys(text for text in texts if text))
    number_at = columns.find("number")
    is_spread = len(filled) == 1
    first = texts[number_at] if number_at is not None else ""
    if len(filled) == 2 and _SECTION_NUMBER.match(first.strip(". ")) and _is_section_mark(first):
        _enter_section(reading, first.strip(". )"))
        return True
    if (
        len(filled) == 2
        and first == filled[0]
        and re.fullmatch(r"\d{1,2}\.?", first)
        and texts.index(filled[1]) == columns.find("title")
    ):
        return _enter_if_bare_number(reading, first)
    if not is_spread:
        return False
    match = _NUMBERED_TITLE.match(filled[0])
    if match and (_is_section_mark(match["n"]) or match["n"].isdigit()):
        _enter_section(reading, match["n"])
        return True
    if not first and filled[0][:1].islower():
        return False  # the end of a title that a page broke
    is_heading = len([text for text in texts if text]) > 1 or texts[0] == filled[0] or filled[0].isupper()
    if is_heading and columns.find("number") is not None and columns.contents[0] != "title":
        reading.section = []
        return True
    return False


def _is_section_mark(number: str) -> bool:
    number = number.strip(" .)")
    return bool(re.match(r"[IVXL]+(?:\.|$)|[A-HK](?:\.|$)|\d{1,2}\.\d", number))


def _enter_if_bare_number(reading: _Reading, number: str) -> bool:
    """A plain number with a text and nobody who leads is the head of a), b) where these follow."""
    reading.section = [number.strip(".")]
    return True


def _enter_section(reading: _Reading, number: str) -> None:
    """Put a section's number under those it belongs to: "III.1" stands for itself, "1" below "III"."""
    reading.section = [number]


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


def _goes_on(title: str, has_lead: bool, previous: _Row) -> bool:
    """Tell whether an unnumbered row is the rest of the row before it, which a page broke."""
    if not title or title[:1].islower():
        return True
    return not has_lead and not previous.cells.get("title", "").rstrip().endswith((".", ";", ":"))


def _append_cells(row: _Row, cells: dict[str, str]) -> _Row:
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
        reading.tasks.append(_Row(section, number, cells, place))
    return position + used


def _join_numbered(rows: Sequence[_Row]) -> Iterator[_Row]:
    """A merged number cell repeats its number: only the first row of it has that number."""
    previous: _Row | None = None
    for row in rows:
        is_repeated = (
            previous is not None
            and row.number is not None
            and (row.section, row.number) == (previous.section, previous.number)
        )
        yield replace(row, number=None) if is_repeated else row
        previous = row


def _build_task(row: _Row) -> ProposedTask:
    leads, coordinators = row.cells.get("leads", ""), row.cells.get("coordinators", "")
    if roles := row.cells.get("roles"):
        leads, coordinators = _split_roles(roles, coordinators)
    elif _LEAD_PART.search(leads) or _COORDINATOR_PART.search(leads):
        leads, coordinators = _split_roles(leads, coordinators)
    return ProposedTask(
        section=row.section,
        number=row.number,
        title=_flatten(row.cells.get("title", "")),
        leads=split_agencies(leads),
        coordinators=split_agencies(coordinators),
        output=_flatten(row.cells.get("output", "")) or None,
        schedule=_flatten(row.cells.get("schedule", "")) or None,
        place=replace(row.place, section=row.section),
    )


def _split_roles(cell: str, coordinators: str) -> tuple[str, str]:
    """Return leads and coordinators of a cell "Chủ trì: …; Phối hợp: …"; without those words all lead."""
    match = _COORDINATOR_PART.search(cell)
    lead_part = _LEAD_PART.sub("", cell[: match.start()] if match else cell)
    coordinator_part = cell[match.end() :] if match else ""
    if match and (later := _LEAD_PART.search(coordinator_part)):
        lead_part, coordinator_part = coordinator_part[later.end() :], coordinator_part[: later.start()]
    return lead_part.strip(" .;,\n"), "; ".join(filter(None, (coordinator_part.strip(" .;,\n"), coordinators)))


def _flatten(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()

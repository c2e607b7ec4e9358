"""TOML text as tables; every line that is not TOML becomes a fault of its own, with line and column.

`tomllib` stops at the first fault, so a refused line is left out and the text is read again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kpis.errors import KpisError
from kpis.register.faults import RegisterFaults

_MAX_FAULTS = 100
_PLACE = re.compile(r"(?P<reason>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", re.DOTALL)
_HEADER = re.compile(r"\s*(?P<form>\[{1,2}\s*(?P<table>\w+)\s*\]{0,2})\s*(#.*)?")
_FIELD = re.compile(r"\s*[\"']?(?P<field>\w+)")
_SINGLE_TABLES = {"plan"}

# What tomllib's reasons (Python 3.11 to 3.14, `tomllib/_parser.py`) mean to the person who wrote the line.
_REASONS: tuple[tuple[str, str], ...] = (
    ("Expected '=' after a key", "a field is written as name = value; “=” is missing"),
    ("Invalid value", "a text or a day like “15/12” must be in quotes, a decimal number is written with a point"),
    ("Invalid date", "there is no such day; a date is written as year-month-day, like 2026-04-02"),
    ("Unterminated string", "a text in quotes is not closed; write its closing quote"),
    ("Illegal character '\\n'", "a text in quotes is not closed; write its closing quote on the same line"),
    ("Illegal character", "the line contains a character that a text must not contain; type the text again"),
    ("Unescaped '\\'", "a backslash in a text is written twice: \\\\"),
    ("Cannot overwrite a value", "the field is already set in this table; remove one of the two lines"),
    ("Cannot declare", "the table is already written in this file; remove one of the two"),
    ("Duplicate inline table key", "the field is already set in this table; remove one of the two"),
    ("Unclosed array", "a list is not closed: “]” is missing, or a comma between its values"),
    (
        "Unclosed inline table",
        "a table in braces is not closed: its closing brace, a comma between its fields, or the quotes of a text are "
        "missing",
    ),
    ("Expected ']", "the name of a table is written as [plan] or [[target]]"),
    ("Expected newline", "after the value nothing more may follow; a text or a day like “15/12” must be in quotes"),
    ("Invalid initial character for a key", "a field's name consists of a–z, digits and “_”"),
    ("Invalid statement", "a line is a table like [[target]], a field like name = value, or begins with “#”"),
)


@dataclass
class ParsedToml:
    """The tables of one text, and the fields that could not be read: (table, its position from 1, field)."""

    tables: Mapping[str, object]
    unread_fields: set[tuple[str, int, str]] = field(default_factory=set)


def parse_toml(text: str, name: str, faults: RegisterFaults) -> ParsedToml | None:
    """Return the tables of a text without its refused lines; None if they could not be made out at all.

    `name` is the file's, for the faults. A header that is not closed is read as the table that it names.
    """
    lines, parsed, syntax_faults = text.split("\n"), ParsedToml({}), RegisterFaults()
    for _ in range(_MAX_FAULTS):
        try:
            parsed.tables = tomllib.loads("\n".join(lines), parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            place = _PLACE.fullmatch(str(error))
            _add_syntax_fault(syntax_faults, name, place, lines)
            at = int(place["line"]) - 1 if place else -1
            refused = lines[at]
            if place is None or not _repair_line(lines, at, parsed):
                break
            faults.lose_quoted_texts(refused)
            faults.lose_texts(refused.partition("=")[2])
        else:
            faults.extend(syntax_faults)
            return parsed
    # What seems wrong after the first fault may only follow from it.
    faults.extend(syntax_faults, limit=1)
    faults.lose_quoted_texts(text)
    return None


def _add_syntax_fault(faults: RegisterFaults, name: str, place: re.Match[str] | None, lines: list[str]) -> None:
    if place is None:
        reason = "a text or a list is not closed before the end of the file"
        faults.add(name, "TOML", "the file is not valid TOML: {reason}", reason=KpisError(reason))
        return
    line, column = int(place["line"]), int(place["column"])
    reason = next((text for start, text in _REASONS if place["reason"].startswith(start)), "")
    if _is_whole_header(lines[line - 1]):
        reason = "a list or table above this line is not closed, or the table is already written in this file"
    faults.add(
        name, "TOML", "line {line}, column {column}: not valid TOML: {reason}",
        line=line, column=column, reason=KpisError(reason) if reason else place["reason"],
    )  # fmt: skip


def _repair_line(lines: list[str], at: int, parsed: ParsedToml) -> bool:
    """Leave out a refused line, or complete a table's header; False if the text cannot be read on so."""
    header = _HEADER.match(lines[at])
    if header is not None:
        if _is_whole_header(lines[at]):
            return False
        table = header["table"]
        lines[at] = f"[{table}]" if table in _SINGLE_TABLES else f"[[{table}]]"
        return True
    headers = [match["table"] for line in lines[:at] if (match := _HEADER.match(line))]
    if headers and (typed := _FIELD.match(lines[at])):
        parsed.unread_fields.add((headers[-1], headers.count(headers[-1]), typed["field"]))
    lines[at] = ""
    return True


def _is_whole_header(line: str) -> bool:
    header = _HEADER.fullmatch(line.rstrip("\r"))
    return header is not None and header["form"].count("[") == header["form"].count("]")

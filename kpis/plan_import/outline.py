"""Finds the outline of an issued document: sections, headings above each block, zones (Nghị định 30/2020/NĐ-CP).

Its sections are I / 1 / 1.1 / a) / –. A plan may stand behind the decision that issues it, so the recipients of the
decision are not the end. A zone says what a part is for; it never decides that a number counts for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from kpis.plan_import.model import Block, Document, OutlinedBlock
from kpis.plan_import.vietnamese_patterns import compile_vietnamese

Zone = Literal["letterhead", "preamble", "goals", "body", "duties", "recipients", "annex"]
_Style = Literal[
    "part", "article", "letter", "roman", "capitals", "number", "number2", "number3", "small", "in", "bullet"
]

# Outer styles first. A style that the document has not used yet goes below the outer ones.
_RANKS: Final[dict[str, int]] = {
    "part": 0,
    "article": 1,
    "letter": 2,
    "roman": 3,
    "capitals": 3,
    "number": 4,
    "number2": 5,
    "number3": 6,
    "small": 7,
    "in": 8,
    "bullet": 9,
}
_MARKERS: Final[tuple[tuple[_Style, re.Pattern[str]], ...]] = (
    (
        "part",
        re.compile(r"(?P<n>(?:Phần|PHẦN|Chương|CHƯƠNG)\s+(?:thứ\s+\w+|THỨ\s+\w+|[IVXL]+|[A-H]|\d{1,2}))\b[.:\s]*"),
    ),
    ("article", re.compile(r"(?P<n>(?:Điều|ĐIỀU)\s+\d{1,3})\s?[.:]\s*")),
    ("roman", re.compile(r"(?:Mục\s+)?(?P<n>[IVXLivxl]{1,6})\s?[-–—./):]+\s?(?=[^\W\d_])")),
    ("letter", re.compile(r"(?P<n>[A-HK])\s?[-–./)]\s?(?=[^\W\d_])")),
    ("number3", re.compile(r"(?P<n>\d{1,2}\.\d{1,2}\.\d{1,2})\.?\s+(?=\D)")),
    ("number2", re.compile(r"(?P<n>\d{1,2}\.\d{1,2})\.?\s+(?=[^\W\d_]|[\"“])")),
    ("number", re.compile(r"(?P<n>\d{1,2})\s?[./]\s?(?=[^\W\d_]|[\"“(])")),
    ("in", re.compile(r"(?P<n>\(?\d{1,2}\)|\([ivx]{1,4}\)|\([a-zđ]\))\s?")),
    (
        "small",
        re.compile(r"(?P<n>[a-zđ]{1,2}(?:\.\d{1,2})?|[a-zđ]\d)\s?[)/]+[.:]?\s?(?=\S)|(?P<m>[a-zđ])\.\s(?=[^\W\d_a-z])"),
    ),
    ("bullet", re.compile(r"(?P<n>[-–—+•●▪◦*])\s*(?=\S)")),
)
_SECTION_STYLES: Final = frozenset(
    {"part", "article", "letter", "roman", "number", "number2", "number3", "small", "in"}
)
_GOALS: Final = re.compile(
    r"^(?:[^.;:]{0,60}?(?:[,;]|\bvà)\s)?(?:(?:các|những|một số|hệ thống|xác định)\s)?(?:mục tiêu|chỉ tiêu)\b", re.I
)
_NO_GOALS: Final = re.compile(
    r"\b(?:nhiệm vụ|giải pháp|thực hiện mục tiêu|thực hiện chỉ tiêu|chương trình mục tiêu)\b", re.I
)
_DUTIES: Final = re.compile(
    r"^(?:công tác\s)?(?:tổ chức (?:triển khai )?thực hiện|phân công|trách nhiệm|thực hiện kế hoạch|chế độ báo cáo)\b",
    re.I,
)
_RECIPIENTS: Final = re.compile(r"^(?:kính gửi|nơi nhận)\s*:?", re.I)
_ANNEX: Final = compile_vietnamese(
    r"^(?:PHỤ\s*LỤC|Phụ\s*lục|BIỂU|Biểu|MẪU|Mẫu)(?:\s?(?:số|SỐ))?\s?(?:[IVXL\d]{1,5}[a-zA-Z]?\s*(?:$|[.:–(-]|(?=[A-ZĐÀ-Ỹ]))|$|[.:–(-]|[A-ZĐÀ-Ỹ])"
)
_MOTTO: Final = re.compile(r"^(?:CỘNG H\w{2} XÃ HỘI|ĐẢNG CỘNG SẢN VIỆT NAM)")
_SIGNATURE: Final = compile_vietnamese(r"^(?:TM|T/M|KT|TUQ|TL)\.\s?[A-ZĐÀ-Ỹ]{2}")
_KIND_OF_DOCUMENT: Final = re.compile(
    r"^(?:(?:DỰ THẢO\s+)?(?:KẾ HOẠCH|CHƯƠNG TRÌNH(?: HÀNH ĐỘNG)?|ĐỀ ÁN|PHƯƠNG ÁN|CHIẾN LƯỢC|QUY HOẠCH|NGHỊ QUYẾT"
    r"|QUYẾT ĐỊNH|CHỈ THỊ|THÔNG BÁO|HƯỚNG DẪN|BÁO CÁO|CÔNG VĂN))\b(?!\s*:)"
)
_BASIS: Final = re.compile(
    r"^[-–\s]*(?:căn cứ|thực hiện|triển khai(?: thực hiện)?|xét|theo đề nghị|trên cơ sở)\b", re.I
)
_LONGEST_HEADING: Final = 220
_LONGEST_GOALS_HEADING: Final = 130


@dataclass
class _Open:
    """A heading or bullet that the following blocks may stand under."""

    style: str
    mark: str
    number: str | None
    text: str
    is_restart: bool = False  # its list began again under the same heading: the text lost a heading between


@dataclass
class _State:
    zone: Zone = "letterhead"
    stack: list[_Open] = field(default_factory=list)
    has_sections: bool = False


def outline_document(document: Document) -> tuple[OutlinedBlock, ...]:
    """Return each block with its section, the headings above it and its zone, in reading order."""
    state = _State()
    return tuple(_outline_block(block, state) for block in document.blocks)


def find_marker(text: str) -> tuple[str, str, str] | None:
    """Return a paragraph's style, number or bullet, and the text behind it; None without one."""
    for style, pattern in _MARKERS:
        if match := pattern.match(text):
            number = match["n"] or match.groupdict().get("m") or ""
            if style == "roman" and not _is_roman(number):
                continue
            return style, number.strip("() ") if style == "in" else number, text[match.end() :].strip()
    return None


def _outline_block(block: Block, state: _State) -> OutlinedBlock:
    if block.is_table:
        return OutlinedBlock(block, _join_section(state.stack), _list_titles(state.stack), _place_table(block, state))
    text = block.text
    marker = find_marker(text)
    _change_zone(text, marker, state)
    opened = _open_heading(block, marker, state)
    parents = state.stack[:-1] if opened else state.stack
    zone: Zone = state.zone
    if zone == "body":
        zone = _judge_headings(state.stack)
    return OutlinedBlock(block, _join_section(state.stack), _list_titles(parents), zone)


def _place_table(block: Block, state: _State) -> Zone:
    """A table before the first section is part of the letterhead; one with the recipients ends the text."""
    if state.zone in {"letterhead", "preamble"}:
        return "letterhead" if not state.has_sections and len(block.rows) <= 4 else state.zone
    if any(_RECIPIENTS.match(cell.strip()) for row in block.rows[:2] for cell in row):
        state.zone, state.stack = "recipients", []
    if state.zone == "recipients" and len(block.rows) > 2 and len(block.rows[0]) > 2:
        state.zone = "annex"  # its heading was lost
    return _judge_headings(state.stack) if state.zone == "body" else state.zone


def _change_zone(text: str, marker: tuple[str, str, str] | None, state: _State) -> None:
    """Move the state to the zone that this paragraph begins."""
    if _MOTTO.match(text):
        state.zone, state.stack, state.has_sections = "letterhead", [], False  # a text may hold several documents
    elif state.has_sections and (_RECIPIENTS.match(text) or (state.zone == "body" and _SIGNATURE.match(text))):
        state.zone, state.stack = "recipients", []
    elif _ANNEX.match(text) and len(text) <= _LONGEST_HEADING * 2:
        state.zone, state.stack, state.has_sections = "annex", [], True
    elif _KIND_OF_DOCUMENT.match(text) and _is_capital(text.split(" thực hiện")[0][:40]) and state.zone == "recipients":
        state.zone, state.stack, state.has_sections = "preamble", [], False  # the plan behind its decision
    elif state.zone == "letterhead" and (_KIND_OF_DOCUMENT.match(text) or _BASIS.match(text)):
        state.zone = "preamble"
    elif (
        state.zone in {"letterhead", "preamble"}
        and marker
        and marker[0] in {"roman", "letter", "article", "part", "number"}
    ):
        state.zone, state.has_sections = "body", True
    elif state.zone == "recipients" and marker and marker[0] == "roman" and marker[1] == "I":
        state.zone = "body"


def _open_heading(block: Block, marker: tuple[str, str, str] | None, state: _State) -> bool:
    """Put this paragraph on the stack if others may stand under it; tell whether it was."""
    if state.zone in {"letterhead", "preamble", "recipients"}:
        return False
    stack = state.stack
    if marker is not None:
        style, number, _ = marker
        mark = number if style == "bullet" else style
        is_restart = _close(stack, style, mark, number)
        stack.append(_Open(style, mark, number if style in _SECTION_STYLES else None, block.text, is_restart))
        return True
    if block.heading or (_is_capital(block.text) and len(block.text) <= _LONGEST_HEADING):
        _close(stack, "capitals", f"heading{block.heading or ''}", None)
        stack.append(_Open("capitals", f"heading{block.heading or ''}", None, block.text))
        return True
    while stack and stack[-1].style == "bullet":
        stack.pop()
    if block.text.endswith(":"):
        stack.append(_Open("bullet", "lead", None, block.text))
        return True
    return False


def _close(stack: list[_Open], style: str, mark: str, number: str | None) -> bool:
    """Take from the stack what a paragraph of this style ends; tell whether it begins its list again."""
    marks = [each.mark for each in stack]
    if mark in marks:
        ended = stack[marks.index(mark)]
        del stack[marks.index(mark) :]
        return ended.is_restart or (style in {"number", "small"} and number in {"1", "a"} and ended.number != number)
    if style == "bullet":
        return False  # below what stands above it, another kind of bullet too
    while stack and (stack[-1].style == "bullet" or _RANKS[stack[-1].style] >= _RANKS[style]):
        if style in {"small", "in"} and stack[-1].style != "bullet":
            break  # 1) below a), or a) below 1)
        if style == "letter" and number == "A" and stack[-1].style == "roman":
            break  # I / A / B, where the letters stand below the Roman numbers
        stack.pop()
    return False


def _judge_headings(stack: Iterable[_Open]) -> Zone:
    """Return the zone that the innermost heading with a known word gives; "body" without one."""
    zone: Zone = "body"
    for each in stack:
        if each.style == "bullet":
            break
        marker = find_marker(each.text)
        title = (marker[2] if marker else each.text)[:_LONGEST_GOALS_HEADING].strip("*: ")
        before_colon = title.split(":", 1)[0]
        if _DUTIES.match(before_colon):
            zone = "duties"
        elif _GOALS.match(before_colon):
            zone = "goals"
        elif zone == "goals" and _NO_GOALS.search(before_colon) and len(before_colon) < 60:
            zone = "body"
    return zone


def _join_section(stack: Iterable[_Open]) -> str | None:
    """Return "II.2.a"; a number that repeats its parents' ("2.1" below "2") stands alone for them.

    Where a list began again, the number of the lost heading is unknown, so only the numbers below it are returned.
    """
    numbers: list[str] = []
    for each in stack:
        if each.number is None:
            continue
        if each.is_restart:
            numbers = []
        while numbers and each.style in {"number2", "number3"} and each.number.startswith(numbers[-1] + "."):
            numbers.pop()
        numbers.append(each.number)
    return ".".join(numbers) or None


def _list_titles(stack: Iterable[_Open]) -> tuple[str, ...]:
    return tuple(each.text for each in stack)


def _is_roman(number: str) -> bool:
    """Tell whether letters are a Roman number of a heading; "i" and "v" alone are letters of a list."""
    if number.islower():
        return False
    return re.fullmatch(r"X{0,3}(?:IX|IV|V?I{0,3})|XL", number.upper()) is not None


def _is_capital(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 3 and sum(letter.isupper() for letter in letters) >= 0.85 * len(letters)

"""Reads plain text and Markdown: paragraphs wrapped over lines joined, tables as rows, line numbers kept."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from kpis.plan_import.documents.marks import is_rule, measure_heading, remove_marks
from kpis.plan_import.documents.text_lines import Line, read_lines
from kpis.plan_import.model import Block
from kpis.plan_import.vietnamese_patterns import compile_vietnamese

_LONGEST_WRAPPED_LINE: Final = 135
"""A text whose lines are mostly longer than this has one line for each paragraph."""
_SHORTEST_BROKEN_PARAGRAPH: Final = 60
_SHORT_LINE: Final = 0.6
_LEAST_CUT: Final = 0.05
_INDENT_OF_A_PARAGRAPH: Final = 2
_MARKER: Final = compile_vietnamese(
    r"(?:[-–—+•●▪◦*]|o)\s+\S"  # a bullet
    r"|[-–+•]\s?[^\W\d_]"
    r"|(?:\(?[a-zđ]{1,2}(?:\.\d{1,2})?\s?[)/]|[a-zđ]\.)\s?\S"  # a), (a), a.1), a.
    r"|\(?\d{1,3}\)\s?\S"  # 1), (1)
    r"|\d{1,2}(?:\.\d{1,2}){0,3}\s?[./]\s?(?=[^\W\d_a-zà-ỹđ\"“]|[\"“*])"  # 1. 1.1. before a capital
    r"|\d{1,2}(?:\.\d{1,2}){1,3}\s+(?=[^\W\d_])"  # 1.1 Title
    r"|\d{1,2}\s?[-–]\s(?=[^\W\d_a-zà-ỹđ])"  # 1- Title, as the Party's documents number
    r"|[IVXL]{1,6}\s?[-–./)]\s?\S|[A-HK]\s?[./]\s?[^\W\d_a-zà-ỹđ]"
    r"|(?:Điều|ĐIỀU)\s+\d{1,3}\s?[.:]|(?:Phần|PHẦN|Chương|CHƯƠNG|Mục|MỤC)\s+(?:[IVXL]{1,6}|[A-H]|\d{1,2}|thứ)\b"
    r"|(?:PHỤ LỤC|Phụ lục)\s?(?:[IVXL]{1,6}|\d{1,2}|$)|(?:PHỤ LỤC|BIỂU|MẪU)\b"
    r"|(?:Căn cứ|Nơi nhận|NƠI NHẬN|Xét đề nghị|Theo đề nghị|Trên đây là)\b|Số\s?:|(?:TM|KT|TUQ|TL)\.\s"
    r"|CỘNG H\w{2} XÃ|ĐẢNG CỘNG SẢN|Độc lập - |[^\W\d_][^,;.]{2,30}, ngày\s.{0,6}\s?tháng"
)
_ENDED: Final = re.compile(r"[.:;!?…][\"”’')\]]*$|/\.$")
_REFERENCE: Final = re.compile(
    r"(?:^|\s)(?:điều|khoản|điểm|mục|phần|chương|phụ lục|số|tháng|ngày|năm|quý|từ|đến|tiết)$", re.IGNORECASE
)
_DOCUMENT_NUMBER: Final = re.compile(r"\d+\s?[/-]")
_ARTICLE_ALONE: Final = re.compile(r"(?:Điều|ĐIỀU)\s+\d{1,3}\s?[.:]$")
_OPEN_DASH: Final = compile_vietnamese(r"[-–—]\s+[\da-zà-ỹ]")
_FIRST_NUMBER: Final = re.compile(r"[-–—]\s+(\d+)")
_LAST_NUMBER: Final = re.compile(r"(\d+)\s*%?$")
_CUT_CODE: Final = re.compile(r"(?<=[\dA-ZĐ])(-) (?=[A-ZĐ]{2})")  # "75-" / "KL/TW"
_TABLE_RULE: Final = re.compile(r"^[\s|:+-]+$")
_CELLS: Final = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class _Wrap:
    """The widths of the first and of the other lines of a paragraph, in characters.

    `paragraph`: what divides paragraphs: blank lines, an indented first line, or nothing but the lines' ends.
    """

    first: int
    other: int
    paragraph: Literal["blank", "indented", "lines"]


def read_text_blocks(content: str) -> tuple[Block, ...]:
    """Return the blocks of a text; pages are counted where form feeds divide it."""
    lines = read_lines(content)
    wrap = _measure_wrap(lines)
    blocks: list[Block] = []
    for piece in _split_pieces(lines):
        if _is_tabbed(piece[0]) or _is_barred(piece[0]):
            blocks.append(_build_table(piece, len(blocks)))
        else:
            blocks.extend(_build_paragraphs(piece, wrap, len(blocks)))
    return join_broken_paragraphs([block for block in blocks if block.text])


def join_broken_paragraphs(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with each paragraph that a page's end broke joined again, counted anew."""
    joined: list[Block] = []
    for block in blocks:
        previous = joined[-1] if joined else None
        if (
            previous is not None
            and not (previous.is_table or block.is_table or block.heading or previous.heading)
            and block.text[:1].islower()
            and " " in block.text
            and not _MARKER.match(block.text)
            and len(previous.text) >= _SHORTEST_BROKEN_PARAGRAPH
            and not _ENDED.search(previous.text)
            and not is_capital(previous.text)
        ):
            joined[-1] = replace(previous, text=f"{previous.text} {block.text}")
        else:
            joined.append(replace(block, index=len(joined)))
    return tuple(joined)


def _measure_wrap(lines: Sequence[Line]) -> _Wrap | None:
    """Return at which columns a text was wrapped; None if each of its lines is a paragraph."""
    prose = [line for line in lines if len(line.text) > 20 and "\t" not in line.raw]
    if len(prose) < 4 or (width := _find_width(prose)) > _LONGEST_WRAPPED_LINE or not _has_cut_lines(lines):
        return None
    # Some texts wrap the first line of a paragraph earlier than the others.
    firsts = [
        line
        for line, following in itertools.pairwise(lines)
        if _MARKER.match(line.text) and following.text[:1].islower() and not _ENDED.search(line.text)
    ]
    indented = sum(line.indent >= _INDENT_OF_A_PARAGRAPH for line in prose)
    blank = sum(not line.text for line in lines)
    paragraph: Literal["blank", "indented", "lines"] = (
        "indented" if indented > len(prose) * 0.25 else "blank" if blank > len(lines) * 0.1 else "lines"
    )
    return _Wrap(_find_width(firsts) if len(firsts) > 3 else width, width, paragraph)


def _has_cut_lines(lines: Sequence[Line]) -> bool:
    """Tell whether sentences go on over the ends of lines: else a text has a line for each paragraph."""
    pairs = [(line, following) for line, following in itertools.pairwise(lines) if line.text and following.text]
    cut = sum(following.text[0].islower() and not _MARKER.match(following.text) for _, following in pairs)
    return cut > len(pairs) * _LEAST_CUT


def _find_width(lines: Sequence[Line]) -> int:
    lengths = sorted(len(line.raw) for line in lines)
    return lengths[int(len(lengths) * 0.9)]


def _split_pieces(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Split at blank lines and where a table begins or ends."""
    piece: list[Line] = []
    kind = ""
    for line in lines:
        if kind == "bars" and "-" in line.raw and _TABLE_RULE.match(line.raw):
            continue  # the line below the header row
        is_empty = not line.text or is_rule(line.text)
        new_kind = "bars" if _is_barred(line) else "tabs" if _is_tabbed(line) else "prose"
        if piece and (is_empty or new_kind != kind):
            yield piece
            piece = []
        if not is_empty:
            piece.append(line)
            kind = new_kind
    if piece:
        yield piece


def _is_tabbed(line: Line) -> bool:
    return "\t" in line.raw.strip(" ") and bool(line.text)


def _is_barred(line: Line) -> bool:
    return line.raw.lstrip().startswith("|") and line.raw.rstrip().endswith("|") and len(line.raw.strip()) > 2


def _build_table(piece: Sequence[Line], index: int) -> Block:
    rows, numbers = [], []
    for line in piece:
        cells = _CELLS.split(line.raw.strip()[1:-1]) if _is_barred(line) else line.raw.strip(" ").split("\t")
        rows.append(tuple(remove_marks(cell.replace("\\|", "|")).strip() for cell in cells))
        numbers.append(line.number)
    return build_table_block(index, rows, page=piece[0].page, lines=numbers)


def build_table_block(
    index: int, rows: Sequence[Sequence[str]], *, page: int | None = None, lines: Sequence[int] = ()
) -> Block:
    """Return a table as a block: every row gets as many cells as the longest one."""
    width = max((len(row) for row in rows), default=0)
    filled = tuple((*row, *[""] * (width - len(row))) for row in rows)
    text = "\n".join("\t".join(cell.replace("\n", " ") for cell in row) for row in filled)
    return Block(index, text, rows=filled, page=page, lines=tuple(lines))


def _build_paragraphs(piece: Sequence[Line], wrap: _Wrap | None, index: int) -> Iterator[Block]:
    group: list[Line] = []
    for line in piece:
        if group and not _continues(group, line, wrap):
            yield _build_paragraph(group, index)
            index += 1
            group = []
        group.append(line)
    yield _build_paragraph(group, index)


def _build_paragraph(group: Sequence[Line], index: int) -> Block:
    text = " ".join(line.text.strip("| ").replace("\n", " ") for line in group)
    return Block(
        index,
        _CUT_CODE.sub(r"\1", re.sub(r" {2,}", " ", text).strip()),
        page=group[0].page,
        lines=(group[0].number,),
        heading=measure_heading(group[0].raw),
    )


def _continues(group: Sequence[Line], line: Line, wrap: _Wrap | None) -> bool:
    """Tell whether a line goes on with the paragraph of the lines before it, in the same piece."""
    previous = group[-1]
    if measure_heading(line.raw) or measure_heading(previous.raw) or "|" in (previous.raw + line.raw):
        return False
    joined = "\n".join(each.raw for each in group)
    if joined.count("**") % 2 and "**" in line.raw:
        return True  # emphasis that is still open
    if wrap is None or max(len(previous.raw), len(line.raw)) > _LONGEST_WRAPPED_LINE * 1.5:
        return False
    has_room = len(previous.raw) + 1 + len(line.text.split(" ", 1)[0]) <= (
        wrap.first if len(group) == 1 else wrap.other
    )
    if _ARTICLE_ALONE.match(previous.text):
        return True
    is_ended = _ENDED.search(previous.text) is not None
    if _MARKER.match(line.text):
        # "giai đoạn 2026" / "- 2030", "kinh tế" / "- xã hội", "theo Điều" / "12. …"
        return _goes_on_behind_dash(line.text, previous.text) or _is_cut_reference(previous.text, line.text)
    if line.text[:1].islower() and (not is_ended or (wrap.paragraph == "blank" and previous.text.endswith(";"))):
        return True
    if wrap.paragraph == "indented":
        return line.indent < _INDENT_OF_A_PARAGRAPH
    # Where blank lines divide paragraphs, a first line that ends with a stop was only wrapped early.
    is_ended_paragraph = is_ended and (wrap.paragraph == "lines" or len(group) > 1)
    is_new = is_ended_paragraph or is_capital(previous.text) != is_capital(line.text)
    is_heading = previous.text[:1].isalnum() and _MARKER.match(previous.text) and not is_ended
    is_short = bool(is_heading) and len(previous.raw) < _SHORT_LINE * (wrap.first if len(group) == 1 else wrap.other)
    begins_new = line.text[:1].isupper() and (wrap.paragraph == "lines" or is_short)
    return not (has_room and (is_new or begins_new))


def _goes_on_behind_dash(line: str, previous: str) -> bool:
    """Tell whether a line that begins with a dash goes on: "2026" / "- 2030", not "đến năm 2030" / "- 100 % …"."""
    if not _OPEN_DASH.match(line) or _ENDED.search(previous):
        return False
    following = _FIRST_NUMBER.match(line)
    last = _LAST_NUMBER.search(previous)
    return following is None or (last is not None and int(last[1]) < int(following[1]))


def _is_cut_reference(previous: str, line: str) -> bool:
    """Tell whether a line's end cut a reference in two: "theo Điều" / "12. …", not "Chính quyền số" / "(1) 100 % …"."""
    word = _REFERENCE.search(previous)
    if word is None or not line[0].isalnum():
        return False
    return word[0].strip().lower() != "số" or _DOCUMENT_NUMBER.match(line) is not None


def has_marker(line: str) -> bool:
    """Tell whether a line begins with a section's number, a bullet or a word that opens a part."""
    return _MARKER.match(line) is not None


def starts_paragraph(line: str, previous: str) -> bool:
    """Tell whether a line behind a line break begins a paragraph: it has a marker, or the one before has ended."""
    is_ended = _ENDED.search(previous) is not None
    if _MARKER.match(line):
        return not _goes_on_behind_dash(line, previous) and not _is_cut_reference(previous, line)
    return (is_ended and line[:1].isupper()) or (is_capital(previous) and not is_capital(line))


def is_capital(text: str) -> bool:
    """Tell whether a text is in capitals, as titles are."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 3 and sum(letter.isupper() for letter in letters) >= 0.9 * len(letters)

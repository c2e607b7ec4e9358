"""Reads a Word document: numbers of lists, merged cells, tracked changes, footnotes, text boxes, old fonts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import docx
from docx.document import Document as WordDocument

from kpis.plan_import.documents.docx_fonts import convert_fonts
from kpis.plan_import.documents.docx_numbering import Numbering, read_numbering
from kpis.plan_import.documents.marks import clean_characters
from kpis.plan_import.documents.text_reader import build_table_block, starts_paragraph
from kpis.plan_import.model import Block

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHOICE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DELETED: Final = frozenset({f"{_W}del", f"{_W}moveFrom"})
_INSERTED: Final = frozenset({f"{_W}ins", f"{_W}moveTo"})
_FOOTNOTES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_SPACES: Final = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f]+")
_LONGEST_NESTING: Final = 40


@dataclass
class _Word:
    """A document under way: its lists, styles and footnotes, and what was left out."""

    numbering: Numbering
    style_lists: dict[str, tuple[str, int]]
    style_headings: dict[str, int]
    style_fonts: dict[str, str]
    footnotes: dict[str, str]
    notes: Counter[str] = field(default_factory=Counter)
    pending_footnotes: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)


def read_docx_blocks(path: Path) -> tuple[tuple[Block, ...], tuple[tuple[str, str], ...]]:
    """Return the blocks, and codes of what was left out or changed with their counts.

    Deleted text of tracked changes is left out, inserted text is in. A footnote stands behind its paragraph.
    """
    document = docx.Document(str(path))
    word = _open_word(document)
    blocks: list[Block] = []
    for element in _walk_blocks(document.element.body):
        if element.tag == f"{_W}tbl":
            if rows := _read_table(element, word, 0):
                blocks.append(build_table_block(len(blocks), rows))
            _add_boxes(word, blocks)
            continue
        lines = _split_breaks(_read_paragraph(element, word))
        _add_boxes(word, blocks)
        heading = _find_heading(element, word)
        blocks.extend(Block(len(blocks) + offset, line, heading=heading) for offset, line in enumerate(lines))
        for footnote in word.pending_footnotes:
            blocks.append(Block(len(blocks), footnote))
        word.pending_footnotes.clear()
    return tuple(blocks), tuple((code, str(count)) for code, count in sorted(word.notes.items()))


def _open_word(document: WordDocument) -> _Word:
    numbering = next(
        (
            part._element
            for part in document.part.package.iter_parts()
            if part.partname == "/word/numbering.xml" and hasattr(part, "_element")
        ),
        None,
    )
    word = _Word(read_numbering(numbering), {}, {}, {}, {})
    for style in document.styles.element.findall(f"{_W}style"):
        _read_style(style, word)
    for relation in document.part.rels.values():
        if relation.reltype == _FOOTNOTES and not relation.is_external:
            _read_footnotes(relation.target_part.blob, word)
    return word


def _read_style(style: Any, word: _Word) -> None:
    style_id = style.get(f"{_W}styleId")
    base = style.find(f"{_W}basedOn")
    parent = base.get(f"{_W}val") if base is not None else None
    if parent in word.style_lists:
        word.style_lists[style_id] = word.style_lists[parent]
    if parent in word.style_headings:
        word.style_headings[style_id] = word.style_headings[parent]
    if parent in word.style_fonts:
        word.style_fonts[style_id] = word.style_fonts[parent]
    properties = style.find(f"{_W}pPr")
    if properties is not None and (numbered := _read_list(properties)):
        word.style_lists[style_id] = numbered
    level = properties.find(f"{_W}outlineLvl") if properties is not None else None
    if level is not None and level.get(f"{_W}val", "9") < "9":
        word.style_headings[style_id] = int(level.get(f"{_W}val")) + 1
    if font := _read_font(style.find(f"{_W}rPr")):
        word.style_fonts[style_id] = font


def _read_footnotes(blob: bytes, word: _Word) -> None:
    from docx.oxml.parser import parse_xml

    for footnote in parse_xml(blob).findall(f"{_W}footnote"):
        if footnote.get(f"{_W}type") in {None, "normal"}:
            text = " ".join(_read_paragraph(paragraph, word) for paragraph in footnote.iter(f"{_W}p"))
            word.footnotes[footnote.get(f"{_W}id")] = text.strip()


def _walk_blocks(parent: Any) -> Iterator[Any]:
    """Yield paragraphs and tables in order, through content controls and tracked insertions."""
    for child in parent:
        if child.tag in {f"{_W}p", f"{_W}tbl"}:
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}smartTag", *_INSERTED}:
            yield from _walk_blocks(child)


def _read_table(table: Any, word: _Word, depth: int) -> list[list[str]]:
    """Return a table's texts; a merged cell repeats its text in every cell that it covers."""
    if depth > _LONGEST_NESTING:
        return []
    rows: list[list[str]] = []
    for row in _iterate(table, "tr"):
        properties = row.find(f"{_W}trPr")
        if properties is not None and properties.find(f"{_W}del") is not None:
            word.notes["deleted_rows"] += 1
            continue
        texts = [""] * _read_span(properties, "gridBefore", 0)
        for cell in _iterate(row, "tc"):
            cell_properties = cell.find(f"{_W}tcPr")
            merge = cell_properties.find(f"{_W}vMerge") if cell_properties is not None else None
            is_continued = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
            at = len(texts)
            text = rows[-1][at] if is_continued and rows and at < len(rows[-1]) else _read_cell(cell, word, depth)
            texts += [text] * max(1, _read_span(cell_properties, "gridSpan", 1))
        if any(texts):
            rows.append(texts)
    return rows


def _read_cell(cell: Any, word: _Word, depth: int) -> str:
    parts: list[str] = []
    for element in _walk_blocks(cell):
        if element.tag == f"{_W}tbl":
            parts += [" ".join(filter(None, row)) for row in _read_table(element, word, depth + 1)]
        else:
            parts += _split_breaks(_read_paragraph(element, word))
    parts += word.pending_footnotes
    word.pending_footnotes.clear()
    return "\n".join(part for part in parts if part)


def _iterate(parent: Any, name: str) -> Iterator[Any]:
    """Yield rows of a table or cells of a row, through content controls and tracked insertions."""
    for child in parent:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", *_INSERTED}:
            yield from _iterate(child, name)


def _read_span(properties: Any, name: str, default: int) -> int:
    element = properties.find(f"{_W}{name}") if properties is not None else None
    return default if element is None else int(element.get(f"{_W}val", default))


def _read_paragraph(paragraph: Any, word: _Word) -> str:
    properties = paragraph.find(f"{_W}pPr")
    style = _get_style(properties)
    pieces: list[tuple[str, str]] = []
    _collect(paragraph, word, word.style_fonts.get(style or "", ""), pieces, 0)
    text = clean_characters(convert_fonts(pieces))
    label = _count_label(properties, style, word) if text.strip() or _is_in_cell(paragraph) else ""
    return f"{label} {text}".strip() if label else text.strip()


def _count_label(properties: Any, style: str | None, word: _Word) -> str:
    direct = _read_list(properties) if properties is not None else None
    numbered = direct or word.style_lists.get(style or "")
    if numbered is None or numbered[0] == "0":
        return ""
    return word.numbering.count(*numbered)


def _is_in_cell(paragraph: Any) -> bool:
    """An empty paragraph shows its number in a cell: a column of numbers that Word counts."""
    parent = paragraph.getparent()
    return parent is not None and parent.tag == f"{_W}tc"


def _read_list(properties: Any) -> tuple[str, int] | None:
    numbering = properties.find(f"{_W}numPr")
    list_id = numbering.find(f"{_W}numId") if numbering is not None else None
    if list_id is None:
        return None
    level = numbering.find(f"{_W}ilvl")
    return list_id.get(f"{_W}val", "0"), int(level.get(f"{_W}val", "0")) if level is not None else 0


def _get_style(properties: Any) -> str | None:
    style = properties.find(f"{_W}pStyle") if properties is not None else None
    return style.get(f"{_W}val") if style is not None else None


def _find_heading(paragraph: Any, word: _Word) -> int | None:
    properties = paragraph.find(f"{_W}pPr")
    level = properties.find(f"{_W}outlineLvl") if properties is not None else None
    if level is not None and level.get(f"{_W}val", "9") < "9":
        return int(level.get(f"{_W}val")) + 1
    return word.style_headings.get(_get_style(properties) or "")


def _collect(element: Any, word: _Word, font: str, pieces: list[tuple[str, str]], depth: int) -> None:
    """Collect the texts of a paragraph with their fonts; text boxes are put aside."""
    if depth > _LONGEST_NESTING:
        return
    for child in element:
        tag = child.tag
        if tag in _DELETED:
            word.notes["deleted_text"] += 1
        elif tag == f"{_W}r":
            properties = child.find(f"{_W}rPr")
            if properties is not None and properties.find(f"{_W}vanish") is not None:
                word.notes["hidden_text"] += 1
                continue
            _collect(child, word, _read_font(properties) or font, pieces, depth + 1)
        elif tag == f"{_W}t":
            pieces.append((font, child.text or ""))
        elif tag in {f"{_W}br", f"{_W}cr"}:
            pieces.append((font, "\n" if child.get(f"{_W}type") in {None, "textWrapping"} else " "))
        elif tag == f"{_W}tab":
            pieces.append((font, " "))
        elif tag == f"{_W}noBreakHyphen":
            pieces.append((font, "-"))
        elif tag == f"{_W}footnoteReference":
            if footnote := word.footnotes.get(child.get(f"{_W}id")):
                word.pending_footnotes.append(footnote)
        elif tag == f"{_W}txbxContent":
            word.boxes.append(child)
        elif tag in _INSERTED:
            word.notes["inserted_text"] += 1
            _collect(child, word, font, pieces, depth + 1)
        elif tag not in {_FALLBACK, f"{_W}pPr", f"{_W}rPr", f"{_W}instrText", f"{_W}delText"}:
            _collect(child, word, font, pieces, depth + 1)


def _add_boxes(word: _Word, blocks: list[Block]) -> None:
    """Add the paragraphs and tables of text boxes, as found in the last paragraph or table."""
    boxes, word.boxes = word.boxes, []
    for box in boxes:
        for element in _walk_blocks(box):
            if element.tag == f"{_W}tbl":
                blocks.append(build_table_block(len(blocks), _read_table(element, word, 1)))
            else:
                for line in _split_breaks(_read_paragraph(element, word)):
                    blocks.append(Block(len(blocks), line))
        word.notes["text_boxes"] += 1
    word.boxes = []


def _split_breaks(text: str) -> list[str]:
    """Return the lines of a paragraph; a line break within a sentence is a space."""
    lines: list[str] = []
    for line in (_SPACES.sub(" ", line).strip() for line in text.split("\n")):
        if not line:
            continue
        if lines and not starts_paragraph(line, lines[-1]):
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    return lines


def _read_font(properties: Any) -> str | None:
    fonts = properties.find(f"{_W}rFonts") if properties is not None else None
    if fonts is None:
        return None
    name: str | None = fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi")
    return name

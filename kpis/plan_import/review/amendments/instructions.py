"""The clauses of an amending document: what each does, to which part of the plan, and the blocks of its new text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kpis.plan_import.model import OutlinedBlock
from kpis.plan_import.outline import find_marker
from kpis.plan_import.proposals.folding import fold_text
from kpis.plan_import.review.amendments.references import Reference, read_reference

Action = Literal["change", "add", "repeal", "replace_words"]

_REPLACES = r"(?:thay(?: thế)?|sửa(?: đổi)?|điều chỉnh|đính chính)"
_ACTIONS: tuple[tuple[Action, re.Pattern[str]], ...] = (
    (
        "replace_words",
        re.compile(
            rf"{_REPLACES} (?:các )?(?:cụm )?từ|{_REPLACES} (?:con )?số\s*[“\"]|(?:bỏ|bổ sung) (?:cụm )?từ(?!\w)"
        ),
    ),
    ("repeal", re.compile(r"(?:bãi bỏ|hủy bỏ|huỷ bỏ|bỏ|không thực hiện|kết thúc thực hiện)(?!\w)")),
    ("change", re.compile(rf"{_REPLACES}(?!\w)")),
    ("add", re.compile(r"bổ sung(?!\w)")),
)
_QUOTED = re.compile(r"[“\"](?P<text>[^”\"]*)[”\"]")
_OPENING, _CLOSING = "“", "”"
_GENERAL = re.compile(r"một số (?:nội dung|điều|điểm|khoản|chỉ tiêu|nhiệm vụ|mục tiêu)|các nội dung sau")
_UNTIL = re.compile(r"(?:như sau|sau đây|thành)\s*:")


@dataclass(frozen=True)
class Instruction:
    """One clause. `start` is its block, `end` the block behind its last (positions among the outlined blocks).

    `quoted`: the texts in quotes of the clause's own sentence, like the words to replace and those that replace them.
    """

    action: Action
    reference: Reference
    sentence: str
    quoted: tuple[str, ...]
    start: int
    end: int

    def contains(self, block: int) -> bool:
        """True if a block is of this clause."""
        return self.start <= block < self.end


def list_instructions(outlined: Sequence[OutlinedBlock]) -> list[Instruction]:
    """Return the clauses of an amending document in its order; a heading that only opens a list of them is none."""
    instructions: list[Instruction] = []
    parents: dict[str, Reference] = {}
    is_quoted = False
    for position, item in enumerate(outlined):
        if item.zone in {"letterhead", "preamble", "recipients"} or item.block.is_table:
            continue
        text = item.block.text
        starts_quoted, is_quoted = is_quoted, _is_open(text, is_quoted=is_quoted)
        if starts_quoted or text.lstrip().startswith((_OPENING, '"')):
            continue
        instruction = _read_instruction(item, position, parents)
        if instruction is not None:
            instructions.append(instruction)
        elif _starts_article(text) and instructions:
            instructions[-1] = replace(instructions[-1], end=min(instructions[-1].end, position))
    ends = [*(each.start for each in instructions), len(outlined)][1:]
    return [replace(each, end=min(each.end, end)) for each, end in zip(instructions, ends, strict=True)]


def _read_instruction(
    item: OutlinedBlock, position: int, parents: dict[str, Reference]
) -> Instruction | None:  # fmt: skip
    marker = find_marker(item.block.text)
    text = marker[2] if marker else item.block.text
    sentence = _UNTIL.split(text)[0]
    outside = _QUOTED.sub(" ", sentence)
    action = _find_action(sentence)
    if action is None:
        return None
    parent = next((parents[title] for title in reversed(item.titles) if title in parents), None)
    reference = read_reference(outside, parent)
    parents[item.block.text] = reference
    if reference.is_empty and _GENERAL.search(fold_text(outside)):
        return None
    quoted = tuple(match["text"].strip() for match in _QUOTED.finditer(sentence))
    return Instruction(action, reference, sentence, quoted, position, 1 << 30)


def _find_action(sentence: str) -> Action | None:
    """Return what the first words of a clause say that it does; "sửa đổi, bổ sung" changes."""
    folded = fold_text(sentence).lstrip(" -–+*•")
    matches = [(match.start(), order, action) for order, (action, pattern) in enumerate(_ACTIONS)
               if (match := pattern.search(folded)) and match.start() <= _FAR]  # fmt: skip
    return min(matches)[2] if matches else None


_FAR = 40
"""Characters before the verb, as in "Tại điểm a khoản 2 mục II: thay …"."""


def _is_open(text: str, *, is_quoted: bool) -> bool:
    """Tell whether a quotation goes on behind a block."""
    for letter in text:
        if letter == _OPENING:
            is_quoted = True
        elif letter == _CLOSING:
            is_quoted = False
    return is_quoted


def _starts_article(text: str) -> bool:
    marker = find_marker(text)
    return marker is not None and marker[0] == "article"

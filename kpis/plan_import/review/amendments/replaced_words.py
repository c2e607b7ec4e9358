"""Clauses that replace words: "thay thế cụm từ “90%” bằng cụm từ “95%”", "bỏ cụm từ …", "bổ sung cụm từ …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from kpis.language.normalization import clean, fold
from kpis.plan_import.documents.text_reader import read_text_blocks
from kpis.plan_import.model import Document
from kpis.plan_import.proposals.folding import fold_text
from kpis.plan_import.propose import propose
from kpis.plan_import.review.amendments.instructions import Instruction
from kpis.plan_import.review.draft.build import list_target_rows
from kpis.plan_import.review.draft.model import DraftRow

_TEXT_FIELDS = ("title", "leads", "coordinators", "output", "schedule", "lead", "unit")
_NUMBER = re.compile(r"(?P<number>[0-9][0-9.]*(?:,[0-9]+)?)\s*(?P<percent>%)?")
_VALUES = ("measure", "comparator", "floor", "stretch", "by_year")


def replace_words(clause: DraftRow, instruction: Instruction, entries: Sequence[DraftRow]) -> Iterator[DraftRow]:
    """Yield a row for each entry that has the words; none if the clause does not say by which to replace them."""
    pair = _read_pair(instruction)
    if pair is None:
        return
    old, new = pair
    for entry in entries:
        values = _replace_in(entry, old, new)
        if values != dict(entry.proposed):
            values |= {"effect": "change", "amends": entry.id}
            proposed = {name: text for name, text in values.items() if text}
            yield replace(clause, kind=entry.kind, proposed=proposed)


def _read_pair(instruction: Instruction) -> tuple[str, str] | None:
    folded, quoted = fold_text(instruction.sentence), instruction.quoted
    if re.search(r"(?<!\w)bỏ (?:cụm )?từ", folded):
        return (quoted[0], "") if len(quoted) == 1 else None
    if len(quoted) != 2 or not all(quoted):
        return None
    if re.search(r"bổ sung (?:cụm )?từ", folded):
        added, anchor = quoted
        if "sau" in folded:
            return anchor, f"{anchor} {added}"
        return (anchor, f"{added} {anchor}") if "trước" in folded else None
    return quoted[0], quoted[1]


def _replace_in(entry: DraftRow, old: str, new: str) -> dict[str, str]:
    values = dict(entry.proposed)
    for name in _TEXT_FIELDS:
        if name in values:
            values[name] = _replace_text(values[name], old, new)
    if entry.kind == "target":
        values |= _replace_value(entry, old, new)
    return values


def _replace_value(entry: DraftRow, old: str, new: str) -> dict[str, str]:
    """Return the value of the clause with other words in it; without a clause only the number itself is replaced."""
    changed = _replace_text(entry.quote, old, new)
    old_value, new_value = _propose_value(entry.quote), _propose_value(changed)
    if changed != entry.quote and old_value is not None and new_value is not None:
        same = old_value.get("floor") == entry.proposed.get("floor")
        return (
            {name: new_value.get(name, "") for name in _VALUES if new_value.get(name) != old_value.get(name)}
            if same
            else {}
        )
    numbers = _read_number(old), _read_number(new)
    if numbers[0] is not None and numbers[0] == entry.proposed.get("floor") and numbers[1] is not None:
        return {"floor": numbers[1]}
    return {}


def _propose_value(clause: str) -> dict[str, str] | None:
    """Return the only value that a clause proposes; None for none or several."""
    text = f"I. MỤC TIÊU\n\n- {clean(clause).lstrip('-–—+•* “')}\n"
    rows = list(list_target_rows(propose(Document("", "", read_text_blocks(text))).targets))
    return dict(rows[0].proposed) if len(rows) == 1 else None


def _replace_text(text: str, old: str, new: str) -> str:
    """Replace words as they are, or in another case or spelling of spaces; never a part of a number or word."""
    pattern = r"\s*".join(re.escape(part) for part in re.findall(r"[^\s%]+|%", old))
    return clean(
        re.sub(rf"(?<!\w)(?<![0-9][.,]){pattern}(?!\w)(?![.,][0-9])", lambda _: new, text, flags=re.IGNORECASE)
    )


def _read_number(text: str) -> str | None:
    match = _NUMBER.fullmatch(fold(text))
    if match is None:
        return None
    try:
        number = Decimal(match["number"].replace(".", "").replace(",", "."))
    except InvalidOperation:
        return None
    return f"{number.normalize():f}" + ("%" if match["percent"] else "")

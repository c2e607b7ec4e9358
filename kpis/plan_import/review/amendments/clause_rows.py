"""Every clause of an amending document as rows: what it changes, ends or adds; what is not understood is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from kpis.language.normalization import clean, fold
from kpis.plan_import.model import OutlinedBlock, Place
from kpis.plan_import.review.amendments.instructions import Instruction
from kpis.plan_import.review.amendments.matching import (
    ALIKE_ANYWHERE,
    SAME,
    find_alike,
    find_match,
    list_referred,
)
from kpis.plan_import.review.amendments.merging import build_repeal, list_changed, merge_clause
from kpis.plan_import.review.amendments.references import Reference
from kpis.plan_import.review.amendments.replaced_words import replace_words
from kpis.plan_import.review.draft.model import DraftRow

_MARK = re.compile(r"^(?:[-–—+•*·\s]+|[a-zđ]\)\s*|\d{1,2}(?:\.\d{1,2})*[.)]\s+)")
_QUOTES = "“”\"'«» "


@dataclass
class ClauseRows:
    """What the document changes. `unclear`: clauses that no row was made of. `understood`: those with rows, by block.

    `missing`: codes of entries in force that the new text of their section, or the new plan, does not have.
    """

    rows: list[DraftRow] = field(default_factory=list)
    unclear: list[DraftRow] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    understood: dict[int, Instruction] = field(default_factory=dict)


class ClauseReader:
    """Reads the clauses of a document against the entries in force. `entries`, `proposed`: rows of all kinds."""

    def __init__(
        self, outlined: Sequence[OutlinedBlock], entries: Sequence[DraftRow], proposed: Sequence[DraftRow]
    ) -> None:
        self._outlined = outlined
        self._entries = entries
        self._positions = {item.block.index: position for position, item in enumerate(outlined)}
        self._proposed = [_strip_quotes(row) for row in proposed]
        self._result = ClauseRows()
        self._matched_codes: set[str] = set()

    def read(self, instructions: Sequence[Instruction]) -> ClauseRows:
        """Return the rows of an amending document: of its clauses, and of promises outside any clause."""
        remaining = list(self._proposed)
        for instruction in instructions:
            content = [row for row in remaining if row.place and self._is_in(instruction, row.place)]
            remaining = [row for row in remaining if row not in content]
            count = len(self._result.rows)
            self._read_instruction(instruction, content)
            if len(self._result.rows) > count:
                self._result.understood[self._outlined[instruction.start].block.index] = instruction
            else:
                self._result.unclear.append(self._build_unclear(instruction))
        self._result.rows += [self._match_anywhere(row) for row in remaining]
        return self._result

    def read_whole(self) -> ClauseRows:
        """Return what a full replacement text changes; entries that it has unchanged get no row."""
        for row in self._proposed:
            clause = self._match_anywhere(row)
            entry = next((entry for entry in self._entries if entry.id == clause.proposed.get("amends")), None)
            if entry is None or list_changed(clause, entry):
                self._result.rows.append(clause)
        self._result.missing = {entry.id for entry in self._entries if entry.id not in self._matched_codes}
        return self._result

    def _is_in(self, instruction: Instruction, place: Place) -> bool:
        position = self._positions.get(place.block, -1)
        is_sentence = position == instruction.start and instruction.action == "replace_words"
        return instruction.contains(position) and not is_sentence

    def _read_instruction(self, instruction: Instruction, content: Sequence[DraftRow]) -> None:
        match instruction.action:
            case "repeal":
                self._result.rows += self._list_repeals(instruction)
            case "replace_words":
                clause = self._build_clause_row(instruction)
                pool = list_referred(instruction.reference, self._entries)
                entries = pool or ([] if not instruction.reference.is_empty else self._entries)
                self._result.rows += replace_words(clause, instruction, entries or self._entries)
            case "add":
                self._result.rows += [self._add(instruction, row) for row in content]
            case "change":
                self._change(instruction, content)

    def _list_repeals(self, instruction: Instruction) -> Iterator[DraftRow]:
        """Yield a row for each entry that a clause ends; a paragraph of a section is known by its wording alone."""
        clause, reference = self._build_clause_row(instruction), instruction.reference
        entries = list_referred(reference, self._entries)
        if instruction.quoted and (reference.names_bullet or not entries):
            quoted = replace(clause, kind="target", quote=" ".join(instruction.quoted))
            match = find_alike(quoted, entries or self._entries, ALIKE_ANYWHERE)
            entries = [each for each in self._entries if match and each.in_force_id == match.in_force_id]
        elif reference.names_bullet:
            entries = []
        numbers = {entry.in_force_id for entry in entries}
        if reference.tasks and len(numbers) > len(reference.tasks):
            return  # the same numbers in several sections
        for entry in entries:
            self._matched_codes.add(entry.id)
            yield build_repeal(clause, entry)

    def _add(self, instruction: Instruction, row: DraftRow) -> DraftRow:
        same = find_alike(row, self._list_free(row), SAME)
        return self._merge(instruction, row, same) if same else self._build_addition(row, instruction)

    def _change(self, instruction: Instruction, content: Sequence[DraftRow]) -> None:
        reference = instruction.reference
        for row in content:
            is_alone = sum(other.kind == row.kind for other in content) == 1
            named = self._find_quoted(instruction, row) if is_alone else None
            entry = named or find_match(row, reference, self._list_free(row), is_alone=is_alone)
            if entry is not None:
                self._result.rows.append(self._merge(instruction, row, entry))
            elif reference.is_empty:
                self._result.rows.append(self._match_anywhere(row))
            else:
                self._result.rows.append(self._build_addition(row, instruction, effect=""))
        if content and not reference.names_bullet and not instruction.quoted:
            kinds = {row.kind for row in content}
            referred = [entry for entry in list_referred(reference, self._entries) if entry.kind in kinds]
            self._result.missing |= {entry.id for entry in referred if entry.id not in self._matched_codes}

    def _find_quoted(self, instruction: Instruction, row: DraftRow) -> DraftRow | None:
        """Return the entry that a clause quotes: "sửa đổi chỉ tiêu “…” thành: …"."""
        if not instruction.quoted:
            return None
        quoted = replace(row, quote=instruction.quoted[0], proposed={**row.proposed, "title": instruction.quoted[0]})
        free = self._list_free(row)
        return find_alike(quoted, list_referred(instruction.reference, free) or free, ALIKE_ANYWHERE)

    def _match_anywhere(self, row: DraftRow) -> DraftRow:
        entry = find_match(row, Reference(), self._list_free(row), is_alone=False)
        return self._merge(None, row, entry) if entry else self._build_addition(row, None)

    def _merge(self, instruction: Instruction | None, row: DraftRow, entry: DraftRow) -> DraftRow:
        self._matched_codes.add(entry.id)
        return self._with_sentence(merge_clause(row, entry), instruction)

    def _build_addition(self, row: DraftRow, instruction: Instruction | None, effect: str = "add") -> DraftRow:
        sections = instruction.reference.sections if instruction else ()
        proposed = {
            **row.proposed,
            **({"effect": effect} if effect else {}),
            **({"plan_section": sections[0]} if sections else {}),
        }
        if row.kind == "task" and instruction and instruction.reference.annex_section:
            proposed.setdefault("section", instruction.reference.annex_section)
        return self._with_sentence(replace(row, proposed=proposed), instruction)

    def _with_sentence(self, row: DraftRow, instruction: Instruction | None) -> DraftRow:
        """Put the clause's own sentence, which says where its new text belongs, in front of that text."""
        row = replace(row, role="clause", needs_decision=True)
        if instruction is None or row.place is None or self._positions[row.place.block] == instruction.start:
            return row
        sentence = self._outlined[instruction.start].block.text
        return row if row.quote in sentence else replace(row, quote=f"{sentence}\n{row.quote}")

    def _list_free(self, row: DraftRow) -> list[DraftRow]:
        return [entry for entry in self._entries if entry.kind == row.kind and entry.id not in self._matched_codes]

    def _build_clause_row(self, instruction: Instruction) -> DraftRow:
        item = self._outlined[instruction.start]
        block = item.block
        place = Place(item.section, block.page, block.index, next(iter(block.lines), None))
        return DraftRow("", "target", block.text, place, {}, role="clause")

    def _build_unclear(self, instruction: Instruction) -> DraftRow:
        """Return a clause that nothing was made of, to be decided on like a number that is left over."""
        row = self._build_clause_row(instruction)
        text = clean(instruction.sentence)
        return replace(row, kind="number", role="proposal", proposed={"text": text})


def _strip_quotes(row: DraftRow) -> DraftRow:
    """Return a row of a text that a clause quotes, without the quotation marks."""
    names = ("title", "indicator", "output", "unit")
    stripped = {name: text.strip(_QUOTES) if name in names else text for name, text in row.proposed.items()}
    title = re.sub(r"[”“\"]", "", stripped.get("title", ""))
    stripped["title"] = _MARK.sub("", title).strip().rstrip(" ;.,:")
    return replace(row, proposed={name: text for name, text in stripped.items() if text})


def list_read_numbers(instruction: Instruction) -> list[str]:
    """Return the numbers of a clause's own sentence that say where it applies, or which words it replaces."""
    quoted = {number for text in instruction.quoted for number in re.findall(r"[0-9]+", fold(text))}
    numbers = re.findall(r"[0-9]+", instruction.sentence)
    return [number for number in numbers if number in quoted or number in instruction.reference.numbers]

"""Where the clause of a row stands within a block of the document's text."""

from __future__ import annotations

from kpis.plan_import.review.draft.model import DraftRow, TextBlock


def locate_clause(block: TextBlock, row: DraftRow) -> tuple[int, int]:
    """Return first and last character (exclusive) of a row's clause in its block; the whole block if it is unclear.

    Spaces and line ends do not count. A task is looked for by its number and title, which may be printed twice.
    """
    numbered = f"{row.proposed.get('number', '')}{row.quote}"
    number = row.proposed.get("text", "") if row.kind == "number" else ""
    for words in (numbered, row.quote, row.quote.strip("…"), number):
        if words and (span := _find(block.text, words)) is not None:
            return span
    return 0, len(block.text)


def _find(text: str, words: str) -> tuple[int, int] | None:
    positions = [position for position, character in enumerate(text) if not character.isspace()]
    packed, wanted = "".join(text[position] for position in positions), "".join(words.split())
    start = packed.find(wanted)
    if start < 0 or not wanted:
        return None
    return positions[start], positions[start + len(wanted) - 1] + 1

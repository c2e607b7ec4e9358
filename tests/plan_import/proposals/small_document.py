"""Small outlined documents for tests of proposals: lines of text, and tables of cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from kpis.plan_import.model import Block, LedgerEntry, OutlinedBlock, ProposedMilestone, ProposedTarget
from kpis.plan_import.proposals import propose_targets

Zone = Literal["letterhead", "preamble", "goals", "body", "duties", "recipients", "annex"]
GOALS = ("II. MỤC TIÊU", "2. Mục tiêu cụ thể đến năm 2030")
BODY = ("III. NHIỆM VỤ, GIẢI PHÁP",)


def outline(
    *texts: str | Sequence[Sequence[str]], titles: tuple[str, ...] = GOALS, zone: Zone = "goals"
) -> list[OutlinedBlock]:
    """Return blocks under the same headings, in reading order; rows of cells are a table. A block a line."""
    blocks = []
    line = 1
    for index, text in enumerate(texts):
        if isinstance(text, str):
            block = Block(index, text, lines=(line,))
            line += 1
        else:
            rows = tuple(tuple(row) for row in text)
            lines = tuple(range(line, line + len(rows)))
            block = Block(index, "\n".join("\t".join(row) for row in rows), rows, lines=lines)
            line += len(rows)
        blocks.append(OutlinedBlock(block, "II.2", titles, zone))
    return blocks


def propose(
    *texts: str | Sequence[Sequence[str]], titles: tuple[str, ...] = GOALS, zone: Zone = "goals"
) -> tuple[ProposedTarget, ...]:
    """Return the targets of blocks under the same headings."""
    return propose_targets(outline(*texts, titles=titles, zone=zone))[0]


def list_milestones(*texts: str, titles: tuple[str, ...] = GOALS) -> tuple[ProposedMilestone, ...]:
    """Return the milestones of paragraphs under the same headings."""
    return propose_targets(outline(*texts, titles=titles))[1]


def read_ledger(
    *texts: str | Sequence[Sequence[str]], titles: tuple[str, ...] = GOALS, zone: Zone = "goals"
) -> tuple[LedgerEntry, ...]:
    """Return what became of each number."""
    return propose_targets(outline(*texts, titles=titles, zone=zone))[2]


def summarise(target: ProposedTarget) -> str:
    """Return measure, comparator and values in one line, for comparison in tests."""
    values = f"{target.floor}" if target.stretch is None else f"{target.floor}..{target.stretch}"
    return f"{target.measure} {target.comparator} {values}"

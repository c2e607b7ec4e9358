"""What a document consists of, and what is proposed from it (design.md §3).

A `Document` is what a reader returns, whatever the file's format. A `Proposal` is what `kpis plan import` prints
and what a reviewer decides on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from kpis.register.model import Force, ReportingDay

ProposedMeasure = Literal["ratio", "coverage", "count", "amount", "change", "carried"]
ProposedComparator = Literal[">=", ">", "<=", "<", "=", "~"]
ProposedRecurrence = Literal["yearly", "once", "by_end", "standing", "quarterly", "monthly", "half_yearly"]
LedgerOutcome = Literal["proposed", "masked", "left_over"]


@dataclass(frozen=True)
class Block:
    """One paragraph, or one table with its rows of cell texts.

    `lines` are the first line of each paragraph or table row in a plain text, counted from 1; empty in other formats.
    `page` is counted from 1 and is None where the format has no pages. `heading` is the level of a heading that the
    file itself marks (a Word style, Markdown's #), counted from 1. Merged cells repeat their text in every cell.
    """

    index: int
    text: str
    rows: tuple[tuple[str, ...], ...] = ()
    page: int | None = None
    lines: tuple[int, ...] = ()
    heading: int | None = None

    @property
    def is_table(self) -> bool:
        """Tell whether the block is a table; `text` then holds its rows, cells separated by tabs."""
        return bool(self.rows)


@dataclass(frozen=True)
class Document:
    """A document as read: its blocks in reading order. `notes` are codes of what was left out, with their values."""

    file_name: str
    sha256: str
    blocks: tuple[Block, ...]
    page_count: int | None = None
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Place:
    """Where something stands: `section` as printed ("II.2.c"), page, block index, and the line of a plain text."""

    section: str | None
    page: int | None
    block: int
    line: int | None = None


@dataclass(frozen=True)
class OutlinedBlock:
    """A block with what the outline knows of it.

    `section`: the numbers of the headings above it, as printed, joined by "." ("II.2.a"). `titles`: the texts of
    those headings, outermost first, its own bullet parent last. `zone`: what this part of the document is.
    """

    block: Block
    section: str | None
    titles: tuple[str, ...]
    zone: Literal["letterhead", "preamble", "goals", "body", "duties", "recipients", "annex"]


@dataclass(frozen=True)
class ProposedTarget:
    """One promise with one value. Values of one promise in stages share `group`.

    `floor` and `stretch` are fractions for ratio, coverage and change (1 is 100 %, a reduction is negative), else the
    clause's own number. `recurrence` and `by_year` are None where the text does not state them. `confidence`: 0 to 1.
    `baseline`: the figure of the past that the clause or the table's row states, a fraction for ratio and coverage;
    `baseline_year` is None where no year stands beside it.
    """

    quote: str
    place: Place
    measure: ProposedMeasure
    comparator: ProposedComparator
    floor: Decimal
    stretch: Decimal | None = None
    unit: str | None = None
    recurrence: ProposedRecurrence | None = None
    by_year: int | None = None
    each: int | None = None
    indicator: str | None = None
    group: str | None = None
    force: Force = "binding"
    confidence: Decimal = Decimal(1)
    baseline: Decimal | None = None
    baseline_year: int | None = None


@dataclass(frozen=True)
class ProposedMilestone:
    """One thing to be done once, by a day or year if the text states one."""

    quote: str
    place: Place
    title: str
    by_year: int | None = None
    recurrence: ProposedRecurrence | None = None
    force: Force = "binding"
    confidence: Decimal = Decimal(1)


@dataclass(frozen=True)
class ProposedTask:
    """One row of an annex of tasks, as printed. A cell that cannot be read for certain is empty."""

    section: str | None
    number: str | None
    title: str
    leads: tuple[str, ...]
    coordinators: tuple[str, ...]
    output: str | None
    schedule: str | None
    place: Place


@dataclass(frozen=True)
class ProposedAgency:
    """An agency that the text names. `known_as`: the name of the province's standing agency, if it is one."""

    name: str
    kind: str
    known_as: str | None
    nearest: str | None
    place: Place


@dataclass(frozen=True)
class Header:
    """The document's own data. Each is right or None."""

    number: str | None = None
    issued_on: date | None = None
    issuer: str | None = None
    title: str | None = None
    start_year: int | None = None
    end_year: int | None = None
    reporting_days: tuple[ReportingDay, ...] = ()


@dataclass(frozen=True)
class LedgerEntry:
    """One number of the text and what became of it. `reason` is a code for masked numbers, else None."""

    text: str
    place: Place
    outcome: LedgerOutcome
    reason: str | None = None


@dataclass(frozen=True)
class Proposal:
    """Everything that is proposed from one document."""

    header: Header
    targets: tuple[ProposedTarget, ...] = ()
    milestones: tuple[ProposedMilestone, ...] = ()
    tasks: tuple[ProposedTask, ...] = ()
    agencies: tuple[ProposedAgency, ...] = ()
    ledger: tuple[LedgerEntry, ...] = field(default=())

"""Targets, milestones and the ledger of one document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpis.plan_import.model import LedgerEntry, OutlinedBlock, ProposedMilestone, ProposedTarget
from kpis.plan_import.proposals.ledger import Account, open_account
from kpis.plan_import.proposals.milestones import find_milestones
from kpis.plan_import.proposals.passages import Passage, read_passages
from kpis.plan_import.proposals.stages import join_stages
from kpis.plan_import.proposals.table_columns import Column
from kpis.plan_import.proposals.tables import find_columns, read_table
from kpis.plan_import.proposals.targets import find_targets
from kpis.plan_import.proposals.universals import find_universals

_CAPTION_BLOCKS = 3
_LONGEST_DIVIDING = 120


@dataclass(frozen=True)
class _Read:
    """A passage that was read: its numbers and its targets; `is_parent`: others stand under it."""

    account: Account
    targets: list[ProposedTarget]
    is_parent: bool = False


def propose_targets(
    outlined: Sequence[OutlinedBlock], first_year: int | None = None
) -> tuple[tuple[ProposedTarget, ...], tuple[ProposedMilestone, ...], tuple[LedgerEntry, ...]]:
    """Return what a document promises, in its order, and what became of each of its numbers.

    `first_year` is the plan's: columns of tables for earlier years tell what has been.

    Returns:
        targets, milestones, and one ledger entry for every number token of every block (`numbers.find_numbers`).
    """
    read = _drop_repeated(list(_read_in_order(outlined, first_year)))
    prose = [
        (item.account, item.is_parent)
        for item in read
        if not item.account.passage.is_cell and not item.account.is_repeated
    ]
    milestones = tuple(find_milestones(prose))
    targets = join_stages([target for item in read for target in item.targets])
    ledger = tuple(entry for item in read for entry in item.account.list_entries())
    return tuple(targets), milestones, ledger


def _read_in_order(outlined: Sequence[OutlinedBlock], first_year: int | None) -> Iterator[_Read]:
    passages = {passage.outlined.block.index: passage for passage in read_passages(outlined)}
    parents = {title for item in outlined for title in item.titles}
    above: list[str] = []
    columns: list[Column] = []
    divided = 0
    for item in outlined:
        if item.block.is_table:
            caption = " ".join((*item.titles[-1:], *above[-_CAPTION_BLOCKS:]))
            columns = find_columns(item.block.rows, first_year, columns if _is_divided(above[divided:]) else ())
            divided = len(above)
            for account, targets in read_table(item, caption, columns):
                is_read = bool(targets or account.outcomes)  # a title, a row's number and a past figure promise nothing
                yield _Read(account, targets if is_read else list(find_targets(account, first_year)))
        elif passage := passages.get(item.block.index):
            account = open_account(passage)
            targets = [*find_targets(account, first_year), *find_universals(account)]
            yield _Read(account, targets, is_parent=item.block.text in parents)
            above.append(item.block.text)


def _is_divided(between: Sequence[str]) -> bool:
    """Tell whether no more than one short line stands between two tables: a row merged over all columns."""
    return len(between) <= 1 and all(len(text) <= _LONGEST_DIVIDING for text in between)


def _drop_repeated(read: list[_Read]) -> list[_Read]:
    """Keep the last of paragraphs that stand twice word for word (a page's preview of its own document)."""
    last = {
        item.account.passage.text: position for position, item in enumerate(read) if _is_sentence(item.account.passage)
    }
    remaining = []
    for position, item in enumerate(read):
        if last.get(item.account.passage.text, position) != position:
            item.account.mark_repeated()
            remaining.append(_Read(item.account, [], item.is_parent))
        else:
            remaining.append(item)
    return remaining


def _is_sentence(passage: Passage) -> bool:
    return not passage.is_cell and len(passage.text.split()) > _CAPTION_BLOCKS

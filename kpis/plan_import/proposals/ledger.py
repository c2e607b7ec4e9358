"""The ledger of a text's numbers: each is proposed, masked with a reason, or left over."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

from kpis.plan_import.model import LedgerEntry, LedgerOutcome
from kpis.plan_import.proposals.masks import find_masks
from kpis.plan_import.proposals.numbers import NumberToken, find_numbers
from kpis.plan_import.proposals.passages import Passage

_BARE_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_QUANTITY = re.compile(
    r"(?:ít nhất|tối thiểu|trên|hơn|khoảng|đạt|được|có|cho|tổ chức|xây dựng|thu hút|đào tạo|hỗ trợ|lên|tạo|"
    r"vận động|không quá|từ)\s*$"
)
_COUNTED = re.compile(r"\s*(?!(?:đạt|phấn đấu|có|là|và|trên|đến|cơ bản|toàn|tỷ lệ|số|các|bảo đảm)(?!\w))[^\W\d_]|\s*%")


@dataclass
class Account:
    """The numbers of one passage, masked ones with their reason; `outcomes` is filled while they are read.

    `masked` is the folded text with "\\0" in place of every masked part.
    """

    passage: Passage
    tokens: list[NumberToken]
    reasons: Mapping[int, str]
    masked: str
    outcomes: dict[int, tuple[LedgerOutcome, str | None]] = field(default_factory=dict)
    is_repeated: bool = False

    @property
    def live(self) -> list[NumberToken]:
        """The numbers that are not masked."""
        return [token for token in self.tokens if token.start not in self.reasons]

    def write(self, token: NumberToken, outcome: LedgerOutcome, reason: str | None = None) -> None:
        """Record what became of a number; a number proposed once stays proposed."""
        if self.outcomes.get(token.start, ("left_over", None))[0] != "proposed":
            self.outcomes[token.start] = (outcome, reason)

    def mark_repeated(self) -> None:
        """Record that the whole passage stands once more further on: its numbers are masked."""
        self.is_repeated = True
        self.outcomes = {token.start: ("masked", "repeat") for token in self.live}

    def list_entries(self) -> list[LedgerEntry]:
        """Return one entry a number, in the order of the text."""
        return [self._build_entry(token) for token in self.tokens]

    def _build_entry(self, token: NumberToken) -> LedgerEntry:
        place = self.passage.place_at(token.start)
        if token.start in self.reasons:
            return LedgerEntry(token.text, place, "masked", self.reasons[token.start])
        outcome, reason = self.outcomes.get(token.start, ("left_over", None))
        return LedgerEntry(token.text, place, outcome, reason)


def open_account(passage: Passage) -> Account:
    """Return the numbers of a passage with those masked that cannot be promises."""
    text, folded = passage.text, passage.folded
    tokens = find_numbers(text)
    if not tokens:
        return Account(passage, [], {}, folded)
    masks = list(find_masks(text, folded, starts_block=not passage.is_cell))
    reasons: dict[int, str] = {}
    hidden = list(folded)
    starts = [token.start for token in tokens]
    for start, end, reason in masks:
        within = tokens[bisect_left(starts, start) : bisect_left(starts, end)]
        inside = [token for token in within if token.end <= end]
        if not inside:
            continue
        for token in inside:
            reasons.setdefault(token.start, reason)
        hidden[start:end] = "\0" * (end - start)
    for token in tokens:
        if token.start not in reasons and _BARE_YEAR.fullmatch(token.text) and not _is_quantity(folded, token):
            reasons[token.start] = "year"
            hidden[token.start : token.end] = "\0" * (token.end - token.start)
    return Account(passage, tokens, reasons, "".join(hidden))


def _is_quantity(folded: str, token: NumberToken) -> bool:
    return bool(_QUANTITY.search(folded, 0, token.start) and _COUNTED.match(folded, token.end))

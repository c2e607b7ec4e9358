"""Promises to all without a number: "toàn bộ hồ sơ được số hóa" is 100 %."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from kpis.plan_import.model import ProposedTarget
from kpis.plan_import.proposals.headings import is_goals_heading
from kpis.plan_import.proposals.ledger import Account
from kpis.plan_import.proposals.passages import list_above
from kpis.plan_import.proposals.periods import find_years
from kpis.plan_import.proposals.phrases import cut_at_phrase
from kpis.plan_import.proposals.wording import MAX_NAME_LENGTH, find_force

_UNIVERSAL = re.compile(
    r"[\W\d_]*(?:[a-zđ][.)]\s*)?(?:(?:phấn đấu|bảo đảm|đến năm [0-9]+,?)\s+)*(?:toàn bộ|tất cả|mọi|"
    r"100 phần trăm)(?!\w)[^;.]*(?<!\w)(?:được|có|đều|phải)(?!\w)"
)
_UNIVERSAL_CONFIDENCE = Decimal("0.55")


def find_universals(account: Account) -> Iterator[ProposedTarget]:
    """Yield a ratio of 1 for each clause of a goals section that promises something to all ("toàn bộ", "tất cả")."""
    passage = account.passage
    if not any(is_goals_heading(title) for title in passage.outlined.titles):
        return
    for start, end in passage.clauses:
        if not _UNIVERSAL.match(passage.folded, start, end) or any(
            start <= token.start < end for token in account.live
        ):
            continue
        years = find_years(passage.folded[start:end])
        above = (dates[-1][2] for text in list_above(passage) if (dates := find_years(text)))
        by_year = years[-1][2] if years else next(above, None)
        words = passage.text[start:end].strip()
        yield ProposedTarget(
            quote=words,
            place=passage.place_at(start),
            measure="ratio",
            comparator=">=",
            floor=Decimal(1),
            unit="%",
            recurrence="by_end" if by_year else None,
            by_year=by_year,
            indicator=cut_at_phrase(" ".join(words.strip(" -–+*;.,").split()), MAX_NAME_LENGTH),
            force=find_force(words, passage),
            confidence=_UNIVERSAL_CONFIDENCE,
        )

"""Proposed targets of prose: every number that its clause promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from kpis.plan_import.model import ProposedTarget
from kpis.plan_import.proposals.baselines import find_baseline, hide_past, is_baseline, list_past
from kpis.plan_import.proposals.context import Context
from kpis.plan_import.proposals.evidence import THRESHOLD, score_promise
from kpis.plan_import.proposals.folding import fold_text
from kpis.plan_import.proposals.headings import is_goals_heading, is_state_heading
from kpis.plan_import.proposals.joined_numbers import (
    BODIES,
    PER_CENT_OF_BODIES,
    Finding,
    is_coordinated,
    is_nested,
    is_stage,
    share_hedge,
)
from kpis.plan_import.proposals.ledger import Account
from kpis.plan_import.proposals.numbers import NumberToken
from kpis.plan_import.proposals.passages import Passage, list_above
from kpis.plan_import.proposals.periods import find_recurrence, find_years
from kpis.plan_import.proposals.readings import Reading, group_ranges, read_number
from kpis.plan_import.proposals.wording import describe, find_force

_EACH_MEMBER = re.compile(r"(?<!\w)(?:mỗi|từng|một)\s+" + BODIES + r"[^;.]*$")
_OUT_OF = re.compile(r"\s*/\s*[0-9]+\s+[^\W\d_]")
# "Xây mới 19, cải tạo 142 nhà văn hóa": the noun of a count stands behind the next one.
_NOUN_FOLLOWS = re.compile(r"\s*(?:,|và)\s*(?:[^\W\d_]+ ?,? ?){1,6}[0-9]+(?:\.[0-9]{3})*\s+[^\W\d_]{2,}")
_FARTHEST = 2_000
_COORDINATED = Decimal("0.1")
_CLOSES = re.compile(r"\s*(?:[,;.)]|$|(?:và|theo)(?!\w))")
_BASELINE_YEAR = re.compile(r"\s*(?:tăng |giảm )?(?:lên|xuống|còn)(?!\w)")
_GOES_ON = re.compile(r"\W*(?:trong đó|bên cạnh đó|ngoài ra|đặc biệt|đồng thời|cùng với đó)(?!\w)")
_ADJACENT = 25


def find_targets(account: Account, first_year: int | None = None) -> Iterator[ProposedTarget]:
    """Yield the targets of one passage and write in its account what became of each number.

    `first_year` is the plan's: an earlier year in brackets tells what has been, and nothing is due by it.
    """
    passage = account.passage
    findings = list(_read_findings(account, first_year))
    past_tokens = list_past(account)
    folded = hide_past(account, past_tokens)
    used_years: set[int] = set()
    named: str | None = None
    for position, finding in enumerate(findings):
        by_year = _find_year(account, folded, position, findings, used_years)
        if by_year and first_year and by_year < first_year:
            by_year = None
        for token in finding.reading.tokens:
            account.write(token, "proposed")
        if not position or not is_stage(findings[position - 1], finding):
            named = describe(passage, finding.reading)
        target = _build_target(passage, finding, by_year)
        span = _find_span(findings, position, len(account.masked))
        past = find_baseline(account, finding.reading, past_tokens, span, finding.clause)
        yield replace(
            target, indicator=named, baseline=past.value if past else None, baseline_year=past.year if past else None
        )


def _find_span(findings: list[Finding], position: int, length: int) -> tuple[int, int]:
    """Return from where the promise before ends to where the next one begins."""
    begin = findings[position - 1].reading.tokens[-1].end if position else 0
    end = findings[position + 1].reading.tokens[0].start if position + 1 < len(findings) else length
    return begin, end


def _read_findings(account: Account, first_year: int | None) -> Iterator[Finding]:
    groups = list(group_ranges(account.live, account.masked))
    pending: Finding | None = None
    for index, tokens in enumerate(groups):
        finding = _read_finding(account, groups, index, tokens, first_year)
        if finding is None:
            continue
        if finding.score < THRESHOLD and pending is not None and is_coordinated(account, pending, finding):
            finding = replace(finding, score=max(THRESHOLD, pending.score - _COORDINATED))
        if finding.score < THRESHOLD:
            continue
        if pending is not None and is_nested(account, pending, finding):
            account.write(tokens[0], "proposed")
            pending = replace(pending, inner=finding.reading)
            continue
        if pending is not None:
            finding = share_hedge(account, pending, finding)
            yield pending
        pending = finding
    if pending is not None:
        yield pending


def _read_finding(
    account: Account,
    groups: list[tuple[NumberToken, ...]],
    index: int,
    tokens: tuple[NumberToken, ...],
    first_year: int | None,
) -> Finding | None:
    passage, masked = account.passage, account.masked
    start, end = tokens[0].start, tokens[-1].end
    clause = _limit(passage.clause_at(start), start, end)
    begin = max(clause[0], groups[index - 1][-1].end if index else 0)
    after = min(clause[1], groups[index + 1][0].start if index + 1 < len(groups) else len(masked))
    reading = read_number(tokens, masked[begin:start], masked[end:after].lstrip("\0"), masked[clause[0] : start])
    if reading is None:
        return None
    following = masked[end:after] if after < clause[1] and index + 1 < len(groups) else ""
    folded = passage.folded
    if is_baseline(reading, following, folded[clause[0] : start], folded[clause[0] : clause[1]], first_year):
        account.write(tokens[0], "masked", "baseline")
        return None
    score = score_promise(reading, _find_context(passage, masked, clause, start, end))
    return Finding(reading, score, clause)


def _limit(span: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """Return the part of a clause or sentence that is near enough to a number to speak of it.

    A document without marks is one clause; without a limit its time would grow with the square of its length.
    """
    return max(span[0], start - _FARTHEST), min(span[1], end + _FARTHEST)


def _find_context(passage: Passage, masked: str, clause: tuple[int, int], start: int, end: int) -> Context:
    outlined = passage.outlined
    headed = any(is_goals_heading(title) for title in (*outlined.titles, "" if passage.is_cell else passage.intro))
    opened = masked.rfind("(", clause[0], start)
    begin, _ = _limit((passage.sentence_start(start), end), start, end)
    return Context(
        in_goals=headed or outlined.zone == "goals",
        zone=outlined.zone,
        is_cell=passage.is_cell,
        in_brackets=opened >= 0 and ")" not in masked[opened:start],
        has_deadline=bool(find_years(passage.folded[clause[0] : clause[1]])),
        is_repeated_work=find_recurrence(passage.folded[begin : clause[1]], start - begin, end - begin) is not None,
        sentence=masked[begin:start],
        paragraph=masked[max(0, start - _FARTHEST) : start],
        column=passage.intro if passage.is_cell else "",
        titles=fold_text(" ".join((*outlined.titles[-2:], passage.table or ""))),
        is_of_state=any(is_state_heading(title) for title in outlined.titles),
        is_out_of=_OUT_OF.match(passage.folded, end) is not None,
        noun_follows=_NOUN_FOLLOWS.match(masked, end, clause[1]) is not None,
    )


def _find_year(account: Account, folded: str, position: int, findings: list[Finding], used: set[int]) -> int | None:
    """Return the year by which a value is due: of its clause, else of the sentence, bullet or heading above it."""
    passage = account.passage
    finding = findings[position]
    start, end = finding.clause
    first, last = finding.reading.tokens[0].start, finding.reading.tokens[-1].end
    previous = max(start, findings[position - 1].reading.tokens[-1].end) if position else start
    following = findings[position + 1].reading.tokens[0].start if position + 1 < len(findings) else end
    years = [(begin + start, stop + start, year) for begin, stop, year in find_years(folded[start:end])]
    earlier = [item for item in years if item[1] <= first and item[0] not in used]
    earlier = [item for item in earlier if not _BASELINE_YEAR.match(folded, item[1])]
    near = [item for item in earlier if item[0] >= previous]
    after = [item for item in years if last <= item[0] < min(following, end)]
    bracket = folded.find("(", last, following)
    if bracket >= 0 and ")" not in folded[bracket:following]:
        after = [item for item in after if item[0] < bracket]  # the year of the number in the bracket
    closing = [item for item in after if _CLOSES.match(folded, item[1])]
    adjoining = [item for item in after if "," not in folded[last : item[0]]]
    later = [item for item in years if item[0] >= following and _CLOSES.match(folded, item[1])]
    is_near = near and first - near[-1][1] <= _ADJACENT
    chosen = (closing[:1] if not is_near else []) or near[-1:] or adjoining[:1] or earlier[-1:] or later[:1]
    if chosen:
        used.update(item[0] for item in chosen if item in after)
        return chosen[0][2]
    begin, _ = _limit((passage.sentence_start(first), first), first, first)
    sentence = folded[max(0, first - _FARTHEST) if _GOES_ON.match(folded, begin) else begin : start]
    return next((dates[-1][2] for text in (sentence, *list_above(passage)) if (dates := find_years(text))), None)


def _print_unit(passage: Passage, reading: Reading) -> str:
    """Return the unit as the clause writes it: "sản phẩm OCOP"."""
    start = passage.folded.find(reading.unit, reading.tokens[-1].end)
    return passage.text[start : start + len(reading.unit)] if reading.unit and start >= 0 else reading.unit


def _build_target(passage: Passage, finding: Finding, by_year: int | None) -> ProposedTarget:
    reading = finding.reading
    start = reading.tokens[0].start
    scale = Decimal(100) if reading.is_fraction else Decimal(1)
    sign = -1 if reading.measure == "change" and reading.change == "down" else 1
    begin, _ = _limit((passage.sentence_start(start), start), start, start)
    counted = (finding.inner or reading).tokens
    first, end = finding.clause
    recurrence = find_recurrence(passage.folded[first:end], counted[0].start - first, counted[-1].end - first)
    if recurrence is None and not find_years(passage.folded[first:end]):
        recurrence = find_recurrence(passage.folded[begin:end], counted[0].start - begin, counted[-1].end - begin)
    is_of_bodies = PER_CENT_OF_BODIES.match(reading.right) is not None
    measure, each = reading.measure, int(finding.inner.value) if finding.inner and is_of_bodies else None
    floor, stretch = sign * reading.value / scale, None if reading.upper is None else sign * reading.upper / scale
    if each is not None:
        measure = "coverage"
    elif (
        measure == "count"
        and reading.upper is None
        and reading.comparator == ">="
        and _EACH_MEMBER.search(reading.whole_left)
    ):
        measure, each, floor = "coverage", int(reading.value), Decimal(1)
    text = passage.text[finding.clause[0] : finding.clause[1]]
    return ProposedTarget(
        quote=text.strip(),
        place=passage.place,
        measure=measure,
        comparator=reading.comparator,
        floor=floor,
        stretch=stretch,
        unit=_print_unit(passage, reading) or None,
        recurrence=recurrence or ("by_end" if by_year else None),
        by_year=None if recurrence else by_year,
        each=each,
        force=find_force(text, passage),
        confidence=finding.score,
    )

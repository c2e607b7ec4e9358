"""Figures of the past beside a promise: "từ 23 xuống 18", "so với năm 2025 (đạt 40 %)", "(hiện trạng: 12 xã)"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpis.plan_import.proposals.ledger import Account
from kpis.plan_import.proposals.numbers import NumberToken
from kpis.plan_import.proposals.readings import Reading

_COMPARED_WITH = re.compile(r"(?<!\w)(?:so với|cao hơn so với|từ mức)\s*(?:mức\s*)?$")
_STARTS = re.compile(r"(?<!\w)từ(?: mức| khoảng| trên| dưới)?\s*$")
_GOES_TO = re.compile(
    r"[^.;0-9]{0,60}?(?<!\w)(?:(?<!trở )lên|(?<!trở )xuống|còn|thành|tăng lên|giảm (?:xuống|còn))(?!\w)[^.;0-9]*$"
)
# "(hiện trạng 2025: 55 %)", "so với năm 2025 (đạt 40 %)": a bracket behind a promise that says where things stand.
_STATE_IN_BRACKETS = re.compile(
    r"\(\s*(?:hiện (?:trạng|nay|tại|có|đạt)|đầu nhiệm kỳ|số liệu gốc|năm gốc|ước (?:đạt|thực hiện)|thực hiện|kết quả|"
    r"đang|mức hiện)(?!\w)[^()]{0,30}$|(?<!\w)(?:so với|so)[^.;()]{0,40}\((?:\s*(?:đạt|là|có|ở mức|:|mức|\0)*)\s*$"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?![0-9])")
_YEAR_IN_BRACKETS = re.compile(r"\(\s*(?:(?:cuối )?năm\s*)?((?:19|20)[0-9]{2})\s*(?:là|:|đạt|có|ước đạt)?\s*$")
_BRACKETS = re.compile(r"\([^()]*\)")
_CLOSE = 30
_FRACTIONS = frozenset(("ratio", "coverage"))
_OF_CHANGE = frozenset(("change", "carried"))


@dataclass(frozen=True)
class Baseline:
    """A figure of the past, as a fraction for a ratio, else as the clause's own number; its year if it is stated."""

    value: Decimal
    year: int | None


def is_baseline(reading: Reading, following: str, preceding: str, clause: str, first_year: int | None = None) -> bool:
    """Tell whether a number is where a change starts ("từ 23 ca xuống 18 ca") or what is compared with.

    Args:
        reading: the number.
        following: the words up to the next number, masked.
        preceding: the clause before the number, nothing masked.
        clause: the whole clause, nothing masked.
        first_year: the plan's.
    """
    if _COMPARED_WITH.search(reading.left) or _STATE_IN_BRACKETS.search(preceding):
        return True
    if stated := _YEAR_IN_BRACKETS.search(preceding):
        years = [int(year) for year in _YEAR.findall(_BRACKETS.sub(" ", clause))]
        if first_year is not None:
            years.append(first_year)
        return bool(years) and int(stated[1]) < min(years)
    return bool(_STARTS.search(reading.left) and _GOES_TO.match(following))


def list_past(account: Account) -> list[NumberToken]:
    """Return the figures of the past among the numbers of a passage, in their order."""
    return [token for token in account.tokens if account.outcomes.get(token.start) == ("masked", "baseline")]


def hide_past(account: Account, past_tokens: Sequence[NumberToken]) -> str:
    """Return the folded text with each bracket that holds a figure of the past blanked: its year is no due year."""
    folded = account.passage.folded
    if not past_tokens:
        return folded

    def blank(brackets: re.Match[str]) -> str:
        index = bisect_left(past_tokens, brackets.start(), key=_get_start)
        is_past = index < len(past_tokens) and past_tokens[index].start < brackets.end()
        return " " * len(brackets.group()) if is_past else brackets.group()

    return _BRACKETS.sub(blank, folded)


def _get_start(token: NumberToken) -> int:
    return token.start


def _follows_from(account: Account, token: NumberToken) -> bool:
    return _STARTS.search(account.masked, max(0, token.start - _CLOSE), token.start) is not None


def find_baseline(
    account: Account,
    reading: Reading,
    past_tokens: Sequence[NumberToken],
    span: tuple[int, int],
    clause: tuple[int, int],
) -> Baseline | None:
    """Return the one figure of the past that belongs to a promise; None if none or several could be it.

    "Từ 23" belongs to the promise behind it, every other figure to the one before it, else to the one behind.

    Args:
        account: the numbers of the passage.
        past_tokens: the figures of the past among them (`list_past`), in their order.
        reading: the promise; a growth starts from a figure, not from a per cent.
        span: from the end of the promise before to the start of the one behind.
        clause: the clause of the promise.
    """
    begin, end = max(span[0], clause[0]), min(span[1], clause[1])
    promised, measure = reading.tokens[0].start, reading.measure
    past = [
        token
        for token in past_tokens[
            bisect_left(past_tokens, begin, key=_get_start) : bisect_left(past_tokens, end, key=_get_start)
        ]
        if (token.start < promised or not _follows_from(account, token))
        and (token.start > promised or begin == clause[0] or _follows_from(account, token))
    ]
    if len(past) != 1 or (value := past[0].value) is None:
        return None
    is_percent = _is_percent(account, past[0])
    if is_percent != (measure in _FRACTIONS) or (measure in _OF_CHANGE and value == 0):
        return None
    return Baseline(value / 100 if is_percent else value, _find_year(account, past[0], begin, end))


def _is_percent(account: Account, token: NumberToken) -> bool:
    return re.match(r"\s*(?:%|phần trăm)", account.masked[token.end : token.end + 12]) is not None


def _find_year(account: Account, token: NumberToken, begin: int, end: int) -> int | None:
    """Return the year that stands beside a figure of the past, behind it first."""
    folded = account.passage.folded
    goes_on = re.search(r"[0-9]|(?<!\w)(?:lên|xuống|còn)(?!\w)", account.masked[token.end : end])
    until = token.end + (goes_on.start() if goes_on else end - token.end)
    if behind := _YEAR.search(folded, token.end, min(until, token.end + _CLOSE)):
        return int(behind.group())
    preceding = list(_YEAR.finditer(folded, max(begin, token.start - _CLOSE), token.start))
    return int(preceding[-1].group()) if preceding else None

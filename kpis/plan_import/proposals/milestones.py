"""Milestones: what a goals section wants done without a number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from kpis.plan_import.model import ProposedMilestone
from kpis.plan_import.proposals.headings import is_general_heading, is_goals_heading
from kpis.plan_import.proposals.ledger import Account
from kpis.plan_import.proposals.passages import list_above
from kpis.plan_import.proposals.periods import find_recurrence, find_years
from kpis.plan_import.proposals.wording import find_force

_ACTS = (
    "xây dựng|tổ chức|thành lập|hình thành|ban hành|hoàn thiện|hoàn thành|phát triển|nâng cao|nâng cấp|đẩy mạnh|"
    "tăng cường|triển khai|"
    "thực hiện|khuyến khích|hỗ trợ|thúc đẩy|tích hợp|kết nối|phối hợp|vận động|tham gia|tích cực|bảo đảm|duy trì|"
    "củng cố|kiện toàn|"
    "mở rộng|đổi mới|tạo|từng bước|giảm|tăng|phấn đấu|đề xuất|nghiên cứu|rà soát|đào tạo|bồi dưỡng|tuyên truyền|"
    "cung cấp|đưa|ứng dụng|"
    "chuyển đổi|số hóa|khai thác|quản lý|kiểm soát|ngăn chặn|chấm dứt|xóa|trở thành|chủ động|thu hút|đầu tư|"
    "quy hoạch|sử dụng|sắp xếp|"
    "phổ biến|khắc phục|công khai|vận hành|đăng tải|phát huy|giữ vững|bố trí|tập trung|ưu tiên|áp dụng|giải quyết|"
    "tiếp tục|không để|không có"
)
_STARTS = re.compile(
    rf"[\W\d_]*(?:(?:và|đồng thời|hằng năm|mỗi năm|cùng với đó|bên cạnh đó|đến\s+năm\s+[0-9]+)[\s,]+)*(?:{_ACTS})(?!\w)"
)
_ALSO = re.compile(rf"(?:[,;]\s*|\s)đồng thời,?\s+(?=(?:{_ACTS})(?!\w))")
# What stands before "và ít nhất 02 …" or "và đăng tải ít nhất 10 …" is a promise of its own.
_AND_NUMBER = re.compile(
    rf"\s+và\s+(?:(?:{_ACTS})\s+(?:\w+\s+){{0,2}})?(?:ít nhất|tối thiểu|từ|trên|khoảng|không dưới)?\s*$"
)
_NOT_DONE = re.compile(
    r"[\W\d_]*(?:thời gian|đơn vị|cơ quan (?:chủ trì|phối hợp)|kinh phí|thị trường|trong đó|cụ thể|ghi chú|"
    r"chú thích|căn cứ)(?!\w)"
)
_NOTE = re.compile(
    r"\s*(?:[¹²³⁴-⁹]|\[[0-9]+\]|\*\))|[\W\d_]*trong (?:kế hoạch|chương trình|đề án|quyết định|văn bản) này"
)
_BULLET = re.compile(r"^\s*(?:[-–+•*]|\(?\w{1,2}[.)]|\d+(?:\.\d+)*\.?)\s*")
_CONNECTIVE = re.compile(r"^(?:và|đồng thời|Đồng thời|Và)[\s,]+")
_SHORTEST = 5
_CONFIDENCE = Decimal("0.75")
_INFERRED = Decimal("0.60")


def find_milestones(accounts: Sequence[tuple[Account, bool]]) -> Iterator[ProposedMilestone]:
    """Yield the milestones of a document.

    Args:
        accounts: each passage of prose in order, with whether it is a heading that others stand under.
    """
    chosen = [account for account, is_parent in accounts if not is_parent and _stands_in_goals(account)]
    confidence = _CONFIDENCE
    if not any(is_goals_heading(account.passage.text) and is_parent for account, is_parent in accounts) and not chosen:
        chosen, confidence = _infer_goals(accounts), _INFERRED
    for account in chosen:
        yield from _read_passage(account, confidence)


def _stands_in_goals(account: Account) -> bool:
    outlined = account.passage.outlined
    titles = outlined.titles
    if outlined.zone in {"letterhead", "preamble", "recipients", "annex"} or any(map(is_general_heading, titles)):
        return False
    text = account.passage.text
    if (is_goals_heading(text) and len(text.split()) < _SHORTEST * 3) or is_general_heading(text[:60]):
        return False
    return any(map(is_goals_heading, titles))


def _infer_goals(accounts: Sequence[tuple[Account, bool]]) -> list[Account]:
    """Return the lists that promise most, where a text has lost its headings.

    A run of sibling headings counts as goals if at least half of them hold a proposed number, three numbers in all.
    """
    best: list[Account] = []
    best_count = 2
    leaves = [account for account, is_parent in accounts if not is_parent and account.passage.outlined.titles]
    for _, run in groupby(leaves, key=lambda account: account.passage.outlined.titles[:-1]):
        members = list(run)
        groups = [list(group) for _, group in groupby(members, key=lambda account: account.passage.outlined.titles[-1])]
        counts = [sum(_count_proposed(account) for account in group) for group in groups]
        if len(groups) > 1 and 2 * sum(count > 0 for count in counts) >= len(groups) and sum(counts) > best_count:
            best, best_count = members, sum(counts)
    return best


def _count_proposed(account: Account) -> int:
    return sum(outcome == "proposed" for outcome, _ in account.outcomes.values())


def _read_passage(account: Account, confidence: Decimal) -> Iterator[ProposedMilestone]:
    passage = account.passage
    if passage.text.rstrip().endswith(":") or _NOTE.match(passage.folded):
        return
    for position, (start, end) in enumerate(passage.clauses):
        numbers = [
            at for at, (outcome, _) in sorted(account.outcomes.items()) if outcome == "proposed" and start <= at < end
        ]
        if numbers:
            parts = _split_around_numbers(passage.folded, start, end, numbers)
        else:
            parts = [(start, end)] if position == 0 or _STARTS.match(passage.folded, start, end) else []
        for begin, stop in parts:
            words = passage.text[begin:stop].strip()
            if len(words.split()) >= _SHORTEST and not _NOT_DONE.match(passage.folded, begin, stop):
                yield _build(account, begin, stop, (start, end), confidence)


def _split_around_numbers(folded: str, start: int, end: int, numbers: list[int]) -> list[tuple[int, int]]:
    """Return the parts of a clause that promise more than its numbers: before "và ít nhất", after "đồng thời"."""
    parts = []
    if (joint := _AND_NUMBER.search(folded, start, numbers[0])) and _STARTS.match(folded, start, joint.start()):
        parts.append((start, joint.start()))
    if also := _ALSO.search(folded, numbers[-1], end):
        parts.append((also.end(), end))
    return parts


def _build(account: Account, start: int, end: int, clause: tuple[int, int], confidence: Decimal) -> ProposedMilestone:
    passage = account.passage
    title = _CONNECTIVE.sub("", _BULLET.sub("", passage.text[start:end]).strip(" ,;.-–"))
    sentence = passage.folded[clause[0] : clause[1]]
    years = find_years(sentence)
    above = (dates[-1][2] for text in list_above(passage) if (dates := find_years(text)))
    recurrence = find_recurrence(sentence, start - clause[0], end - clause[0])
    by_year = None if recurrence else years[-1][2] if years else next(above, None)
    return ProposedMilestone(
        quote=passage.text[clause[0] : clause[1]].strip(),
        place=passage.place_at(start),
        title=" ".join(title.split()),
        by_year=by_year,
        recurrence=recurrence or ("by_end" if by_year else None),
        force=find_force(passage.text[clause[0] : clause[1]], passage),
        confidence=confidence,
    )

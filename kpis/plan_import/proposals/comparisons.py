"""How a clause compares: the words before and after a number that say at least, more than, at most, about, growth."""

from __future__ import annotations

import re
from typing import Literal

from kpis.plan_import.model import ProposedComparator

Direction = Literal["up", "down"]

# Words that may stand between a comparing word and its number. "\0" is a masked part (a year, a date).
_FILL = (
    r"(?:[\s\0,:(]|đạt|được|là|có|bằng|mức|ở|số lượng|tỷ lệ|từ|cho|lên|xuống|tới|đến|còn|thêm|bình quân|"
    r"trung bình|khoảng|"
    r"hơn|vào|trong|mỗi|hằng|từng|năm|quý|tháng|đạt được|tổ chức|có được|mới|tổng số|số|và|các|thêm)*"
)
_COMPARING: tuple[tuple[ProposedComparator, str], ...] = (
    ("<=", r"không (?:quá|vượt quá|vượt|lớn hơn|cao hơn|nhiều hơn)|tối đa|nhiều nhất|≤|<="),
    (">=", r"ít nhất|tối thiểu|không (?:dưới|thấp hơn|ít hơn|nhỏ hơn|kém)|chí ít|≥|>="),
    ("<", r"(?<!không )dưới|(?<!không )(?:thấp|nhỏ|ít) hơn|<"),
    (
        ">",
        r"trên|(?<!không )(?:cao |lớn |nhiều )?hơn|(?<!không )(?<!đạt và )(?<!đạt, )(?<!đạt hoặc )vượt(?: quá)?|"
        r"(?<!không )(?<!vượt )quá|>",
    ),
    ("~", r"khoảng|xấp xỉ|gần(?: đạt)?|(?<!sưu )(?<!tìm )tầm|ước khoảng|≈|~"),
)
_NEAREST = re.compile("|".join(f"(?P<c{i}>(?<!\\w)(?:{words})(?!\\w))" for i, (_, words) in enumerate(_COMPARING)))
# "Không để xảy ra trên 02 vụ" is at most two.
_FORBIDS = re.compile(r"(?<!\w)không (?:để|có|xảy ra|phát sinh)(?!\w)[^.;,]*$")
_NEGATED: dict[ProposedComparator, ProposedComparator] = {">": "<=", ">=": "<"}
_FILLED = re.compile(_FILL + r"$")
_OF_MASKED = re.compile(r"\s*\0")
_OR_MORE = re.compile(r"[^.;,0-9]{0,60}?(?<!\w)(trở lên|trở xuống|trở xuống dưới)(?!\w)")
_DOWN_TO = re.compile(r"(?<!\w)(?:còn|xuống(?: còn)?|chỉ còn|hạ xuống)(?!\w)" + _FILL + r"$")
_KEEP_AT = re.compile(
    r"(?<!\w)(?:ở mức|tổng tỷ suất sinh|"
    r"mức sinh thay thế)" + _FILL + r"$|(?:duy trì|giữ|ổn định)[^.;,]*(?<!\w)mức" + _FILL + r"$"
)
# A quantity that a plan wants small, though the clause only says "đạt".
_WANTED_SMALL = re.compile(
    r"(?:tỷ lệ|tỷ suất|số)[^.;,]{0,25}(?:hộ nghèo|hộ cận nghèo|tử vong|tử suất|thất nghiệp|suy dinh dưỡng|thấp còi|"
    r"sinh con thứ 3|tảo hôn|thất thoát|nghèo đa chiều|bỏ học|ngộ độc)(?![^.;,]*(?<!\w)(?:được|đi học|tham gia|"
    r"tiếp cận|sử dụng|có|hoàn thành|thoát nghèo|điều trị|phát hiện)(?!\w))|tỷ số giới tính khi sinh|"
    r"mất cân bằng giới tính"
)
_GROWTH_NOUN = re.compile(r"(?:tốc độ|tỷ lệ|mức) (?:tăng|giảm)(?!\w)|tốc độ phát triển|tăng trưởng")
_CHANGES = re.compile(
    r"(?<!\w)(?P<up>tăng trưởng|tăng thêm|tăng|nâng thêm)(?!\w)|"
    r"(?<!\w)(?P<down>cắt giảm|kéo giảm|giảm thiểu|giảm bớt|giảm|rút ngắn|tiết kiệm)(?!\w)"
)
_NOT_CHANGES = re.compile(
    r"(?:gia|sự gia) tăng$|tăng cường|tăng tốc|(?<=vào )tăng trưởng|(?<=cho )tăng trưởng|giảm nghèo|giảm nhẹ|"
    r"tăng thu|giảm phát thải(?=.*(?:mô hình|công nghệ))"
)
_LEVEL = re.compile(r"(?<!\w)(?:lên|xuống|còn|đạt|là|đến|tới|ở mức|thành|chiếm|có|bảo đảm|phấn đấu|đưa|duy trì)(?!\w)")
_NEXT_SHARE = re.compile(r"[^,;.]*%[^,;.%]{1,40}(?:,|và)\s*")
_FARTHEST = 60
_BRACKETED = re.compile(r"\([^()]*\)")
_PER_YEAR = re.compile(r"\s*(?:%|phần trăm)?\s*/?\s*(?:/|mỗi|một|hằng)\s*năm")
_AVERAGE = re.compile(r"bình quân|trung bình|mỗi năm|hằng năm")


def find_comparator(left: str, right: str, *, change: Direction | None) -> tuple[ProposedComparator, bool]:
    """Return the comparator of a number and whether the clause states it.

    Args:
        left: the folded words before it, masked parts as "\\0".
        right: the folded words after it.
        change: the direction of a change, else None. A reduction's floor is negative: "at least 9 %" is <= -0.09.
    """
    comparator, stated = _find_stated(left, right), True
    if comparator is None:
        comparator, stated = _read_tendency(left), False
    if change == "down":
        mirrored: dict[ProposedComparator, ProposedComparator] = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}
        comparator = mirrored.get(comparator, comparator)
    return comparator, stated


def _find_stated(left: str, right: str) -> ProposedComparator | None:
    after = _OR_MORE.match(right)
    stated = _find_before(left)
    if after and stated in {None, "~"}:
        return ">=" if after[1] == "trở lên" else "<="
    return stated


def _find_before(left: str) -> ProposedComparator | None:
    for match in reversed(list(_NEAREST.finditer(left))):
        if _OF_MASKED.match(left, match.end()):
            return None  # "dưới 03 tháng 15.000 người": the masked number is compared, not this one
        if not _FILLED.fullmatch(left, match.end()):
            return None
        index = int(str(match.lastgroup)[1:])
        comparator = _COMPARING[index][0]
        return _NEGATED.get(comparator, comparator) if _FORBIDS.search(left, 0, match.start()) else comparator
    return None


def _read_tendency(left: str) -> ProposedComparator:
    if _DOWN_TO.search(left):
        return "<="
    if _KEEP_AT.search(left):
        return "="
    return "<=" if _WANTED_SMALL.search(left) and not _CHANGES.search(left) else ">="


def find_change(left: str, right: str, *, percent: bool) -> Direction | None:
    """Return whether a number is an amount of growth or reduction ("tăng trên 3 %"), not the level reached."""
    part = re.split(r"[;.]", left)[-1]
    matches = [
        match for match in _CHANGES.finditer(part) if not _NOT_CHANGES.search(part, match.start(), match.end() + 12)
    ]
    if not matches or not percent:
        return None
    last = matches[-1]
    rest = _BRACKETED.sub("", part[last.end() :])
    direction: Direction = "up" if last["up"] else "down"
    is_growth = _GROWTH_NOUN.search(part) and "," not in rest
    if is_growth or _PER_YEAR.match(right):
        return direction
    is_next = _NEXT_SHARE.fullmatch(rest) is not None  # "cắt giảm 30% thời gian, 30% chi phí"
    if _LEVEL.search(rest) or ("," in rest and not is_next) or len(rest) > _FARTHEST:
        return None
    return direction


def is_average_growth(left: str, right: str) -> bool:
    """Tell whether a change is an average over years, which no year alone can be judged by."""
    return bool((_AVERAGE.search(left) and "bình quân" in left) or _PER_YEAR.match(right))

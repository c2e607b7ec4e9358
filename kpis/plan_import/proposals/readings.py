"""What a number counts: its range, its unit, and the kind of measure that this makes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpis.plan_import.model import ProposedComparator, ProposedMeasure
from kpis.plan_import.proposals.comparisons import Direction, find_change, find_comparator, is_average_growth
from kpis.plan_import.proposals.numbers import NumberToken
from kpis.plan_import.proposals.verbs import PEOPLE, UNITS

# "Giảm 1 - 1,5 điểm %/năm": a change whose unit is a point of per cent; no fraction says it.
_POINT_CHANGE = re.compile(r"\s*điểm (?:%|phần trăm)")
_CHANGED = re.compile(r"(?<!\w)(?:tăng|giảm)(?!\w)(?:(?!đạt|lên|còn|xuống)[^;.]){0,40}$")
_PER_CENT = re.compile(r"\s*(?:%|phần trăm)")
_RANGE_DASH = re.compile(r"\s*(?:%|phần trăm)?\s*-\s*")
_RANGE_WORD = re.compile(
    r"\s*(?P<unit>%|phần trăm|[^\W\d_]+(?: [^\W\d_]+)?)?\s*(?:đến|tới)\s*(?:(?:hạng |vị trí )?thứ\s*)?"
)
_FROM = re.compile(r"(?<!\w)từ\s*(?:(?:hạng |vị trí )?thứ\s*)?$")
_SCALE = r"(?:trăm |chục )?(?:nghìn|ngàn|triệu|tỷ|vạn)(?: tỷ)?"
_MONEY = re.compile(
    rf"\s*(?:{_SCALE}\s*)?(?:đồng(?! chí| bào| đội| hồ| ruộng)|đ|vnđ|vnd|usd|đô la|đôla|euro|đô-la|đ/)(?!\w)"
    r"(?:\s*mỹ)?|\s*\$"
)
_BARE_SCALE = re.compile(rf"\s*{_SCALE}(?!\s*[^\W\d_])|\s*(?:triệu|tỷ)(?=\s*(?:/|vào|năm|\0|,|\.|;|\)|$))")
_SCALED = re.compile(rf"\s*{_SCALE}(?!\w)")
_ALL = 100
_LONGEST_UNIT = 4
_MOST_UNIT_WORDS = 12
_DURATION = re.compile(
    r"\s*(?:ngày(?! hội| công| chủ nhật| thứ| hành động| ra quân| lễ)|giờ|phút|giây|tháng|năm|tuần)(?!\w)"
)
_ONLY = re.compile(r"(?<!\w)(?:còn|xuống)(?: còn| dưới| mức)?\s*$")
_NAMED = re.compile(r"\s*[^\W\d_]")
_OF_EACH = re.compile(r"[^/.;,]*/\s*(?!(?:\0|năm|quý|tháng|tuần|ngày|kỳ|vụ)(?!\w))")
_EVERY_TIME = re.compile(r"(?:mỗi|một|hằng) (?:năm|quý|tháng|tuần)")
_TIME = r"năm|quý|tháng|tuần|ngày|đợt|lần|vụ|giai đoạn|kỳ|năm học"
_DENOMINATOR = re.compile(
    r"[^.;,0-9(]*?/\s*(?:\0|(?:đầu người|người|hộ|dân|vạn dân|lao động|căn hộ|căn|phụ nữ|trẻ|bé gái|học sinh|ha|"
    r"km|m|kwh|giường|lớp|phòng|khách|cơ sở)(?!\w))"
)
_RATE_UNIT = re.compile(
    r"\s*(?:‰|phần nghìn|lần(?!\s*(?:/|mỗi|trong|kiểm))|điểm(?=\s*(?:[.,;:)/%\0-]|$|(?:phần|trở|so|vào|năm|mỗi|hoặc|"
    r"theo|thì)(?!\w)))|bậc|hạng|tuổi|mbps|mb/s|gbps|độ c|mm|db)(?!\w)"
)
_AVERAGE_OF = re.compile(
    rf"(?<!\w)(?:(?:bình quân|trung bình)\s*(?:trên\s*)?(?:(?:mỗi|một|1|đầu)\s*)(?!(?:{_TIME})(?!\w))|chỉ số|"
    r"tuổi thọ|năng suất|thu nhập bình quân|tỷ suất|tỷ số|mật độ|hệ số)(?!\w)"
)
_RANK = re.compile(
    r"(?<!\w)(?:(?:top|tốp)|(?:xếp|đứng|hạng|vị trí|vị thứ|lên|ở|giữ|đạt|từ)(?: hạng| vị trí)? thứ|thứ hạng|xếp thứ|"
    r"đứng thứ|vị trí)\s*(?:\0|trong số)?\s*$"
)
# "Thuộc nhóm 10 tỉnh dẫn đầu", "nằm trong 15 địa phương đứng đầu": a group whose members are counted.
_RANK_GROUP = re.compile(
    r"(?<!\w)(?:nhóm|trong|thuộc|vào|một trong|trong số|hạng|xếp hạng)(?: khoảng)?\s*(?:\0|trong số)?\s*$"
)
_RANKED = re.compile(
    r"\s*(?!năm|tháng|ngày|%)[^.;:0-9]{0,60}?(?:dẫn đầu|đứng đầu|hàng đầu|xếp (?:hạng|loại)|đầu (?:cả nước|toàn quốc)|"
    r"(?<=\w) nhất(?! định))"
    r"|\s*(?:cả nước|toàn quốc|thế giới|vùng|khu vực|asean|châu á)(?!\w)"
)
# Where a unit's noun phrase ends.
_UNIT_END = re.compile(
    r"[^\w\s/&%.-]|\0|(?<!\w)(?:về|cho|được|có|đạt|tại|trên|theo|của|để|vào|đến|gắn|với|tham gia|là|và|trong|ở|"
    r"phục vụ|do|từ|"
    r"đủ|đáp ứng|ứng dụng|áp dụng|thực hiện|sử dụng|trở lên|trở xuống|hoặc|nhằm|phải|bảo đảm|so|bằng|như|đã|sẽ|"
    r"mỗi|hằng)(?!\w)|\s-\s|\.\s|\.$|[0-9]"
)


@dataclass(frozen=True)
class Reading:
    """One number, or a range of two, with what its clause says of it.

    `left` and `right` are the folded words of the clause around it, up to the numbers beside it, masked parts as
    "\\0"; `whole_left` reaches back to the clause's start.
    """

    tokens: tuple[NumberToken, ...]
    value: Decimal
    upper: Decimal | None
    percent: bool
    unit: str
    measure: ProposedMeasure
    comparator: ProposedComparator
    is_compared: bool
    change: Direction | None
    is_rank: bool
    left: str
    right: str
    whole_left: str

    @property
    def is_fraction(self) -> bool:
        """Tell whether the value is a per cent that a target keeps as a fraction."""
        return self.percent and self.measure != "carried"


def group_ranges(tokens: Sequence[NumberToken], folded: str) -> Iterator[tuple[NumberToken, ...]]:
    """Yield each number, two together where the text joins them as a range ("10 - 13 %", "từ 90 đến 95 %")."""
    index = 0
    while index < len(tokens):
        pair = tokens[index : index + 2]
        if len(pair) == 2 and _is_range(pair[0], pair[1], folded):
            yield pair[0], pair[1]
            index += 2
        else:
            yield (tokens[index],)
            index += 1


def _is_range(first: NumberToken, second: NumberToken, folded: str) -> bool:
    if first.value is None or second.value is None or first.value >= second.value:
        return False
    between = folded[first.end : second.start]
    if _RANGE_DASH.fullmatch(between):
        return True
    word = _RANGE_WORD.fullmatch(between)
    if word is None:
        return False
    return not word["unit"] or "%" in between or bool(_FROM.search(folded, 0, first.start))


def read_number(tokens: tuple[NumberToken, ...], left: str, right: str, whole_left: str) -> Reading | None:
    """Return what a clause says of a number; None where its digits have no certain value."""
    values = [token.value for token in tokens]
    if any(value is None for value in values):
        return None
    value, *rest = (value for value in values if value is not None)
    per_cent = _PER_CENT.match(right) or (_PER_CENT.match("%") if "trăm" in tokens[-1].text.lower() else None)
    after = right[per_cent.end() :] if per_cent else right
    change = find_change(
        whole_left if "tăng" not in left and "giảm" not in left else left, right, percent=bool(per_cent)
    )
    measure = _find_measure(left, right, after, whole_left, is_percent=bool(per_cent), change=change)
    if measure == "ratio" and value > _ALL:
        measure = "carried"  # no part is more than the whole: "đạt 120 % kế hoạch"
    comparator, is_compared = find_comparator(left, after, change=change if measure == "change" else None)
    is_rank = not per_cent and _is_rank(left, right)
    if is_rank:
        measure, comparator = "carried", "<="  # a place among others is nobody's own figure
    return Reading(
        tokens=tokens, value=value, upper=rest[0] if rest else None, percent=bool(per_cent),
        unit=_read_unit(right, after, is_percent=bool(per_cent)), measure=measure, comparator=comparator,
        is_compared=is_compared, change=change, is_rank=is_rank, left=left, right=right, whole_left=whole_left,
    )  # fmt: skip


def _is_rank(left: str, right: str) -> bool:
    return bool(_RANK.search(left) or (_RANK_GROUP.search(left) and _RANKED.match(right)))


def _find_measure(
    left: str, right: str, after: str, whole_left: str, *, is_percent: bool, change: Direction | None
) -> ProposedMeasure:
    if is_percent:
        if change is None:
            return "ratio"
        return "carried" if is_average_growth(left, after) else "change"
    if _POINT_CHANGE.match(right) and _CHANGED.search(left):
        return "carried"
    if times := re.match(r"\s*lần(?!\w)", right):
        if _EVERY_TIME.search(left):
            return "count"
        if _ONLY.search(left):
            return "amount"  # "còn 1,4 lần so với": the level reached, not a growth
        if "tăng" in left or right[times.end() :].lstrip().startswith("so với"):
            return "carried"  # growth by a factor has no fraction that a clause states
    if _MONEY.match(right) or _BARE_SCALE.match(right) or _RATE_UNIT.match(right) or _DENOMINATOR.match(right):
        return "amount"
    part = re.split(r"[,;]", whole_left)[-1]
    is_average = re.search(r"bình quân|trung bình", part) and _OF_EACH.match(right)
    is_ratio_of_counts = not _NAMED.match(right) and re.search(r"số [^,;:]+/[^,;:]+:\s*$", part)
    is_rate = (
        is_average
        or is_ratio_of_counts
        or _AVERAGE_OF.search(part)
        or re.search(
            r"/\s*\0|(?<!\w)trên \0+\s*(?:(?:vạn|nghìn|ngàn|triệu) )?(?:dân|người|trẻ|lao động|ca)(?!\w)", part
        )
        or _DURATION.match(right)
    )
    return "amount" if is_rate else "count"


def _read_unit(right: str, after: str, *, is_percent: bool) -> str:
    """Return the noun phrase behind a number; of a long one the thing that is counted alone, never a part of a word."""
    if is_percent:
        return "%/năm" if re.match(r"\s*/\s*năm", after) else "%"
    money = _MONEY.match(right)
    if money and not re.match(r"\s*/", right[money.end() :]):
        return " ".join(money.group().split())
    scale = _SCALED.match(right)
    start = scale.end() if scale else 0
    end = _UNIT_END.search(right, start + 1)
    phrase = right[start : end.start() if end else len(right)]
    words = phrase.split()
    counted = PEOPLE.match(phrase) or UNITS.match(phrase)
    if len(words) > _LONGEST_UNIT and "/" not in phrase:
        words = counted.group().split() if counted else words[:_MOST_UNIT_WORDS]
    return " ".join([*(scale.group().split() if scale else []), *words]).strip(" .-/")

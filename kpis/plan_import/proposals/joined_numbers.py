"""Numbers of one clause that belong together: lists, stages, a common comparison, what each member must reach."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from kpis.plan_import.proposals.ledger import Account
from kpis.plan_import.proposals.readings import Reading
from kpis.plan_import.proposals.signs import is_object
from kpis.plan_import.proposals.verbs import UNITS
from kpis.plan_import.proposals.work import COUNTED

BODIES = (
    r"(?:các |số |tổng số )?(?:xã|phường|đặc khu|huyện|địa phương|cơ quan|đơn vị|sở|ngành|trường|cơ sở|doanh nghiệp|"
    r"hợp tác xã|tổ chức|khu|cụm công nghiệp|thôn|bản|trạm|bệnh viện|chợ|tỉnh|trung tâm|thư viện|câu lạc bộ|"
    r"nhà văn hóa|hộ gia đình|hộ dân|khu dân cư|tổ dân phố|ấp|khóm|buôn)(?!\w)"
)
PER_CENT_OF_BODIES = re.compile(r"\s*(?:%|phần trăm)\s*" + BODIES)
_PER_CENT_OF = re.compile(r"\s*(?:%|phần trăm)\s*[^\W\d_]")
_OWN_VERB = re.compile(
    r",\s*(?:phấn đấu|đồng thời|xây dựng|tổ chức|hình thành|thành lập|thu hút|phát triển|trong đó|bảo đảm|đào tạo|"
    r"và|mở|hỗ trợ)[^,]*$"
)
_HAS_AT_LEAST = re.compile(
    r"(?<!\w)(?:có|tổ chức|thành lập|xây dựng|bố trí|đăng tải|ban hành|duy trì|triển khai|thực hiện|tham gia|đạt|mở|"
    r"được [^\W\d_]+(?: [^\W\d_]+){0,2})(?: được| mới| thêm)?\s+(?:ít nhất|tối thiểu|từ|không dưới)?\s*$"
)
# What each person takes part in is counted for itself; only bodies have a coverage.
_TIMES = re.compile(r"\s*(?:lần|lượt|buổi|cuộc|đợt|giờ)(?!\w)")
_STAGE_WORDS = re.compile(
    r"(?<!\w)(?:năm|đến|vào|hết|cuối|đạt|là|có|được|trên|dưới|ít nhất|tối thiểu|lên|khoảng|và|còn|phần trăm|"
    r"tỷ lệ này)(?!\w)"
)
_JOINED = re.compile(r"(?:[^.;:()0-9]|\([^()0-9]*\)){1,80}(?:và|,|với)\s*")
# The next thing of a list: "05 tấn gạo, mì tôm 1.000 thùng".
_LISTED = re.compile(
    r"[^.;:(),0-9]{1,40},(?!.*(?<!\w)(?:trong đó|dưới|từ|đối với|gồm|quy mô|công suất|mỗi)(?!\w))[^.;:(),0-9]{1,30}"
)
_AND_ALONE = re.compile(r"[^.;:()0-9]{0,60}(?<!\w)và\s*")
# "Dưới 2 % ở thành thị và 3 % ở nông thôn": no thing of its own follows the number.
_OF_A_PART = re.compile(r"\s*(?:%|phần trăm)\s*(?:[,;.)]|$|(?:ở|tại|đối với|với|khu vực|vùng|cấp|vào|trong)(?!\w))")
# "32.000 lượt người, trong đó phụ nữ mang thai 14.500 lượt".
_PART_OF_IT = re.compile(r"[^.;:(),0-9]{1,40},\s*trong đó[^.;:(),0-9]{1,40}")
# "Xây dựng 03 khu …; 12 vườn ươm …": the next object of one verb.
_NEXT_ITEM = re.compile(r"[^.;:()0-9]{1,80};\s*")
_CLOSED_BRACKET = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Finding:
    """One reading that was scored, with its clause; `inner`: what each member of a ratio must reach."""

    reading: Reading
    score: Decimal
    clause: tuple[int, int]
    inner: Reading | None = None


def share_hedge(account: Account, previous: Finding, finding: Finding) -> Finding:
    """Return a number under the "khoảng" or the ceiling of the one before it: "khoảng 85 HTX và 6.600 tổ hợp tác"."""
    between = account.masked[previous.reading.tokens[-1].end : finding.reading.tokens[0].start]
    if (
        previous.reading.comparator == "~"
        and not finding.reading.is_compared
        and _JOINED.fullmatch(between)
        and (between.rstrip().endswith("và"))
    ):
        return replace(finding, reading=replace(finding.reading, comparator="~"))
    is_ceiling = previous.reading.comparator in {"<=", "<"} and finding.reading.comparator == ">="
    is_next = is_stage(previous, finding) or _is_of_one_unit(previous, finding, between)
    if is_ceiling and not finding.reading.is_compared and previous.reading.measure != "carried" and is_next:
        return replace(finding, reading=replace(finding.reading, comparator=previous.reading.comparator))
    return finding


def _is_of_one_unit(previous: Finding, finding: Finding, between: str) -> bool:
    """Tell whether "và" alone joins two values of one measure and unit."""
    first, second = previous.reading, finding.reading
    is_same = (first.measure, first.percent, first.unit) == (second.measure, second.percent, second.unit)
    is_of_part = not first.percent or _OF_A_PART.match(second.right)
    return bool(is_same and first.unit and is_of_part and _AND_ALONE.fullmatch(between))


def is_coordinated(account: Account, previous: Finding, finding: Finding) -> bool:
    """Tell whether a count stands beside a promised one: "hằng năm 01 hội nghị, 01 hội thảo"."""
    between = account.masked[previous.reading.tokens[-1].end : finding.reading.tokens[0].start]
    between = _CLOSED_BRACKET.sub("", between)  # "14 lớp (30 người/lớp), 06 mô hình"
    counts = {previous.reading.measure, finding.reading.measure} == {"count"}
    measures = {previous.reading.measure, finding.reading.measure}
    shares = measures in ({"ratio"}, {"change"}) and _PER_CENT_OF.match(between)
    mixed = measures == {"ratio", "count"} and between.rstrip().endswith(" và") and finding.reading.right.strip()
    first_words = [re.match(r"\s*[^\W\d_]+", text.right) for text in (previous.reading, finding.reading)]
    is_part = counts and _PART_OF_IT.fullmatch(between) and len({word and word[0] for word in first_words}) == 1
    is_listed = bool(counts and _LISTED.fullmatch(between) and UNITS.match(finding.reading.right))
    is_named = re.match(r"\s*%?\s*[^\W\d_]", finding.reading.right)
    if (
        counts
        and _NEXT_ITEM.fullmatch(between)
        and is_object(previous.reading)
        and COUNTED.match(finding.reading.right)
    ):
        return True
    if measures == {"amount"} and _is_of_one_kind(previous, finding):
        return _JOINED.fullmatch(between) is not None
    return is_listed or bool(is_part or ((counts or shares or mixed) and _JOINED.fullmatch(between) and is_named))


def _is_of_one_kind(previous: Finding, finding: Finding) -> bool:
    """Tell whether two amounts are measured in the same thing: "1,9 triệu đồng/khách nội địa và 3,2 triệu đồng"."""
    first, second = (reading.unit.split("/")[0].strip() for reading in (previous.reading, finding.reading))
    return bool(first) and first == second


def is_nested(account: Account, outer: Finding, inner: Finding) -> bool:
    """Tell whether a count is what each member of a ratio before it must reach ("100 % xã … ít nhất 04 tin")."""
    if outer.clause != inner.clause or outer.reading.measure != "ratio" or inner.reading.measure != "count":
        return False
    between = account.masked[outer.reading.tokens[-1].end : inner.reading.tokens[0].start]
    return bool(
        _PER_CENT_OF.match(between)
        and (PER_CENT_OF_BODIES.match(between) or not _TIMES.match(inner.reading.right))
        and inner.reading.is_compared
        and inner.reading.upper is None
        and not _OWN_VERB.search(between)
        and _HAS_AT_LEAST.search(between)
    )


def is_stage(previous: Finding, finding: Finding) -> bool:
    """Tell whether a number names nothing of its own: a further year's value of the one before it."""
    first, second = previous.reading, finding.reading
    if previous.clause[1] < finding.clause[0] or (first.measure, first.percent) != (second.measure, second.percent):
        return False
    words = set(re.findall(r"[^\W\d_]+", _STAGE_WORDS.sub(" ", second.left))) - set(
        re.findall(r"[^\W\d_]+", first.unit)
    )
    return not words and "\0" in second.left + second.right

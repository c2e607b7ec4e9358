"""How far a number is a promise: what speaks for it and against it, as one figure from 0 to 1.

A zone lowers or raises the figure; it never silences a number.
"""

from __future__ import annotations

import re
from decimal import Decimal

from kpis.plan_import.proposals.context import Context
from kpis.plan_import.proposals.funding import weigh_funding
from kpis.plan_import.proposals.readings import Reading
from kpis.plan_import.proposals.signs import (
    is_in_name,
    is_object,
    is_of_class,
    is_of_fraction,
    is_on_surface,
)
from kpis.plan_import.proposals.verbs import PROMISE, UNITS
from kpis.plan_import.proposals.work import COUNTED, OPENS, PHYSICAL_RATE, RATE, weigh_work

THRESHOLD = Decimal("0.5")

# "Hằng năm 01 hội nghị", "02 lớp/năm": how often says that it is to be done.
_EVERY = re.compile(
    r"(?<!\w)(?:hằng|mỗi|một) (?:năm|quý|tháng|tuần)[\s,:]*(?:có |tổ chức |thực hiện |ít nhất |tối thiểu |từ )*$"
)
_EACH_BODY = re.compile(
    r"(?<!\w)(?:mỗi|từng) (?:phiên|lớp|cuộc|hội nghị|buổi|kỳ|đội|câu lạc bộ|mô hình|chi hội|chi đoàn|tổ|nhóm|khóa|"
    r"đợt|hộ|"
    r"đảng viên|cán bộ|xã|phường|đặc khu|thôn|bản|ấp|khóm|huyện|sở|ngành|trường|cơ quan|đơn vị|địa phương|"
    r"tổ dân phố|khu dân cư|hợp tác xã|doanh nghiệp|cơ sở)(?:,? \w+){0,2}\s*$"
)
_ALL = 100
_STATED_IN_BRACKETS = re.compile(
    r"\(\s*(?:dự kiến|phấn đấu|ít nhất|tối thiểu|mỗi|hằng|trung bình|bình quân|tổ chức)[^()]*$"
)
_OUTPUT_TITLE = re.compile(r"sản phẩm|kết quả|đầu ra|chỉ tiêu|mục tiêu|yêu cầu cần đạt")
_PAST = re.compile(
    r"(?<!\w)(?:đã (?:được )?(?:có|đạt|hỗ trợ|thực hiện|tổ chức|xây dựng|hoàn thành|ghi nhận|công bố|cấp|"
    r"triển khai|giao|công nhận|thành lập)|"
    r"hiện có|hiện nay|hiện còn|tính đến|kết quả (?:thực hiện |năm )|cùng kỳ|ước đạt|ước tính|(?<!được )ghi nhận|"
    r"ước thực hiện|thiệt hại|bị ảnh hưởng|còn tồn)(?!\w)"
)
_AFTER_PAST = re.compile(
    r"[^.;0-9]{0,40}(?<!\w)(?:hiện có|hiện nay|đã được (?!phê duyệt)|đã (?:có hiệu lực|ký kết|đầu tư|hoàn thành)|"
    r"bị ảnh hưởng|bị thiệt hại|đang hoạt động)(?!\w)"
)
# "(năm 2024: 45 %)" tells where things stand; "(năm 2026: 45 %; năm 2027: 50 %)" are stages.
_OF_ONE_YEAR = re.compile(r"\(\s*(?:năm\s*)?\0+\s*(?:là|:|đạt)?\s*$")
_YEARS_IN_BRACKETS = re.compile(r"\(\s*(?:năm\s*)?\0[^()]*$")
_LEGAL_BASIS = re.compile(r"\W*(?:căn cứ|xét đề nghị|theo đề nghị|xét tờ trình)(?!\w)")
_GOAL_WORDS = re.compile(r"(?<!\w)(?:mục tiêu|chỉ tiêu|phấn đấu|bảo đảm)(?!\w)")
_WHOSE = re.compile(r"\s*(?:%|phần trăm)\s*[^\W\d_]")
_SCORING = re.compile(
    r"(?<!\w)(?:thang điểm|chấm điểm|điểm chuẩn|điểm tối đa|"
    r"số điểm(?=\s*(?:[.,;:)]|$|tối đa|đạt|chấm|cộng|trừ|thưởng))|"
    r"cộng (?:trực tiếp )?[0-9]+ điểm|"
    r"trừ [0-9]+ điểm|xếp loại|hội đồng nhân dân[^;]*thông qua|tiền thưởng|khen thưởng|bằng khen|"
    r"tỷ lệ biểu quyết)(?!\w)"
)
_AWARDED = re.compile(r"(?<!\w)(?:khen|đề nghị|xét|chọn|biểu dương|tôn vinh|tặng)(?!\w)|(?<!\w)không quá\s*$")
_WINNERS = re.compile(r"\s*(?:tập thể|cá nhân|giấy khen|bằng khen)(?!\w)")
_POINTS = re.compile(
    r"\s*điểm(?! phần trăm| %)(?=\s*(?:[.,;:)/%\0-]|$|(?:phần|trở|so|vào|năm|mỗi|hoặc|theo|thì)(?!\w)))"
)
_CONDITION = re.compile(
    r"(?<!\w)(?:nếu|trường hợp|khi bão|khi mực nước|khi xảy ra|đối với (?:các |một số |những )?(?:xã|hộ|đơn vị|"
    r"dự án|ngành|tổ chức|địa phương|"
    r"cơ quan|doanh nghiệp|"
    r"phường|trường)[^,;]*(?:có|thấp|từ)|quy mô (?:từ|dưới|trên)|có quy mô|nhóm từ|khi có|những nơi|nơi có)(?!\w)"
)
# "Số xã đạt chuẩn: 42": the name of the quantity says what is counted.
_NUMBER_OF = re.compile(
    r"(?<!\w)(?:số|tổng|chỉ số|hệ số|diện tích|sản lượng)(?!\w)[^.;]*(?::|đạt|là|còn|lên|xuống)(?: trên| dưới)?\s*$"
)
_SHORTENED = re.compile(r"(?<!\w)(?:còn|xuống|rút ngắn|tuổi thọ|khỏe mạnh)[^.;,]{0,20}$")
_DURATION_UNIT = re.compile(
    r"\s*(?:ngày(?!/)(?! hội| công| chủ nhật| thứ| hành động| ra quân| lễ)|giờ|phút|"
    r"tháng|năm|tuần|học kỳ|quý|tiếng|buổi\s*/\s*ngày)(?!\w)"
)
# "Thời gian chờ không quá 15 phút": a duration that is itself the goal.
_DURATION_NAMED = re.compile(
    r"(?<!\w)(?:thời gian(?! (?:thực hiện|triển khai|hoàn thành))|thời lượng|tuổi thọ|sống khỏe|lưu trú)(?!\w)"
)
# What a plan counts of itself: "(16 mục tiêu)", "08 nhóm giải pháp".
_OF_THE_PLAN = re.compile(
    r"\s*(?:nhóm )?(?:mục tiêu|chỉ tiêu|nhiệm vụ(?! khoa| kh)|giải pháp|tiêu chí(?!\s*/)|tiêu chuẩn|nội dung|phần|"
    r"phụ lục|"
    r"dự án thành phần|trụ cột)"
    r"(?!\w)"
)
_ATTRIBUTE = re.compile(
    r"(?<!\w)(?:với|có) (?:tốc độ|công suất|quy mô|dung lượng|bán kính|chiều cao|diện tích|"
    r"mức độ)[^.;,]{0,12}$"
)
# "Rút ngắn … xuống còn 02 ngày", "giảm từ 310 xuống còn 240 điểm trường".
_REACHED = re.compile(
    r"(?<!\w)(?:giảm|rút ngắn|cắt giảm|sắp xếp|xuống|hạ)(?!\w)(?:[^;.]*\s)?còn\s*$|(?<!\w)xuống còn\s*$"
)
_PARTS_LISTED = re.compile(r"\((?:trong đó|bao gồm|gồm|cụ thể)(?!\w)[^()]*$")
_PART_ENDS = re.compile(r"\s*[,;)]")
_ADDED = re.compile(r"(?<!\w)tăng thêm(?: ít nhất| tối thiểu| trên| khoảng)?\s*$")
_SIZE = re.compile(
    r"(?<!\w)(?:dung tích|công suất|quy mô|khoảng cách|bán kính|chiều rộng|chiều dài|tải trọng)[^.;,0-9]{0,30}$"
)
_HOW_OFTEN = re.compile(r"(?<!\w)tần suất[^.;,]{0,40}$")
_CAPACITY = re.compile(r"(?<!\w)(?:nhà máy|công suất|dây chuyền|trạm xử lý|hồ chứa|lò)[^.;]*$")
_CLASS_FROM = re.compile(r"[^.;,]{0,40}trở lên[^.;,]{0,12}(?:đối với|thì|phải|được)(?!\w)")
_LEVEL_REACHED = re.compile(
    r"(?<!\w)(?:đạt|lên|còn|là|chiếm|tăng|giảm|trên|dưới|xuống|mức|tới|đến|ít nhất|tối thiểu|khoảng|quá|bằng|"
    r":)[\s\0]*$|:\s*$"
)
_NOW = re.compile(
    r"\W*(?:hiện nay|hiện tại|hiện có|tính đến|đến nay|thời gian qua|những năm qua|"
    r"trong thời gian qua)(?!\w)"
)
_OF_A_KIND = re.compile(r"đối với[^;]*có tỷ lệ[^;]*$")
_MAY = re.compile(r"[^;.]*(?<!\w)(?:có thể|thì)(?!\w)")
_BY_RULE = re.compile(r"[^.;,]{0,40}theo (?:đúng )?quy định")
_PART_OF = re.compile(r"(?:một|[0-9]+) trong(?: số)? $|trong (?:tổng )?số $|trong đó có $")


def _is_next_in_list(reading: Reading, context: Context) -> bool:
    """Tell whether a count opens a further clause of a promise ("tối thiểu 60 xã …; 40 xã …")."""
    return bool(
        not reading.percent
        and OPENS.fullmatch(reading.left)
        and COUNTED.match(reading.right)
        and context.sentence.rstrip().endswith(";")
        and (_GOAL_WORDS.search(context.sentence) or (UNITS.match(reading.right) and PROMISE.search(context.sentence)))
    )


def _is_stated_least_time(reading: Reading) -> bool:
    """Tell whether a clause says "at least" of a duration; a ceiling is a rule more often than a promise."""
    return reading.is_compared and reading.comparator == ">="


def _is_stated_least(reading: Reading, context: Context) -> bool:
    """Tell whether a clause outside the goals says "at least": ceilings there are rules more often than promises."""
    is_stated = reading.is_compared and reading.comparator == ">=" and "trở lên" not in reading.right
    return not context.in_goals and is_stated


def score_promise(reading: Reading, context: Context) -> Decimal:
    """Return how sure it is that a number is a promise; a number is proposed from THRESHOLD on."""
    left, right = reading.left, reading.right
    score = 0.42 if reading.percent else 0.12
    score += 0.42 if context.in_goals else 0.25 if _GOAL_WORDS.search(context.paragraph) else 0.0
    score += 0.30 if reading.is_compared else 0.0
    score += 0.28 if is_object(reading) else 0.0
    score += 0.10 if _is_stated_least(reading, context) else 0.0
    score += weigh_work(reading, context)
    score += 0.25 if not reading.percent and _REACHED.search(left) else 0.0
    score -= 0.8 if is_of_class(reading) else 0.0
    score += 0.15 if PROMISE.search(left) or reading.measure == "change" else 0.0
    score += 0.20 if reading.percent and OPENS.fullmatch(left) and _WHOSE.match(right) else 0.0
    score += 0.10 if reading.percent and reading.value == _ALL and _WHOSE.match(right) else 0.0
    score += (
        0.35 if not reading.percent and (_EVERY.search(left) or _EACH_BODY.search(left) or RATE.match(right)) else 0.0
    )
    score += 0.15 if reading.upper is not None else 0.0
    score += 0.25 if not reading.percent and _ADDED.search(left) else 0.0
    score += 0.45 if context.is_cell and _OUTPUT_TITLE.search(context.column) and COUNTED.match(right) else 0.0
    score += 0.30 if _is_next_in_list(reading, context) else 0.0
    score += 0.15 if context.has_deadline else 0.0
    score += 0.15 if context.is_repeated_work else 0.0
    score += 0.10 if reading.measure == "amount" and context.in_goals else 0.0
    score += 0.30 if reading.is_rank else 0.0
    if _PAST.search(context.sentence) or (_AFTER_PAST.match(right) and not reading.percent):
        score -= 0.25 if context.in_goals else 0.55
    score -= 0.55 if _NOW.match(context.sentence) else 0.3 if _NOW.match(context.paragraph) else 0.0
    if not reading.percent and _OF_THE_PLAN.match(right):
        score -= 0.6
    is_noun_later = is_object(reading) and context.noun_follows
    if (
        reading.measure == "count"
        and not COUNTED.match(right)
        and not is_noun_later
        and not (context.in_goals and _NUMBER_OF.search(reading.whole_left))
    ):
        score -= 0.4
    score += 0.25 if is_noun_later else 0.0
    if _HOW_OFTEN.search(left) or (not reading.whole_left.strip() and not context.in_goals and RATE.fullmatch(right)):
        score -= 0.4
    if _OF_ONE_YEAR.search(left) and ")" in right and ";" not in right.partition(")")[0]:
        score -= 1.0
    if _CLASS_FROM.match(right) or (_CAPACITY.search(left) and PHYSICAL_RATE.match(right)):
        score -= 0.6
    is_bare = reading.percent and not _WHOSE.match(right) and not _LEVEL_REACHED.search(left)
    if is_bare and not (context.in_goals or context.is_cell or context.has_deadline):
        score -= 0.2
    if (
        _SIZE.search(left)
        and not _EACH_BODY.search(left)
        and not re.search(r"lên|tăng", left)
        and re.search(r"[0-9]", reading.whole_left)
    ):
        score -= 0.6
    if _ATTRIBUTE.search(left):
        score -= 0.6
    if _OF_A_KIND.search(left) and _MAY.match(right):
        score -= 0.9
    if _SCORING.search(reading.whole_left) or _SCORING.search(right) or _POINTS.match(right):
        score -= 0.5
    if _CONDITION.search(left):
        score -= 0.35 if context.in_goals else 0.5
    is_stated_level = reading.is_compared or _LEVEL_REACHED.search(left)
    is_named = context.in_goals and is_stated_level and _DURATION_NAMED.search(reading.whole_left)
    is_time = _DURATION_UNIT.match(right) and not (_SHORTENED.search(left) or is_named)
    if not reading.percent and (is_time or is_on_surface(reading)):
        score -= 0.3 if is_time and context.in_goals and _is_stated_least_time(reading) else 0.7
    if _AWARDED.search(reading.whole_left) and _WINNERS.match(right):
        score -= 0.8
    if _PART_OF.search(left):
        score -= 0.3
    is_part = bool(
        context.in_goals
        and context.in_brackets
        and reading.measure == "count"
        and _PARTS_LISTED.search(reading.whole_left)
        and _PART_ENDS.match(right)
    )
    score += 0.4 if is_part else 0.0
    is_stated = (
        is_part
        or (context.is_out_of and context.in_goals)
        or _STATED_IN_BRACKETS.search(reading.whole_left)
        or _YEARS_IN_BRACKETS.search(reading.whole_left)
    )
    if context.in_brackets and not is_stated and not RATE.match(right):
        score -= 0.3
    score += weigh_funding(reading, context)
    if context.is_of_state:
        score -= 0.6
    if is_in_name(reading) or is_of_fraction(reading):
        score -= 1.5
    if reading.comparator in {"<=", "<"} and _BY_RULE.match(right):
        score -= 1.0
    if _LEGAL_BASIS.match(context.sentence):
        score -= 0.5
    score -= {"letterhead": 0.15, "preamble": 0.15, "recipients": 0.2}.get(context.zone, 0.0)
    score -= 0.05 if context.is_cell else 0.0
    return Decimal(str(round(min(max(score, 0.0), 0.99), 2)))

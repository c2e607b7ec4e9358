"""Counts of work to be done: a list of work names what is held, built or given, with or without a verb."""

from __future__ import annotations

import re

from kpis.plan_import.proposals.context import Context
from kpis.plan_import.proposals.readings import Reading
from kpis.plan_import.proposals.signs import CLASS_OPENS
from kpis.plan_import.proposals.verbs import PEOPLE, PROMISE, UNITS

# "- 100 % số xã …": a list item that opens with its share.
OPENS = re.compile(r"[\W\d_]*(?:[a-zđ][.)]\s*)?")
COUNTED = re.compile(r"\s*(?:%|[^\W\d_])")
RATE = re.compile(r"\s*(?!tấn|mw|kwh|m\0|m3|ha |lít|tỷ|triệu|đồng|usd)[^.;0-9()]{1,60}/ ?(?:năm|quý|tháng)(?!\w)")
PHYSICAL_RATE = re.compile(r"\s*(?:tấn|mw|kwh|m3|m\0|lít|sản phẩm|con)[^.;,]{0,20}/ ?(?:năm|ngày|giờ|tháng)")
# What a plan holds, prints or airs: a list of these is work though no verb stands there.
_DONE_UNITS = re.compile(
    r"\s*(?:lớp|hội nghị|hội thảo|hội thi|cuộc thi|cuộc|buổi|đợt|phiên|chuyến|lượt|tin|bài|phóng sự|chuyên mục|"
    r"chuyên đề|"
    r"tờ rơi|tờ gấp|băng rôn|pano|pa nô|bản tin|tọa đàm|mô hình|đội hình|chương trình)(?!\w)"
)
_WHERE_OR_SIZE = re.compile(r"(?<!\w)(?:tại|ở|trên|từ|bằng|dài|rộng|cao|sâu)[\s\0]*$")
_WORK_TITLE = re.compile(r"(?<!\w)(?:nhiệm vụ|giải pháp|nội dung|hoạt động|công việc)(?!\w)")
_FEW_WORDS = re.compile(
    r"(?:[^:;.,]*,)?[\W\d_]*(?:\w[.)]\s+)?(?:[^\W\d_]+ ){1,5}(?:(?:ít nhất|tối thiểu|trên|khoảng|mới|thêm) ?)?(?:cho )?"
)
_NO_VERB = re.compile(
    r"(?<!\w)(?:toàn|tổng|gồm|trong đó|có|hiện|đã|với|mức|từ|dưới|đến|theo|tại|là|còn|khi|nếu|số|cấp|bão|khung|thứ|"
    r"không|quá|trong|sau|trước|và các|của|thuộc)(?:\s+[^\W\d_]+)?\s*$"
)
_LABEL = re.compile(
    r"[-+•\s]*(?:\w{1,2}[.)]\s*)?(?!thành phần|hiện trạng|quy mô|đối tượng|gồm|trong đó|hiện|đến nay|năm trước|tổng)"
    r"[^\W\d_][^:;.0-9]{1,60}:\s*(?:(?!bao|gồm|có|hiện|đã)[^\W\d_]+ ){0,2}"
)
# "+ Lắp đặt mới trạm phát sóng: 58 trạm": work, and how much of it behind a colon.
_WORK = re.compile(
    r"(?:[^.;:]*[,)])?[-+•,\s]*(?:\w[.)]\s*)?(?:đầu tư|dự trữ|chuẩn bị|lắp đặt|xây dựng|nâng|chuyển đổi|phát triển|"
    r"thành lập|"
    r"mở rộng|trồng|cải tạo|"
    r"sửa chữa|hoàn thành|"
    r"tổ chức|đào tạo|mua sắm|bố trí|hình thành|tổng số)(?!\w)[^:;.]*:\s*(?:[^\W\d_]+ ){0,3}$"
)
_TURNS = re.compile(r"\s*(?:nghìn |triệu )?lượt(?!\w)")


def _is_imperative(reading: Reading, context: Context) -> bool:
    """Tell whether a clause of a list of work is a verb, known or not, and its count ("duy tu 18 công trình")."""
    is_listed = context.zone in {"body", "duties"} and not context.in_goals and _WORK_TITLE.search(context.titles)
    return bool(
        is_listed
        and reading.measure == "count"
        and _FEW_WORDS.fullmatch(reading.left)
        and not _NO_VERB.search(reading.left)
        and COUNTED.match(reading.right)
        and not RATE.match(reading.right)
        and not PHYSICAL_RATE.match(reading.right)
    )


def _is_work(reading: Reading, context: Context) -> bool:
    """Tell whether a number counts a unit of work in a sentence that says that something is done."""
    is_unit = reading.measure == "count" and UNITS.match(reading.right) and not CLASS_OPENS.search(reading.left)
    return bool(is_unit and not context.in_goals and PROMISE.search(context.sentence))


def _is_listed_work(reading: Reading, context: Context) -> bool:
    """Tell whether an item of a list of work opens with its count: "- 24 chuyên mục; 200 buổi tuyên truyền"."""
    return bool(
        reading.measure == "count"
        and context.zone in {"body", "duties"}
        and not (context.in_goals or context.is_of_state)
        and OPENS.fullmatch(reading.left)
        and _DONE_UNITS.match(reading.right)
        and (reading.whole_left.strip() or not RATE.fullmatch(reading.right))
    )


def _is_labelled(reading: Reading, context: Context) -> bool:
    """Tell whether a list of work gives a label its count: "* Cấp xã: 20 lớp", "4. Tập huấn: 10 lớp"."""
    return bool(
        reading.measure == "count"
        and context.zone in {"body", "duties"}
        and not (context.is_of_state or context.in_brackets)
        and _LABEL.fullmatch(reading.left)
        and (UNITS.match(reading.right) or PEOPLE.match(reading.right) or _DONE_UNITS.match(reading.right))
    )


def _is_done_to(reading: Reading, context: Context) -> bool:
    """Tell whether a verb stands before a count in a list of work; "tại" and "dài" say where and how long."""
    in_work = context.zone in {"body", "duties"}
    return bool(in_work and PROMISE.search(reading.left) and not _WHERE_OR_SIZE.search(reading.left))


def weigh_work(reading: Reading, context: Context) -> float:
    """Return what speaks for a number as work to be done; 0 where nothing."""
    left, right = reading.left, reading.right
    weight = (0.25 if _is_done_to(reading, context) else 0.15) if _is_work(reading, context) else 0.0
    weight += 0.1 if _TURNS.match(right) and PROMISE.search(left) else 0.0
    weight += 0.4 if _is_listed_work(reading, context) else 0.0
    weight += 0.4 if _is_labelled(reading, context) else 0.0
    weight += 0.40 if _is_imperative(reading, context) else 0.0
    weight += 0.45 if not reading.percent and _WORK.fullmatch(left) else 0.0
    return weight

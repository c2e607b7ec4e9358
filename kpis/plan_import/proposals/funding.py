"""Money that is paid, provided or awarded, as against money that is a goal itself."""

from __future__ import annotations

import re

from kpis.plan_import.proposals.context import Context
from kpis.plan_import.proposals.readings import Reading
from kpis.plan_import.proposals.signs import is_object

_FUNDING = re.compile(
    r"(?<!\w)(?:kinh phí|ngân sách (?:trung ương|địa phương|nhà nước|tỉnh|xã|thành phố)?\s*(?:hỗ trợ|cấp|bố trí|"
    r"bảo đảm|chi)|vốn|"
    r"tổng mức đầu tư|mức (?:chi(?! tiêu)|hỗ trợ|vay|đóng|thu|phạt|thưởng|đầu tư)|lãi suất|dự toán|hỗ trợ (?:một lần|"
    r"tối đa|kinh phí|bằng)|"
    r"nguồn thu|trích|phụ cấp|học phí|giá trị hợp đồng|chi phí|thuế|đối ứng)(?!\w)"
)
_MONEY_TITLE = re.compile(
    r"kinh phí|nguồn vốn|vốn đầu tư|nhu cầu vốn|nguồn lực thực hiện|cơ chế tài chính|khen thưởng|thang điểm|"
    r"(?:tiêu chuẩn|tiêu chí) (?:khen|xét|thi đua)|chấm điểm|điểm chuẩn|điểm tối đa|chế độ|mức hỗ trợ"
)
# Capital of the economy, and a fund that is to grow, are goals themselves.
_RAISED = re.compile(
    r"toàn xã hội|bán lẻ|(?<!\w)thu (?:cân đối|ngân sách|nội địa|thuế|từ)|"
    r"tổng vốn đầu tư[^;.]*(?<!\w)(?:đạt|tăng)(?!\w)|(?<!\w)(?:thu hút|nâng|tăng)(?!\w)[^;]*(?:vốn|quỹ)|(?:vốn|"
    r"quỹ)[^;]*(?<!\w)tăng (?:bình quân|thêm|trưởng)|fdi|vốn đăng ký"
)
# "Tổng thu từ du lịch 9.800 tỷ đồng", "quyên góp 2 tỷ đồng": income and what is raised are goals anywhere.
_INCOME = re.compile(
    r"(?<!\w)(?:tổng thu|doanh thu|kim ngạch|giá trị (?:sản xuất|xuất khẩu|gia tăng)|thu nhập|thu ngân sách|dư nợ|"
    r"doanh số|"
    r"thu (?:quỹ|phí)|quyên góp|vận động|tăng bình quân|ủng hộ)(?!\w)[^;.]{0,50}$"
)
_RAISED_BY = re.compile(r"(?<!\w)(?:huy động|xã hội hóa|bố trí|dành|chi)(?!\w)[^;.]*$")
_FUNDS_TITLE = re.compile(r"(?!.*(?:khen|thi đua|điểm|chế độ|mức hỗ trợ)).*(?:kinh phí|vốn|nguồn lực)")
_SPENT = re.compile(r"(?<!\w)(?:kinh phí|tổng vốn|tổng mức|vốn|dự toán|ngân sách)(?!\w)[^;.]*$")
# "Hỗ trợ 70 %" pays a share; "hỗ trợ 100 % hộ nghèo" is a promise to households.
_PAYS_SHARE = re.compile(
    r"(?<!\w)(?:hỗ trợ|thanh toán|chi trả)(?!\w)(?: thêm)?(?: từ ngân sách[^,;.]{0,25})?(?: tối đa| không quá| từ|"
    r" đến)?\s*$"
)
_OF_COSTS = re.compile(
    r"\s*(?:%|phần trăm)\s*(?:[,;.):]|$|(?:kinh phí|chi phí|lãi|học phí|giá|mức|tổng|số tiền|viện phí)(?!\w))"
)
_CAP = re.compile(r"(?<!\w)(?:mỗi|một|từng|mức|kinh phí)(?!\w)[^.;,]*(?:không quá|tối đa)\s*$")
_EACH_PAID = re.compile(r"(?<!\w)mỗi (?:suất|học bổng|giải|mô hình|đề tài|dự án|hộ|căn|lớp|xã)[\s\0]*$")
_PAID_PER = re.compile(
    r"\s*(?:(?:nghìn|triệu) )?đồng\s*/\s*(?:ngày|người|buổi|tháng|tin|bài|hộ|suất|công|lượt|lần|căn|xã|"
    r"mô hình)(?!\w)(?!/năm)"
)
_FUNDS_HEAD = re.compile(
    r"\W*(?:\w[.)]\s*)?(?:tổng |nguồn )?(?:kinh phí|vốn)(?!\w)(?! (?:đầu tư )?(?:toàn xã hội|"
    r"đăng ký|fdi|huy động|thu hút|ủy thác)|[^.;:]{0,60}(?<!\w)đạt(?!\w))"
)
_OF_FUNDS = re.compile(
    r"\s*(?:%|phần trăm)\s*(?:tổng|tống)?\s*(?:số |mức )?(?:nguồn )?(?:vốn|kinh phí|"
    r"mức đầu tư)(?!\w)"
)


def weigh_funding(reading: Reading, context: Context) -> float:
    """Return what speaks against a number as a promise because it is money spent, or its share; 0 where nothing."""
    left, right, whole_left = reading.left, reading.right, reading.whole_left
    weight = 0.0
    head = context.sentence if reading.percent else context.paragraph
    if reading.measure in {"ratio", "amount"} and not reading.is_compared and _FUNDS_HEAD.match(head):
        weight -= 0.6
    is_cap = not context.in_goals and reading.measure == "amount" and _CAP.search(left)
    is_paid = not context.in_goals and _PAID_PER.match(right)
    is_each = not context.in_goals and reading.measure == "amount" and _EACH_PAID.search(left)
    weight -= 0.6 if is_cap or is_paid or is_each else 0.0
    weight -= 0.6 if _OF_FUNDS.match(right) and not (reading.is_compared and _RAISED_BY.search(left)) else 0.0
    is_raised = _RAISED.search(whole_left)
    is_least = context.in_goals and reading.is_compared and reading.comparator == ">="
    is_bought = reading.measure == "count" and is_object(reading) and not _FUNDING.search(left)
    if reading.measure == "amount" and _SPENT.search(whole_left) and not is_raised:
        weight -= 0.3 if is_least else 0.6
    elif reading.percent and "giải ngân" in left:
        weight += 0.1
    elif (_FUNDING.search(whole_left) and not (is_raised or is_bought)) or (
        reading.measure == "amount" and _FUNDING.search(right)
    ):
        weight -= 0.15 if context.in_goals else 0.55
    weight -= 0.5 if reading.percent and _PAYS_SHARE.search(left) and _OF_COSTS.match(right) else 0.0
    is_work = reading.measure == "count" and is_object(reading) and _FUNDS_TITLE.search(context.titles)
    weight -= 0.45 if _MONEY_TITLE.search(context.titles) and not is_work else 0.0
    weight += 0.3 if reading.measure == "amount" and _INCOME.search(left) and not context.is_of_state else 0.0
    return weight

"""Numbers that cannot be promises, each with the reason: dates, documents' numbers, articles, telephone numbers …

A pattern silences a number only where its words leave no other reading. What merely looks unlikely is scored in
`evidence` and stays in sight as left over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_YEAR = r"(?:19|20)[0-9]{2}(?![0-9]|[.,][0-9])"
_END = r"(?![0-9]|[.,][0-9]| ?%| phần trăm)"
# A number that names a thing ("nhóm 1:", "phường 4,") is followed by a mark or by a word that cannot be counted.
_NAMED = (
    _END + r"(?=\s*(?:[:.,;)\]\"\-]|$|(?:và|của|thuộc|theo|cho|là|gồm|được|có|đến|tại|với|hoặc|về|trên|do|ở|trong|từ|"
    r"khi|nếu|như|này|nêu|đã|sẽ|phải|trở lên|\()(?!\w)))"
)
_DOCUMENTS = (
    "nghị quyết|quyết định|chỉ thị|nghị định|thông tư|kết luận|kế hoạch|công văn|công điện|luật|đề án|chương trình|"
    "quy chế|quy định|thông báo|tờ trình|hướng dẫn|phương án|văn bản|pháp lệnh|báo cáo|chương trình hành động"
)
_PARTS = "điều|khoản|điểm|mục|chương|phần|phụ lục|biểu(?: mẫu)?|mẫu(?: biểu)?|bảng|tiết|trang|phần thứ"
# "Thí điểm 02 mô hình", "hạng mục": the last syllable of another word.
_COMPOUNDS = (
    "dứt", "thí", "trọng", "địa", "thời", "quan", "cao", "tụ", "chấm", "ưu", "nhược", "đặc", "giao", "danh", "hạng",
    "chuyên", "đề", "tiểu", "thành", "góp", "cổ", "đại", "tiêu", "phát", "chung",
)  # fmt: skip
_NOT_COMPOUND = r"(?<!\w)" + "".join(rf"(?<!{syllable} )" for syllable in _COMPOUNDS)
# A number after its noun names one of a series: counted things stand after their number ("khu vực 3", "3 khu vực").
_SERIES = (
    "khu vực|vùng|giai đoạn|cấp độ|mức độ|hợp phần|trụ cột|báo động|khóa|đợt|bước|vòng|trường hợp|đối tượng|"
    "loại|phân kỳ"
)
_ITEMS = (
    "chỉ tiêu|mục tiêu|tiêu chí|tiêu chuẩn|nội dung|nhiệm vụ|giải pháp|nhóm|mức|bậc|lĩnh vực|chuyên đề|ca|tập|kỳ|cấp|"
    "hạng|phương án"
)
_PLACES = "phường|quận|khu phố|tổ|tổ dân phố|thôn|ấp|khóm|đường|khu|lô|cầu|xã|cụm|kênh|số nhà|phân khu|tuyến"
_SLOGAN = "(?:phải|giảm|tăng|không|cùng|có|sạch|rõ)"
_TITLED = "đề án|chương trình|dự án|kế hoạch|phong trào|chiến lược|cuộc vận động|cuộc thi|mô hình|phương châm|đề tài"

# Searched in the folded text, in this order; the first that holds a number gives its reason.
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("address", r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\b[\w-]+(?:\.[\w-]+)*\.(?:vn|com|org|net)(?:/\S*)?"),
    (
        "phone",
        r"(?<!\w)(?:tổng đài|điện thoại|đường dây nóng|hotline|số máy|sđt|đt|fax|zalo)(?!\w)[^.;0-9]{0,60}"
        r"(?:[+(]{0,2}(?:84|0)[0-9 .()-]{6,}[0-9]|1[089][0-9]{2}(?: ?[0-9]{4})?|11[1-5])(?![0-9])",
    ),
    ("phone", r"(?<![0-9.,])(?:0[0-9]{2,3}[. ][0-9]{3}[. ][0-9]{3,4}|1[89]00[ .][0-9]{4})(?![0-9.])"),
    ("date", rf"(?<![0-9])[0-9]{{1,2}}\s*[/.-]\s*[0-9]{{1,2}}\s*[/.-]\s*{_YEAR}"),
    ("date", rf"ngày\s*[0-9]{{1,2}}\s*(?:tháng|[/-])\s*[0-9]{{1,2}}(?![0-9])(?:\s*(?:năm|[/-])\s*{_YEAR})?"),
    ("date", rf"(?<![0-9])[0-9]{{1,2}}\s*tháng\s*[0-9]{{1,2}}(?![0-9]| tuổi)(?:\s*(?:năm|/)\s*{_YEAR})?"),
    (
        "date",
        r"(?<!mỗi )(?<!hằng )(?<!một )(?:ngày|mùng|mồng)\s*[0-9]{1,2}(?![0-9])(?:\s*(?:-|và|"
        r"đến)\s*(?:ngày\s*)?[0-9]{1,2}(?![0-9/%]))?" + _END,
    ),
    ("date", r"(?:(?:trước|sau|đến|từ|vào|kể từ)\s*|\()[0-9]{1,2}/(?:0?[1-9]|1[0-2])(?![0-9/])"),
    ("date", rf"(?<!mỗi )(?<!hằng )(?<!một )(?:tháng|quý)\s*[0-9]{{1,2}}(?![0-9])(?:\s*(?:/|năm|-)\s*{_YEAR})?(?! ?%)"),
    ("date", rf"quý\s*[ivx]+\s*(?:/|năm|-)?\s*{_YEAR}|(?<![0-9/.,])[0-9]{{1,2}}/{_YEAR}"),
    ("time_of_day", r"(?<![0-9])[0-9]{1,2}\s*(?:h|giờ)\s*[0-9]{2}(?![0-9])'?|(?<![0-9])24\s*/\s*(?:24|7)(?![0-9])"),
    ("document_number", rf"(?:{_DOCUMENTS})\s+(?:số|só)\s*:?\s*[0-9]+(?:[/.-][0-9]+)*"),
    ("document_number", rf"(?:{_DOCUMENTS})\s+[0-9]{{1,4}}" + _NAMED),
    (
        "document_number",
        r"(?<!\w)(?:nghị quyết|quyết định|chỉ thị|nghị định|thông tư|kết luận|luật|đề án)\s+[0-9]{1,4}" + _END,
    ),
    ("document_number", r"(?<!\w)(?:dự án|tiểu dự án|đề án|gói thầu)\s+(?:số\s*)?[0-9]{1,2}" + _NAMED),
    ("article", rf"(?<!\w)(?:{_ITEMS})\s+(?:số\s*)?[0-9]{{1,2}}(?:\.[0-9]{{1,2}})+" + _END),
    ("ordinal", r"(?<!\w)bão số [0-9]{1,2}(?:(?:,| và|,? bão số) [0-9]{1,2})*|(?<!\w)cop ?[0-9]{2}"),
    ("date", r"(?:ngày|tuần lễ|tháng)[^.;0-9]{0,40}[0-9]{1,2}(?:\s*-\s*[0-9]{1,2})?/(?:0?[1-9]|1[0-2])(?![0-9/])"),
    ("document_number", r"^\W*số\s*:?\s*[0-9]+"),
    ("article", rf"{_NOT_COMPOUND}(?:{_PARTS})\s+(?:số\s*)?:?\s*[0-9]+(?:\.[0-9]+)*" + _END),
    ("article", rf"{_NOT_COMPOUND}(?:{_PARTS})\s+[0-9]{{1,2}}(?:\s*(?:,|và|-)\s*[0-9]{{1,2}})+" + _NAMED),
    (
        "article",
        rf"{_NOT_COMPOUND}(?:{_PARTS})\s+[0-9]{{1,2}}(?:\s*,\s*[0-9]{{1,2}})*(?:\s*và\s*[0-9]{{1,2}})?(?=\s+(?:{_PARTS})(?!\w))",
    ),
    ("age", r"(?<=độ tuổi )(?:từ )?[0-9]{1,2}\s*(?:-|đến)\s*[0-9]{1,2}(?![0-9.,])"),
    ("age", r"[0-9]+(?:, [0-9]+)+(?: và [0-9]+)? tuổi"),
    ("age", r"[0-9]+\s*(?:tháng|tuổi)?\s*(?:-|đến|tới)\s*(?:dưới\s*)?[0-9]+\s*(?:tháng\s*)?tuổi"),
    ("age", r"(?<!thọ )(?<!trung bình )(?<!bình quân )(?<!đạt )(?<![0-9.,])[0-9]{1,2}\s*(?:tháng\s*)?tuổi"),
    ("fixed_term", r"(?<!\w)(?:mô hình|kiến trúc|giải pháp|phương án) [0-9] (?:lớp|tầng)(?!\w)"),
    ("fixed_term", rf"(?<![0-9.,])[0-9] {_SLOGAN},? [0-9] {_SLOGAN}(?!\w)"),
    ("fixed_term", r"(?:quy hoạch|ranh giới|rà soát|đất) 0?3 loại rừng(?!\w)"),
    ("level_of_government", r"chính quyền (?:địa phương )?(?:(?:theo )?mô hình )?[0-9]{1,2} cấp"),
    ("duration", rf"(?<![0-9.,])[0-9]{{1,2}}\s*năm(?=\s*(?:\(\s*)?(?:giai đoạn\s*)?{_YEAR})"),
    (
        "duration",
        r"(?<![0-9.,])(?<!còn )(?<!xuống )(?<!không quá )(?<!tối đa )(?<!dưới )[0-9]{1,3}\s*(?:tháng|năm|giờ|ngày|"
        r"tuần|phút)(?:\s*(?:/|làm việc|đầu|"
        r"cuối|liên tiếp|kể từ|qua))",
    ),
    (
        "duration",
        r"(?:trong(?: vòng)?|sau|thời hạn|thời gian|kéo dài|định kỳ|chu kỳ|nhiệm kỳ|sơ kết|tổng kết|và|hoặc|,)"
        r"\s*(?:khoảng\s*)?[0-9]{1,3}\s*(?:giờ|ngày(?! hội| công)|tuần|tháng|năm|phút)(?!\w)",
    ),
    (
        "year",
        rf"(?:năm|năm học|giai đoạn|thời kỳ|nhiệm kỳ|niên độ|vụ)\s*{_YEAR}(?:\s*(?:-|/|đến|và|"
        rf",)\s*(?:năm\s*)?{_YEAR})*",
    ),
    ("year", rf"(?<![0-9.,]){_YEAR}\s*(?:-|đến|và)\s*(?:năm\s*)?{_YEAR}"),
    ("year", rf"(?:đến|tới|từ|trước|sau|vào|trong|hết|cuối|đầu|tầm nhìn|so với)\s*(?:năm\s*)?{_YEAR}"),
    ("phone", r"(?:(?:số|gọi|gọi số|báo cháy|cấp cứu|khẩn cấp|đầu số|phản ứng nhanh)\s+)11[1-5](?!\w| ?%|[.,][0-9])"),
    (
        "denominator",
        r"(?<=\w trên )(?:0?1|10|100)(?=\s+(?:vạn|nghìn|ngàn|triệu)\s+(?:dân|người|trẻ|lao động|ca)(?!\w))",
    ),
    ("denominator", r"(?<=/)\s*(?:0?1|10|100)(?=\s*(?:vạn|nghìn|ngàn|triệu)\s+(?:dân|người|trẻ|lao động|ca)(?!\w))"),
    ("denominator", r"(?<=\w trên )0?1(?=\s+(?:ha|héc ta|đơn vị diện tích|lao động|m2|km|đầu người)(?!\w))"),
    ("version", r"(?:công nghiệp|nghiệp lần thứ|industry|phiên bản|version|web)\s*\(?[0-9]+(?:\.[0-9]+)*" + _END),
    ("ordinal", r"(?:lần thứ|thứ|khóa|kỳ họp|quốc lộ|tỉnh lộ|đường tỉnh|ql|đt|km|cao tốc)\s*[0-9]+[\w+]*" + _END),
    ("ordinal", rf"(?<!\w)(?:{_SERIES})\s+(?:số\s*)?[0-9]{{1,2}}" + _END),
    ("ordinal", rf"(?<!\w)(?:{_SERIES})\s+[0-9]{{1,2}}(?:\s*(?:,|và|-)\s*[0-9]{{1,2}})+" + _NAMED),
    ("grade", r"(?<![0-9.,])[1-5] sao(?!\w)"),
    (
        "grade",
        r"(?<!mở )(?<!tổ chức )(?<!\w)(?:khối )?lớp (?:1[0-2]|[1-9])(?=\s*(?:[,;.)]|$|(?:đến|và|học|trở|được|"
        r"ở)(?!\w)))",
    ),
    (
        "identifier",
        r"(?<!\w)(?:iso|iec|iso/iec|tcvn|qcvn|haccp|iatf|sa)[\s:/-]*[0-9]{3,5}(?::[0-9]{4})?(?:[-/][0-9]+)*",
    ),
    ("ordinal", rf"(?<!\w)(?:{_ITEMS})\s+(?:số\s*)?[0-9]{{1,2}}" + _NAMED),
    (
        "ordinal",
        r"(?<!\w)(?:gói thầu|chợ|trường|tổ|cơ sở|khu|lô|phòng khám|trạm|nhà|máy|công trình|hợp đồng|thửa|tờ|tài khoản)"
        r"\s+số\s*:?\s*[0-9]{1,4}(?![0-9.,]|\s*%)",
    ),
    ("place_name", rf"(?<!\w)(?:{_PLACES})\s+[0-9]{{1,3}}" + _NAMED),
    ("footnote", r"\[[0-9]{1,3}\]|\((?=[0-9]{1,2}\)$)[0-9]{1,2}\)"),
    (
        "denominator",
        r"(?<=/)\s*(?:0?1(?=\s*[^\W\d_])|1\.000|10\.000|100\.000|1\.000\.000|100|1000|10000|100000)(?![0-9])(?=\s*\w)",
    ),
    (
        "denominator",
        r"(?<=\w trên )(?:1\.000|10\.000|100\.000|1000|10000|100000|một vạn|100)(?=\s+(?:người dân|dân|trẻ|bà mẹ|"
        r"phụ nữ|"
        r"bé gái|ca đẻ|cặp)(?!\w))",
    ),
)
# Searched in the text as printed: capitals tell a document's code ("57-NQ/TW") from a unit.
_PRINTED: tuple[tuple[str, str], ...] = (
    (
        "document_number",
        r"[0-9]+(?:/(?:19|"
        r"20)[0-9]{2})?\s*[/-]\s*(?=[A-ZĐƯ][A-Za-zĐđƯưy]*[A-ZĐƯ])[A-ZĐƯ][\w&]*(?:(?:\s*[-–/]\s?|\.)[A-ZĐƯ][\w&]*)*",
    ),
    ("document_number", r"[0-9]+/(?:19|20)[0-9]{2}/[A-ZĐ][\w-]*"),
    ("identifier", r"(?<![\w.,])[A-ZĐ]{1,8}-?[0-9]+(?:\.[0-9]+)?[\w]*"),
    ("identifier", r"(?<![\w.,])[0-9](?:\.[0-9])?[GD](?:/[0-9]G)*(?!\w)"),
    (
        "identifier",
        r"(?<![\w.,])[0-9]{1,2}[A-ZĐ]{1,2}(?![\w²])(?<!MW)(?<!KW)(?<!GW)(?<!KV)(?<!HA)(?<!KM)(?<!KG)(?<!XÃ)",
    ),
)
_FOLDED = [(reason, re.compile(pattern)) for reason, pattern in _PATTERNS]
_AS_PRINTED = [(reason, re.compile(pattern)) for reason, pattern in _PRINTED]
_TITLE = re.compile(rf'(?:{_TITLED})[^.“”"]{{0,40}}[“"][^“”"]*[”"]')
# "Xếp thứ 5", "từ hạng thứ 15 đến thứ 18": an order that a plan wants to reach.
_RANK = re.compile(r"(?<!\w)(?:xếp|hạng|đứng|vị trí|vị thứ|vươn lên|giữ|lọt)(?!\w)[^.;,0-9]{0,25}")
_RANGE_OF_RANKS = re.compile(r"(?<!\w)(?:xếp|hạng|đứng|vị trí)(?!\w)[^.;,0-9]{0,25}thứ\s*[0-9]{1,3}\s*(?:đến|-|tới)\s*")
# A straight mark opens only behind a blank: between two names in marks stands text that is no name.
_QUOTED_NAME = re.compile(r'“[^“”"%]{1,40}”|(?<![\w.,;!?)”"])"[^“”"%]{1,40}"(?!\w)')
# "3.000 lượt" at the start of a line is a number: parts of a section's number have one or two digits.
_SECTION = re.compile(
    r"\s*(?:[-+•]\s*)?(?:\(?[0-9]{1,2}\)(?=\s|[^\W\d])|[0-9]{1,2}(?:\.[0-9]{1,2})*\.(?=\s|[^\W\d])|"
    r"[0-9]{1,2}(?:\.[0-9]{1,2}){1,4}(?=\s+[^\W\d])|[0-9]{1,2}-\s+(?=[^\W\d]|100\s?%))"  # "3- 100 %", of the Party
)
# "15/20 xã": the first number is the promise, the second all there are; a day and a month are smaller.
_OUT_OF = re.compile(r"(?<![0-9.,/])([0-9]{1,4})(\s*/\s*([0-9]{1,4}))(?=\s+[^\W\d_])")
# "11/11 điểm đen", "7/9 xã": small numbers too where a thing that is counted follows and no word of a day precedes.
_FEW_OUT_OF = re.compile(
    r"(?<!ngày )(?<!trước )(?<!sau )(?<!từ )(?<!kể từ )(?<!vào )(?<![0-9.,/])([0-9]{1,2})(\s*/\s*([0-9]{1,2}))(?=\s+"
    r"(?:xã|phường|đặc khu|thôn|bản|ấp|khóm|tổ|sở|ngành|cơ quan|đơn vị|trường|trạm|điểm|tiêu chí|chỉ tiêu|chỉ số|"
    r"cụm|khu|dự án|công trình|hồ|tuyến|bệnh viện|trung tâm|cơ sở|doanh nghiệp|hợp tác xã|thành viên|chi bộ|huyện|"
    r"nhiệm vụ|nhóm|câu lạc bộ|mô hình|hộ|nhà|chợ|địa phương|làng|chi hội)(?!\w))"
)
_FRACTIONS = {(1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (2, 5)}
_PAGE = re.compile(r"\W*(?:trang\s*)?[0-9]{1,3}(?:\s*/\s*[0-9]{1,3})?\W*")
_LONE_SECTION = re.compile(r"\W*[0-9]{1,2}(?:\.[0-9]{1,2}){1,4}\W*")
_LAST_MONTH = 12
_FARTHEST_RANK = 60
_UNIT_POWER = re.compile(r"(?<=[a-zđ])[23](?=\s|/|[.,;)]|$)")


def find_masks(text: str, folded: str, *, starts_block: bool = True) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, reason) of every part of a text whose numbers promise nothing.

    Args:
        text: the text as printed.
        folded: the same by `fold_text`.
        starts_block: whether the text begins a paragraph, where a section's number may stand.
    """
    if starts_block:
        if _PAGE.fullmatch(folded):
            yield 0, len(text), "page_number"
        if section := _LONE_SECTION.fullmatch(folded) or _SECTION.match(folded):
            yield *section.span(), "section_number"
    for reason, pattern in _AS_PRINTED:
        for match in pattern.finditer(text):
            yield *match.span(), reason
    for match in _UNIT_POWER.finditer(folded):
        yield *match.span(), "unit"
    for reason, pattern in _FOLDED:
        for match in pattern.finditer(folded):
            if reason != "ordinal" or not _is_rank(folded, match):
                yield *match.span(), reason
    for match in _OUT_OF.finditer(folded):
        if _LAST_MONTH < int(match[3]) >= int(match[1]):
            yield *match.span(2), "population"
    for match in _FEW_OUT_OF.finditer(folded):
        part, every = int(match[1]), int(match[3])
        if part <= every <= _LAST_MONTH and ((part, every) not in _FRACTIONS or match[1].startswith("0")):
            yield *match.span(2), "population"
    for pattern in (_TITLE, _QUOTED_NAME):
        for match in pattern.finditer(folded):
            yield *match.span(), "other_title"


def _is_rank(folded: str, match: re.Match[str]) -> bool:
    """Tell whether "thứ 12" is a rank to be reached, not one of a series."""
    if not match.group().startswith("thứ"):
        return False
    begin = max(0, match.start() - _FARTHEST_RANK)
    return any(
        each.end() == match.start()
        for pattern in (_RANK, _RANGE_OF_RANKS)
        for each in pattern.finditer(folded, begin, match.start())
    )

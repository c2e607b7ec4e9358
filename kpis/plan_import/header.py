"""Reads a document's own data: number, day, issuer, title, years, days of reporting. Each is right or empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from kpis.plan_import.documents.text_reader import is_capital
from kpis.plan_import.model import Header, OutlinedBlock
from kpis.plan_import.plan_years import find_period
from kpis.plan_import.reporting_days import find_reporting_days
from kpis.plan_import.vietnamese_patterns import compile_vietnamese

_NUMBER: Final = re.compile(
    r"(?:^|[\s|])Số\s*(?:hiệu)?\s*(?P<colon>:)?\s*(?P<digits>\d{1,5}[a-z]?(?:/\d{4})?)\s*(?P<rest>[-/]\s?(?:[A-ZĐ][\wĐ.&]*)(?:\s?[-/]\s?[A-ZĐ][\w&]*)*)"
)
_DAY: Final = re.compile(r"ngày\s*(?P<day>\d{1,2})\s*tháng\s*(?P<month>\d{1,2})\s*năm\s*(?P<year>\d{4})")
_SHORT_DAY: Final = re.compile(r"ngày\s*(?P<day>\d{1,2})\s*/\s*(?P<month>\d{1,2})\s*/\s*(?P<year>\d{4})")
_PLACE_AND_DAY: Final = re.compile(r"(?P<place>[^\W\d_][^\W\d_ .-]*(?:[ .-]+[^\W\d_]+){0,5}),\s*" + _DAY.pattern)
_DRAFT_DAY: Final = re.compile(r",\s*ngày[\s.…_/]*\d{0,2}\s*tháng[\s.…_/]*\d{0,2}\s*năm\s*(?P<year>\d{4})")
_ISSUED_WITH: Final = re.compile(
    r"[Kk]èm theo\s+(?P<kind>Kế hoạch|Chương trình|Đề án|Quyết định"
    r"|Nghị quyết)\s+số\s*:?\s*(?P<digits>\d{1,5})\s*(?P<rest>/[A-ZĐ]\w*(?:-[A-ZĐ]\w*)*)"
    r",?\s*(?P<day>ngày[^)]{4,40}?)\s+của\s+(?P<issuer>[^)]+)"
)
_ADOPTED: Final = re.compile(r"(?:Nghị quyết|Chương trình) này (?:đã )?được .{0,160}?thông qua " + _DAY.pattern)
_KIND: Final = re.compile(
    r"^(?:DỰ THẢO\s+)?(?P<kind>KẾ HOẠCH|CHƯƠNG TRÌNH HÀNH ĐỘNG|CHƯƠNG TRÌNH|ĐỀ ÁN|PHƯƠNG ÁN|CHIẾN LƯỢC"
    r"|NGHỊ QUYẾT|QUYẾT ĐỊNH)\b\s*(?P<rest>.*)$",
    re.S,
)
_END_OF_TITLE: Final = re.compile(
    r"^(?:[-–*\s]*(?:Căn cứ|Thực hiện|Triển khai thực hiện|Xét|Theo|Để|Trên cơ sở|Nhằm|Điều|QUYẾT|Ngày \d)"
    r"|\((?:Ban hành|Kèm)|I\s?[.)]|ỦY BAN|UỶ BAN|CHỦ TỊCH|HỘI ĐỒNG"
    r"|THỦ TƯỚNG|BỘ TRƯỞNG|QUỐC HỘI|Hội đồng nhân dân|Ủy ban nhân dân)"
)
_PLACE_KINDS: Final = r"tỉnh|thành phố|TP\.?|xã|phường|đặc khu|huyện|thị xã|quận"
_CAPITAL_WORD: Final = r"[A-ZÀ-ỸĐ][^\W\d_]*"
_ISSUER: Final = compile_vietnamese(
    rf"(?P<body>(?i:ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN|UBND|HỘI ĐỒNG NHÂN DÂN|HĐND))\s+(?P<kind>(?i:{_PLACE_KINDS}))\s+"
    rf"(?P<name>{_CAPITAL_WORD}(?:[\s-]+(?!Số\b|Khóa|Khoá){_CAPITAL_WORD}){{0,3}})"
)
_STATE_ISSUER: Final = compile_vietnamese(
    r"^(?:THỦ TƯỚNG CHÍNH PHỦ|CHÍNH PHỦ|QUỐC HỘI|BỘ\s[A-ZĐÀ-Ỹ][A-ZĐÀ-Ỹ\s,-]{3,60}|(?:TỈNH"
    r"|THÀNH) [ỦU][YỶ]\s[A-ZĐÀ-Ỹ\s]{3,40})"
    r"|(?:^|(?<=\s))SỞ\s[A-ZĐÀ-Ỹ][A-ZĐÀ-Ỹ\s,-]{3,60}$"
)
_BODY_OF_PROVINCE: Final = compile_vietnamese(
    r"^(?:SỞ|BAN|CỤC|CHI CỤC|VĂN PHÒNG|TRUNG TÂM" r"|PHÒNG)\s[A-ZÀ-Ỹ][A-ZÀ-Ỹ\s,-]{2,60}$"
)
_STATE_NAMES: Final = {
    "thủ tướng chính phủ": "Thủ tướng Chính phủ",
    "chính phủ": "Chính phủ",
    "quốc hội": "Quốc hội",
    "sở công thương": "Sở Công Thương",
    "bộ công thương": "Bộ Công Thương",
    "bộ nông nghiệp và môi trường": "Bộ Nông nghiệp và Môi trường",
    "sở nông nghiệp và môi trường": "Sở Nông nghiệp và Môi trường",
    "bộ khoa học và công nghệ": "Bộ Khoa học và Công nghệ",
    "sở khoa học và công nghệ": "Sở Khoa học và Công nghệ",
    "bộ giáo dục và đào tạo": "Bộ Giáo dục và Đào tạo",
    "sở giáo dục và đào tạo": "Sở Giáo dục và Đào tạo",
    "bộ văn hóa, thể thao và du lịch": "Bộ Văn hóa, Thể thao và Du lịch",
    "sở văn hóa, thể thao và du lịch": "Sở Văn hóa, Thể thao và Du lịch",
    "bộ dân tộc và tôn giáo": "Bộ Dân tộc và Tôn giáo",
    "sở dân tộc và tôn giáo": "Sở Dân tộc và Tôn giáo",
}
_ISSUES: Final = compile_vietnamese(
    rf"(?P<body>Ủy ban nhân dân|Uỷ ban nhân dân|UBND)\s+(?P<kind>{_PLACE_KINDS})\s+"
    rf"(?P<name>{_CAPITAL_WORD}(?:\s{_CAPITAL_WORD}){{0,4}})\s+(?:ban hành|xây dựng)"
)
_ISSUES_NAMELESS: Final = re.compile(
    r"(?:Ủy ban nhân dân|Uỷ ban nhân dân|UBND)\s+(?P<kind>tỉnh|thành phố|Tỉnh|Thành phố)\s+(?:ban hành|xây dựng)"
)
_CLOSING_ISSUER: Final = compile_vietnamese(
    r"(?<=\w)\s+(?:THỦ TƯỚNG CHÍNH PHỦ|BỘ TRƯỞNG(?:\s[A-ZĐÀ-Ỹ]+)*|CHỦ TỊCH(?:\s[A-ZĐÀ-Ỹ]+)*|QUỐC HỘI)$"
)
# A preamble in one paragraph with the title: "… năm 2026 Thực hiện Quyết định số …, như sau:".
_BASIS_BEHIND: Final = re.compile(
    r"(?<=\w)\s(?:Thực hiện|Căn cứ|Triển khai) (?:Luật|Nghị quyết|Nghị định|Quyết định|Kế hoạch|Chỉ thị|"
    r"Chương trình|Công văn)"
    r"\s.*(?:như sau|[Kk]ế hoạch|[Cc]hương trình|[Đđ]ề án)\s?:$"
)
# "Năm 2025, toàn tỉnh xảy ra 214 vụ …." below a title tells what has been.
_STATE_SENTENCE: Final = re.compile(r"(?:Năm|Trong năm|Đến hết năm) \d{4},\s.{20,}\.$")
_LATEST_ISSUE: Final = 1
_ISSUING_KINDS: Final = frozenset({"QUYẾT ĐỊNH", "NGHỊ QUYẾT"})
_LONGEST_TITLE_LINE: Final = 200
_LONGEST_TITLE: Final = 900


def read_header(outlined: Sequence[OutlinedBlock]) -> Header:
    """Return what the document says of itself; a draft leaves number and day empty, and so does this."""
    letterhead = _list_letterhead(outlined)
    text = "\n".join(letterhead)
    number = _find_number(letterhead)
    issued_on = _find_day(_PLACE_AND_DAY, text)
    issuer = _find_issuer(letterhead, outlined)
    title, kind = _find_title(outlined)
    for match in _find_issued_with(outlined):
        if (
            kind
            and match["kind"].upper() == kind
            and (number is None or _squeeze(match["digits"] + match["rest"]) == number)
        ):
            number = number or _squeeze(match["digits"] + match["rest"])
            issued_on = issued_on or _find_day(_DAY, match["day"]) or _find_day(_SHORT_DAY, match["day"])
            if issuer is None and (named := _ISSUER.search(match["issuer"])):
                issuer = _write_issuer(named)
    if issued_on is None and outlined:
        issued_on = next((day for item in outlined[-4:] if (day := _find_day(_ADOPTED, item.block.text))), None)
    start_year, end_year = find_period(title or "")
    end_year = end_year or (_find_end_in_goals(outlined) if start_year is None else None)
    issue_year = issued_on.year if issued_on else _find_draft_year(letterhead)
    if start_year is not None and issue_year is not None and issue_year - start_year > _LATEST_ISSUE:
        start_year = None  # the period of the document that this one carries out
    if start_year is None and issue_year is not None and (end_year is None or issue_year <= end_year):
        start_year = issue_year  # a plan without a first year is in force from its issue
    return Header(number, issued_on, issuer, title, start_year, end_year, find_reporting_days(outlined, end_year))


def _find_end_in_goals(outlined: Sequence[OutlinedBlock]) -> int | None:
    """Return the year of the main heading of the goals ("II. MỤC TIÊU ĐẾN NĂM 2030"), if there is one alone."""
    headings = [
        item.block.text
        for item in outlined
        if item.zone == "goals" and all(title.startswith("Điều") for title in item.titles)
    ]
    ends = {end for heading in headings if (end := find_period(heading)[1]) is not None}
    return ends.pop() if len(ends) == 1 else None


def _find_draft_year(letterhead: Sequence[str]) -> int | None:
    """Return the year of a draft's line of the day, whose day and month are left open."""
    years = {int(match["year"]) for text in letterhead for match in _DRAFT_DAY.finditer(text)}
    return years.pop() if len(years) == 1 else None


def _list_letterhead(outlined: Sequence[OutlinedBlock]) -> list[str]:
    """Return the cells and paragraphs above the first title, and those of the preamble that hold a number."""
    texts: list[str] = []
    for item in outlined:
        if item.zone not in {"letterhead", "preamble"}:
            break
        if item.zone == "preamble" and re.match(r"^[-–*\s]*(?:Căn cứ|Thực hiện|Triển khai|Xét|Theo)", item.block.text):
            break
        texts += [cell for row in item.block.rows for cell in row if cell] if item.block.is_table else [item.block.text]
    return texts


def _find_number(letterhead: Sequence[str]) -> str | None:
    numbers = [
        (match["colon"] is not None, _squeeze(match["digits"] + match["rest"]))
        for text in letterhead
        for match in _NUMBER.finditer(text)
    ]
    with_colon = list(dict.fromkeys(number for has_colon, number in numbers if has_colon))
    others = list(dict.fromkeys(number for _, number in numbers))
    if len(with_colon) == 1:
        return with_colon[0]
    return others[0] if not with_colon and len(others) == 1 else None


def _squeeze(number: str) -> str:
    return re.sub(r"\s+", "", number)


def _find_day(pattern: re.Pattern[str], text: str) -> date | None:
    match = pattern.search(text)
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _find_issuer(letterhead: Sequence[str], outlined: Sequence[OutlinedBlock]) -> str | None:
    head = [re.split(r"CỘNG H|ĐẢNG CỘNG|Độc lập", text.replace("\n", " "))[0].strip(" -*") for text in letterhead[:6]]
    head = [text for text in head if text]
    below = next((text for text in head[1:3] if _BODY_OF_PROVINCE.match(text)), None)
    if below is not None and _ISSUER.match(head[0]):
        return _write_state_name(below) if below.startswith("SỞ ") else None
    for position, text in enumerate(head[:4]):
        if match := _STATE_ISSUER.search(text):
            return _write_state_name(match[0])
        if match := _ISSUER.match(text if _has_place(text) else " ".join(head[position : position + 2])):
            return _write_issuer(match)
    for item in outlined:
        if item.zone == "preamble" and (match := _ISSUES.search(item.block.text)):
            return _write_issuer(match)
    return _find_issuer_by_place(letterhead, outlined)


def _has_place(text: str) -> bool:
    return re.search(rf"\s(?:{_PLACE_KINDS})\s", text, re.IGNORECASE) is not None


def _find_issuer_by_place(letterhead: Sequence[str], outlined: Sequence[OutlinedBlock]) -> str | None:
    """ "UBND Thành phố ban hành …" below "Hà Nội, ngày …": the place stands in the line of the day."""
    place = next((match["place"] for text in letterhead if (match := _PLACE_AND_DAY.search(text))), None)
    for item in outlined:
        if place and item.zone == "preamble" and (match := _ISSUES_NAMELESS.search(item.block.text)):
            return f"UBND {match['kind'].lower()} {place.strip()}"
    return None


def _write_issuer(match: re.Match[str]) -> str:
    body = "HĐND" if match["body"].upper().startswith(("HỘI ĐỒNG", "HĐND")) else "UBND"
    kind = match["kind"].lower().rstrip(".")
    return f"{body} {'thành phố' if kind == 'tp' else kind} {_write_name(match['name'])}"


def _write_name(name: str) -> str:
    return " ".join(word.capitalize() if word.isupper() else word for word in name.split())


def _write_state_name(name: str) -> str:
    """Return the body's name as it is written in a sentence."""
    folded = " ".join(name.split()).casefold().replace("uỷ", "ủy")
    if folded in _STATE_NAMES:
        return _STATE_NAMES[folded]
    head, _, rest = folded.partition(" ")
    if head in {"tỉnh", "thành"}:
        party, _, place = rest.partition(" ")
        return f"{head.capitalize()} {party} {place.title()}".strip()
    return f"{head.capitalize()} {rest[:1].upper()}{rest[1:]}"


def _find_title(outlined: Sequence[OutlinedBlock]) -> tuple[str | None, str | None]:
    """Return the title and the kind of the document: of the plan, not of the decision that issues it.

    A plan behind a decision is one that the decision names; forms in an annex are no plans.
    """
    title: str | None = None
    kind: str | None = None
    named = ""
    for position, item in enumerate(outlined):
        text = item.block.text
        if kind in _ISSUING_KINDS and text.startswith("Điều 1"):
            named = " ".join(each.block.text for each in outlined[position : position + 2]).casefold()
        match = _KIND.match(text) if item.zone == "preamble" and not item.block.is_table else None
        if match is None or match["rest"].strip() == ":":
            continue
        if kind is not None and (match["kind"] in _ISSUING_KINDS or match["kind"].casefold() not in named):
            continue
        joined = _join_title(match["rest"].strip(), outlined[position + 1 : position + 7])
        if joined:
            title, kind = joined, match["kind"]
        elif kind is None:
            kind = match["kind"]
        if kind not in _ISSUING_KINDS:
            break
    return title or _find_first_line_title(outlined), kind


def _join_title(first: str, following: Sequence[OutlinedBlock]) -> str | None:
    """Return a title of several paragraphs; None if what follows is no title."""
    parts = [first] if first else []
    for item in following:
        text = item.block.text.strip()
        if item.zone != "preamble" or item.block.is_table or (_END_OF_TITLE.match(text) and parts):
            break
        is_sentence = len(text) > _LONGEST_TITLE_LINE and len(text) > 3 * len(" ".join(parts)) and not is_capital(text)
        if len(text) > _LONGEST_TITLE or (parts and (is_sentence or _STATE_SENTENCE.match(text))):
            break
        parts.append(text)
    joined = _BASIS_BEHIND.sub("", re.sub(r"\s+", " ", " ".join(parts)).strip(" -"))
    joined = _CLOSING_ISSUER.sub("", re.split(r"\s\((?:Ban hành k|K)èm theo", joined)[0])
    return joined if 0 < len(joined) <= _LONGEST_TITLE else None


def _find_first_line_title(outlined: Sequence[OutlinedBlock]) -> str | None:
    """A text without letterhead may begin with its kind and title in one line."""
    for item in outlined[:3]:
        if not item.block.is_table and re.match(
            r"(?:Quyết định|Kế hoạch|Nghị quyết|Chương trình|Đề án|PHỤ LỤC)\b", item.block.text
        ):
            return item.block.text.split("\n")[0].strip() if len(item.block.text) <= _LONGEST_TITLE else None
    return None


def _find_issued_with(outlined: Sequence[OutlinedBlock]) -> list[re.Match[str]]:
    return [match for item in outlined if item.zone == "annex" and (match := _ISSUED_WITH.search(item.block.text))]

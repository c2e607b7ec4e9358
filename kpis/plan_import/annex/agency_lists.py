"""Splits a cell that lists agencies into names: "Các Sở: Tài chính, Y tế; UBND các xã, phường"."""

from __future__ import annotations

import re
from typing import Final

from kpis.plan_import.vietnamese_patterns import compile_vietnamese

_HEADS: Final = (
    "Sở|Ban|Bộ|Công an|CA|UBND|Ủy ban|Uỷ ban|UBMTTQ|UB MTTQ|MTTQ|Mặt trận|Hội|Hiệp hội|Liên đoàn|Liên "
    "minh|Liên hiệp|Trung tâm|Chi cục|Cục"
    "|Tổng cục|Vụ|Viện|Trường|Đài|Báo|Ngân hàng|NHNN|Kho bạc|Thuế|Hải quan|Tòa án|Toà án|Thanh tra|Văn "
    "phòng|VP|Phòng|Công ty|Tổng"
    "|Tập đoàn|Doanh nghiệp|Đoàn|Tỉnh đoàn|Thành đoàn|Tỉnh ủy|Thành ủy|Quỹ|Đảng ủy|HĐND|Hội đồng|Bưu điện"
    "|Điện lực|Cơ sở|Cơ quan|Bảo hiểm"
    "|BHXH|Thống kê|BQL|BCH|BCHQS|Chi nhánh|Bộ đội|Quân|Các|Cổng|Công đoàn|Tổ|Đơn vị|Địa phương|Chủ|Nhà"
    "|Thành viên|Khu|Bệnh viện"
    "|Thường trực|Quản lý thị trường|QLTT|Chính phủ|Huyện|Thư viện|Bảo tàng|Trạm|Xã|Phường"
)
_HEAD: Final = re.compile(rf"(?:{_HEADS})(?=[\s,:.(]|$)")
_COLLECTIVE_HEAD: Final = re.compile(
    r"(?:các|những|một số|toàn bộ|doanh nghiệp|viện(?= nghiên cứu)|trường (?:đại học|học)|cơ sở|tổ chức"
    r"|cơ quan|đơn vị|hiệp hội|cộng đồng"
    r"|nhà (?:đầu tư|cung cấp|khoa học)|hợp tác xã|hộ|người dân|tập đoàn|chủ|ngân hàng|sở,|bộ,)(?=\s|$|,)"
)
# What may follow a comma within one collective: "các sở, ban, ngành", "UBND các xã, phường, đặc khu".
_MAY_BEGIN: Final = re.compile(r"(?:hội|hiệp hội|đoàn thể|tổ chức|viện|trường|cơ quan|đơn vị)\s\S")
_TAIL_OF_COLLECTIVE: Final = re.compile(
    r"(?:ban|ngành|xã|phường|đặc khu|thị trấn|thị xã|huyện|thành phố|quận|đoàn thể|địa phương|đơn vị"
    r"|cơ quan|tổ chức|hội|hiệp hội|viện|trường"
    r"|bộ|sở|cá nhân|doanh nghiệp nhà nước|cấp|khu vực|truyền thông|truyền hình)(?=[\s,]|$)"
)
_COLLECTIVE: Final = re.compile(
    r"(?:các|những|một số|sở|bộ|cơ quan|UBND|Ủy ban nhân dân|Uỷ ban nhân dân|hội|tổ chức|đơn vị|hiệp hội"
    r"|ban|viện|trường)(?=[\s,]|$)",
    re.I,
)
_OF_COLLECTIVE: Final = re.compile(r"^(?:(?:các|những|UBND|Ủy ban nhân dân|Uỷ ban nhân dân|cấp)\s+)+", re.I)
# A list that lost its line breaks: "Sở Tài chính Sở Y tế".
_GLUED: Final = compile_vietnamese(
    r"(?<=[a-zà-ỹđ])(?<!phòng)(?<!đốc)(?<!của)(?<!thuộc)(?<!ủy)(?<!các)(?<!và)(?<!đạo)(?<!tại)(?<!qua)(?<!tra)(?<!đoàn)(?<!với)"
    r"\s+(?=(?:Sở|Các sở|Các Sở|UBND|Ủy ban nhân dân)\s)"
)
_SHARED_HEAD: Final = re.compile(
    r"^(?:các|những)\s+(?P<head>sở|bộ|vụ|cục|phòng|ban|hội|chi cục)(?P<others>(?:,[^:;]{0,40})?):\s*", re.I
)
_AND: Final = re.compile(
    rf"\s+(?:và|cùng|cùng với)\s+(?=(?:(?:{_HEADS})[\s,]|các\s|những\s|doanh nghiệp|cơ quan|đơn vị|tổ chức"
    rf"|địa phương|người dân))"
)
_BRACKETED: Final = re.compile(r"\([^()]*\)")
_EMPTY: Final = re.compile(r"^[\s\-–—.…/]*$")
_NAMES_WITH_COMMA: Final = re.compile(
    r"(Văn hóa|Văn hoá|VH|Phát thanh|PT|Lao động|Kinh tế|Công thương|Đầu tư|Tài nguyên|XTĐT|Hóa chất"
    r"|Văn xã|Tuyên giáo|Thể thao),\s*"
    r"(?=Thể|TT|Truyền|TH\b|Thương|Hạ|Đô|Xã|Khoa|Thông|Môi|Xúc|TM|Du|Dân)",
    re.I,
)
_COMMA: Final = "\x00"


def split_agencies(cell: str) -> tuple[str, ...]:
    """Return the agencies of a cell as printed, without closing stops; a shared head is given to each.

    A comma divides names only where the text behind it begins one.
    """
    names: list[str] = []
    head: str | None = None
    for part in re.split(r";", _join_lines(cell)):
        part = part.strip(" .")
        if match := _SHARED_HEAD.match(part):
            head = match["head"].capitalize()
            part = part[match.end() :]
        elif head and (_HEAD.match(part) or part[:1].islower()):
            head = None
        pieces = [piece for part_of_list in _split_commas(part) for piece in _split_and(part_of_list)]
        for piece in pieces:
            if head and not _HEAD.match(piece) and piece[:1].isupper():
                piece = f"{head} {piece}"
            if not _EMPTY.match(piece):
                names.append(piece)
    return tuple(dict.fromkeys(names))


def begins_with_agency(cell: str) -> bool:
    """Tell whether a cell begins as the name of an agency, a collective or a role does."""
    text = re.sub(r"^[-–+•*\s]+", "", cell)
    return bool(_HEAD.match(text) or _COLLECTIVE_HEAD.match(text) or text.lower().startswith("chủ trì"))


def _join_lines(cell: str) -> str:
    """Return a cell with its paragraphs divided by semicolons; a line that goes on is joined."""
    text = ""
    for line in (line.strip() for line in cell.split("\n")):
        line = re.sub(r"^[-–+•*]\s*", "", line)
        if not line:
            continue
        goes_on = (
            not text
            or text.endswith((",", ";", ":", " và", "-"))
            or not (_HEAD.match(line) or _COLLECTIVE_HEAD.match(line))
        )
        text = f"{text} {line}" if goes_on else f"{text}; {line}"
    return _GLUED.sub("; ", text.strip())


def _split_commas(part: str) -> list[str]:
    masked = _BRACKETED.sub(lambda match: match[0].replace(",", _COMMA), part)
    masked = _NAMES_WITH_COMMA.sub(rf"\1{_COMMA} ", masked)
    pieces: list[str] = []
    has_colon = bool(re.match(r"(?:các|những)\s[^:]{1,40}:", part, re.I))
    for piece in (piece.strip(" .") for piece in masked.split(",")):
        if not piece:
            continue
        if (
            pieces
            and not _begins_name(piece, pieces[-1])
            and not has_colon
            and piece[:1].islower() | _is_one_collective(pieces[-1], piece)
        ):
            pieces[-1] = f"{pieces[-1]}, {piece}"
        else:
            pieces.append(piece)
    return [piece.replace(_COMMA, ",").strip() for piece in pieces]


def _begins_name(piece: str, previous: str) -> bool:
    is_tail = _TAIL_OF_COLLECTIVE.match(piece) is not None
    if is_tail and _COLLECTIVE.match(previous) and _is_bare(previous):
        return False
    return bool(_HEAD.match(piece) or _COLLECTIVE_HEAD.match(piece) or _MAY_BEGIN.match(piece))


def _is_bare(name: str) -> bool:
    """Tell whether a collective ends with a bare word, so that another may follow: "các sở, ban"."""
    last = _OF_COLLECTIVE.sub("", re.split(r",|\bvà\b", name)[-1].strip())
    return len(last.split()) <= 2 and (last.islower() or last in {"Sở", "Bộ", "Ban", "Ngành", "Xã", "Phường"})


def _is_one_collective(previous: str, piece: str) -> bool:
    """ "Sở, Ban, Ngành" and "các Trường Đại học, Cao đẳng" are one collective too."""
    if re.match(r"(?:Đại học|Cao đẳng|Trung cấp)(?:\s|$)", piece):
        return re.search(r"trường\s", previous, re.I) is not None
    return bool(re.match(r"(?:Ban|Ngành|Ban ngành|Đoàn thể|Địa phương|Phường|Xã)(?:\s|$)", piece)) and bool(
        re.match(r"(?:các\s)?(?:sở|bộ|xã|phường|ban)$", previous, re.I)
    )


def _split_and(piece: str) -> list[str]:
    masked = _BRACKETED.sub(lambda match: match[0].replace(" và ", "\x01"), piece)
    return [each.replace("\x01", " và ").strip(" .,") for each in _AND.split(masked)]

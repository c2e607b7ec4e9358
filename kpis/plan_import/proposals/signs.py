"""Signs of one number alone: an object of a verb, a surface, a part of a name or a class."""

from __future__ import annotations

import re

from kpis.plan_import.proposals.readings import Reading
from kpis.plan_import.proposals.verbs import FOR_SO_MANY, HELPED, PEOPLE, TAKES_NUMBER, UNITS

_SURFACES = (
    r"\s*(?:loại hình|nền tảng|kênh|báo|đài|phương tiện|lĩnh vực|phương diện|khía cạnh|địa bàn|trang|cổng|"
    r"hệ thống|tuyến|mặt trận|"
    r"môi trường|ấn phẩm|tạp chí|mạng|xã|phường|huyện|tỉnh|bình diện|mặt)(?!\w)"
)
_ON_SURFACE = re.compile(_SURFACES)
_ONLY_SURFACE = re.compile(
    r"\s*(?:loại hình|nền tảng|kênh|phương tiện|lĩnh vực|ngành|phương diện|khía cạnh|"
    r"bình diện)(?!\w)"
)
_MORE_THAN = re.compile(
    r"(?::|(?<!\w)(?:đạt|có|được|là|cho|lên|tổ chức|hỗ trợ|thu hút|phát triển|hình thành|xây dựng|đào tạo|"
    r"tham gia|phủ)"
    r"(?!\w))\s*trên\s*$"
)
CLASS_OPENS = re.compile(r"(?<!đạt )(?<!có )(?<!cho )(?<!bằng )(?<!là )(?<!\w)từ\s*$")
_CLASS_CLOSES = re.compile(r"[^.;,]{0,30}trở lên\s+[^\W\d_]")
# "trên 4 loại hình báo chí" is "on" after something that can stand, be shown or be spread on a thing.
_BEFORE_ON = re.compile(
    r"(?<!\w)(?:tuyên truyền|đăng|đăng tải|phát|phát sóng|truyền thông|thông tin|tin|bài|quảng bá|chuyên mục|"
    r"phổ biến|triển khai|"
    r"thực hiện|truyền hình|phản ánh|công khai|hoạt động|giới thiệu|bán|mặt|chuỗi|chương trình|đồng bộ|thống nhất|"
    r"toàn diện)"
    r"\s+trên\s*$"
)
_RATE_NAME = re.compile(r"(?<!\w)tỷ lệ(?!\w)(?:(?!tỷ lệ)[^;:.,])*$")
_STATES_LEVEL = re.compile(r"(?<!\w)(?:đạt|là|chiếm|còn|xuống|lên|bằng|giảm|tăng|duy trì|dưới mức)(?!\w)")
_LEVEL_FOLLOWS = re.compile(
    r"[^;:.,]*(?<!\w)(?:(?:đạt|là|chiếm)(?: trên| ít nhất| tối thiểu| khoảng| từ)?|trên|dưới|ít nhất|tối thiểu)\s*"
)


def is_in_name(reading: Reading) -> bool:
    """Tell whether a number belongs to the name of a rate ("tỷ lệ trạm thực hiện trên 80 % danh mục đạt 100 %")."""
    named = _RATE_NAME.search(reading.left)
    return bool(named and not _STATES_LEVEL.search(named[0]) and _LEVEL_FOLLOWS.fullmatch(reading.right))


def is_of_fraction(reading: Reading) -> bool:
    """Tell whether a number is above or below the stroke of a fraction ("giảm 2/3 số vụ"), which has no value here."""
    return not reading.is_rank and "/" in (reading.left.strip(), reading.right.strip())


def is_on_surface(reading: Reading) -> bool:
    """Tell whether "trên" before the number means on, not more than."""
    if reading.percent or not reading.left.rstrip().endswith("trên"):
        return False
    if _ONLY_SURFACE.match(reading.right):
        return not _MORE_THAN.search(reading.left)
    return bool(_BEFORE_ON.search(reading.left) and _ON_SURFACE.match(reading.right))


def is_object(reading: Reading) -> bool:
    """Tell whether a number counts what a verb is done to, or for whom."""
    left = reading.left
    is_served = FOR_SO_MANY.search(left) and (PEOPLE.match(reading.right) or UNITS.match(reading.right))
    is_helped = reading.measure == "count" and HELPED.search(left)
    return not reading.percent and bool(TAKES_NUMBER.search(left) or is_served or is_helped)


def is_of_class(reading: Reading) -> bool:
    """Tell whether a number says which members are meant ("100 % tàu từ 15 m trở lên lắp thiết bị")."""
    return bool(
        not reading.percent
        and "%" in reading.whole_left
        and CLASS_OPENS.search(reading.left)
        and _CLASS_CLOSES.match(reading.right)
    )

"""Recognises cells that name several agencies, so that the rejection can ask for one row per agency."""

from __future__ import annotations

import re

from kpis.language.normalization import fold, fold_to_alphanumeric
from kpis.register.model import Register
from kpis.register.names import AgencyNames

_SEPARATORS = re.compile(r"[,;/+&]| và ")
# "Các" and "tất cả" at the start mean a group. Later in a name, "các" may belong to a single body ("Ban Quản
# lý các khu công nghiệp", "Liên hiệp các hội"), except before the words listed here.
_GROUP_PATTERN = re.compile(
    r"^(?:các|những|mọi|tất cả|toàn bộ|toàn thể)\b"
    r"|\bcác (?:xã|phường|đặc khu|sở|ngành|phòng|địa phương)\b"
    r"|\bcấp xã$|\bxã,? ?/?phường\b|\bphường,? ?/?xã\b|^sở,? (?:ban|ngành)\b|^ban,? ngành\b"
)


class AgencyGroups:
    """The groups of one plan: its collectives, other plural wordings, and lists of agency names."""

    def __init__(self, register: Register, plan: str, agency_names: AgencyNames) -> None:
        self._agency_names = agency_names
        self._collectives = {
            fold_to_alphanumeric(name)
            for collective in register.collectives
            if collective.plan == plan
            for name in (collective.name, *collective.aliases)
        }

    def matches(self, text: str) -> bool:
        """True if `text`, which names no single agency, names more than one."""
        if fold_to_alphanumeric(text) in self._collectives or _GROUP_PATTERN.search(fold(text)):
            return True
        parts = [part for part in _SEPARATORS.split(fold(text)) if part.strip()]
        return sum(self._agency_names.find(part) is not None for part in parts) > 1

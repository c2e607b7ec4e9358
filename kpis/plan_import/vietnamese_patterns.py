"""Patterns with Vietnamese letters: a range of code points mixes capitals and small letters."""

from __future__ import annotations

import re
from typing import Final

_SMALL: Final = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"


def compile_vietnamese(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Compile a pattern in which "À-Ỹ" stands for the capitals beyond A-Z, and "à-ỹ" for the small letters."""
    return re.compile(pattern.replace("À-Ỹ", _SMALL.upper()).replace("à-ỹ", _SMALL), flags)

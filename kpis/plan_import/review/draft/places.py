"""The place that a plan is for, from how a person writes it: "thành phố Cần Thơ", "phường Bắc Kạn, Thái Nguyên"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from kpis.errors import UsageError
from kpis.language.normalization import clean, fold
from kpis.register.communes import list_communes, list_provinces, shorten_province_name

_SIMILARITY = 0.7
_PLACE_IN_NAME = re.compile(r"(?<!\w)(?P<kind>tỉnh|thành phố|tp\.?|phường|xã|đặc khu)\s+(?P<rest>\S.*)", re.IGNORECASE)


@dataclass(frozen=True)
class PlanPlace:
    """A province or a commune-level unit. `name` is "tỉnh Đồng Tháp", `province` "Đồng Tháp"."""

    name: str
    province: str
    kind: Literal["province", "ward"]

    @property
    def short_name(self) -> str:
        """The name without what kind of place it is."""
        for kind in ("tỉnh ", "thành phố ", "phường ", "xã ", "đặc khu "):
            if fold(self.name).startswith(kind):
                return self.name[len(kind) :]
        return self.name


def read_place(text: str) -> PlanPlace:
    """Return the place that a text names. UsageError for none, or for a commune of several provinces."""
    first, _, last = clean(text).partition(",")
    if last.strip():
        province = _find_province(last)
        if province is None:
            raise _build_unknown_error(last.strip(), list_provinces())
        return _find_commune(first, [province])
    province = _find_province(text)
    if province is not None and not fold(first).startswith(("phường ", "xã ", "đặc khu ")):
        kind = "thành phố" if fold(first).startswith(("thành phố ", "tp ", "tp. ")) else "tỉnh"
        return PlanPlace(
            first if fold(first).startswith(("tỉnh ", "thành phố ")) else f"{kind} {province}", province, "province"
        )
    return _find_commune(first, list(list_provinces()))


def find_other_place(issuer: str, place: str) -> str | None:
    """Return the place that an issuer's name begins to name, if it is another one than the plan's; None if none is."""
    match = _PLACE_IN_NAME.search(clean(issuer))
    expected = _PLACE_IN_NAME.search(clean(place))
    if match is None or expected is None:
        return None
    is_same_level = _is_province_kind(match["kind"]) == _is_province_kind(expected["kind"])
    is_same = is_same_level and _fold_name(match["rest"]) == _fold_name(expected["rest"])
    return None if is_same else match[0]


def _fold_name(rest: str) -> str:
    return fold(re.split(r"[,;(–]", rest)[0]).strip()


def _is_province_kind(kind: str) -> bool:
    return fold(kind) not in {"phường", "xã", "đặc khu"}


def _find_province(text: str) -> str | None:
    short = fold(text)
    for prefix in ("tỉnh ", "thành phố ", "tp. ", "tp "):
        short = short.removeprefix(prefix)
    return next((name for name in list_provinces() if fold(name) == short.strip()), None)


def _find_commune(text: str, provinces: list[str]) -> PlanPlace:
    matches = [
        (province, commune)
        for province in provinces
        for commune in list_communes(province) or ()
        if fold(text) in {fold(commune.official_name), fold(commune.short_name)}
    ]
    if len(matches) > 1:
        raise UsageError(
            "“{text}” is in several provinces or has several kinds: {places}. Write it like “{example}”.",
            text=text,
            places="; ".join(f"{commune.official_name}, {province}" for province, commune in matches),
            example=f"{matches[0][1].official_name}, {matches[0][0]}",
        )
    if not matches:
        names = [shorten_province_name(name) for name in list_provinces()]
        raise _build_unknown_error(text, names)
    province, commune = matches[0]
    return PlanPlace(commune.official_name, province, "ward")


def _build_unknown_error(text: str, names: tuple[str, ...] | list[str]) -> UsageError:
    near = get_close_matches(text.removeprefix("tỉnh ").removeprefix("thành phố "), names, 1, _SIMILARITY)
    hint = f"“{near[0]}”" if near else "“thành phố Cần Thơ”, “phường Bắc Kạn, Thái Nguyên”"
    return UsageError("There is no place “{text}”. Write it like {hint}.", text=text, hint=hint)

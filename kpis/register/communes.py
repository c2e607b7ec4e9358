"""The communes of a province and the "UBND <commune>" agencies made of them.

Source: the package `vietnam-provinces` (34 provinces; 3,321 communes, wards and special zones).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version

from vietnam_provinces import Province, Ward

from kpis.language.normalization import clean, fold, to_sort_key


@dataclass(frozen=True)
class Commune:
    """`official` is "phường Hoàn Kiếm", `short` "Hoàn Kiếm", `alone` when nothing else is called so."""

    official_name: str
    short_name: str
    is_unique: bool

    @property
    def agency(self) -> str:
        """The canonical name of its people's committee."""
        return f"UBND {self.official_name}"

    @property
    def aliases(self) -> tuple[str, ...]:
        """The committee's name without the kind of commune, where that leaves no doubt."""
        return (f"UBND {self.short_name}",) if self.is_unique else ()


def get_package_version() -> str:
    """What decides the list of communes: part of the register's hash."""
    return f"vietnam-provinces {version('vietnam-provinces')}"


def list_communes(province: str) -> tuple[Commune, ...] | None:
    """The communes of a province (named without "Tỉnh"/"Thành phố"), alphabetical; None if unknown."""
    found = [
        candidate
        for candidate in Province.iter_all()
        if fold(shorten_province_name(candidate.name)) == fold(province)
    ]
    if not found:
        return None
    wards = [ward for ward in Ward.iter_all() if ward.province_code == found[0].code]
    kinds = [str(ward.division_type.value) for ward in wards]
    shorts = [clean(ward.name)[len(kind) :].strip() for ward, kind in zip(wards, kinds, strict=True)]
    # "UBND Thái Nguyên" would rather be the province's own committee.
    used = Counter([fold(province), *(fold(short) for short in shorts)])
    made = [
        Commune(f"{kind} {short}", short, used[fold(short)] == 1)
        for kind, short in zip(kinds, shorts, strict=True)
    ]
    return tuple(sorted(made, key=lambda commune: to_sort_key(commune.short_name)))


def shorten_province_name(name: str) -> str:
    """ "Thành phố Hà Nội" is "Hà Nội"."""
    for kind in ("Thành phố ", "Tỉnh "):
        name = name.removeprefix(kind)
    return clean(name)

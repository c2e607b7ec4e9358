"""The communes of a province and the "UBND <commune>" agencies made of them.

Source: data/register/communes.csv (34 provinces; 3,321 communes, wards and special zones).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kpis.language.normalization import clean, fold, to_sort_key
from kpis.register.faults import build_register_error
from kpis.settings import get_project_root

DIVISION_TYPES = ("xã", "phường", "đặc khu")


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


class Unit(NamedTuple):
    """One line of the list, like 01, Thành phố Hà Nội, 00070, Phường Hoàn Kiếm, phường."""

    province_code: str
    province: str
    unit_code: str
    unit: str
    division_type: str


def get_list_path() -> Path:
    """The list that comes with the product; an overlay register has none."""
    return get_project_root() / "data" / "register" / "communes.csv"


def get_list_identity() -> str:
    """The hash of the list's bytes: part of the register's hash."""
    return f"communes.csv {_read_list(get_list_path())[1]}"


def list_provinces() -> tuple[str, ...]:
    """Every province without "Tỉnh"/"Thành phố", in the order of the official codes."""
    return tuple(_read_list(get_list_path())[0])


def list_communes(province: str) -> tuple[Commune, ...] | None:
    """The communes of a province (named without "Tỉnh"/"Thành phố"), alphabetical; None if unknown.

    Raises RegisterError with file, line and reason where the list is missing or damaged.
    """
    units = next(
        (units for name, units in _read_list(get_list_path())[0].items() if fold(name) == fold(province)),
        None,
    )
    if units is None:
        return None
    shorts = [unit.unit[len(unit.division_type) :].strip() for unit in units]
    # "UBND Thái Nguyên" would rather be the province's own committee.
    used = Counter([fold(province), *(fold(short) for short in shorts)])
    communes = [
        Commune(f"{unit.division_type} {short}", short, used[fold(short)] == 1)
        for unit, short in zip(units, shorts, strict=True)
    ]
    return tuple(sorted(communes, key=lambda commune: to_sort_key(commune.short_name)))


def read_place_names() -> frozenset[str]:
    """Return the name of every province and commune of the country, without "Tỉnh", "xã", "phường"."""
    by_province = _read_list(get_list_path())[0]
    shorts = (unit.unit[len(unit.division_type) :].strip() for units in by_province.values() for unit in units)
    return frozenset((*by_province, *shorts))


def shorten_province_name(name: str) -> str:
    """ "Thành phố Hà Nội" is "Hà Nội"."""
    for kind in ("Thành phố ", "Tỉnh "):
        name = name.removeprefix(kind)
    return clean(name)


@cache
def _read_list(path: Path) -> tuple[Mapping[str, tuple[Unit, ...]], str]:
    """The units of every province by its short name, and the hash of the file; each file is read once."""
    name = path.as_posix()
    try:
        content = path.read_bytes()
        text = content.decode("utf-8")
    except OSError as error:
        raise build_register_error(name, "CSV", "the file cannot be read; look at its permissions") from error
    except UnicodeDecodeError as error:
        raise build_register_error(name, "CSV", "the file is not UTF-8 text") from error
    by_province: dict[str, list[Unit]] = {}
    for unit in _parse_list(text, name):
        by_province.setdefault(shorten_province_name(unit.province), []).append(unit)
    digest = hashlib.sha256(content).hexdigest()
    return {province: tuple(units) for province, units in by_province.items()}, digest


def _parse_list(text: str, name: str) -> Iterator[Unit]:
    """Every line as a unit; refused at the first that is not as the form wants it."""
    *lines, rest = text.split("\n")
    if rest or not lines:
        raise build_register_error(name, "CSV", "the file is empty, or its last line is cut off")
    header = ",".join(Unit._fields)
    if lines[0] != header:
        raise build_register_error(f"{name}:1", "CSV", "the first line must be {header}", header=header)
    provinces: dict[str, str] = {}
    codes: set[str] = set()
    for number, line in enumerate(lines[1:], start=2):
        place = f"{name}:{number}"
        unit = _parse_line(line, place)
        if unit.unit_code in codes:
            raise build_register_error(place, "unit_code", "“{value}” stands twice", value=unit.unit_code)
        codes.add(unit.unit_code)
        if provinces.setdefault(unit.province_code, unit.province) != unit.province:
            raise build_register_error(
                place, "province", "one code names two provinces: {value}", value=unit.province_code
            )
        yield unit


def _parse_line(line: str, place: str) -> Unit:
    fields = line.split(",")  # no name holds a comma or a quote
    if len(fields) != len(Unit._fields):
        raise build_register_error(place, "CSV", "the line must have {n} fields", n=len(Unit._fields))
    unit = Unit(*fields)
    for key, value in unit._asdict().items():
        if not value or clean(value) != value:
            raise build_register_error(
                place, key, "“{value}” must be a text in NFC, without spaces around it", value=value
            )
    for key, value, digits in [("province_code", unit.province_code, 2), ("unit_code", unit.unit_code, 5)]:
        if len(value) != digits or not (value.isascii() and value.isdigit()):
            raise build_register_error(place, key, "“{value}” must be {n} digits", value=value, n=digits)
    if unit.division_type not in DIVISION_TYPES or not fold(unit.unit).startswith(f"{unit.division_type} "):
        words = ", ".join(DIVISION_TYPES)
        raise build_register_error(
            place,
            "division_type",
            "“{value}” must be one of {words} and begin the unit's name",
            value=unit.division_type,
            words=words,
        )
    return unit

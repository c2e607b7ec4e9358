"""Recognises the agencies that a document names: standing ones by rule, collectives by pattern, others as new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from kpis.language.normalization import fold, to_sort_key
from kpis.plan_import.annex.agency_lists import split_agencies
from kpis.plan_import.model import OutlinedBlock, Place, ProposedAgency, ProposedTask
from kpis.plan_import.outline import find_marker
from kpis.plan_import.standing_agencies import DEPARTMENTS, MINISTRIES, OF_COMMUNE, OF_PROVINCE
from kpis.plan_import.vietnamese_patterns import compile_vietnamese

COLLECTIVE: Final = "collective"
"""The kind of a name that means several agencies."""

_PLACE: Final = re.compile(r"^\s*(?P<of>tỉnh|thành phố|TP\.?|phường|xã|đặc khu|P\.|X\.)\s*(?P<name>.+?)\s*$", re.I)
_KINDS_OF_PLACE: Final = {"tp": "thành phố", "tp.": "thành phố", "p.": "phường", "x.": "xã"}
_COLLECTIVE: Final = re.compile(
    r"^(?:(?:các|những|một số|toàn bộ|tất cả)\s|(?:sở|bộ),?\s*(?:ban,?\s*)?ngành|doanh nghiệp|viện,"
    r"|viện nghiên cứu|trường (?:học|đại học)"
    r"|cơ quan|đơn vị|địa phương|tổ chức|nhà đầu tư|hợp tác xã|cơ sở|hội,|hiệp hội,|người dân"
    r"|hội ngành hàng|đoàn thể|chủ đầu tư)",
    re.I,
)
_COMMUNES: Final = re.compile(
    r"^(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd)?\s*(?:các\s|cấp\s)*(?:xã|phường|đặc khu)"
    r"(?:(?:\s*,\s*|\s+và\s+|\s+)(?:xã|phường|đặc khu|thị trấn))*\s*"
    r"(?:trên địa bàn.*|thuộc.*|(?:có )?liên quan)?$",
    re.I,
)
_COMMUNE: Final = compile_vietnamese(
    r"^(?:Ủy ban nhân dân|Uỷ ban nhân dân|UBND)\s+(?P<of>xã|phường|đặc khu|P\.|X\.)\s*(?P<name>[A-ZÀ-ỸĐ].*)$"
)
_REGIONAL: Final = (
    (re.compile(r"^(?:Ngân hàng Nhà nước|NHNN)(?: Việt Nam)?(?: chi nhánh)?(?: tại)? khu vực \w+$", re.I), "bank"),
    (re.compile(r"^(?:Chi cục )?Hải quan khu vực \w+$", re.I), "customs"),
    (re.compile(r"^Báo và (?:Đài )?Phát thanh(?:,| và)? Truyền hình\s.+$", re.I), "media"),
    (
        re.compile(
            r"^(?:Kho bạc Nhà nước|Bảo hiểm xã hội|Dự trữ Nhà nước|Tòa án nhân dân"
            r"|Viện kiểm sát nhân dân) khu vực \w+$",
            re.I,
        ),
        "other",
    ),
)
_ONE_KIND_ALONE: Final = re.compile(r"^(?:sở|bộ|viện|trường|hội|cao đẳng|trung cấp|đại học)(?: trên địa bàn.*)?$", re.I)
_BRACKETS: Final = re.compile(r"\s*\([^()]*\)")
_INITIALS: Final = re.compile(r"^(?P<head>Sở|Bộ|Phòng|S)\s?(?P<initials>[A-ZĐ][A-ZĐ&,.\s-]*(?:và\s?[A-ZĐ]+)?)$")
_GIVEN_TO: Final = re.compile(r"^(?:giao|đề nghị|yêu cầu|phân công)\s+(?:cho\s+)?", re.I)
_ITS_DUTY: Final = re.compile(
    r",?\s(?:chủ trì|có trách nhiệm|phối hợp|chịu trách nhiệm|là (?:cơ quan|đơn vị)|tham mưu|tổ chức thực hiện)\b"
)
_TITLE_OF_DUTIES: Final = compile_vietnamese(r"^[A-ZÀ-ỸĐ][^.;:]{2,110}[:.]?$")
_NEAR_ENOUGH: Final = 82.0
_LONGEST_NAME: Final = 110


@dataclass(frozen=True)
class KnownAgency:
    """An agency that stands by rule: its name in this place, and its kind in the register."""

    name: str
    kind: str


def recognise_agency(name: str, place: str | None) -> KnownAgency | None:
    """Return the standing agency or collective that a name means at a place ("tỉnh Đồng Tháp"); None if none."""
    standing = _list_known(place)
    plain = remove_brackets(name)
    if _COMMUNES.match(plain):
        return KnownAgency("UBND các xã, phường", COLLECTIVE)
    if match := _COMMUNE.match(plain):
        of = match["of"].lower()
        return KnownAgency(f"UBND {_KINDS_OF_PLACE.get(of, of)} {match['name']}", "commune")
    for key in (_to_key(plain), _to_key(_remove_place(plain, place))):
        if key in standing:
            return standing[key]
    for pattern, kind in _REGIONAL:
        if pattern.match(plain):
            return KnownAgency(plain, kind)
    if match := _INITIALS.match(plain):
        head = {"S": "Sở"}.get(match["head"], match["head"])
        return standing.get(f"{fold(head)}|{_reduce_initials(match['initials'])}")
    is_collective = _COLLECTIVE.match(plain) or _ONE_KIND_ALONE.match(plain)
    return KnownAgency(plain, COLLECTIVE) if is_collective else None


def remove_brackets(name: str) -> str:
    """Return the name of an agency without what a document adds to it in brackets."""
    return _BRACKETS.sub("", name).strip(" .,;:")


def list_standing_agencies(place: str | None) -> tuple[str, ...]:
    """Return the names of the agencies that stand by rule at a place, without ministries, in alphabetical order."""
    agencies = _list_known(place).values()
    return tuple(sorted({agency.name for agency in agencies if agency.kind != "ministry"}, key=to_sort_key))


def propose_agencies(
    outlined: Sequence[OutlinedBlock], tasks: Sequence[ProposedTask], place: str | None
) -> tuple[ProposedAgency, ...]:
    """Return each agency that tasks and duties name, once, at its first place; new ones with the nearest match."""
    proposed: dict[str, ProposedAgency] = {}
    names = sorted({agency.name for agency in _list_known(place).values()})
    for name, where in (*_list_in_duties(outlined, place), *_list_in_tasks(tasks)):
        agency = recognise_agency(name, place)
        if agency is None:
            plain = remove_brackets(name)
            proposed.setdefault(fold(plain), ProposedAgency(plain, "other", None, _find_nearest(plain, names), where))
        else:
            known_as = None if agency.kind == COLLECTIVE and agency.name != "UBND các xã, phường" else agency.name
            proposed.setdefault(
                fold(agency.name), ProposedAgency(name.strip(" .,;:"), agency.kind, known_as, None, where)
            )
    return tuple(proposed.values())


def _list_in_tasks(tasks: Sequence[ProposedTask]) -> Iterator[tuple[str, Place]]:
    for task in tasks:
        for name in (*task.leads, *task.coordinators):
            yield name, task.place


def _list_in_duties(outlined: Sequence[OutlinedBlock], place: str | None) -> Iterator[tuple[str, Place]]:
    """Yield the agencies that are headings of the duties: "2. Giao Sở Tài chính:"."""
    for item in outlined:
        marker = find_marker(item.block.text) if item.zone == "duties" and not item.block.is_table else None
        if marker is None or marker[0] == "bullet" or not item.titles:
            continue
        title = _ITS_DUTY.split(_GIVEN_TO.sub("", marker[2].split(":")[0]))[0].strip(" ,")
        if len(title) > _LONGEST_NAME or not _TITLE_OF_DUTIES.match(title):
            continue
        names = split_agencies(title)
        if names and all(recognise_agency(name, place) or _begins_agency(name) for name in names):
            for name in names:
                yield name, Place(item.section, item.block.page, item.block.index, next(iter(item.block.lines), None))


def _begins_agency(name: str) -> bool:
    return (
        re.match(
            r"(?:Sở|Ban|Bộ|Công an|Hội|Hiệp hội|Liên|Trung tâm|Chi cục|Cục|Đài|Báo|Ngân hàng|Văn phòng|Phòng|Tỉnh)\s",
            name,
        )
        is not None
    )


def _find_nearest(name: str, names: Sequence[str]) -> str | None:
    match = process.extractOne(name, names, scorer=fuzz.ratio, processor=fold, score_cutoff=_NEAR_ENOUGH)
    return match[0] if match else None


@lru_cache(maxsize=64)
def _list_known(place: str | None) -> dict[str, KnownAgency]:
    """Return the standing agencies of a place by every key that means them."""
    of, name = _split_place(place)
    standing: dict[str, KnownAgency] = {}
    is_commune = of in {"xã", "phường", "đặc khu"}
    for department, merged in DEPARTMENTS:
        agency = KnownAgency(department, "department")
        for each in (department, *merged):
            _add(standing, each, agency)
    for ministry in MINISTRIES:
        _add(standing, ministry, KnownAgency(ministry, "ministry"))
    for title, kind, aliases in OF_COMMUNE if is_commune else OF_PROVINCE:
        agency = KnownAgency(title.format(of=of or "tỉnh", name=name or "").strip(), kind)
        for each in (title, *aliases):
            for form in (each.format(of=of or "tỉnh", name=name or ""), each.format(of="", name="")):
                _add(standing, form, agency)
    return standing


def _add(standing: dict[str, KnownAgency], name: str, agency: KnownAgency) -> None:
    standing.setdefault(_to_key(name), agency)
    head, _, subject = name.partition(" ")
    if head in {"Sở", "Bộ", "Phòng"} and subject:
        initials = "".join(word[0] for word in re.findall(r"\w+", subject) if word != "và").upper()
        standing.setdefault(f"{fold(head)}|{initials}", agency)


def _split_place(place: str | None) -> tuple[str | None, str | None]:
    match = _PLACE.match(place or "")
    if match is None:
        return None, place
    of = match["of"].lower()
    return _KINDS_OF_PLACE.get(of, of), match["name"]


def _remove_place(name: str, place: str | None) -> str:
    """Return a name without the place behind it: "Sở Công Thương tỉnh Đồng Tháp" as "Sở Công Thương"."""
    of, place_name = _split_place(place)
    text = re.sub(r"\bTP\.?(?=\s|$)", "thành phố", name)
    endings = [
        f"{of} {place_name}",
        f"thành phố {place_name}",
        place_name,
        of,
        "tỉnh",
        "thành phố",
        "Thành phố",
        "Tỉnh",
    ]
    for ending in filter(None, endings):
        if text.casefold().endswith(f" {ending.casefold()}"):
            return text[: -len(ending) - 1].strip()
    return text


def _to_key(name: str) -> str:
    text = (
        fold(name.replace("&", " và ").replace("Uỷ", "Ủy"))
        .replace("ủy ban nhân dân", "ubnd")
        .replace("uỷ ban nhân dân", "ubnd")
    )
    return re.sub(r"[\W_]+", " ", re.sub(r"(?:^|(?<=\s))và(?=\s)", " ", text)).strip()


def _reduce_initials(text: str) -> str:
    return re.sub(r"[^A-ZĐ]", "", text.replace("và", ""))

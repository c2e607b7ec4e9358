"""The sample's overlay register: rosters, a population, shares and a target that are in no plan."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from data.sample import bac_kan, dong_thap, ha_noi, thai_nguyen
from data.sample.officers import Headcount

TomlTable = Mapping[str, object]
_HEADER = "# Số liệu minh họa: không có trong kế hoạch nào. Made up: no plan gives these.\n"
_MARKET_TARGET: TomlTable = {
    "id": "dong-thap.11",
    "indicator": "conferences",
    "title_vi": "Hội nghị hướng dẫn tiểu thương chợ (minh họa, tỉnh giao thêm)",
    "title_en": "Meetings for market traders (made up, assigned during the year)",
    "section": "minh họa",
    "line": 1,
    "comparator": ">=",
    "floor": 6,
    "recurrence": "yearly",
    "recurrence_basis": "stated",
    "force": "binding",
    "lead": "Sở Công Thương",
    "lead_basis": "stated",
}


def write_overlay(folder: Path, headcounts: Mapping[str, Sequence[Headcount]]) -> None:
    """Write the overlay; `headcounts`: the officers of ha-noi and dong-thap by agency."""
    for plan, targets in _build_targets(headcounts).items():
        _write_file(folder / "plans" / f"{plan}.toml", "target", targets)
    _write_file(
        folder / "agencies" / "ha-noi.toml",
        "agency",
        [_build_association(name) for name in ha_noi.ASSOCIATIONS] + [_build_press_agency()],
    )


def _build_targets(headcounts: Mapping[str, Sequence[Headcount]]) -> dict[str, list[TomlTable]]:
    officers = (*(head.agency for head in headcounts["dong-thap"]), dong_thap.SILENT_DEPARTMENT)
    news = {ha_noi.SCT: 12, ha_noi.PRESS: 30, "Sở Du lịch": 5, "Sở Y tế": 5}
    conferences = {thai_nguyen.SCT: 1, thai_nguyen.ASSOCIATION: 1}
    offices = (*bac_kan.OFFICES, *bac_kan.UNIONS)
    return {
        "ha-noi": [
            {"id": "ha-noi.07", "measure": "coverage", "roster": ha_noi.ASSOCIATIONS},
            {"id": "ha-noi.12", "shares": news},
            {"id": "ha-noi.13", "population": sum(head.officers for head in headcounts["ha-noi"])},
        ],
        "dong-thap": [
            {"id": "dong-thap.01", "roster": dong_thap.CONNECTING_BODIES},
            {"id": "dong-thap.04", "shares": {dong_thap.SCT: 3, dong_thap.ASSOCIATION: 2}},
            {"id": "dong-thap.06", "roster": officers},
            _MARKET_TARGET,
        ],
        "thai-nguyen": [{"id": "thai-nguyen.05", "shares": conferences}],
        "bac-kan": [{"id": "bac-kan.03", "measure": "coverage", "roster": offices}],
    }


def _build_association(name: str) -> TomlTable:
    return {"plan": "ha-noi", "name": name, "kind": "association", "aliases": [], "basis": "inferred"}


def _build_press_agency() -> TomlTable:
    aliases = ["Báo và Đài Hà Nội"]
    return {"plan": "ha-noi", "name": ha_noi.PRESS, "kind": "media", "aliases": aliases, "basis": "inferred"}


def _write_file(path: Path, table: str, rows: Sequence[TomlTable]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = [
        "\n".join([f"[[{table}]]", *(f"{key} = {_format_toml(value)}" for key, value in row.items())]) for row in rows
    ]
    path.write_text(_HEADER + "\n" + "\n\n".join(blocks) + "\n", encoding="utf-8", newline="\n")


def _format_toml(value: object) -> str:
    """Return a value as TOML; strings and numbers are written as in JSON."""
    match value:
        case dict():
            items = (f"{_format_toml(key)} = {_format_toml(item)}" for key, item in value.items())
            return "{ " + ", ".join(items) + " }"
        case list() | tuple() if len(value) > 3:
            return "[\n" + "".join(f"    {_format_toml(item)},\n" for item in value) + "]"
        case list() | tuple():
            return "[" + ", ".join(_format_toml(item) for item in value) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)

"""Texts of the old fonts TCVN3 and VNI are recognised by their letters; Vietnamese in Unicode never is."""

from __future__ import annotations

import pytest

from kpis.language.normalization import clean
from kpis.language.old_fonts import convert_from_old_font, find_old_font
from kpis.register.load import load_register


@pytest.mark.parametrize(
    "text",
    [
        "Ngµy",
        "C¬ quan",
        "ChØ tiªu",
        "Sè l­îng",
        "Tæng sè",
        "Së C«ng Th­¬ng",
        "Hoµn thµnh",
        "Uû ban nh©n d©n x·",
        "§ang thùc hiÖn",
        "C¥ QUAN",
    ],
)
def test_tcvn3_is_recognised(text: str) -> None:
    assert find_old_font(clean(text)) == "TCVN3"


@pytest.mark.parametrize(
    "text", ["Ngaøy", "Chæ tieâu", "Soá löôïng", "Sôû Coâng Thöông", "Hoaøn thaønh", "SÔÛ TAØI CHÍNH"]
)
def test_vni_is_recognised(text: str) -> None:
    assert find_old_font(clean(text)) == "VNI"


@pytest.mark.parametrize(
    "text",
    [
        "Ngày", "Số lượng (tin, bài)", "Uỷ ban", "Ủy ban", "Ðồng Nai", "Café Müller", "½", "10 m²",
        "ha-noi.12",
        "Krông Búk", "Hoàn thành ✓", "Microsoft®", "", "5¹",
    ],
)  # fmt: skip
def test_other_texts_are_not(text: str) -> None:
    assert find_old_font(clean(text)) is None


def test_no_name_of_the_register_is_taken_for_an_old_font() -> None:
    register = load_register()
    names = [agency.name for agency in register.agencies]
    names += [target.title_vi for target in register.targets.values()]
    names += [task.title_vi for task in register.tasks.values()]
    assert [name for name in names if find_old_font(name)] == []


def test_a_text_is_converted() -> None:
    assert convert_from_old_font("Së C«ng Th­¬ng", "TCVN3") == "Sở Công Thương"
    assert convert_from_old_font("Sôû Coâng Thöông", "VNI") == "sở công thương"

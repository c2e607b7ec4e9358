"""A group of agencies in Cơ quan is rejected with the advice to write one row per agency (design.md §4)."""

from __future__ import annotations

import pytest

from kpis.checks.plan_vocabulary import PlanVocabulary
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.sheet.cells import make_text_cell
from tests.sheet.small_plan import TODAY

GROUP_TEXTS = [
    "UBND các xã, phường", "các xã", "Các xã, phường trên địa bàn", "UBND xã, phường", "UBND xã/phường",
    "UBND cấp xã", "cac so, nganh", "Các sở, ngành", "các sở, ban, ngành tỉnh", "Sở, ban, ngành",
    "Tất cả các sở", "Các đơn vị liên quan", "Công an các xã, phường", "Các tổ chức chính trị - xã hội",
    "Các Sở: Tài chính, Y tế", "Sở Công Thương, Sở Y tế", "Sở Công Thương và Công an tỉnh", "SCT; STC",
]  # fmt: skip
SUGGESTED_AGENCIES = {
    "Ban Quản lý các khu công nghiệp": None,
    "Liên hiệp các Hội Khoa học và Kỹ thuật": None,
    "Sở Văn hoá, Thể thao & Du lịc": "Sở Văn hóa, Thể thao và Du lịch",
    "Sở Công thươg": "Sở Công Thương",
}


@pytest.fixture(scope="module")
def vocabulary() -> PlanVocabulary:
    return PlanVocabulary(load_register(), "dong-thap", TODAY)


@pytest.mark.parametrize("text", GROUP_TEXTS)
def test_a_group_is_distinguished_from_a_mistyped_agency(vocabulary: PlanVocabulary, text: str) -> None:
    reading = vocabulary.agencies[make_text_cell(text)]
    assert (reading.code, reading.detail) == ("agency_unknown", {"reason": "several"})


@pytest.mark.parametrize("text", SUGGESTED_AGENCIES)
def test_a_mistyped_agency_is_not_a_group(vocabulary: PlanVocabulary, text: str) -> None:
    reading = vocabulary.agencies[make_text_cell(text)]
    assert (reading.code, reading.detail.get("nearest")) == ("agency_unknown", SUGGESTED_AGENCIES[text])
    assert "reason" not in reading.detail


def test_every_collective_of_the_plans_is_a_group_and_agencies_are_not() -> None:
    register: Register = load_register()
    by_plan = {plan: PlanVocabulary(register, plan, TODAY) for plan in register.plans}
    for collective in register.collectives:
        for name in (collective.name, *collective.aliases):
            assert by_plan[collective.plan].agencies[make_text_cell(name)].detail == {"reason": "several"}, name
    for agency in register.agencies:
        assert by_plan[agency.plan].agencies[make_text_cell(agency.name)].value == agency.name

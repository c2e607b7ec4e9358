"""The same body has the same names in every province: what one officer may type, another may too (§3)."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from kpis.register.model import Agency, Register
from kpis.register.names import AgencyNames, to_agency_key

SAME_BODIES = {
    # One association under two names, each as its province's plan writes it.
    "hội bảo vệ quyền lợi người tiêu dùng": "hội bảo vệ người tiêu dùng",
}
LEVEL = re.compile(r"\b(?<!cấp )(?:tỉnh|thành phố)\b")
CITY = re.compile(r"\btp\b|\bcatp\b")
JUSTICE = "sở tp"  # Tư pháp, not a city (thành phố)


def _generalize_name(text: str, place: str) -> str:
    """Return a name without its province: "Công an tỉnh Đồng Tháp" is "công an {level} {place}"."""
    return LEVEL.sub("{level}", to_agency_key(text).replace(to_agency_key(place), "{place}"))


def _get_body_key(agency: Agency, place: str) -> str:
    plain = re.sub(r" ?\{(?:level|place)\}", "", _generalize_name(agency.name, place)).strip()
    return SAME_BODIES.get(plain, plain)


def test_agencies_of_the_same_kind_have_the_same_names(five_plans: Register) -> None:
    """Names with "TP" are left out: only Hà Nội's plan is of a city."""
    bodies: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for agency in five_plans.agencies:
        if agency.kind == "commune":
            continue
        place = five_plans.plans[agency.plan].province
        names = {_generalize_name(name, place) for name in (agency.name, *agency.aliases)}
        bodies[_get_body_key(agency, place)][agency.plan] = {
            name for name in names if name == JUSTICE or not CITY.search(name)
        }
    shared = {body: plans for body, plans in bodies.items() if len(plans) > 1}
    assert len(shared) >= 20
    missing_names = {
        (body, plan): missing
        for body, plans in shared.items()
        for plan, names in plans.items()
        if (missing := set[str]().union(*plans.values()) - names)
    }
    assert missing_names == {}


@pytest.mark.parametrize("plan", ["ha-noi", "dong-thap", "tuyen-quang", "thai-nguyen"])
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("MTTQ", "Ủy ban Mặt trận Tổ quốc Việt Nam"),
        ("Ủy ban MTTQ", "Ủy ban Mặt trận Tổ quốc Việt Nam"),
        ("Mặt trận Tổ quốc", "Ủy ban Mặt trận Tổ quốc Việt Nam"),
        ("Sở KHĐT", "Sở Tài chính"),
        ("Sở NN và MT", "Sở Nông nghiệp và Môi trường"),
        ("Sở KH và CN", "Sở Khoa học và Công nghệ"),
        ("Sở GD và ĐT", "Sở Giáo dục và Đào tạo"),
    ],
)
def test_a_usual_short_name_is_listed_in_every_province(five_plans: Register, plan: str, text: str, name: str) -> None:
    agency = AgencyNames(five_plans, plan).find(text)
    assert agency is not None
    assert agency.startswith(name)

"""An overlay adds to and amends the register without changing its files; errors name its own (§3)."""

from decimal import Decimal

import pytest

from kpis.errors import RegisterError
from kpis.register.load import load_register
from kpis.register.model import ReportingDay
from kpis.register.names import AgencyNames
from tests.register.conftest import PLAN, RegisterFolder

SECOND_PLAN = """
[plan]
id = "hoan-kiem"
province = "Hà Nội"
place = "phường Hoàn Kiếm"
kind = "ward"
title_vi = "Kế hoạch phường"
title_en = "A ward's plan"
issuer = "UBND phường Hoàn Kiếm"
start_year = 2026
shown_to = 2027
focal_agency = "Phòng Kinh tế"
text = "ward.txt"
"""


def test_a_target_is_amended_field_by_field_with_only_its_id(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    overlay.write(
        "plans/anything.toml",
        '[[target]]\nid = "ha-noi.01"\nfloor = 3\nroster = ["SCT"]\npopulation = 40\n'
        'shares = { SCT = 2 }\ndue = "30/11"\n',
    )
    target = load_register(folder.path, overlay.path).targets["ha-noi.01"]
    assert (target.floor, target.stretch) == (Decimal(3), Decimal(5))
    assert (target.population, target.due) == (40, "11-30")
    assert (target.roster, target.shares) == (("Sở Công Thương",), {"Sở Công Thương": Decimal(2)})
    assert load_register(folder.path).targets["ha-noi.01"].floor == 2


def test_a_header_and_a_task_are_amended_and_a_target_added(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    new_target = PLAN.split("[[target]]")[1].replace("ha-noi.01", "ha-noi.03")
    new_target = new_target.replace("Ít nhất hai", "Thêm hai").replace("At least two", "Two more")
    overlay.write(
        "plans/ha-noi.toml",
        '[plan]\nid = "ha-noi"\nreporting_days = [{ day = "20/11", of = "year" }]\n'
        '[[task]]\nid = "ha-noi.III.1"\noutput = "Biên bản"\n'
        f"[[target]]{new_target}",
    )
    register = load_register(folder.path, overlay.path)
    assert register.plans["ha-noi"].reporting_days == (ReportingDay("20/11", "year"),)
    assert register.tasks["ha-noi.III.1"].output == "Biên bản"
    assert list(register.targets) == ["ha-noi.01", "ha-noi.02", "ha-noi.03"]


def test_a_whole_plan_with_its_agencies_is_added(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    overlay.write("plans/hoan-kiem.toml", SECOND_PLAN)
    overlay.write("agencies/ha-noi.toml", '[[agency]]\nplan = "hoan-kiem"\nname = "Phòng Kinh tế"\nkind = "division"\n')
    register = load_register(folder.path, overlay.path)
    assert list(register.plans) == ["ha-noi", "hoan-kiem"]
    assert [agency.name for agency in register.agencies if agency.plan == "hoan-kiem"] == ["Phòng Kinh tế"]
    assert AgencyNames(register, "hoan-kiem").find("UBND phường Hoàn Kiếm") is None


def test_aliases_are_added_to_an_agency_and_to_a_commune(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    overlay.write(
        "agencies/more.toml",
        '[[agency]]\nplan = "ha-noi"\nname = "sở công thương"\naliases = ["Công Thương HN"]\n'
        '[[agency]]\nplan = "ha-noi"\nname = "Uỷ ban nhân dân phường Hoàn Kiếm"\naliases = ["UBND P. HK"]\n',
    )
    names = AgencyNames(load_register(folder.path, overlay.path), "ha-noi")
    assert names.find("CÔNG THƯƠNG HN") == names.find("SCT") == "Sở Công Thương"
    assert names.find("ubnd p. hk") == names.find("UBND phường Hoàn Kiếm") == "UBND phường Hoàn Kiếm"


@pytest.mark.parametrize(("title", "owner"), [("Tập huấn toàn bộ cán bộ", "ha-noi.02"), ("ha-noi.02", "ha-noi.02")])
def test_an_overlays_title_that_names_another_target_is_refused_in_the_overlay(
    folder: RegisterFolder, overlay: RegisterFolder, title: str, owner: str
) -> None:
    overlay.write("plans/ha-noi.toml", f'[[target]]\nid = "ha-noi.01"\ntitle_vi = "{title}"\n')
    with pytest.raises(RegisterError) as error:
        load_register(folder.path, overlay.path)
    assert error.value.file.endswith("overlay/plans/ha-noi.toml")
    assert error.value.key == "target[ha-noi.01].title_vi"
    assert f"already names “{owner}”" in str(error.value)


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        (
            "plans/x.toml",
            '[[target]]\nid = "ha-noi.01"\nfloor = 9\n',
            r"plans/x.toml, target\[ha-noi.01\].floor",
        ),
        ("plans/x.toml", '[[target]]\nid = "ha-noi.02"\nroster = ["Sở X"]\n', "plans/x.toml, .*Sở X"),
        (
            "plans/x.toml",
            '[[target]]\nid = "ha-noi.09"\nfloor = 1\n',
            r"plans/x.toml, target\[ha-noi.09\].indicator",
        ),
        ("plans/x.toml", '[[target]]\nid = "hue.01"\nfloor = 1\n', r"x.toml, plan: the table \[plan\]"),
        ("plans/x.toml", '[[target]]\nid = "ha-noi.01"\n[[target]]\nid = "ha-noi.01"\n', "appears twice"),
        (
            "agencies/x.toml",
            '[[agency]]\nplan = "ha-noi"\nname = "Sở Công Thương"\naliases = ["MTTQ Thành phố"]\n',
            r"agencies/x.toml, agency\[Sở Công Thương\].aliases: .*already names “Ủy ban Mặt trận",
        ),
        ("ha-noi.toml", "", "ha-noi.toml: a register holds"),
    ],
)
def test_an_error_in_the_overlay_names_the_overlay(
    folder: RegisterFolder, overlay: RegisterFolder, file: str, text: str, reason: str
) -> None:
    overlay.write(file, text)
    with pytest.raises(RegisterError, match=reason) as error:
        load_register(folder.path, overlay.path)
    assert str(overlay.path) in error.value.file


def test_the_overlay_is_part_of_the_hash(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    old_hash = load_register(folder.path, overlay.path).hash
    overlay.write("plans/x.toml", "# a remark only\n")
    assert load_register(folder.path, overlay.path).hash != old_hash

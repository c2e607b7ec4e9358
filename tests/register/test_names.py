"""A text names one agency or one target of its plan, or none; nothing is guessed (design.md §3, §4)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.register import communes
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.register.names import AgencyNames, AmbiguousTarget, TargetNames, is_member
from tests.register.conftest import PLAN, RegisterFolder


def test_a_committee_is_found_by_every_spelling(folder: RegisterFolder) -> None:
    names = AgencyNames(load_register(folder.path), "ha-noi")
    for text in [
        "UBND phường Hoàn Kiếm",
        "Ủy ban nhân dân phường Hoàn Kiếm",
        "Uỷ ban nhân dân PHƯỜNG HOÀN KIẾM",
        unicodedata.normalize("NFD", "ubnd  phường hoàn kiếm"),
        "UBND Hoàn Kiếm",
        "Uỷ ban nhân dân Hoàn Kiếm",
    ]:
        assert names.find(text) == "UBND phường Hoàn Kiếm", text


@pytest.mark.parametrize(
    "text",
    ["Hoàn Kiếm", "phường Hoàn Kiếm", "Hà Nội", "UBND các xã, phường", "UBND xã Hoàn Kiếm", "Sở", "", "UBND"],
)
def test_places_collectives_and_unknown_names_are_not_agencies(folder: RegisterFolder, text: str) -> None:
    assert AgencyNames(load_register(folder.path), "ha-noi").find(text) is None


def test_a_province_has_its_communes_and_a_collective_their_committees(folder: RegisterFolder) -> None:
    register = load_register(folder.path)
    assert sum(is_member(agency, register.collectives[0]) for agency in register.agencies) == 126
    assert len(communes.list_communes("Đồng Tháp") or ()) == 102
    assert len(communes.list_communes("Huế") or ()) == 40
    assert communes.list_communes("Bắc Kạn") is None


def test_two_communes_with_the_same_short_name_are_found_only_by_full_name(
    folder: RegisterFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, *lines = communes.get_list_path().read_text(encoding="utf-8").splitlines()
    two_wards = [line for line in lines if ",Phường Hoàn Kiếm," in line or ",Phường Cửa Nam," in line]
    namesake = next(line for line in lines if ",Xã Sóc Sơn," in line).replace("Xã Sóc Sơn", "Xã Hoàn Kiếm")
    short_list = folder.path / "communes.csv"
    short_list.write_text("\n".join([header, *two_wards, namesake, ""]), encoding="utf-8")
    monkeypatch.setattr(communes, "get_list_path", lambda: short_list)
    names = AgencyNames(load_register(folder.path), "ha-noi")
    assert names.find("UBND phường Hoàn Kiếm") == "UBND phường Hoàn Kiếm"
    assert names.find("UBND xã Hoàn Kiếm") == "UBND xã Hoàn Kiếm"
    assert names.find("UBND Hoàn Kiếm") is None
    assert names.find("UBND Cửa Nam") == "UBND phường Cửa Nam"


def test_a_target_is_found_by_id_title_and_its_indicator_if_it_is_alone(folder: RegisterFolder) -> None:
    names = TargetNames(load_register(folder.path), "ha-noi")
    for text in ["ha-noi.01", "HA-NOI.01", "ít nhất hai sự kiện", "At least two events", "Sự kiện công cộng"]:
        assert names.find(text) == "ha-noi.01", text
    assert names.find("public_events") == "ha-noi.01"
    assert names.find("Public events") == "ha-noi.01"
    assert names.find("Tin bài") is None


def test_an_indicator_with_two_targets_is_ambiguous_but_their_titles_are_not(folder: RegisterFolder) -> None:
    second = PLAN.split("[[target]]")[1].replace("ha-noi.01", "ha-noi.03")
    second = second.replace("Ít nhất hai", "Thêm hai").replace("At least two", "Two more")
    folder.append("plans/ha-noi.toml", f"[[target]]{second}")
    names = TargetNames(load_register(folder.path), "ha-noi")
    assert names.find("Sự kiện công cộng") == AmbiguousTarget(("ha-noi.01", "ha-noi.03"))
    assert names.find("Thêm hai sự kiện") == "ha-noi.03"
    assert names.find("At least two events") == "ha-noi.01"


@pytest.mark.parametrize("text", ["Sự kiện công cộng", "public events", "public_events"])
def test_a_title_equal_to_the_name_of_an_indicator_is_ambiguous(folder: RegisterFolder, text: str) -> None:
    folder.replace("plans/ha-noi.toml", '"Tập huấn toàn bộ cán bộ"', f'"{text}"')
    assert TargetNames(load_register(folder.path), "ha-noi").find(text) == AmbiguousTarget(("ha-noi.01", "ha-noi.02"))


@given(data=st.data())
def test_every_agency_of_the_five_plans_is_found_by_each_of_its_names(
    five_plans: Register, data: st.DataObject
) -> None:
    agency = data.draw(st.sampled_from(five_plans.agencies))
    name = data.draw(st.sampled_from((agency.name, *agency.aliases)))
    spelling = data.draw(
        st.sampled_from([str.upper, str.lower, str.title, lambda text: unicodedata.normalize("NFD", text)])
    )
    assert AgencyNames(five_plans, agency.plan).find(spelling(name)) == agency.name

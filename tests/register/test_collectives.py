"""Who is a member of a collective: kinds of members, or agencies by name (design.md §3)."""

import pytest

from kpis.register.load import load_register
from kpis.register.names import is_member
from kpis.register.tables import build_tables
from tests.register.conftest import RegisterFolder

AGENCIES_FILE = "agencies/ha-noi.toml"
HA_NOI = {"wards": 51, "rural_communes": 75, "communes": 126, "special_zones": 0}


@pytest.mark.parametrize(("kind", "count"), HA_NOI.items())
def test_commune_level_units_are_counted_by_kind(folder: RegisterFolder, kind: str, count: int) -> None:
    folder.replace(AGENCIES_FILE, 'members = "communes"', f'members = "{kind}"')
    register = load_register(folder.path)
    names = [agency.name for agency in register.agencies if is_member(agency, register.collectives[0])]
    assert len(names) == count
    if kind == "wards":
        assert all(name.startswith("UBND phường ") for name in names)


def test_named_members_and_kinds_add_up_without_repetition(folder: RegisterFolder) -> None:
    members = 'members = ["Uỷ ban nhân dân phường Hoàn Kiếm", "SCT", "wards"]'
    folder.replace(AGENCIES_FILE, 'members = "communes"', members)
    register = load_register(folder.path)
    assert register.collectives[0].members == ("UBND phường Hoàn Kiếm", "Sở Công Thương", "wards")
    rows = build_tables(register)["collective_members"]
    assert len(rows) == HA_NOI["wards"] + 1
    assert {"plan": "ha-noi", "collective": "UBND các xã, phường", "agency": "Sở Công Thương"} in rows


def test_departments_are_every_state_body_of_the_province(folder: RegisterFolder) -> None:
    folder.append(AGENCIES_FILE, '[[agency]]\nplan = "ha-noi"\nname = "Công an Thành phố"\nkind = "police"\n')
    folder.replace(AGENCIES_FILE, 'members = "communes"', 'members = "departments"')
    register = load_register(folder.path)
    names = {agency.name for agency in register.agencies if is_member(agency, register.collectives[0])}
    assert names == {"Sở Công Thương", "Công an Thành phố"}


def test_a_roster_of_wards_has_the_wards_alone(folder: RegisterFolder) -> None:
    folder.replace(AGENCIES_FILE, 'members = "communes"', 'members = "wards"')
    folder.replace("plans/ha-noi.toml", "stretch = 5", 'roster = ["UBND các xã, phường"]')
    assert len(load_register(folder.path).targets["ha-noi.01"].roster) == HA_NOI["wards"]

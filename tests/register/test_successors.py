"""Agencies that were merged or renamed: who stands for whom from which day on (design.md §4)."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.errors import RegisterError
from kpis.language.messages import explain
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.register.names import AgencyNames
from kpis.register.successors import Successors
from kpis.register.tables import TableRow, build_tables
from tests.register.conftest import AGENCIES, RegisterFolder

JULY = date(2026, 7, 1)
CULTURE, INFORMATION, SCIENCE = "Sở Văn hóa", "Sở Thông tin và Truyền thông", "Sở Khoa học và Công nghệ"


def write_agency(name: str, successor: str | None = None, from_day: str | None = None, aliases: str = "[]") -> str:
    lines = [f'plan = "ha-noi"\nname = "{name}"\naliases = {aliases}\n']
    lines += [f'successor = "{successor}"\n'] if successor else []
    lines += [f"from = {from_day}\n"] if from_day else []
    return "\n[[agency]]\n" + "".join(lines)


def load(folder: RegisterFolder, *agencies: str) -> Register:
    folder.write("agencies/ha-noi.toml", AGENCIES + "".join(agencies))
    return load_register(folder.path)


def find_reason(folder: RegisterFolder, *agencies: str) -> str:
    with pytest.raises(RegisterError) as error:
        load(folder, *agencies)
    return explain(error.value, "vi")


def test_an_agency_stands_for_another_from_a_day_on(folder: RegisterFolder) -> None:
    register = load(folder, write_agency(INFORMATION, SCIENCE, "2026-07-01"), write_agency(SCIENCE))
    agency = next(agency for agency in register.agencies if agency.name == INFORMATION)
    assert (agency.successor, agency.successor_from) == (SCIENCE, JULY)
    successors = Successors(register.agencies, "ha-noi")
    assert successors.find(INFORMATION, date(2026, 6, 30)) == INFORMATION
    assert successors.find(INFORMATION, JULY) == successors.find(SCIENCE, JULY) == SCIENCE
    assert successors.list_predecessors(SCIENCE, JULY) == [INFORMATION]
    assert successors.list_predecessors(SCIENCE, date(2026, 6, 30)) == []


def test_a_name_is_the_former_or_the_later_agency_by_its_day(folder: RegisterFolder) -> None:
    register = load(
        folder,
        write_agency(INFORMATION, SCIENCE, "2026-07-01", '["Sở TTTT"]'),
        write_agency(SCIENCE, aliases=f'["{INFORMATION}", "Sở TTTT", "Sở KHCN"]'),
    )
    names = AgencyNames(register, "ha-noi")
    for text in (INFORMATION, "sở tttt"):
        assert names.find_on(text, date(2026, 6, 30)) == INFORMATION
        assert names.find_on(text, JULY) == SCIENCE
    assert names.find_on("Sở KHCN", date(2026, 6, 30)) == SCIENCE


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_in_the_file_does_not_matter(folder: RegisterFolder, turned: bool) -> None:
    tables = [
        write_agency(INFORMATION, "Sở KHCN", "2026-07-01"),
        write_agency(SCIENCE, aliases=f'["{INFORMATION}", "Sở KHCN"]'),
    ]
    register = load(folder, *(reversed(tables) if turned else tables))
    names = AgencyNames(register, "ha-noi")
    assert names.find(INFORMATION) == INFORMATION
    assert names.find_on(INFORMATION, JULY) == SCIENCE


def test_a_chain_is_followed(folder: RegisterFolder) -> None:
    register = load(
        folder,
        write_agency(CULTURE, INFORMATION, "2026-03-01"),
        write_agency(INFORMATION, SCIENCE, "2026-07-01"),
        write_agency(SCIENCE),
    )
    successors = Successors(register.agencies, "ha-noi")
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 6, 30), JULY]
    assert [successors.find(CULTURE, day) for day in days] == [CULTURE, INFORMATION, INFORMATION, SCIENCE]
    assert successors.days == [date(2026, 3, 1), JULY]


def test_who_joins_an_agency_that_has_ended_goes_on_to_its_successor(folder: RegisterFolder) -> None:
    register = load(
        folder,
        write_agency(CULTURE, INFORMATION, "2026-07-01"),
        write_agency(INFORMATION, SCIENCE, "2026-03-01"),
        write_agency(SCIENCE),
    )
    successors = Successors(register.agencies, "ha-noi")
    assert [successors.find(CULTURE, day) for day in (date(2026, 6, 30), JULY)] == [CULTURE, SCIENCE]
    assert len(successors.list_successions(CULTURE)) == 1


def test_a_commune_may_be_merged_into_another(folder: RegisterFolder) -> None:
    register = load(folder, write_agency("UBND phường Cửa Cũ", "UBND phường Hoàn Kiếm", "2026-07-01"))
    assert Successors(register.agencies, "ha-noi").find("UBND phường Cửa Cũ", JULY) == "UBND phường Hoàn Kiếm"


def test_a_circle_is_refused(folder: RegisterFolder) -> None:
    reason = find_reason(
        folder,
        write_agency(CULTURE, INFORMATION, "2026-03-01"),
        write_agency(INFORMATION, SCIENCE, "2026-07-01"),
        write_agency(SCIENCE, CULTURE, "2026-09-01"),
    )
    assert "agencies/ha-noi.toml, agency[Sở Văn hóa].successor" in reason
    assert f"{CULTURE} → {INFORMATION} → {SCIENCE} → {CULTURE}" in reason
    assert "hãy sửa hoặc bỏ" in reason


def test_an_agency_cannot_follow_itself(folder: RegisterFolder) -> None:
    assert f"{CULTURE} → {CULTURE}" in find_reason(folder, write_agency(CULTURE, CULTURE, "2026-03-01"))


def test_an_unknown_successor_is_refused_with_the_nearest_name(folder: RegisterFolder) -> None:
    reason = find_reason(folder, write_agency(CULTURE, "Sở Công Thươn", "2026-03-01"))
    assert "agency[Sở Văn hóa].successor" in reason
    assert "Sở Công Thương" in reason


def test_a_group_is_no_successor(folder: RegisterFolder) -> None:
    reason = find_reason(folder, write_agency(CULTURE, "UBND xã, phường", "2026-03-01"))
    assert "agency[Sở Văn hóa].successor" in reason


@pytest.mark.parametrize(
    ("successor", "from_day", "key"),
    [("Sở Công Thương", None, "from"), (None, "2026-03-01", "successor"), ("SCT", '"01/03/2026"', "from")],
)
def test_successor_and_day_stand_together(
    folder: RegisterFolder, successor: str | None, from_day: str | None, key: str
) -> None:
    assert f"agency[Sở Văn hóa].{key}" in find_reason(folder, write_agency(CULTURE, successor, from_day))


def test_names_are_shared_by_nobody_else(folder: RegisterFolder) -> None:
    reason = find_reason(
        folder,
        write_agency(CULTURE, SCIENCE, "2026-07-01", '["Sở chung"]'),
        write_agency(INFORMATION, SCIENCE, "2026-07-01", '["Sở chung"]'),
        write_agency(SCIENCE),
    )
    assert "Sở chung" in reason


def test_an_overlay_may_say_that_an_agency_has_ended(folder: RegisterFolder, overlay: RegisterFolder) -> None:
    folder.write("agencies/ha-noi.toml", AGENCIES + write_agency(INFORMATION))
    overlay.write(
        "agencies/ha-noi.toml",
        write_agency(INFORMATION, SCIENCE, "2026-07-01") + write_agency(SCIENCE, aliases=f'["{INFORMATION}"]'),
    )
    register = load_register(folder.path, overlay.path)
    assert AgencyNames(register, "ha-noi").find_on(INFORMATION, JULY) == SCIENCE


def list_rows(register: Register, table: str, target: str) -> list[TableRow]:
    return [row for row in build_tables(register)[table] if str(row["target"]).partition("@")[0] == target]


def test_the_tables_have_a_target_before_and_since_a_merger(folder: RegisterFolder) -> None:
    folder.replace("plans/ha-noi.toml", 'lead = "Sở Công Thương"', f'lead = "{CULTURE}"')
    folder.replace(
        "plans/ha-noi.toml",
        'lead_basis = "stated"',
        f'lead_basis = "stated"\nshares = {{ "{CULTURE}" = 1, "{INFORMATION}" = 2, "SCT" = 3 }}',
    )
    register = load(folder, write_agency(CULTURE, "SCT", "2026-07-01"), write_agency(INFORMATION, "SCT", "2026-07-01"))
    targets = {row["target"]: (row["lead"], row["named_lead"]) for row in list_rows(register, "targets", "ha-noi.01")}
    assert targets == {
        "ha-noi.01": (CULTURE, None),
        "ha-noi.01@2026-07-01": ("Sở Công Thương", CULTURE),
    }
    shares = {(row["target"], row["agency"]): row["share"] for row in list_rows(register, "shares", "ha-noi.01")}
    assert shares["ha-noi.01@2026-07-01", "Sở Công Thương"] == Decimal(6)
    assert shares["ha-noi.01", CULTURE] == Decimal(1)
    assert len(shares) == 4
    days = {
        (row["target"], row["period_start"], row["judged_from"], row["judged_until"])
        for row in list_rows(register, "periods", "ha-noi.01")
    }
    years = [date(year, 1, 1) for year in (2026, 2027, 2028)]
    assert days == {
        *(("ha-noi.01", year, None, JULY) for year in years),
        *(("ha-noi.01@2026-07-01", year, JULY, None) for year in years),
    }


def test_a_period_that_was_due_before_keeps_its_agencies(folder: RegisterFolder) -> None:
    register = load(folder, write_agency(CULTURE, "SCT", "2027-03-01"))
    days = {
        (row["target"], row["period_start"], row["judged_from"], row["judged_until"])
        for row in list_rows(register, "periods", "ha-noi.01")
    }
    march = date(2027, 3, 1)
    assert ("ha-noi.01", date(2026, 1, 1), None, None) in days
    assert ("ha-noi.01@2027-03-01", date(2027, 1, 1), march, None) in days
    assert ("ha-noi.01@2027-03-01", date(2026, 1, 1), march, None) not in days


def test_without_a_merger_nothing_is_copied(folder: RegisterFolder) -> None:
    tables = build_tables(load_register(folder.path))
    assert tables["agency_successors"] == []
    assert not any("@" in str(row["target"]) for row in tables["targets"])


def test_the_tables_have_the_successors(folder: RegisterFolder) -> None:
    register = load(folder, write_agency(CULTURE, "SCT", "2026-07-01"))
    tables = build_tables(register)
    (row,) = tables["agency_successors"]
    assert row == {
        "plan": "ha-noi", "agency": CULTURE, "successor": "Sở Công Thương", "from_day": JULY, "until_day": None,
    }  # fmt: skip
    agency = next(row for row in tables["agencies"] if row["agency"] == CULTURE)
    assert (agency["successor"], agency["successor_from"]) == ("Sở Công Thương", JULY)

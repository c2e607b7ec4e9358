"""design.md §3 Agencies that were merged or renamed: whose row it is depends on its day."""

from dataclasses import replace
from datetime import date

import pytest

from kpis.checks.source_check import check_source
from kpis.register.model import Agency, Register
from kpis.sheet.model import CheckedRow
from tests.sheet.small_plan import (
    PLAN,
    SCT,
    TODAY,
    RawValue,
    build_register,
    get_rejection_codes,
    get_warning_codes,
    make_entry,
    make_sheet,
    make_tab,
)

OLD, NEW, OTHER = "Sở Thông tin", "Sở Khoa học", "Sở Bưu chính"
JULY, JUNE = date(2026, 7, 1), date(2026, 6, 30)


def merge(*, later: date = JULY, aliases: tuple[str, ...] = ("STT",)) -> Register:
    """Return the small plan with two agencies that a third one follows; it has the names of the first as aliases."""
    agencies = (
        Agency(PLAN, OLD, "department", aliases, "named", successor=NEW, successor_from=later),
        Agency(PLAN, OTHER, "department", (), "named", successor=NEW, successor_from=JULY),
        Agency(PLAN, NEW, "department", (OLD, *aliases), "named"),
    )
    register = build_register()
    return replace(register, agencies=(*register.agencies, *agencies))


def check(register: Register, *rows: list[RawValue]) -> tuple[CheckedRow, ...]:
    return check_source(make_sheet(make_tab(list(rows))), PLAN, register, TODAY).rows


def name_agencies(rows: tuple[CheckedRow, ...]) -> list[str | None]:
    return [row.entry.agency if row.entry else None for row in rows]


@pytest.mark.parametrize("text", [OLD, "STT", "sở  THÔNG tin"])
def test_a_row_under_an_old_name_is_whose_day_it_is(text: str) -> None:
    rows = check(
        merge(),
        make_entry(agency=text, day=JUNE),
        make_entry(agency=text, day=JULY),
        make_entry(agency=text, day=date(2026, 7, 2)),
    )
    assert name_agencies(rows) == [OLD, NEW, NEW]


def test_a_row_under_the_successors_own_name_is_its_own_on_every_day() -> None:
    assert name_agencies(check(merge(), make_entry(agency=NEW, day=JUNE), make_entry(agency=NEW, day=JULY))) == [
        NEW,
        NEW,
    ]


def test_equal_rows_under_the_old_and_the_new_name_count_once() -> None:
    rows = check(merge(), make_entry(agency=OLD, day=JULY), make_entry(agency=NEW, day=JULY))
    assert name_agencies(rows) == [NEW, None]
    assert get_rejection_codes(rows[1]) == {"duplicate_row"}
    rows = check(merge(), make_entry(agency=OLD, day=JUNE), make_entry(agency=NEW, day=JUNE))
    assert name_agencies(rows) == [OLD, NEW]


def test_a_rejected_row_without_a_day_stays_under_the_name_that_it_has() -> None:
    (row,) = check(merge(), make_entry(agency=OLD, day="sau này"))
    assert (row.agency, row.entry) == (OLD, None)


def test_a_row_whose_owner_depends_on_the_register_names_its_other_hashes() -> None:
    """So the history knows it again when the day of a merger is entered or changed."""
    cells = make_entry(agency=OLD, day=date(2026, 8, 3))
    (former,), (since,) = check(merge(later=date(2026, 9, 1)), cells), check(merge(), cells)
    assert (former.entry and former.entry.agency, since.entry and since.entry.agency) == (OLD, NEW)
    assert former.row_hash != since.row_hash
    assert former.row_hash in since.hashes_of_others
    assert since.row_hash in former.hashes_of_others
    (alone,) = check(merge(), make_entry(agency=SCT, day=date(2026, 8, 3)))
    assert alone.hashes_of_others == ()


def test_of_a_rate_the_lead_is_the_one_of_the_rows_day() -> None:
    register = merge()
    rate = replace(register.targets["p.04"], adds_up=False, lead=OLD)
    register = replace(register, targets={**register.targets, rate.id: rate})
    rows = check(
        register,
        *(make_entry(agency=text, day=day, target="p.04") for text in (OLD, NEW, OTHER) for day in (JUNE, JULY)),
    )
    warned = [(row.agency, "not_the_lead" in get_warning_codes(row)) for row in rows if row.entry]
    assert warned == [(OLD, False), (NEW, False), (NEW, True), (OTHER, True)]


@pytest.mark.parametrize(
    ("first", "falls"), [(10, True), (11, False), (12, False)]
)  # fmt: skip
def test_a_first_level_with_which_the_total_falls_is_warned(first: int, falls: bool) -> None:
    rows = check(
        merge(),
        make_entry(agency=OLD, day=date(2026, 3, 1), target="p.04", quantity=2, evidence="1/BC"),
        make_entry(agency=OLD, day=date(2026, 4, 1), target="p.04", quantity=5, evidence="2/BC"),
        make_entry(agency=OTHER, day=date(2026, 4, 1), target="p.04", quantity=6, evidence="3/BC"),
        make_entry(agency=NEW, day=date(2026, 8, 1), target="p.04", quantity=first, evidence="4/BC"),
        make_entry(agency=NEW, day=date(2026, 9, 1), target="p.04", quantity=1, evidence="5/BC"),
    )
    assert [("successor_total_fell" in get_warning_codes(row)) for row in rows] == [False, False, False, falls, False]
    if falls:
        (finding,) = [finding for finding in rows[3].warnings if finding.code == "successor_total_fell"]
        assert finding.detail == {"before": "11", "agencies": f"{OLD}, {OTHER}"}


def test_of_a_ratio_the_shares_are_compared() -> None:
    def warn(numerator: int) -> set[str]:
        rows = check(
            merge(),
            make_entry(agency=OLD, day=date(2026, 3, 1), target="p.05", quantity=3, total=4),
            make_entry(agency=OTHER, day=date(2026, 4, 1), target="p.05", quantity=3, total=6),
            make_entry(agency=NEW, day=date(2026, 8, 1), target="p.05", quantity=numerator, total=20),
        )
        return get_warning_codes(rows[2])

    assert "successor_total_fell" in warn(11)
    assert "successor_total_fell" not in warn(12)


def test_what_adds_up_is_not_warned() -> None:
    rows = check(
        merge(),
        make_entry(agency=OLD, day=date(2026, 3, 1), quantity=9),
        make_entry(agency=NEW, day=date(2026, 8, 1), quantity=1),
    )
    assert not any("successor_total_fell" in get_warning_codes(row) for row in rows)

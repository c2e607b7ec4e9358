"""The agencies behind a target: those who owe in rows, however many the others are."""

from kpis.measures.rows import Attainment
from kpis.ui.province.parts import parts_table
from tests.ui.rows import target, view


def part(place: int, status: str | None, entries: int) -> Attainment:
    return target(agency=f"UBND xã {place:03}", status=status, entries=entries, share=None)


def test_whoever_owes_stands_first_and_nobody_is_left_out() -> None:
    done = [part(place, "attained", 3) for place in range(120)]
    owing = [part(place, "no_data", 0) for place in range(120, 125)]
    made = parts_table(target(), [*done, *owing], view())
    assert made is not None
    rows = made.split("<tr>")[2:]
    assert len(rows) == 24
    assert all(f"UBND xã {place}" in row for place, row in zip(range(120, 125), rows, strict=False))
    assert "101 cơ quan khác, kèm số mục tiến độ:" in made
    assert all(f"UBND xã {place:03}" in made for place in range(125))


def test_a_short_list_is_all_rows() -> None:
    made = parts_table(target(), [part(place, None, place) for place in range(24)], view())
    assert made is not None
    assert made.count("<tr>") == 25
    assert "cơ quan khác" not in made

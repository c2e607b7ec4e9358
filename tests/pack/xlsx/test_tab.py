"""A tab: titles, values and table keys of its rows."""

from __future__ import annotations

import pytest

from kpis.pack.xlsx.tab import CellValue, Percentage, build_tab, to_cell_value
from tests.ui.handmade_rows import build_target


def test_a_tab_reads_each_row_by_its_columns_in_the_language_asked() -> None:
    columns = (("Status", lambda row: row["status"]), ("Of", lambda row: row["n"] * 2))
    tab = build_tab("vi", "Overview", columns, lambda: [("tiles", {"status": "a", "n": 1})])
    assert (tab.name, tab.titles) == ("Tổng quan", ("Trạng thái", "Trên tổng số"))
    assert list(tab.iterate_rows()) == [("tiles", ("a", 2))]
    assert build_tab("en", "Overview", columns, list).titles == ("Status", "Of")


def test_rows_are_asked_for_at_each_iteration() -> None:
    calls: list[int] = []

    def list_rows() -> list[tuple[str, int]]:
        calls.append(1)
        return [("", len(calls))]

    tab = build_tab("en", "Overview", (("Of", lambda row: row),), list_rows)
    assert calls == []
    assert [list(tab.iterate_rows()) for _ in range(2)] == [[("", (1,))], [("", (2,))]]


@pytest.mark.parametrize(
    ("measure", "value", "expected"),
    [
        ("count", 24, 24),
        ("milestone", 1, 1),
        ("ratio", 0.5, Percentage(0.5)),
        ("coverage", 1, Percentage(1.0)),
        ("ratio", None, None),
    ],
)
def test_ratios_are_percentages_and_counts_are_numbers(measure: str, value: float | None, expected: CellValue) -> None:
    assert to_cell_value(build_target(measure=measure), value) == expected

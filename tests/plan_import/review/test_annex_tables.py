"""The tasks of an accepted annex: sections and numbers as printed, a due day of their own (design.md §3)."""

from __future__ import annotations

import pytest

from kpis.plan_import.review.draft.model import Draft, DraftRow
from kpis.plan_import.review.versions.annex_tables import AnnexBuilder
from kpis.plan_import.review.versions.plan_agencies import DecidedAgencies
from kpis.plan_import.review.versions.toml_output import TomlTable
from tests.plan_import.review.small_draft import build_small_draft


def build(section: str, number: str, **values: str) -> tuple[AnnexBuilder, TomlTable]:
    draft = build_small_draft()
    row = draft.list_rows("task")[0].with_decision("change", {"section": section or "-", "number": number, **values})
    return build_in(draft, row)


def build_in(draft: Draft, row: DraftRow) -> tuple[AnnexBuilder, TomlTable]:
    builder = AnnexBuilder(draft, DecidedAgencies(draft))
    return builder, builder.build_task(row, "can-tho.nv001")


@pytest.mark.parametrize(
    ("section", "number", "expected"),
    [
        ("", "7", ("", "7", [])),
        ("II", "1.10", ("II.1", "1.10", ["II", "II.1"])),
        ("A.I", "3.", ("A.I", "3", ["A", "A.I"])),
        ("2", "2.3", ("2", "2.3", ["2"])),
        ("", "2.3", ("2", "2.3", ["2"])),
        ("III", "-", ("III", "", ["III"])),
    ],
)
def test_a_task_keeps_its_printed_number_and_sections_stand_in_one_another(
    section: str, number: str, expected: tuple[str, str, list[str]]
) -> None:
    builder, task = build(section, number)
    assert (task["section"], task["number"], [table["id"] for table in builder.sections]) == expected
    parents = {str(table["id"]): table["parent"] for table in builder.sections}
    assert parents == {name: name.rpartition(".")[0] or None for name in parents}


def test_a_due_day_is_a_date_or_a_day_of_every_year() -> None:
    assert str(build("I", "1", due_on="2026-06-30")[1]["due_on"]) == "2026-06-30"
    assert build("I", "1", due_on="30/06")[1]["due_on"] == "30/06"
    assert build("I", "1")[1]["due_on"] == ""

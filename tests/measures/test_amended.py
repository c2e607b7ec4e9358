"""What amendments and corrections changed between two days and moments."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from kpis.measures.amended import Amendment, fetch_amendments
from kpis.measures.question import Question
from kpis.register.entry_changes import FieldChange
from tests.cli.versioned_plan import HEALTH, LEAD, PLAN, Installation
from tests.measures.amended_year import FLOOR_80, build_amended_year

KNOWN_BEFORE, KNOWN_AFTER = datetime(2026, 6, 2), datetime(2026, 7, 2)


@pytest.fixture
def amended(tmp_path: Path) -> Installation:
    """A plan read since January and amended in June, in force from July."""
    return build_amended_year(tmp_path / "tinh")


def ask(installation: Installation, question: Question, earlier: Question | None = None) -> list[Amendment]:
    with installation.open_database() as database:
        return fetch_amendments(database, question, earlier)


def get_numbers(amendments: list[Amendment]) -> list[int]:
    return sorted({amendment.version.number for amendment in amendments})


def test_each_changed_entry_has_both_values_and_its_clause(amended: Installation) -> None:
    first, added, dropped, task = ask(amended, Question(date(2026, 7, 1)))
    assert (first.kind, first.entry, first.change) == ("target", f"{PLAN}.01", "changed")
    assert first.get_change("floor") == FieldChange("floor", 60, 80)
    assert first.get_change("title_vi") is None
    assert (first.quote, first.section, first.page, first.compared_with) == ("Sửa 60 thành 80", "Điều 1", 2, 1)
    version = first.version
    assert (version.number, version.document_number, version.reviewer) == (2, "25/KH-UBND", "Nguyễn Thị Hà")
    assert (version.issued_on, first.in_force_from) == (date(2026, 6, 18), date(2026, 7, 1))
    assert (version.judges_again, first.is_correction, version.why) == ((2026,), False, None)
    assert (added.change, added.title_vi, added.fields, added.quote) == ("added", "Tin bài mới", (), None)
    assert (dropped.change, dropped.entry, dropped.quote) == ("dropped", f"{PLAN}.02", "Bãi bỏ điểm b")
    assert (task.kind, task.fields) == ("task", (FieldChange("leads", [LEAD], [HEALTH]),))


def test_only_what_is_in_force_and_known_counts(amended: Installation) -> None:
    assert ask(amended, Question(date(2026, 6, 30))) == []
    assert ask(amended, Question(date(2026, 7, 1), known_at=KNOWN_BEFORE)) == []
    assert get_numbers(ask(amended, Question(date(2026, 7, 1), known_at=KNOWN_AFTER))) == [2]
    assert ask(amended, Question(date(2026, 7, 1), plans=frozenset({"ha-noi"}))) == []


def test_between_two_questions_only_what_the_earlier_one_did_not_show(amended: Installation) -> None:
    july = Question(date(2026, 7, 5))
    assert get_numbers(ask(amended, july, Question(date(2026, 6, 28), known_at=KNOWN_AFTER))) == [2]
    assert get_numbers(ask(amended, july, Question(date(2026, 7, 1), known_at=KNOWN_BEFORE))) == [2]
    assert ask(amended, july, Question(date(2026, 7, 1), known_at=KNOWN_AFTER)) == []


def test_a_correction_names_what_it_corrects_and_why(amended: Installation) -> None:
    corrected = {**FLOOR_80, "01": ("yearly", "Tin bài về chợ", 70)}
    facts = 'corrects = 2\nwhy = "Văn bản ghi 70"\nreviewer = "Trần Văn Nam"\nin_force_from = 2026-07-01'
    amended.write_version(3, corrected, accepted="2026-07-10", facts=facts, tasks={"nv001": {"leads": [HEALTH]}})
    amended.sync("2026-07-11")
    earlier = Question(date(2026, 7, 5), known_at=KNOWN_AFTER)
    (amendment,) = ask(amended, Question(date(2026, 7, 12)), earlier)
    assert (amendment.is_correction, amendment.version.corrects, amendment.version.why) == (True, 2, "Văn bản ghi 70")
    assert (amendment.compared_with, amendment.fields) == (2, (FieldChange("floor", 80, 70),))
    assert get_numbers(ask(amended, Question(date(2026, 7, 12)))) == [2, 3]


def test_a_correction_without_a_day_holds_from_that_of_the_corrected_version(amended: Installation) -> None:
    corrected = {**FLOOR_80, "01": ("yearly", "Tin bài về chợ", 70)}
    amended.write_version(3, corrected, accepted="2026-07-10", facts='corrects = 2\nwhy = "lỗi"')
    amended.sync("2026-07-11")
    assert {amendment.in_force_from for amendment in ask(amended, Question(date(2026, 7, 12)))} == {date(2026, 7, 1)}
    assert ask(amended, Question(date(2026, 6, 30))) == []


def test_a_database_of_format_4_knows_each_version_since_its_figures_changed(amended: Installation) -> None:
    pointer = amended.folder / "var" / "kpis.json"
    version = json.loads(pointer.read_text(encoding="utf-8"))["version"]
    with duckdb.connect(pointer.with_name(f"kpis-{version}.duckdb")) as connection:
        connection.execute("drop table plan_versions")
        connection.execute("drop table version_changes")
        connection.execute("update meta set value = '4' where key = 'format'")
    amended.sync("2026-08-01")
    july = date(2026, 7, 5)
    assert ask(amended, Question(july, known_at=KNOWN_BEFORE)) == []
    assert get_numbers(ask(amended, Question(july, known_at=KNOWN_AFTER))) == [2]
    assert amended.ask("2026-07-05", "2026-06-02")["01"][0] == 60, "its history of the register stays"

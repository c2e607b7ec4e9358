"""A plan with several versions: each day and period is judged by the version in force, known then and now."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kpis.measures.attainment import compute_targets
from kpis.measures.changes import compare_with_baseline
from kpis.measures.question import Question
from kpis.wording.change_figures import format_done
from tests.cli.versioned_plan import PLAN, Installation


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "tinh")


FIRST = {"01": ("yearly", "Tin bài về chợ", 60)}
RAISED = {"01": ("yearly", "Tin bài về chợ", 80)}
IN_JULY = "in_force_from = 2026-07-01"


def test_an_amendment_judges_from_its_day_and_not_before(installation: Installation) -> None:
    installation.write_version(1, FIRST, accepted="2026-01-10")
    installation.write_rows(("10/02/2026", "01", 40), ("10/05/2026", "01", 30))
    installation.sync("2026-06-01")
    assert installation.ask("2026-06-30") == {"01": (60, "attained")}
    installation.write_version(2, RAISED, accepted="2026-06-20", facts=IN_JULY)
    installation.sync("2026-07-02")
    assert installation.ask("2026-06-30") == {"01": (60, "attained")}, "a day before, known now"
    assert installation.ask("2026-07-01") == {"01": (80, "on_track")}
    assert installation.ask("2026-12-31") == {"01": (80, "overdue")}
    assert installation.ask("2026-07-01", "2026-06-02") == {"01": (60, "attained")}, "as known before the amendment"
    assert installation.ask("2026-12-31", "2026-06-02") == {"01": (60, "attained")}
    curves = installation.run("attainment", "--as-of", "2026-06-30", "--by", "agency", "--json").json
    assert {(row["target"], row["numerator"]) for row in curves} == {(f"{PLAN}.01", 70)}


def test_a_closed_year_keeps_the_version_that_judged_it(installation: Installation) -> None:
    installation.write_version(1, FIRST, accepted="2026-01-10")
    installation.write_rows(("10/02/2026", "01", 70), ("10/02/2027", "01", 10))
    installation.sync("2026-12-30")
    installation.write_version(2, RAISED, accepted="2027-02-01", facts=IN_JULY)
    installation.sync("2027-03-01")
    assert installation.ask("2027-03-01", year="2026") == {"01": (60, "attained")}
    assert installation.ask("2027-03-01") == {"01": (80, "at_risk")}


def test_a_closed_year_is_judged_again_only_by_name(installation: Installation) -> None:
    installation.write_version(1, FIRST, accepted="2026-01-10")
    installation.write_rows(("10/02/2026", "01", 70))
    installation.write_version(2, RAISED, accepted="2027-02-01", facts=f"{IN_JULY}\njudges_again = [2026]")
    installation.sync("2027-03-01")
    assert installation.ask("2027-03-01", year="2026") == {"01": (80, "overdue")}
    assert installation.ask("2026-06-30") == {"01": (60, "attained")}


def test_a_correction_takes_the_place_of_what_it_corrects(installation: Installation) -> None:
    installation.write_version(1, FIRST, accepted="2026-01-10")
    installation.write_rows(("10/02/2026", "01", 70))
    installation.sync("2026-03-01")
    installation.write_version(2, RAISED, accepted="2026-06-20", facts='corrects = 1\nwhy = "read 60 for 80"')
    installation.sync("2026-06-21")
    assert installation.ask("2026-02-28") == {"01": (80, "on_track")}, "every day, as known from now on"
    assert installation.ask("2026-02-28", "2026-03-02") == {"01": (60, "attained")}, "earlier knowledge keeps it"


def test_a_dropped_target_keeps_its_days_and_takes_no_rows_after(installation: Installation) -> None:
    both = {**FIRST, "02": ("yearly", "Tin bài về an toàn thực phẩm", 10)}
    installation.write_version(1, both, accepted="2026-01-10")
    installation.write_rows(("10/02/2026", "01", 70), ("10/02/2026", "02", 4), ("10/03/2026", "02", 1))
    installation.sync("2026-03-20")
    installation.write_version(2, FIRST, accepted="2026-06-20", facts=IN_JULY)
    rows = [("10/02/2026", "01", 70), ("10/02/2026", "02", 4), ("10/03/2026", "02", 1), ("10/08/2026", "02", 3)]
    installation.write_rows(*rows)
    installation.sync("2026-08-20")
    assert installation.ask("2026-06-30") == {"01": (60, "attained"), "02": (10, "on_track")}
    assert installation.ask("2026-07-01") == {"01": (60, "attained")}
    assert [(row["code"], row["row"]) for row in installation.run("rejections", "--json").json] == [("target_ended", 5)]
    assert "01/07/2026" in installation.run("rejections").out
    assert (
        f"{PLAN}.02"
        not in installation.run("new-sheet", "--plan", PLAN, "--out", str(installation.folder / "n.xlsx")).out
    )


def test_a_new_target_begins_with_its_version(installation: Installation) -> None:
    installation.write_version(1, FIRST, accepted="2026-01-10")
    both = {**FIRST, "03": ("yearly", "Tin bài mới", 5)}
    installation.write_version(2, both, accepted="2026-06-20", facts=IN_JULY)
    installation.write_rows(("10/02/2026", "03", 5))
    installation.sync("2026-07-02")
    assert set(installation.ask("2026-06-30")) == {"01"}
    assert installation.ask("2026-07-01")["03"] == (5, "attained")


def test_two_amendments_judge_one_after_the_other(installation: Installation) -> None:
    installation.write_version(1, FIRST, accepted="2026-01-10")
    installation.write_version(2, RAISED, accepted="2026-06-20", facts=IN_JULY)
    lowered = {"01": ("yearly", "Tin bài về chợ", 70)}
    installation.write_version(3, lowered, accepted="2026-09-20", facts="in_force_from = 2026-10-01")
    installation.write_rows(("10/02/2026", "01", 70))
    installation.sync("2026-10-02")
    floors = [installation.ask(day)["01"][0] for day in ("2026-06-30", "2026-07-01", "2026-09-30", "2026-10-01")]
    assert floors == [60, 80, 80, 70]


def test_closed_quarters_keep_their_floor(installation: Installation) -> None:
    installation.write_version(1, {"01": ("quarterly", "Tin bài mỗi quý", 20)}, accepted="2026-01-10")
    lowered = {"01": ("quarterly", "Tin bài mỗi quý", 5)}
    installation.write_version(2, lowered, accepted="2026-06-20", facts="in_force_from = 2026-06-25")
    installation.write_rows(("10/02/2026", "01", 8), ("10/05/2026", "01", 8), ("10/08/2026", "01", 8))
    installation.sync("2026-10-02")
    rows = installation.run("attainment", "--as-of", "2026-10-02", "--json").json
    spans = {row["span"]: (row["floor"], row["status"]) for row in rows if row["span"]}
    assert spans["2026-Q1"] == (20, "overdue"), "an amendment does not make a closed quarter green"
    assert spans["2026-Q2"] == (5, "attained")
    assert spans["2026-Q3"] == (5, "attained")
    (year,) = [row for row in rows if row["span"] is None]
    assert (year["spans"], year["spans_met"], year["status"]) == (4, 2, "overdue")


def test_an_accepted_plan_without_a_source_stops_no_sync(installation: Installation) -> None:
    clause = f'[[clause]]\nid = "{PLAN}.01"\nquote = "60 tin bài"\n'
    installation.write_version(1, FIRST, accepted="2026-01-10", clauses=clause)
    installation.write_version(2, RAISED, accepted="2026-06-20", facts=IN_JULY, clauses=clause)
    installation.write_rows(("10/02/2026", "01", 40))
    text = installation.sources.read_text(encoding="utf-8")
    installation.sources.write_text(text.replace(PLAN, "ha-noi"), encoding="utf-8")
    installation.sync("2026-07-02")
    assert {row["plan"] for row in installation.run("attainment", "--as-of", "2026-07-02", "--json").json} == {"ha-noi"}


def list_versions(installation: Installation, day: str, *more: str) -> list[tuple[str | None, int | None, str | None]]:
    """Return span, number and document of the version that judges each row."""
    rows = installation.run("attainment", "--as-of", day, "--json", *more).json
    return [(row["span"], row["plan_version"], row["plan_document"]) for row in rows]


def test_each_row_names_the_version_that_judges_it(installation: Installation) -> None:
    installation.write_version(1, FIRST, accepted="2026-01-10", facts='document_number = "1/KH-UBND"')
    installation.write_rows(("10/02/2026", "01", 40))
    installation.sync("2026-06-01")
    assert list_versions(installation, "2026-06-30") == [(None, None, None)], "a plan with a single version"
    facts = f'{IN_JULY}\ndocument_number = "25/KH-UBND"'
    installation.write_version(2, RAISED, accepted="2026-06-20", facts=facts)
    installation.sync("2026-07-02")
    assert list_versions(installation, "2026-06-30") == [(None, 1, "1/KH-UBND")]
    assert list_versions(installation, "2026-07-01") == [(None, 2, "25/KH-UBND")]
    assert list_versions(installation, "2026-07-01", "--known-at", "2026-06-02") == [(None, None, None)]
    assert {row[1] for row in list_versions(installation, "2026-06-30", "--by", "agency")} == {1}
    listed = installation.run("plan", "list")
    assert "25/KH-UBND" in listed.out
    assert f"{PLAN}: Phiên bản 1: 1/KH-UBND" in listed.err
    assert f"{PLAN}: Phiên bản 2: 25/KH-UBND" in listed.err
    assert "Phiên bản" not in installation.run("plan", "list", "--json").err


def test_a_target_that_no_version_changes_names_the_version_in_force(installation: Installation) -> None:
    same = {"02": ("quarterly", "Tin bài mỗi quý", 20)}
    installation.write_version(1, {**FIRST, **same}, accepted="2026-01-10")
    installation.write_version(2, {**RAISED, **same}, accepted="2026-07-05", facts="in_force_from = 2026-07-01")
    installation.write_rows(("10/02/2026", "01", 40))
    installation.sync("2026-07-06")
    rows = installation.run("attainment", "--as-of", "2026-07-06", "--json").json
    spans = {row["span"]: row["plan_version"] for row in rows if row["target"] == f"{PLAN}.02"}
    assert spans == {None: 2, "2026-Q1": 1, "2026-Q2": 1, "2026-Q3": 2, "2026-Q4": 2}, "closed quarters stay"


CHANGE = {
    "recurrence": "yearly", "title_vi": "Doanh thu chợ", "measure": "change", "accumulation": "increment",
    "floor": Decimal("0.1"), "baseline": {"value": 100, "year": 2025}, "unit": "tỷ đồng", "pace": "linear",
}  # fmt: skip


def find_change(installation: Installation, day: str) -> dict[str, object]:
    (row,) = installation.run("attainment", "--as-of", day, "--json").json
    return {name: row[name] for name in ("status", "baseline", "baseline_year", "floor", "actual", "plan_version")}


def test_a_change_is_compared_with_a_year_that_another_version_judged(installation: Installation) -> None:
    installation.write_version(1, {"01": CHANGE}, accepted="2026-01-10")
    installation.write_rows(("10/02/2026", "01", 120), ("10/02/2027", "01", 150))
    raised = {"01": {**CHANGE, "floor": Decimal("0.3")}}
    installation.write_version(2, raised, accepted="2027-02-01", facts="in_force_from = 2027-02-05")
    installation.sync("2027-12-31")
    assert find_change(installation, "2026-12-31") == {
        "status": "attained", "baseline": 100, "baseline_year": 2025, "floor": 0.1, "actual": 0.2, "plan_version": 1,
    }  # fmt: skip
    assert find_change(installation, "2027-02-04")["baseline"] == 120
    assert find_change(installation, "2027-12-31") == {
        "status": "at_risk", "baseline": 120, "baseline_year": 2026, "floor": 0.3, "actual": 0.25, "plan_version": 2,
    }  # fmt: skip


@pytest.mark.parametrize("other", [{"unit": "triệu đồng"}, {"indicator": "publications"}])
def test_a_change_of_something_else_stays_without_a_figure_to_compare_with(
    installation: Installation, other: dict[str, object]
) -> None:
    installation.write_version(1, {"01": CHANGE}, accepted="2026-01-10")
    installation.write_rows(("10/02/2026", "01", 120), ("10/02/2027", "01", 150))
    installation.write_version(
        2, {"01": {**CHANGE, **other}}, accepted="2027-02-01", facts="in_force_from = 2027-02-05"
    )
    installation.sync("2027-12-31")
    assert find_change(installation, "2027-02-04")["baseline"] == 120
    carried = find_change(installation, "2027-12-31")
    assert (carried["status"], carried["baseline"], carried["actual"]) == ("carried", None, None)
    with installation.open_database() as database:
        (row,) = compute_targets(database, Question(date(2027, 12, 31)))
    assert "phiên bản kế hoạch" in format_done(row, "vi")


def test_a_week_is_compared_across_a_correction_that_lacks_a_target(installation: Installation) -> None:
    """What the reviewer corrected away, or counts otherwise, is no figure that became lower."""
    ratio = {"recurrence": "yearly", "title_vi": "Tin bài về chợ", "measure": "ratio", "floor": Decimal("0.5")}
    other = {"03": ("yearly", "Tin bài khác", 90)}  # its row stays, so that the source is not held for its loss
    installation.write_version(1, {**FIRST, **other, "02": ("yearly", "Tin bài cũ", 5)}, accepted="2026-01-10")
    installation.write_rows(("10/02/2026", "01", 70), ("10/02/2026", "02", 5), ("10/02/2026", "03", 1))
    installation.sync("2026-06-01")
    facts = 'corrects = 1\nwhy = "đọc nhầm"'
    installation.write_version(2, {"01": ratio, **other}, accepted="2026-06-20", facts=facts)
    installation.sync("2026-07-02")
    earlier = Question(date(2026, 6, 7), known_at=datetime(2026, 6, 8))
    with installation.open_database() as database:
        changes = compare_with_baseline(database, Question(date(2026, 7, 2)), earlier)
    assert changes.baseline_counts["attained"] == 2
    assert changes.lowered_figures == []


def test_a_moved_due_day_gives_no_target_two_verdicts(installation: Installation) -> None:
    """The due day of the year had passed under the first version: the second one judges only the next year."""
    due = {"recurrence": "yearly", "title_vi": "Tin bài về chợ", "floor": 60}
    installation.write_version(1, {"01": {**due, "due": "30/06"}}, accepted="2026-01-10")
    facts = "in_force_from = 2026-08-01"
    installation.write_version(2, {"01": {**due, "due": "15/12", "floor": 10}}, accepted="2026-07-20", facts=facts)
    installation.write_rows(("10/02/2026", "01", 40))
    installation.sync("2026-08-20")
    rows = installation.run("attainment", "--as-of", "2026-08-20", "--json").json
    assert [(row["due_on"], row["floor"], row["status"]) for row in rows] == [("2026-06-30", 60, "overdue")]
    assert installation.ask("2027-01-31") == {"01": (10, "no_data")}

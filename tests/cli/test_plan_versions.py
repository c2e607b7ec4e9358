"""A plan with several versions: each day and period is judged by the version in force, known then and now."""

from __future__ import annotations

from pathlib import Path

import pytest

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

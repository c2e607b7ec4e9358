"""The product's register compared with a reading of the five plans by hand: every promise and task."""

from collections import Counter
from datetime import date

import pytest

from kpis.register.model import Plan, Register, Target
from kpis.register.names import AgencyNames, TargetNames, is_member
from kpis.register.periods import list_periods, list_task_instances

# plan: line of the text and indicator of each target, in the order of the text
TARGETS = {
    "bac-kan": [
        (41, "policy_reports"),
        (43, "legal_proposals"),
        (45, "organisations_participating"),
        (45, "state_bodies_participating"),
        (47, "officers_trained"),
    ],
    "thai-nguyen": [
        (25, "launch_ceremony"),
        (25, "public_events"),
        (27, "consumer_outreach"),
        (29, "multilevel_awareness"),
        (31, "conferences"),
        (33, "state_agency_system"),
        (33, "social_organisation_network"),
        (35, "mediation_body"),
        (37, "quality_surveys"),
        (39, "hotline"),
        (41, "business_conduct"),
        (43, "complaints_handled"),
        (45, "ecommerce_protection"),
        (45, "sustainable_consumption"),
    ],
    "ha-noi": [
        (61, "policy_reports"),
        (62, "legal_proposals"),
        (64, "hotline"),
        (65, "ministry_events"),
        (67, "publications"),
        (68, "state_bodies_participating"),
        (69, "organisations_participating"),
        (70, "launch_ceremony"),
        (70, "public_events"),
        (71, "social_platforms"),
        (72, "news_column"),
        (72, "news_items"),
        (74, "officers_trained"),
        (75, "conferences"),
        (75, "business_participation"),
        (77, "international_cooperation"),
    ],
    "dong-thap": [
        (51, "national_database"),
        (51, "hotline"),
        (53, "public_events"),
        (55, "publications"),
        (57, "organisations_participating"),
        (59, "officers_trained"),
        (63, "conferences"),
        (63, "business_participation"),
        (65, "news_column"),
        (65, "news_items"),
    ],
    "tuyen-quang": [(281, "conferences")],
}

# plan and section: the line of each numbered row of the annex, in order
TASKS = {
    ("dong-thap", "I"): [141, 142],
    ("dong-thap", "II"): [144, 145, 149, 150],
    ("dong-thap", "III"): [152, 156, 157, 158, 162, 163, 164, 168, 169],
    ("dong-thap", "IV"): [174, 175, 179, 180, 181, 182, 186, 189, 190],
    ("dong-thap", "V"): [192, 193, 197, 198, 199, 203, 204],
    ("tuyen-quang", "I"): [257, 258],
    ("tuyen-quang", "II"): [261, 262],
    ("tuyen-quang", "III"): [264, 265, 268, 269, 270],
    ("tuyen-quang", "IV"): [272, 273, 275],
    ("tuyen-quang", "V"): [277, 278],
    ("tuyen-quang", "VI"): [281, 282],
    ("thai-nguyen", "I"): [116, 117],
    ("thai-nguyen", "II"): [119, 123, 124, 125, 129, 130],
    ("thai-nguyen", "III"): [132, 133, 134, 138],
    ("thai-nguyen", "IV"): [140, 141],
    ("thai-nguyen", "5.1"): [147, 148, 149, 150],
    ("thai-nguyen", "5.2"): [155, 156],
    ("thai-nguyen", "5.3"): [158, 162, 163, 164, 165, 169, 170],
    ("thai-nguyen", "5.4"): [172, 173, 177, 178, 179, 180, 181, 185, 186, 187],
    ("thai-nguyen", "5.5"): [189, 193, 194],
    ("thai-nguyen", "VI"): [196, 197],
}

# plan: number, issued on, first and last year, reporting day
HEADERS = {
    "bac-kan": (None, None, 2026, 2030, "10/11"),
    "thai-nguyen": ("126/KH-UBND", date(2025, 11, 13), 2026, 2026, "15/11"),
    "ha-noi": ("339/KH-UBND", date(2025, 12, 12), 2026, 2030, None),
    "dong-thap": ("395/KH-UBND", date(2026, 4, 2), 2026, 2030, "15/12"),
    "tuyen-quang": (None, None, 2026, None, "10/12"),
}


def get_values(value: Plan | Target, *names: str) -> tuple[object, ...]:
    return tuple(getattr(value, name) for name in names)


@pytest.mark.parametrize("plan", TARGETS)
def test_every_promise_of_a_plan_is_a_target(five_plans: Register, plan: str) -> None:
    targets = [target for target in five_plans.targets.values() if target.plan == plan]
    assert [(target.line, target.indicator) for target in targets] == TARGETS[plan]
    assert [target.id for target in targets] == [f"{plan}.{n:02}" for n in range(1, len(targets) + 1)]


def test_every_row_of_every_annex_is_a_task(five_plans: Register) -> None:
    lines_by_section: dict[tuple[str, str], list[int]] = {}
    for task in five_plans.tasks.values():
        lines = lines_by_section.setdefault((task.plan, task.section or ""), [])
        lines.append(task.line or 0)
        assert (task.id, task.number) == (f"{task.plan}.{task.section}.{len(lines)}", str(len(lines)))
    assert lines_by_section == TASKS
    assert Counter(task.plan for task in five_plans.tasks.values()) == {
        "thai-nguyen": 42,
        "dong-thap": 31,
        "tuyen-quang": 16,
    }


def test_the_headers_are_those_of_the_texts(five_plans: Register) -> None:
    for plan, header in HEADERS.items():
        fields = ("number", "issued_on", "start_year", "end_year")
        facts = five_plans.plans[plan]
        days = tuple(day.day for day in facts.reporting_days)
        assert (*get_values(facts, *fields), *(days or (None,))) == header
    assert five_plans.plans["tuyen-quang"].shown_to == 2030
    assert five_plans.plans["bac-kan"].kind == "ward"
    assert five_plans.plans["bac-kan"].province == "Thái Nguyên"


def test_the_readings_that_the_design_decides_are_marked_as_readings(five_plans: Register) -> None:
    by_indicator = {(t.plan, t.indicator): t for t in five_plans.targets.values()}
    events, news = by_indicator["ha-noi", "public_events"], by_indicator["dong-thap", "news_items"]
    assert get_values(events, "recurrence", "recurrence_basis", "floor") == ("yearly", "reading", 2)
    assert get_values(news, "recurrence", "recurrence_basis", "floor") == ("by_end", "reading", 10)
    for plan in ("ha-noi", "dong-thap"):
        # "Hằng năm" opens the clause of the conferences; what follows the semicolon has no period of its own.
        encouraged = by_indicator[plan, "business_participation"]
        index = [t.id for t in five_plans.targets.values()].index(encouraged.id)
        conferences = [*five_plans.targets.values()][index - 1]
        assert conferences.line == encouraged.line
        assert get_values(conferences, "recurrence", "recurrence_basis") == ("yearly", "stated")
        assert get_values(encouraged, "recurrence", "recurrence_basis") == ("yearly", "reading")
    publications = by_indicator["dong-thap", "publications"]
    assert get_values(publications, "floor", "stretch") == (3, 5)
    assert {t.recurrence for t in five_plans.targets.values() if t.plan == "thai-nguyen"} == {"once"}
    conferences = by_indicator["tuyen-quang", "conferences"]
    assert get_values(conferences, "floor", "stretch", "force") == (1, 2, "tentative")
    assert [period.start.year for period in list_periods(five_plans, conferences)] == [*range(2026, 2031)]
    for target in five_plans.targets.values():
        if target.measure == "ratio":
            assert get_values(target, "floor", "recurrence") == (1, "by_end")


def test_only_clauses_with_a_number_are_counts_and_the_rest_are_milestones(five_plans: Register) -> None:
    numbers = {t.id: t.floor for t in five_plans.targets.values() if t.measure == "count"}
    by_indicator = Counter((five_plans.targets[i].indicator, int(floor or 0)) for i, floor in numbers.items())
    assert by_indicator == {
        ("public_events", 2): 2,
        ("public_events", 1): 1,
        ("conferences", 2): 1,
        ("conferences", 1): 3,
        ("hotline", 1): 1,
        ("ministry_events", 1): 1,
        ("social_platforms", 1): 1,
        ("news_items", 50): 1,
        ("news_items", 10): 1,
        ("publications", 3): 1,
    }
    organisations = [t for t in five_plans.targets.values() if t.indicator == "organisations_participating"]
    assert [t.measure for t in organisations] == ["ratio"] * 3


def test_tasks_of_2027_do_not_start_earlier(five_plans: Register) -> None:
    task_ids = [task.id for task in five_plans.tasks.values() if task.first_year == 2027]
    assert task_ids == ["tuyen-quang.IV.2", "tuyen-quang.IV.3"]
    for task in task_ids:
        (instance,) = list_task_instances(five_plans, five_plans.tasks[task])
        assert (instance.starts_on, instance.due_on) == (date(2027, 1, 1), None)


def test_tuyen_quangs_tasks_have_the_timing_of_their_column(five_plans: Register) -> None:
    timings = Counter(task.timing for task in five_plans.tasks.values() if task.plan == "tuyen-quang")
    assert timings == {"ongoing": 10, "yearly": 6}


def test_what_the_texts_say_of_day_lead_and_recurrence_is_transcribed(five_plans: Register) -> None:
    # Hà Nội II.2.c names the department; Tuyên Quang VI.1 says "15 tháng 3"; Đồng Tháp III.3 says "hằng năm".
    assert five_plans.targets["ha-noi.06"].lead_basis == "stated"
    assert five_plans.targets["tuyen-quang.01"].pace == "on:03-15"
    launches = list_task_instances(five_plans, five_plans.tasks["dong-thap.III.3"])
    assert [instance.due_on for instance in launches] == [date(year, 12, 15) for year in range(2026, 2031)]


def test_the_party_committee_that_dong_thap_names_is_an_agency(five_plans: Register) -> None:
    (committee,) = (agency for agency in five_plans.agencies if agency.name == "Đảng ủy UBND tỉnh")
    assert (committee.plan, committee.basis, committee.line) == ("dong-thap", "named", 23)
    assert AgencyNames(five_plans, "dong-thap").find("Đảng ủy Ủy ban nhân dân tỉnh") == committee.name


def test_leads_are_those_of_the_annex(five_plans: Register) -> None:
    leads = Counter(lead for t in five_plans.tasks.values() if t.plan == "dong-thap" for lead in t.leads)
    assert leads["Sở Công Thương"] == 16
    assert leads["Sở Khoa học và Công nghệ"] == 3
    assert len(five_plans.tasks["dong-thap.I.2"].leads) == 4
    assert len(five_plans.tasks["thai-nguyen.IV.1"].leads) == 6
    assert len(five_plans.tasks["thai-nguyen.II.5"].coordinators) == 14


def test_no_agency_comes_from_a_misread_list(five_plans: Register) -> None:
    names = {agency.name for agency in five_plans.agencies}
    assert not names & {
        "Sở Công an tỉnh",
        "Sở Thanh tra tỉnh",
        "Sở Công an",
        "Thể thao và Du lịch",
        "Truyền hình",
    }
    assert {"Sở Công Thương", "Công an tỉnh"} <= names


def test_every_collective_of_communes_has_members(five_plans: Register) -> None:
    for group in five_plans.collectives:
        if group.members == ("communes",) and five_plans.plans[group.plan].kind == "province":
            assert sum(is_member(agency, group) for agency in five_plans.agencies) > 90


def test_every_target_is_found_by_its_own_titles(five_plans: Register) -> None:
    for target in five_plans.targets.values():
        names = TargetNames(five_plans, target.plan)
        for text in (target.id, target.title_vi, target.title_en):
            assert names.find(text) == target.id, text

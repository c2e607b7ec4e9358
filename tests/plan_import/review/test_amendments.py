"""A document amends a plan: what its clauses name changes, everything else stays."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest

from tests.plan_import.review.accepted_plan import PLAN
from tests.plan_import.review.amended_plan import AMENDMENT, AmendedInstallation, write_amendment
from tests.plan_import.review.small_draft import TEXT, fill_in
from tests.plan_import.review.word_document import write_word_document


def test_each_clause_changes_what_it_names_and_the_rest_stays(installation: AmendedInstallation) -> None:
    old = installation.list_targets()
    run = installation.import_amendment()
    assert run.code == 0, run.err
    installation.decide_amendment()
    run = installation.accept_amendment()
    assert run.code == 0, run.err
    version = tomllib.loads((installation.amended_version / "version.toml").read_text(encoding="utf-8"))["version"]
    assert version["document_number"] == "120/QĐ-UBND"
    assert (version["issued_on"], version["in_force_from"]) == (date(2027, 6, 15), date(2027, 7, 1))
    new = installation.list_targets()
    assert [*old] == [*new][: len(old)]
    visits, share, prices = old
    assert (old[visits]["floor"], new[visits]["floor"]) == (4, 6)
    assert (old[share]["floor"], new[share]["floor"]) == (0.9, 0.95)
    assert old[prices] == new[prices]
    (added,) = [new[key] for key in new if key not in old]
    assert added["floor"] == 30
    tasks = installation.run("tasks", "--plan", PLAN, "--json").json
    assert [(row["task"], row["title"], row["leads"]) for row in tasks] == [
        (f"{PLAN}.nv002", "Tập huấn người bán hàng tại chợ", ["Sở Công Thương"])
    ]


def test_the_difference_names_every_change_and_its_clause(installation: AmendedInstallation) -> None:
    installation.import_amendment()
    installation.decide_amendment()
    assert installation.accept_amendment().code == 0
    content = installation.run("plan", "diff", PLAN, "--json").json
    changes = {(each["kind"], each["id"]): each for each in content["changes"]}
    assert changes["task", f"{PLAN}.nv001"]["change"] == "dropped"
    visits = changes["target", f"{PLAN}.01"]
    assert {"field": "floor", "from": 4, "to": 6} in visits["fields"]
    assert "ít nhất 06 đợt" in visits["clause"]["quote"]
    for lang, word in (("vi", "sửa đổi"), ("en", "changed")):
        run = installation.run("plan", "diff", PLAN, "1", "2", "--lang", lang)
        assert word in run.out
        assert "120/QĐ-UBND" in run.err


def test_an_amendment_written_in_word_is_read_like_one_in_plain_text(installation: AmendedInstallation) -> None:
    path = write_word_document(installation.folder / "sua-doi.docx", AMENDMENT)
    run = installation.run(
        "plan", "import", str(path), "--plan", PLAN, "--amends", "--out", str(installation.amending_book), "--json"
    )
    assert run.code == 0, run.err
    effects = [(clause["effect"], clause["id"]) for clause in run.json["clauses"]]
    assert effects == [
        ("change", f"{PLAN}.01"), ("add", None), ("change", f"{PLAN}.02"), ("repeal", f"{PLAN}.nv001"),
        ("change", f"{PLAN}.nv002"),
    ]  # fmt: skip
    assert run.json["left_over"] == []


SHARE, VISITS, PRICES = f"{PLAN}.02", f"{PLAN}.01", f"{PLAN}.03"


def read_clauses(installation: AmendedInstallation, *clauses: str) -> dict[str, Any]:
    """Return what an amendment with some clauses proposes."""
    path = installation.folder / "sua-doi.txt"
    path.write_text(write_amendment(*clauses), encoding="utf-8")
    run = installation.run("plan", "import", str(path), "--plan", PLAN, "--amends", "--json")
    content: dict[str, Any] = run.json
    return content


@pytest.mark.parametrize(
    ("clause", "effects"),
    [
        ("Bãi bỏ nhiệm vụ số 2 Phụ lục.", [("repeal", f"{PLAN}.nv002")]),
        ("Bãi bỏ các nhiệm vụ số 1 và 2 Phụ lục.", [("repeal", f"{PLAN}.nv001"), ("repeal", f"{PLAN}.nv002")]),
        ("Bãi bỏ khoản 1 mục I.", [("repeal", VISITS), ("repeal", SHARE), ("repeal", PRICES)]),
        ("Bãi bỏ chỉ tiêu “90% số chợ được lát nền”.", [("repeal", SHARE)]),
        ("Thay thế cụm từ “Sở Y tế” bằng cụm từ “Sở Công Thương” tại nhiệm vụ số 2 Phụ lục.",
         [("change", f"{PLAN}.nv002")]),
        ("Thay cụm từ “90%” bằng cụm từ “95%”.", [("change", SHARE)]),
        ("Sửa đổi khoản 1 mục I như sau:\n\n“- Hằng năm tổ chức ít nhất 05 đợt kiểm tra vệ sinh chợ.”",
         [("change", VISITS)]),
        ("Điều chỉnh chỉ tiêu đến năm 2028 có 97% số chợ được lát nền.", [("change", SHARE)]),
        ("Bổ sung khoản 2 mục I như sau:\n\n“2. Đến năm 2028, ít nhất 12 chợ có camera.”", [("add", None)]),
        ("Sửa đổi khoản 9 mục I như sau:\n\n“- Đến năm 2028, ít nhất 12 chợ có camera.”", [(None, None)]),
    ],
)  # fmt: skip
def test_a_clause_is_read_as_what_it_says(
    installation: AmendedInstallation, clause: str, effects: list[tuple[str | None, str | None]]
) -> None:
    content = read_clauses(installation, clause)
    assert [(each["effect"], each["id"]) for each in content["clauses"]] == effects
    assert content["left_over"] == []


@pytest.mark.parametrize(
    "clause",
    [
        "Bãi bỏ khoản 7 mục III.",
        "Bãi bỏ gạch đầu dòng thứ hai khoản 1 mục I.",
        "Thay thế cụm từ “chợ đêm” bằng cụm từ “chợ nổi”.",
        "Sửa đổi khoản 3 mục IV như sau:\n\n“Sở Công Thương chủ trì.”",
    ],
)
def test_a_clause_that_is_not_understood_is_left_to_the_reviewer(
    installation: AmendedInstallation, clause: str
) -> None:
    content = read_clauses(installation, clause, "Bãi bỏ nhiệm vụ số 1 Phụ lục.")
    assert [each["effect"] for each in content["clauses"]] == ["repeal"]
    assert len(content["left_over"]) == 1
    assert content["left_over"][0]["quote"].startswith("1. ")


def test_entries_that_the_new_text_of_their_section_lacks_wait_for_a_decision(
    installation: AmendedInstallation,
) -> None:
    text = "Sửa đổi khoản 1 mục I như sau:\n\n“- Hằng năm tổ chức ít nhất 05 đợt kiểm tra vệ sinh chợ.”"
    content = read_clauses(installation, text)
    assert [each["id"] for each in content["missing"]] == [SHARE, PRICES]


def test_two_pages_about_one_target_leave_the_others(installation: AmendedInstallation) -> None:
    clause = (
        "Sửa đổi gạch đầu dòng thứ nhất khoản 1 mục I như sau:\n\n“- Hằng năm tổ chức 10 đợt kiểm tra vệ sinh chợ.”"
    )
    run = installation.import_amendment(write_amendment(clause))
    assert run.code == 0, run.err
    installation.decide_amendment()
    assert installation.accept_amendment().code == 0
    changes = installation.run("plan", "diff", PLAN, "--json").json["changes"]
    assert [(each["kind"], each["id"], each["change"]) for each in changes] == [("target", VISITS, "changed")]


def test_a_document_that_changes_nothing_is_an_alarm_and_is_not_accepted(installation: AmendedInstallation) -> None:
    run = installation.import_amendment(write_amendment("Giao Sở Công Thương theo dõi việc thực hiện Kế hoạch."))
    assert run.code == 1
    assert "no clause was recognised" in run.err
    installation.decide_amendment()
    run = installation.accept_amendment()
    assert run.code != 0
    assert "changes nothing" in run.err
    assert not installation.amended_version.exists()


def test_a_whole_new_text_asks_for_a_decision_on_everything_that_it_lacks(installation: AmendedInstallation) -> None:
    text = TEXT.replace("90%", "95%").replace("- Bảng giá được treo ở 12 lối vào.\n", "").replace("77/KH", "130/KH")
    text = "\n".join(line for line in text.split("\n") if not line.startswith("1\tLập danh sách"))
    run = installation.import_amendment(text, "--whole")
    assert run.code == 0, run.err
    draft = installation.read_draft()
    missing = [row.in_force_id for row in draft.rows if row.role == "in_force" and row.needs_decision]
    assert missing == [PRICES, f"{PLAN}.nv001"]
    clauses = [row for row in draft.rows if row.role == "clause" and not row.is_added]
    assert [(row.proposed["effect"], row.proposed["floor"]) for row in clauses] == [("change", "95%")]
    installation.decide_amendment()
    row = next(row for row in draft.rows if row.in_force_id == PRICES)
    fill_in(installation.amending_book, "target", row.id, None)
    run = installation.accept_amendment()
    assert run.code != 0
    assert row.id in run.err
    fill_in(installation.amending_book, "target", row.id, "drop")
    run = installation.accept_amendment()
    assert run.code == 0, run.err
    assert [*installation.list_targets()] == [VISITS, SHARE]
    assert len(installation.run("tasks", "--plan", PLAN, "--json").json) == 2


def test_nothing_ends_without_the_clause_that_ends_it(installation: AmendedInstallation) -> None:
    clause = "Bãi bỏ gạch đầu dòng thứ ba khoản 1 mục I."
    installation.import_amendment(write_amendment(clause))
    installation.decide_amendment()
    row = next(row for row in installation.read_draft().rows if row.in_force_id == PRICES)
    fill_in(installation.amending_book, "target", row.id, "drop")
    run = installation.accept_amendment()
    assert run.code != 0
    assert "copy the clause that changes or ends it here" in run.err
    fill_in(installation.amending_book, "target", row.id, "drop", clause=clause)
    run = installation.accept_amendment()
    assert run.code == 0, run.err
    version = tomllib.loads((installation.amended_version / "version.toml").read_text(encoding="utf-8"))
    assert [(each["id"], each["quote"]) for each in version["ended"]] == [(PRICES, clause)]
    assert PRICES not in installation.list_targets()


def test_two_clauses_on_one_target_are_refused_until_one_is_dropped(installation: AmendedInstallation) -> None:
    clauses = ("Thay thế cụm từ “90%” bằng cụm từ “95%”.", "Bãi bỏ chỉ tiêu “90% số chợ được lát nền”.")
    installation.import_amendment(write_amendment(*clauses))
    installation.decide_amendment()
    run = installation.accept_amendment()
    assert run.code != 0
    assert "drop one of the two" in run.err
    rows = [row for row in installation.read_draft().list_rows("target") if row.role == "clause" and not row.is_added]
    fill_in(installation.amending_book, "target", rows[1].id, "drop")
    assert installation.accept_amendment().code == 0
    assert installation.list_targets()[SHARE]["floor"] == 0.95

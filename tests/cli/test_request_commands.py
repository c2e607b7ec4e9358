"""`request …` and the check of `doctor` on the ledger."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import VALID_ROWS, Project

LEAD = "Sở Công Thương"


def make_project(tmp_path: Path) -> Project:
    project = Project(tmp_path / "kpis")
    project.write_workbook(VALID_ROWS)
    assert project.run_kpis("sync").code == 0
    return project


def test_a_request_is_asked_once_listed_extended_and_withdrawn(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    ask = ("request", "ask", "--plan", "dong-thap", "--agency", "SCT", "--about", "dong-thap.02", "--question")
    first = project.run_kpis(*ask, "Vì sao?")
    assert (first.code, first.out) == (0, "YC-dong-thap-2026-0001\n")
    second = project.run_kpis(*ask, "Vì sao?")
    assert second.out == first.out and "Không thêm gì" in second.err
    request = first.out.strip()
    assert project.run_kpis("request", "extend", request.lower(), "--due-on", "2026-12-31").code == 0
    (row,) = json.loads(project.run_kpis("request", "list", "--json").out)
    assert (row["id"], row["agency"], row["due_on"], row["state"], row["origin"]) == (
        request, LEAD, "2026-12-31", "open", "ledger",
    )  # fmt: skip
    assert "chờ trả lời" in project.run_kpis("request", "list").out
    assert "chưa có giải trình" in project.run_kpis("request", "accept", request).err
    assert project.run_kpis("request", "withdraw", request, "--reason", "Nhầm").code == 0
    (row,) = json.loads(project.run_kpis("request", "list", "--json").out)
    assert row["state"] == "withdrawn"


def test_what_is_wrong_with_a_request_is_said(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    for words, message in (
        (("--agency", "Sở Ma", "--question", "x"), "không phải là một cơ quan riêng"),
        (("--agency", "SCT", "--question", " "), "Nội dung yêu cầu còn trống"),
        (("--agency", "SCT", "--about", "dong-thap.99", "--question", "x"), "không phải là chỉ tiêu hay nhiệm vụ"),
        (("--agency", "SCT", "--question", "x", "--due-on", "2020-01-01"), "Hạn trả lời đã qua"),
        (("--question", "x"), "Thiếu --agency"),
    ):
        run = project.run_kpis("request", "ask", "--plan", "dong-thap", *words)
        assert (run.code, message in run.err) == (2, True), run.err
    assert project.run_kpis("request", "return", "YC-dong-thap-2026-0009", "--reason", "x").code == 2


def test_doctor_names_lines_that_cannot_be_read(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    ledger = project.database.with_name("kpis-requests.jsonl")
    ask = ("request", "ask", "--plan", "dong-thap", "--agency", "SCT", "--question", "x")
    assert project.run_kpis(*ask).code == 0
    assert "1 yêu cầu giải trình" in project.run_kpis("doctor").out
    ledger.write_bytes(ledger.read_bytes() + b'{"event":"asked","id":"YC-dong')
    assert "có dòng không đọc được (2)" in project.run_kpis("doctor").out

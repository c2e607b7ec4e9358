"""The yearly report on the page of a province: created on request, equal to the command's; errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_runner import run_kpis
from tests.ui.conftest import PageOpener

pytestmark = pytest.mark.browser


def test_the_report_is_created_on_request_and_equals_the_commands_file(
    open_page: PageOpener, sample_pointer: Path, tmp_path: Path
) -> None:
    opened = open_page("/province?plan=ha-noi&as_of=2026-11-20")
    assert opened.page.get_by_role("link", name="Tải báo cáo (.docx)").count() == 0
    opened.page.get_by_role("button", name="Lập báo cáo năm 2026 (Word)").click()
    button = opened.page.get_by_role("link", name="Tải báo cáo (.docx)")
    button.wait_for(timeout=60_000)
    assert opened.page.get_by_text("Báo cáo tính đến ngày 20/11/2026.").count() == 1
    with opened.page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == "bao-cao-ha-noi-2026-den-2026-11-20.docx"
    options = (
        "--plan",
        "ha-noi",
        "--year",
        "2026",
        "--as-of",
        "2026-11-20",
        "--database",
        str(sample_pointer),
    )
    assert run_kpis("report", *options, "--out", str(tmp_path / "a.docx")).code == 0
    assert Path(download.value.path()).read_bytes() == (tmp_path / "a.docx").read_bytes()
    assert opened.console == []


def test_a_year_that_has_not_begun_is_reported(open_page: PageOpener) -> None:
    opened = open_page("/province?plan=ha-noi&year=2027")
    opened.page.get_by_role("button", name="Lập báo cáo năm 2027 (Word)").click()
    opened.page.get_by_text("năm 2027 chưa bắt đầu").wait_for(timeout=60_000)
    assert opened.page.get_by_role("link", name="Tải báo cáo (.docx)").count() == 0
    assert opened.console == []


def test_without_a_plan_there_is_no_report(open_page: PageOpener) -> None:
    opened = open_page("/province")
    assert opened.page.get_by_role("button", name="Lập báo cáo").count() == 0

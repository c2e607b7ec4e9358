"""Every task: a day is never broken over two lines, however narrow its column."""

from __future__ import annotations

from datetime import date

from kpis.ui.tasks.task_table import render_tasks_by_section
from tests.ui.handmade_rows import build_task, build_view

LINK = "https://example.vn/" + "a" * 200


def test_days_stay_on_one_line_also_beside_a_long_word() -> None:
    task = build_task(
        section_vi="Mục", output=None, members=None, members_done=None, communes_alone=None,
        last_report_on=date(2026, 11, 15), last_report_by="Sở Y tế", result=LINK, difficulty=None,
        evidence=None, weeks_silent=None, place="thành phố Hà Nội", kind="province", province="Hà Nội",
    )  # fmt: skip
    markup = render_tasks_by_section([task], build_view())
    _, _, _, due, report = markup.split("<td")
    assert 'class="kpis-whole"' in due.partition(">")[0]
    assert "14/11/2026" in due
    assert "kpis-whole" not in report.partition(">")[0]
    assert '<span class="kpis-day">15/11/2026</span> · Sở Y tế' in report

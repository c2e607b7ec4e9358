"""Every task: a day is never broken over two lines, however narrow its column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kpis.ui.tasks.task_table import hides_report, render_tasks_by_section
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


def test_an_officer_reads_a_report_only_where_it_names_the_own_agency() -> None:
    view = build_view()
    officer = replace(view, filters=replace(view.filters, agency="Sở Y tế"), has_fixed_agency=True)
    successor = replace(officer, answered_agencies=frozenset({"Sở Nội vụ"}))
    for name, is_hidden in (("Sở Y tế", False), ("Sở Nội vụ", True), (None, True)):
        task = build_task(
            section_vi="Mục", output=None, members=None, members_done=None, communes_alone=None,
            last_report_on=date(2026, 11, 15), last_report_by=name, result="Đã mở lớp", difficulty="thiếu người",
            evidence="12/BC", weeks_silent=None, place="thành phố Hà Nội", kind="province", province="Hà Nội",
        )  # fmt: skip
        assert hides_report(task, officer) == is_hidden and not hides_report(task, view)
        assert hides_report(task, successor) == (name is None), "what a predecessor reported is the successor's"
        markup = str(render_tasks_by_section([task], officer))
        assert [text in markup for text in ("Đã mở lớp", "thiếu người", "12/BC", "15/11/2026")] == [not is_hidden] * 4

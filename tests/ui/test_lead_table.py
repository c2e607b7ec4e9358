"""Tasks by lead agency: only an agency that has a page of its own is a link."""

from __future__ import annotations

from kpis.measures.register_facts import load_agencies_by_plan
from kpis.ui.tasks.lead_table import build_lead_list, render_tasks_by_lead
from tests.measures.tiny_database import TinyAgency, TinyTask, build_database
from tests.ui.handmade_rows import build_task, build_view

AGENCIES = (TinyAgency("các xã, phường", "communes", collective=True), TinyAgency("Sở Y tế"))


def test_a_collective_lead_is_no_link() -> None:
    leads = ["các xã, phường", "Sở Y tế"]
    db = build_database(tasks=[TinyTask(leads=tuple(leads))], agencies=AGENCIES)
    task = build_task(plan="p", leads=leads, place="tỉnh X", kind="province", province="X")
    markup = render_tasks_by_lead([task], build_view(), load_agencies_by_plan(db, [task]))
    assert markup.count('href="/agency') == 1
    assert ">Sở Y tế</a>" in markup
    assert "các xã, phường" in markup


def test_who_leads_the_most_overdue_tasks_comes_first() -> None:
    tasks = [
        build_task(plan="p", leads=[lead], state=state, place="tỉnh X", kind="province", province="X")
        for lead, state in (("Công an", "done"), ("Sở A", "overdue"), ("Sở B", "overdue"), ("Sở B", "overdue"))
    ]
    table = build_lead_list(tasks, build_view(), {"p": ()})
    assert [row.values[0] for row in table.rows] == ["Sở B", "Sở A", "Công an"]

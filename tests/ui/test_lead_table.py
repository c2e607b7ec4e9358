"""Tasks by lead agency: only an agency that has a page of its own is a link."""

from __future__ import annotations

from kpis.measures.register_facts import load_agencies_by_plan
from kpis.ui.tasks.lead_table import render_tasks_by_lead
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

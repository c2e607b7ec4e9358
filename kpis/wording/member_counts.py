"""How many members of a collective lead have reported on a task, in the same words on page, in pack and report."""

from __future__ import annotations

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.task_status import DONE_STATES, TaskStatus


def format_member_count(task: TaskStatus, lang: Language) -> str:
    """Return how many members of a collective lead report it done: "3/102 xã, phường báo cáo hoàn thành".

    Empty without members. "xã, phường" is used only if all members are communes. A task that is done although
    members have not said so names whose report decides: "theo báo cáo của Sở Công Thương; 0/92 xã, phường …".
    An ongoing task is never done, so of its members those count that have reported at all.
    """
    if not task["members"]:
        return ""
    if task["timing"] == "ongoing":
        key = "{n}/{all} communes have reported" if task["communes_alone"] else "{n}/{all} bodies have reported"
        return _format_count(key, task["members_reported"] or 0, task["members"], lang)
    key = "{n}/{all} communes report it done" if task["communes_alone"] else "{n}/{all} bodies report it done"
    done, total = task["members_done"] or 0, task["members"]
    counted = _format_count(key, done, total, lang)
    if task["state"] not in DONE_STATES or done == total:
        return counted
    agencies = ", ".join(report["agency"] for report in task["lead_reports"])
    return f"{translate(lang, 'as reported by {agencies}', agencies=agencies)}; {counted}"


def _format_count(key: str, number: int, total: int, lang: Language) -> str:
    return translate(lang, key, n=formatting.format_number(number, lang), all=formatting.format_number(total, lang))

"""How many members of a collective lead report a task done, in the same words on page, in pack and report."""

from __future__ import annotations

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.task_status import DONE_STATES, TaskStatus


def format_members_done(task: TaskStatus, lang: Language) -> str:
    """Return how many members of a collective lead report it done: "3/102 xã, phường báo cáo hoàn thành".

    Empty without members. "xã, phường" is used only if all members are communes. A task that is done although
    members have not said so names whose report decides: "theo báo cáo của Sở Công Thương; 0/92 xã, phường …".
    """
    if not task["members"]:
        return ""
    key = "{n}/{all} communes report it done" if task["communes_alone"] else "{n}/{all} bodies report it done"
    done, total = task["members_done"] or 0, task["members"]
    counted = translate(lang, key, n=formatting.format_number(done, lang), all=formatting.format_number(total, lang))
    if task["state"] not in DONE_STATES or done == total:
        return counted
    agencies = ", ".join(report["agency"] for report in task["lead_reports"])
    return f"{translate(lang, 'as reported by {agencies}', agencies=agencies)}; {counted}"

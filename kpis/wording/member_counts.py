"""How many members of a collective lead are done, in the same words in the pack and the yearly report."""

from __future__ import annotations

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.task_status import TaskStatus


def format_members_done(task: TaskStatus, lang: Language) -> str:
    """Return how many members of a collective lead are done: "3/102 xã, phường", "0/16 đơn vị".

    Empty without members. "xã, phường" is used only if all members are communes.
    """
    if not task["members"]:
        return ""
    key = "{done}/{all} communes" if task["communes_alone"] else "{done}/{all} bodies"
    done, total = (formatting.format_number(task[name] or 0, lang) for name in ("members_done", "members"))
    return translate(lang, key, done=done, all=total)

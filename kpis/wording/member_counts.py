"""What the pack's pages, tables and the yearly report say in the same words."""

from __future__ import annotations

from kpis.language import formatting as written
from kpis.language.messages import Language, translate
from kpis.measures.task_status import TaskStatus


def format_members_done(task: TaskStatus, lang: Language) -> str:
    """How many members of a collective lead are done: "3/102 xã, phường", "0/16 đơn vị"; empty without any.

    Communes are named only where the lead is communes alone.
    """
    if not task["members"]:
        return ""
    key = "{done}/{all} communes" if task["communes_alone"] else "{done}/{all} bodies"
    done, of = (written.format_number(task[name] or 0, lang) for name in ("members_done", "members"))
    return translate(lang, key, done=done, all=of)

"""Things to do in words, the same on screen, in the pack and in reminders."""

from __future__ import annotations

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.owed import DAYS_PER_YEAR
from kpis.measures.todo import TodoItem
from kpis.measures.todo_owners import TodoOwner
from kpis.wording import doubt_sentences, owed_sentences, target_figures, task_sentences
from kpis.wording.member_counts import format_member_count


def format_title(item: TodoItem, lang: Language) -> str:
    """Return the title of its target or task; of an explanation about an agency itself the question."""
    if item.answer is not None:
        return (item.answer.title_vi if lang == "vi" else item.answer.title_en) or item.answer.question
    return target_figures.get_title(item.task or item.row or {}, lang)


def format_status(item: TodoItem, lang: Language) -> str:
    """Return the word of its status, with "?" where its figure is in doubt."""
    if item.kind == "explanation":
        return translate(lang, "Answer late")
    if item.row is not None and item.row["status"]:
        return doubt_sentences.format_status(item.row, lang)
    return palette.get_status_label(item.status, lang)


def format_missing(item: TodoItem, lang: Language) -> list[str]:
    """Return what is owed, without the time: "thiếu 12 tin bài", "xác nhận 2 dòng"; of a task its members.

    What an agency owes of a target as its own part says so: "phần riêng: thiếu 3 tin bài".
    """
    if item.answer is not None:
        return [translate(lang, "explanation asked for: {question}", question=item.answer.question)]
    if item.kind == "doubt":
        key = "1 row to confirm" if item.rows_to_confirm == 1 else "{n} rows to confirm"
        return [translate(lang, key, n=formatting.format_number(item.rows_to_confirm, lang))]
    if item.task is not None:
        members = format_member_count(item.task, lang)
        return [members] if members else []
    missing = owed_sentences.format_missing(item.owed, lang) if item.owed else []
    if missing and item.row is not None and item.row["agency"]:
        # What the whole target lacks, and its status, stand elsewhere on the same page.
        return [translate(lang, "own part: {missing}", missing=missing[0]), *missing[1:]]
    return missing


def format_rate(item: TodoItem, lang: Language) -> list[str]:
    """Return the rate per week that is needed; nothing where a rate does not help."""
    return owed_sentences.format_rate(item.owed, lang) if item.owed and item.kind == "target" else []


def format_time_left(item: TodoItem, lang: Language) -> str:
    """Return the time left: "còn 5 tuần", "quá hạn 6 ngày"; of a doubt nothing."""
    if item.kind == "doubt":
        return ""
    if item.task is not None:
        return task_sentences.format_days_overdue(item.task, lang)
    if item.owed is not None and item.days_left > DAYS_PER_YEAR:
        return owed_sentences.format_time_left(item.owed, lang)
    if item.days_left == 0:
        return translate(lang, "due today")
    key = "{time} left" if item.days_left > 0 else "{time} overdue"
    return translate(lang, key, time=formatting.format_weeks(abs(item.days_left), lang))


def format_owner(owner: TodoOwner, lang: Language) -> str:
    """Return who owes: an agency's name, or of a group its number: "117 xã, phường"."""
    if not owner.is_group:
        return owner.agencies[0]
    key = "{n} communes" if owner.are_communes else "{n} agencies"
    return translate(lang, key, n=formatting.format_number(len(owner.agencies), lang))


def format_owners(item: TodoItem) -> str:
    """Return the agencies that owe the whole of it, for a list that is not ordered by agency."""
    if item.task is not None:
        return task_sentences.format_leads(item.task)
    return "; ".join(item.answerable or item.agencies)

"""What the previous edition asked for, what was promised since, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.measures.attainment_rows import Attainment
from kpis.measures.task_status import TaskStatus
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.figures.previous_edition import FollowUp, PreviousEdition
from kpis.pack.pages.contents import Table, TableCell, TableColumn
from kpis.wording import doubt_sentences, explanation_sentences, owed_sentences, task_sentences

FOLLOW_UP_KEY = "asked"
"""The key of the table of follow-ups."""
_ASKED_STATES = frozenset({"late", "open", "answered"})


def build_follow_up_table(figures: EditionFigures, previous: PreviousEdition | None) -> Table:
    """Return what the previous edition asked for, as it stands now; without rows where there is none."""
    lang = figures.query.lang
    rows = [*figures.ended_targets, *(row for place in figures.places for row in place.targets)]
    current: dict[tuple[str, str, str | None], Attainment] = {}
    for row in rows:
        start, end = row["period_start"].isoformat(), row["period_end"].isoformat()
        current[row["target"], start, end] = row
        # Editions of earlier releases name the start alone; no target had two periods with one start.
        current[row["target"], start, None] = row
    all_tasks = [*figures.ended_tasks, *(task for place in figures.places for task in place.tasks)]
    tasks = {(task["task"], task["starts_on"].isoformat()): task for task in all_tasks}
    promises = _find_promises(figures)
    follow_ups = previous.follow_ups if previous else ()
    empty_text = "The last edition asked for nothing." if previous else "There is no earlier edition to compare with."
    return Table(
        FOLLOW_UP_KEY,
        translate(lang, "Requested last time"),
        (
            TableColumn(translate(lang, "Province or ward"), width=1.3),
            TableColumn(translate(lang, "Target"), width=2.8),
            TableColumn(translate(lang, "Owed then"), width=2.3),
            TableColumn(translate(lang, "Status now"), "status", 1.6),
            TableColumn(translate(lang, "Still owed"), width=2.4),
            TableColumn(translate(lang, "Lead"), width=1.6),
        ),
        tuple(
            _add_promise(
                _build_follow_up_row(item, current.get((*key, item.period_end)), tasks.get(key), figures, lang),
                promises.get((item.plan, item.target), ""),
            )
            for item in follow_ups
            for key in [(item.target, item.period_start)]
        ),
        translate(lang, empty_text),
    )


def _find_promises(figures: EditionFigures) -> dict[tuple[str, str], str]:
    """Return (plan, target or task) -> by when it is promised, and what became of that: the latest promise."""
    given = [item for item in figures.explanations if item.entry and item.promise_on and item.state in _ASKED_STATES]
    given.sort(key=lambda item: (item.answered_on or item.asked_on or date.min, item.promise_on or date.min))
    return {
        (item.plan, item.entry or ""): explanation_sentences.format_promise(item, figures.query.lang) or ""
        for item in given
    }


def _add_promise(row: tuple[TableCell, ...], promise: str) -> tuple[TableCell, ...]:
    """Return a row of the table of follow-ups with what was promised under what is still owed."""
    place, title, owed_then, status, owed, lead = row
    return place, title, owed_then, status, replace(owed, subtext=promise), lead


def _build_follow_up_row(
    follow_up: FollowUp,
    row: Attainment | None,
    task: TaskStatus | None,
    figures: EditionFigures,
    lang: Language,
) -> tuple[TableCell, ...]:
    if task is not None:
        is_over = task["due_on"] is not None and task["year"] < figures.query.as_of.year
        subtext = translate(lang, "its period is over") if is_over and task["timing"] == "yearly" else ""
        status = TableCell(palette.get_task_state_label(task["state"], lang), task["state"], subtext)
        is_overdue = task["state"] == "overdue"
        owed = TableCell(task_sentences.format_days_overdue(task, lang) if is_overdue else formatting.NO_VALUE)
    elif row is None:
        status, owed = TableCell(translate(lang, "no longer in the register")), TableCell(formatting.NO_VALUE)
    else:
        label = doubt_sentences.format_status(row, lang)
        subtext = translate(lang, "its period is over") if row["period_end"] < figures.query.as_of else ""
        status = TableCell(label, str(row["status"]), subtext)
        owed = TableCell(owed_sentences.format_sentence(row, lang) or formatting.NO_VALUE)
    return (
        TableCell(follow_up.place),
        TableCell(follow_up.title),
        TableCell(follow_up.owed_text),
        status,
        owed,
        TableCell(follow_up.lead),
    )

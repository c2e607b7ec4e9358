"""The decided tasks of an annex as tables of sections and tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from kpis.language.normalization import clean
from kpis.plan_import.review.draft.model import Draft, DraftRow
from kpis.plan_import.review.versions.id_record import IdCounter
from kpis.plan_import.review.versions.plan_agencies import DecidedAgencies
from kpis.plan_import.review.versions.toml_output import TomlTable

_WHOLE_ANNEX = "PL"
_NUMBER = re.compile(r"(?:(?P<above>[^\s.]+(?:\.[^\s.]+)*)\.)?(?P<last>[0-9]{1,6})")


def build_annex(
    draft: Draft, agencies: DecidedAgencies, ids: IdCounter
) -> tuple[list[TomlTable], list[TomlTable]]:  # fmt: skip
    """Return the sections and tasks of the used rows of an annex, the tasks one for one in the order of the rows."""
    sections: dict[str, TomlTable] = {}
    numbers_by_section: dict[str, set[int]] = {}
    tasks: list[TomlTable] = []
    for row in (row for row in draft.list_rows("task") if row.is_used):
        section, number = _split_number(row)
        sections.setdefault(section, {"id": section, "title_vi": _find_title(draft, section)})
        numbers = numbers_by_section.setdefault(section, set())
        if number is None or number in numbers:
            number = max(numbers, default=0) + 1
        numbers.add(number)
        tasks.append(_build_task(ids.create_task_id(), row, section, number, agencies))
    return list(sections.values()), tasks


def _split_number(row: DraftRow) -> tuple[str, int | None]:
    """Return the section of a task and its number there: "2.3" is the third one of section 2."""
    section = clean(row.get_value("section")).strip(" .)")
    match = _NUMBER.fullmatch(clean(row.get_value("number")).strip(" .)"))
    if match is None:
        return section or _WHOLE_ANNEX, None
    above = match["above"]
    if above and above != section and not section.endswith(f".{above}"):
        section = above if not section or above.startswith(f"{section}.") else f"{section}.{above}"
    return section or _WHOLE_ANNEX, int(match["last"])


def _build_task(
    task_id: str, row: DraftRow, section: str, number: int, agencies: DecidedAgencies
) -> TomlTable:  # fmt: skip
    leads = agencies.resolve_all(row.get_value("leads"))
    last_year = row.get_value("last_year")
    return {
        "id": task_id,
        "section": section,
        "number": number,
        "title_vi": row.get_value("title"),
        "line": row.place.line if row.place else None,
        "leads": leads,
        "coordinators": agencies.resolve_all(row.get_value("coordinators")),
        "output": row.get_value("output"),
        "schedule": row.get_value("schedule"),
        "timing": row.get_value("timing"),
        "first_year": int(row.get_value("first_year")),
        "last_year": int(last_year) if last_year else None,
        "due_on": _to_due_day(row.get_value("due_on")),
    }


def _to_due_day(text: str) -> date | str:
    """Return a due day as the register has it: a day of every year stays a text, like none."""
    return date.fromisoformat(text) if "-" in text else text


def _find_title(draft: Draft, section: str) -> str:
    """Return the title that the annex prints beside the number of a section, else a neutral one."""
    if section == _WHOLE_ANNEX:
        return "Phụ lục"
    for line in _list_annex_lines(draft):
        first, *others = dict.fromkeys(text for cell in line.split("\t") if (text := clean(cell)))
        if first.strip(" .)") == section and len(others) == 1:
            return others[0]
        match = re.fullmatch(rf"{re.escape(section)}[.)]\s+(?P<title>\S.*)", first)
        if match and not others:
            return match["title"]
    return f"Mục {section}"


def _list_annex_lines(draft: Draft) -> Iterator[str]:
    for block in draft.text:
        if block.zone == "annex":
            yield from (line for line in block.text.split("\n") if line.strip())

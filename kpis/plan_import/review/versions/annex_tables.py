"""The decided tasks of an annex as tables of sections and tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from kpis.language.normalization import clean
from kpis.plan_import.review.draft.model import Draft, DraftRow
from kpis.plan_import.review.versions.annex_numbers import split_number
from kpis.plan_import.review.versions.plan_agencies import DecidedAgencies
from kpis.plan_import.review.versions.toml_output import TomlTable


class AnnexBuilder:
    """Builds the tasks of an annex, and the sections in which they stand. `sections`: those that exist already."""

    def __init__(self, draft: Draft, agencies: DecidedAgencies, sections: Sequence[TomlTable] = ()) -> None:
        self._draft = draft
        self._agencies = agencies
        self.sections = list(sections)

    def build_task(self, row: DraftRow, task_id: str, old: TomlTable | None = None) -> TomlTable:
        """Return the table of a decided task; of one that stays where it was, `old` is its table."""
        if old is not None:
            return _build_task(task_id, row, old.get("section"), old.get("number"), self._agencies)
        section, number = split_number(row)
        if section:
            self._add_section(section)
        return _build_task(task_id, row, section, number, self._agencies)

    def _add_section(self, section: str) -> None:
        """Add a section after those that it stands in: "A.I" stands in "A"."""
        if any(table["id"] == section for table in self.sections):
            return
        parent = section.rpartition(".")[0]
        if parent:
            self._add_section(parent)
        title = _find_title(self._draft, section)
        self.sections.append({"id": section, "title_vi": title, "parent": parent or None})


def _build_task(
    task_id: str, row: DraftRow, section: object, number: object, agencies: DecidedAgencies
) -> TomlTable:  # fmt: skip
    leads = agencies.resolve_all(row.get_value("leads"))
    last_year = row.get_value("last_year")
    return {
        "id": task_id,
        "section": section,
        "number": number,
        "title_vi": row.get_value("title"),
        "line": row.place.line if row.place and row.role == "proposal" else None,
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

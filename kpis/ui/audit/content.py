"""The audit as the page shows it: read once for every state of its files, filtered, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from kpis.access.audit import AuditLine, AuditLog
from kpis.language import formatting
from kpis.store.files import as_store_error
from kpis.store.shared_files import InstallationFiles
from kpis.ui import pages
from kpis.ui.audit.words import format_action, format_details, format_moment
from kpis.ui.shared import states
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_downloads import TableName
from kpis.ui.shared.table_query import NOTHING_ASKED, TableQuery
from kpis.ui.shared.tables import ColumnHeader, render_table

MAX_LINES = 500
"""Lines shown at once; the filters reach the others, and the files have all."""
_MAX_FAULTS = 20


@dataclass(frozen=True)
class AuditContent:
    """All lines, newest first, and the places ("2026-11.jsonl:7") that are damaged or do not continue."""

    lines: tuple[AuditLine, ...]
    faults: tuple[str, ...]

    @property
    def people(self) -> list[str]:
        """Everybody who is named, in order."""
        return sorted({line.person for line in self.lines if line.person})

    @property
    def actions(self) -> list[str]:
        """Every action that stands there, in order."""
        return sorted({line.action for line in self.lines})

    def select(self, person: str | None, action: str | None) -> list[AuditLine]:
        """Return the lines of a person and an action; None for all."""
        return [line for line in self.lines if person in (None, line.person) and action in (None, line.action)]


def load_audit(files: InstallationFiles) -> AuditContent:
    """Return the audit of an installation as its files are now; StoreError where they cannot be read."""
    files.require()
    with as_store_error(files.audit):
        paths = AuditLog(files.pointer, files.shared).list_files()
        stamps = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
        return _load(files, stamps)


@lru_cache(maxsize=1)
def _load(files: InstallationFiles, _stamps: tuple[tuple[str, int, int], ...]) -> AuditContent:
    log = AuditLog(files.pointer, files.shared)
    return AuditContent(tuple(reversed(list(log.read()))), tuple(log.list_faults()))


def render_audit(
    content: AuditContent, lines: Sequence[AuditLine], view: PageView, query: TableQuery = NOTHING_ASKED
) -> Markup:
    """Return the state of the chain and the table of the lines that the filters leave.

    `query` is what the workbook is asked: the person as its lead, the action as its source.
    """
    if not content.lines and not content.faults:
        sentence = view.t("Nothing has been written down yet: the audit begins with the rights file (access.toml).")
        return states.render_empty(view.lang, sentence)
    columns = [view.t("Time"), view.t("Person"), view.t("Action"), view.t("Details")]
    numbers = {"n": min(len(lines), MAX_LINES), "all": len(lines)}
    caption = view.t(
        "{n} of {all} lines, the newest first.",
        **{name: formatting.format_number(number, view.lang) for name, number in numbers.items()},
    )
    table = render_table(
        caption,
        [ColumnHeader(title) for title in columns],
        (_render_line(line, view) for line in lines),
        download=TableName(pages.AUDIT, "lines", view.t("Audit"), view, query),
        max_rows=MAX_LINES,
    )
    return tag("div", _render_chain(content, view), table, class_="kpis", lang=view.lang)


def _render_line(line: AuditLine, view: PageView) -> list[str]:
    return [
        format_moment(line.at, view),
        line.person or formatting.NO_VALUE,
        format_action(line.action, view),
        format_details(line.details, view) or formatting.NO_VALUE,
    ]


def _render_chain(content: AuditContent, view: PageView) -> Markup:
    if not content.faults:
        count = formatting.format_number(len(content.lines), view.lang)
        return tag("p", view.t("All {n} lines continue each other: none was changed or removed.", n=count))
    places = ", ".join(content.faults[:_MAX_FAULTS])
    sentence = view.t(
        "{n} lines are damaged or do not continue the one before: {places}. Compare the files with a backup.",
        n=len(content.faults),
        places=places,
    )
    return states.render_notice(sentence)

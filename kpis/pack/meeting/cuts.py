"""Lists cut at what a page holds: what is left out is counted, with the sheet of the annex that has all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kpis.charts import palette
from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.pack.pages.contents import Block, Note, Table


@dataclass(frozen=True)
class AnnexSheets:
    """On which sheet of the annex, counted from 1, each table begins."""

    sheets: Mapping[str, int]
    lang: Language

    def format_more(self, number: int, reference: str) -> str:
        """Return "và 12 nữa, phụ lục trang 14"; `reference` says where they are, "" if that is nowhere."""
        more = translate(self.lang, "and {n} more", n=formatting.format_number(number, self.lang))
        return ", ".join(filter(None, (more, reference)))

    def format_reference(self, key: str) -> str:
        """Return "phụ lục trang 14" of a table; nothing if the annex has no such table."""
        sheet = self.sheets.get(key)
        return "" if sheet is None else translate(self.lang, "annex page {page}", page=sheet)

    def format_references(self, tables: Mapping[str, Sequence[str]]) -> str:
        """Return "phụ lục trang 14 (chỉ tiêu), 20 (nhiệm vụ)"; `tables` are what stands there and the tables' keys.

        What stands in several tables is said to begin with the first; if there is one page, it has no name.
        """
        pages = {}
        for name, keys in tables.items():
            sheets = sorted({self.sheets[key] for key in keys if key in self.sheets})
            if sheets:
                pages[name] = (
                    str(sheets[0]) if len(sheets) == 1 else translate(self.lang, "from {page}", page=sheets[0])
                )
        if len(pages) > 1:
            listed = ", ".join(f"{page} ({translate(self.lang, name)})" for name, page in pages.items())
        else:
            listed = ", ".join(pages.values())
        return translate(self.lang, "annex page {page}", page=listed) if listed else ""


def cut_table(table: Table, limit: int, annex: AnnexSheets, reference: str | None = None) -> Block:
    """Return the first rows of a table in smaller letters, with an ending that counts the others.

    `reference` says where the annex has them; by default in its table of the same key. Without any row shown it is a
    sentence that names the table.
    """
    reference = annex.format_reference(table.key) if reference is None else reference
    left_out = max(len(table.rows) - limit, 0)
    if not table.rows:
        return replace(table, is_dense=True)
    if limit <= 0:
        # A title may have the number of rows already: "Nhiệm vụ quá hạn (16)".
        counted = table.title if table.title.endswith(")") else f"{table.title} ({left_out})"
        return Note(", ".join(filter(None, (counted, reference))))
    ending = annex.format_more(left_out, reference) if left_out else ""
    return replace(table, rows=table.rows[:limit], is_dense=True, record_count=None, ending=ending)


def format_status_counts(statuses: Iterable[str], lang: Language) -> str:
    """Return the number of each status, worst first: "3 quá hạn, 2 đúng nhịp, 9 đã đạt"."""
    counts = Counter(statuses)
    parts = []
    for status in sorted(counts, key=palette.get_severity_rank):
        label = palette.get_status_label(status, lang)
        number = formatting.format_number(counts[status], lang)
        parts.append(translate(lang, "{n} {state}", n=number, state=label[:1].lower() + label[1:]))
    return ", ".join(parts)

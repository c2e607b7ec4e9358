"""Lists cut at what a page holds: what is left out is counted, with the sheet of the annex that has all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
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

    def format_more(self, number: int, *keys: str) -> str:
        """Return "và 12 nữa, phụ lục trang 14", with the first of the tables `keys` that the annex has."""
        more = translate(self.lang, "and {n} more", n=formatting.format_number(number, self.lang))
        return ", ".join(filter(None, (more, self.format_reference(*keys))))

    def format_reference(self, *keys: str) -> str:
        """Return "phụ lục trang 14", with the first of the tables `keys` that the annex has; else nothing."""
        sheet = next((self.sheets[key] for key in keys if key in self.sheets), None)
        return "" if sheet is None else translate(self.lang, "annex page {page}", page=sheet)


def cut_table(table: Table, limit: int, annex: AnnexSheets, *annex_keys: str) -> Block:
    """Return the first rows of a table in smaller letters, with an ending that counts the others.

    `annex_keys`: the tables of the annex that have every row (by default the table of the same key). Without any row
    shown it is a sentence that names the table.
    """
    keys = annex_keys or (table.key,)
    left_out = max(len(table.rows) - limit, 0)
    if not table.rows:
        return replace(table, is_dense=True)
    if limit <= 0:
        # A title may have the number of rows already: "Nhiệm vụ quá hạn (16)".
        counted = table.title if table.title.endswith(")") else f"{table.title} ({left_out})"
        reference = annex.format_reference(*keys)
        return Note(", ".join(filter(None, (counted, reference))))
    ending = annex.format_more(left_out, *keys) if left_out else ""
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

"""The rows of the sheets that an officer has to confirm or settle (design.md §5, How a doubt is settled)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kpis.measures.attainment_rows import Attainment
from kpis.measures.doubts import DoubtCode
from kpis.measures.open_doubts import DoubtedRow


@dataclass(frozen=True)
class RowToConfirm:
    """One unconfirmed row with one open doubt; `others` are the other rows that the doubt concerns."""

    code: DoubtCode
    row: DoubtedRow
    others: Sequence[DoubtedRow]
    plan: str
    target: str
    title_vi: str
    title_en: str

    @property
    def place(self) -> tuple[str, str, int]:
        """Source, tab and number of the row."""
        return get_place(self.row)


def list_rows_to_confirm(rows: Iterable[Attainment], agency: str | None = None) -> list[RowToConfirm]:
    """Return the rows of the open doubts, of one agency and its predecessors if given, in the order of the sheets."""
    by_place: dict[tuple[str, str, str, int], RowToConfirm] = {}
    for target in rows:
        for doubt in target["doubts"]:
            for row in doubt["rows"]:
                if row["confirmed"] or agency not in (None, row["agency"], row.get("answering_agency")):
                    continue
                others = [other for other in doubt["rows"] if other is not row]
                item = RowToConfirm(
                    doubt["code"], row, others, target["plan"], target["target"],
                    target["title_vi"], target["title_en"],
                )  # fmt: skip
                by_place.setdefault((item.code, *item.place), item)
    return sorted(by_place.values(), key=lambda item: (item.place, item.code))


def hide_rows_of_others(items: Iterable[RowToConfirm], agency: str) -> list[RowToConfirm]:
    """Return the rows with nothing but the agency's name left of other agencies' rows (row 0).

    A row of an agency for which it stands is its own.
    """
    return [replace(item, others=[_hide_row(row, agency) for row in item.others]) for item in items]


def _hide_row(row: DoubtedRow, agency: str) -> DoubtedRow:
    if agency in (row["agency"], row.get("answering_agency")):
        return row
    return {**row, "row": 0, "quantity": 0, "content": None, "source": "", "tab": ""}


def count_rows_to_confirm(row: Attainment) -> int:
    """Return how many sheet rows a target's or an agency's open doubts ask to confirm."""
    return len({item.place for item in list_rows_to_confirm([row], row["agency"])})


def get_place(row: DoubtedRow) -> tuple[str, str, int]:
    """Return source, tab and number of a row."""
    return row["source"], row["tab"], row["row"]

"""Which part of a plan a clause names: "điểm a khoản 2 mục II", "gạch đầu dòng thứ nhất mục I.1", "nhiệm vụ số 3"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kpis.plan_import.proposals.folding import fold_text

_ROMAN = r"(?:x{0,3}(?:ix|iv|v?i{1,3}|v)|x{1,3})"
_LIST = r"(?:{item})(?:\s*(?:,|;|và(?!\w))\s*(?:{word}\s+)?(?:{item})(?!\w))*"
_SEPARATOR = re.compile(r"\s*(?:,|;|\bvà\b)\s*")
_PART = re.compile(
    rf"(?<!\w)mục\s+(?:số\s+)?(?P<part>{_ROMAN}(?:\.\d{{1,2}})*(?:\.[a-zđ])?|[a-h](?=\W)|\d{{1,2}}(?:\.\d{{1,2}})*)(?!\w)"
)
_CLAUSE_WORDS = r"(?:khoản|tiểu mục)"
_CLAUSE = re.compile(
    rf"(?<!\w){_CLAUSE_WORDS}\s+(?P<items>"
    + _LIST.format(item=r"\d{1,2}(?:\.\d{1,2})*", word=_CLAUSE_WORDS)
    + r")(?!\w)"
)
_POINT_WORDS = r"(?:điểm|tiết)"
_POINT = re.compile(
    rf"(?<!\w){_POINT_WORDS}\s+(?P<items>"
    + _LIST.format(item=r"[a-zđ](?!\w)|\d{1,2}(?:\.\d{1,2})+", word=_POINT_WORDS)
    + r")(?!\w)"
)
_TASK_WORDS = r"(?:nhiệm vụ(?:\s+số(?:\s+thứ tự)?)?|số thứ tự|stt|thứ tự(?:\s+số)?|dòng(?:\s+số)?)"
_TASK = re.compile(
    rf"(?<!\w){_TASK_WORDS}\s+(?P<items>" + _LIST.format(item=r"\d{1,3}(?:\.\d{1,3})*", word=_TASK_WORDS) + r")(?!\w)"
)
_ANNEX = re.compile(r"(?<!\w)(?:phụ lục|biểu|danh mục nhiệm vụ)(?:\s+(?:số\s+)?(?P<number>[ivx]+|\d{1,2})(?!\w))?")
_BULLET = re.compile(r"gạch đầu dòng|dấu cộng|đoạn\s+(?:thứ|\d)")


@dataclass(frozen=True)
class Reference:
    """What a clause refers to. `sections` as the register cites them ("II.2.a"); `tasks` are numbers in an annex.

    `names_bullet`: a paragraph of the section is meant, not all of it. `text` is the part of the clause that was read.
    """

    sections: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    annex_section: str | None = None
    is_annex: bool = False
    names_bullet: bool = False
    numbers: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """True if no part of the plan is named."""
        return not (self.sections or self.tasks or self.is_annex)


def read_reference(text: str, parent: Reference | None = None) -> Reference:
    """Return what a clause names; a section that the clause above it names is the outer part of its own."""
    folded = fold_text(text)
    parts, clauses = [match["part"] for match in _PART.finditer(folded)], _list_items(_CLAUSE, folded)
    points, tasks = _list_items(_POINT, folded), _list_items(_TASK, folded)
    annex = _ANNEX.search(folded)
    is_annex = annex is not None or (bool(tasks) or (parent is not None and parent.is_annex and not parts))
    part = _write_part(parts[0]) if parts else None
    numbers = frozenset(re.findall(r"\d+", " ".join(match[0] for pattern in (_PART, _CLAUSE, _POINT, _TASK, _ANNEX)
                                                    for match in pattern.finditer(folded))))  # fmt: skip
    if is_annex:
        inherited = parent.annex_section if parent is not None else None
        return Reference((), tuple(tasks or clauses), part or inherited, True, False, numbers)
    outer = [part] if part else list(parent.sections) if parent is not None else []
    sections = _join(_join(outer, clauses), points) if outer or clauses or points else []
    if parts[1:] and not clauses and not points:
        sections = [_write_part(each) for each in parts]
    return Reference(tuple(sections), (), None, False, bool(_BULLET.search(folded)), numbers)


def _list_items(pattern: re.Pattern[str], folded: str) -> list[str]:
    items = (item for match in pattern.finditer(folded) for item in _SEPARATOR.split(match["items"]))
    return list(dict.fromkeys(item.split()[-1] for item in items))


def _write_part(part: str) -> str:
    """Return a section as plans print it: Roman numbers and letters of parts are capitals, points are not."""
    first, *others = part.split(".")
    return ".".join((first.upper(), *others))


def _join(outer: list[str], inner: list[str]) -> list[str]:
    """Return each inner number within each outer section; "2.1" within "II.2" is "II.2.1"."""
    if not outer or not inner:
        return outer or inner
    joined = []
    for section in outer:
        for number in inner:
            last = section.rpartition(".")[2]
            within = number.removeprefix(f"{last}.") if number.startswith(f"{last}.") else number
            joined.append(f"{section}.{within}")
    return joined


def is_within(section: str, reference: str) -> bool:
    """True if a section is the one that is referred to, or lies within it."""
    return section == reference or section.startswith(f"{reference}.")

"""Cell styles with a coloured ground: each a copy of the cell's own style (ECMA-376 part 1, §18.8)."""

from __future__ import annotations

from copy import deepcopy
from typing import Literal

from kpis.feedback.xlsx.patch import Element, tag

Mark = Literal["rejection", "warning"]
COLOURS: dict[Mark, str] = {"rejection": "FFFBD5D0", "warning": "FFFFEFC2"}
"""The ground of a marked cell. Never the only sign: the row has its verdict, the cell its note."""


class Marks:
    """The styles of a workbook; without a part of styles every cell keeps the one that it has."""

    def __init__(self, root: Element | None) -> None:
        self._root = root
        self._made: dict[tuple[int, str], int] = {}
        self._grounds: dict[int, str | None] = {}

    def marked(self, style: int, mark: Mark) -> int:
        """The style number that is `style` on the ground of `mark`."""
        if self._root is None:
            return style
        fill = self._fill(COLOURS[mark])
        return self._copy(style, mark, {"fillId": str(fill), "applyFill": "1"})

    def unmarked(self, style: int) -> int:
        """The style number that is `style` without a ground of ours; another ground stays."""
        if self._root is None or self._ground(style) not in COLOURS.values():
            return style
        return self._copy(style, "", {"fillId": "0"})

    def wraps(self, style: int) -> bool:
        """Whether a style breaks lines."""
        xfs = () if self._root is None else self._xfs()
        alignment = xfs[style].find("{*}alignment") if style < len(xfs) else None
        return alignment is not None and alignment.get("wrapText") in {"1", "true"}

    def wrapped(self) -> int:
        """The style number of a verdict in a column that we add: the default, with lines broken."""
        if self._root is None:
            return 0
        number = self._copy(0, "wrapped", {"applyAlignment": "1"})
        xf = self._xfs()[number]
        if xf.find("{*}alignment") is None:
            alignment = xf.makeelement(tag(self._root, "alignment"), {"vertical": "top", "wrapText": "1"})
            xf.insert(0, alignment)
        return number

    def _copy(self, style: int, purpose: str, changes: dict[str, str]) -> int:
        if (style, purpose) not in self._made:
            xfs = self._xfs()
            copy = deepcopy(xfs[style if style < len(xfs) else 0])
            for name, value in changes.items():
                copy.set(name, value)
            xfs.append(copy)
            xfs.set("count", str(len(xfs)))
            self._made[style, purpose] = len(xfs) - 1
        return self._made[style, purpose]

    def _xfs(self) -> Element:
        return self._needed().find("{*}cellXfs")

    def _needed(self) -> Element:
        assert self._root is not None  # noqa: S101 (asked for only where there is one)
        return self._root

    def _ground(self, style: int) -> str | None:
        if style not in self._grounds:
            xfs, fills = self._xfs(), self._needed().find("{*}fills")
            number = int(xfs[style].get("fillId") or 0) if style < len(xfs) else 0
            colour = fills[number].find("{*}patternFill/{*}fgColor") if number < len(fills) else None
            self._grounds[style] = None if colour is None else colour.get("rgb")
        return self._grounds[style]

    def _fill(self, colour: str) -> int:
        fills = self._needed().find("{*}fills")
        for number, fill in enumerate(fills):
            found = fill.find("{*}patternFill/{*}fgColor")
            if found is not None and found.get("rgb") == colour:
                return number
        root = self._needed()
        fill = fills.makeelement(tag(root, "fill"))
        pattern = fill.makeelement(tag(root, "patternFill"), {"patternType": "solid"})
        pattern.append(pattern.makeelement(tag(root, "fgColor"), {"rgb": colour}))
        pattern.append(pattern.makeelement(tag(root, "bgColor"), {"indexed": "64"}))
        fill.append(pattern)
        fills.append(fill)
        fills.set("count", str(len(fills)))
        return len(fills) - 1

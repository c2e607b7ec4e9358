"""Cell styles with a coloured fill, each a copy of the cell's own style (ECMA-376 part 1, §18.8)."""

from __future__ import annotations

from copy import deepcopy
from typing import Literal

from kpis.feedback.xlsx.patch import Element, qualify_tag

Mark = Literal["rejection", "warning"]
MARK_COLOURS: dict[Mark, str] = {"rejection": "FFFBD5D0", "warning": "FFFFEFC2"}
"""Fill colours (ARGB) of marked cells; never the only sign, the feedback and the note say the same."""


class MarkStyles:
    """The styles of a workbook; without a styles part every cell keeps its style."""

    def __init__(self, root: Element | None) -> None:
        self._root = root
        self._copies: dict[tuple[int, str], int] = {}
        self._fill_colours: dict[int, str | None] = {}

    def add_mark(self, style: int, mark: Mark) -> int:
        """Return the number of a style like `style` with the fill of `mark`."""
        if self._root is None:
            return style
        fill = self._ensure_fill(MARK_COLOURS[mark])
        return self._copy_style(style, mark, {"fillId": str(fill), "applyFill": "1"})

    def remove_mark(self, style: int) -> int:
        """Return the number of a style like `style` without a mark; other fills stay."""
        if self._root is None or self._get_fill_colour(style) not in MARK_COLOURS.values():
            return style
        return self._copy_style(style, "", {"fillId": "0"})

    def has_wrapped_text(self, style: int) -> bool:
        """True if a style wraps text."""
        xfs = () if self._root is None else self._get_xfs()
        alignment = xfs[style].find("{*}alignment") if style < len(xfs) else None
        return alignment is not None and alignment.get("wrapText") in {"1", "true"}

    def get_wrapped_style(self) -> int:
        """Return the number of the style of an added feedback column: the default with wrapped text."""
        if self._root is None:
            return 0
        number = self._copy_style(0, "wrapped", {"applyAlignment": "1"})
        xf = self._get_xfs()[number]
        if xf.find("{*}alignment") is None:
            alignment = xf.makeelement(qualify_tag(self._root, "alignment"), {"vertical": "top", "wrapText": "1"})
            xf.insert(0, alignment)
        return number

    def _copy_style(self, style: int, purpose: str, changes: dict[str, str]) -> int:
        if (style, purpose) not in self._copies:
            xfs = self._get_xfs()
            copy = deepcopy(xfs[style if style < len(xfs) else 0])
            for name, value in changes.items():
                copy.set(name, value)
            xfs.append(copy)
            xfs.set("count", str(len(xfs)))
            self._copies[style, purpose] = len(xfs) - 1
        return self._copies[style, purpose]

    def _get_xfs(self) -> Element:
        return self._require_root().find("{*}cellXfs")

    def _require_root(self) -> Element:
        assert self._root is not None  # noqa: S101 (called only if there is a root)
        return self._root

    def _get_fill_colour(self, style: int) -> str | None:
        if style not in self._fill_colours:
            xfs, fills = self._get_xfs(), self._require_root().find("{*}fills")
            number = int(xfs[style].get("fillId") or 0) if style < len(xfs) else 0
            colour = fills[number].find("{*}patternFill/{*}fgColor") if number < len(fills) else None
            self._fill_colours[style] = None if colour is None else colour.get("rgb")
        return self._fill_colours[style]

    def _ensure_fill(self, colour: str) -> int:
        fills = self._require_root().find("{*}fills")
        for number, fill in enumerate(fills):
            foreground = fill.find("{*}patternFill/{*}fgColor")
            if foreground is not None and foreground.get("rgb") == colour:
                return number
        root = self._require_root()
        fill = fills.makeelement(qualify_tag(root, "fill"))
        pattern = fill.makeelement(qualify_tag(root, "patternFill"), {"patternType": "solid"})
        pattern.append(pattern.makeelement(qualify_tag(root, "fgColor"), {"rgb": colour}))
        pattern.append(pattern.makeelement(qualify_tag(root, "bgColor"), {"indexed": "64"}))
        fill.append(pattern)
        fills.append(fill)
        fills.set("count", str(len(fills)))
        return len(fills) - 1

"""Several PDFs as one: their pages in order, with the structure that a screen reader follows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def join(parts: Sequence[Path], path: Path) -> Path:
    """Makes one PDF of several by Typst, equal bytes of equal parts; gives its path, or the only part's."""
    if len(parts) == 1:
        return parts[0]
    import pikepdf

    with pikepdf.open(parts[0]) as first:
        structure = _Structure(first)
        for part in parts[1:]:
            # Let go of without being closed: its file is still read from when the whole is saved, and of
            # the rest no two are in memory.
            other = pikepdf.open(part)
            sheets = len(first.pages)
            first.pages.extend(other.pages)
            structure.take(other, first.pages[sheets:])
            del other
        structure.close()
        packed = pikepdf.ObjectStreamMode.generate
        first.save(path, deterministic_id=True, object_stream_mode=packed)
    return path


class _Structure:
    """The tree of a PDF's tables, rows and texts, taking in those of others (ISO 32000-1 §14.7)."""

    def __init__(self, into: Any) -> None:
        self._into = into
        self._root = into.Root.StructTreeRoot
        self._children = list(self._root.K)
        self._marked = list(self._root.ParentTree.Nums)
        self._next = _after(self._marked)

    def take(self, other: Any, pages: Any) -> None:
        """Another one's tree, whose pages have been taken already: its keys go on after ours."""
        theirs = self._into.copy_foreign(other.Root.StructTreeRoot)
        for page in pages:
            if "/StructParents" in page:
                page.StructParents = int(page.StructParents) + self._next
        marked = list(theirs.ParentTree.Nums)
        for key, elements in zip(marked[::2], marked[1::2], strict=True):
            self._marked += [int(key) + self._next, elements]
        for child in theirs.K:
            child.P = self._root
            self._children.append(child)
        self._next += _after(marked)

    def close(self) -> None:
        """Puts the whole tree in its place."""
        import pikepdf

        self._root.K = pikepdf.Array(self._children)
        self._root.ParentTree = pikepdf.Dictionary(Nums=pikepdf.Array(self._marked))
        self._root.ParentTreeNextKey = self._next


def _after(marked: Sequence[Any]) -> int:
    return max((int(key) for key in marked[::2]), default=-1) + 1

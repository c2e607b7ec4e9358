"""Several PDFs as one: their pages in order, with the structure that a screen reader follows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def merge_pdfs(parts: Sequence[Path], path: Path) -> Path:
    """Makes one PDF of several by Typst, equal bytes of equal parts; gives its path, or the only part's."""
    if len(parts) == 1:
        return parts[0]
    import pikepdf

    with pikepdf.open(parts[0]) as first:
        structure = _StructureTree(first)
        for part in parts[1:]:
            # Let go of without being closed: its file is still read from when the whole is saved, and of
            # the rest no two are in memory.
            other = pikepdf.open(part)
            sheets = len(first.pages)
            first.pages.extend(other.pages)
            structure.append_tree(other, first.pages[sheets:])
            del other
        structure.write_tree()
        packed = pikepdf.ObjectStreamMode.generate
        first.save(path, deterministic_id=True, object_stream_mode=packed)
    return path


class _StructureTree:
    """The tree of a PDF's tables, rows and texts, taking in those of others (ISO 32000-1 §14.7)."""

    def __init__(self, target: Any) -> None:
        self._target = target
        self._root = target.Root.StructTreeRoot
        self._children = list(self._root.K)
        self._marked_content = list(self._root.ParentTree.Nums)
        self._next_key = _find_next_key(self._marked_content)

    def append_tree(self, other: Any, pages: Any) -> None:
        """Another one's tree, whose pages have been taken already: its keys go on after ours."""
        theirs = self._target.copy_foreign(other.Root.StructTreeRoot)
        for page in pages:
            if "/StructParents" in page:
                page.StructParents = int(page.StructParents) + self._next_key
        marked = list(theirs.ParentTree.Nums)
        for key, elements in zip(marked[::2], marked[1::2], strict=True):
            self._marked_content += [int(key) + self._next_key, elements]
        for child in theirs.K:
            child.P = self._root
            self._children.append(child)
        self._next_key += _find_next_key(marked)

    def write_tree(self) -> None:
        """Puts the whole tree in its place."""
        import pikepdf

        self._root.K = pikepdf.Array(self._children)
        self._root.ParentTree = pikepdf.Dictionary(Nums=pikepdf.Array(self._marked_content))
        self._root.ParentTreeNextKey = self._next_key


def _find_next_key(marked_content: Sequence[Any]) -> int:
    return max((int(key) for key in marked_content[::2]), default=-1) + 1

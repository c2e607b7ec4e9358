"""Merging PDFs: their pages in order, with the structure tree that a screen reader follows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def merge_pdfs(parts: Sequence[Path], path: Path) -> Path:
    """Merge PDFs made by Typst into one at `path` and return it; equal parts give equal bytes.

    If there is one part only, nothing is written and that part's path is returned.
    """
    if len(parts) == 1:
        return parts[0]
    import pikepdf

    with pikepdf.open(parts[0]) as first:
        structure = _StructureTree(first)
        for part in parts[1:]:
            # Not closed, since its file is read again when `first` is saved; `del` frees the rest of it.
            other = pikepdf.open(part)
            sheet_count = len(first.pages)
            first.pages.extend(other.pages)
            structure.append_tree(other, first.pages[sheet_count:])
            del other
        structure.write_tree()
        mode = pikepdf.ObjectStreamMode.generate
        first.save(path, deterministic_id=True, object_stream_mode=mode)
    return path


class _StructureTree:
    """The structure tree of a PDF, to which other PDFs' trees are appended (ISO 32000-1 §14.7)."""

    def __init__(self, target: Any) -> None:
        self._target = target
        self._root = target.Root.StructTreeRoot
        self._children = list(self._root.K)
        self._marked_content = list(self._root.ParentTree.Nums)
        self._next_key = _find_next_key(self._marked_content)

    def append_tree(self, other: Any, pages: Any) -> None:
        """Append the tree of another PDF, whose copied pages are `pages`; its keys are shifted after ours."""
        tree = self._target.copy_foreign(other.Root.StructTreeRoot)
        for page in pages:
            if "/StructParents" in page:
                page.StructParents = int(page.StructParents) + self._next_key
        marked_content = list(tree.ParentTree.Nums)
        for key, elements in zip(marked_content[::2], marked_content[1::2], strict=True):
            self._marked_content += [int(key) + self._next_key, elements]
        for child in tree.K:
            child.P = self._root
            self._children.append(child)
        self._next_key += _find_next_key(marked_content)

    def write_tree(self) -> None:
        """Write the merged tree into the target PDF."""
        import pikepdf

        self._root.K = pikepdf.Array(self._children)
        self._root.ParentTree = pikepdf.Dictionary(Nums=pikepdf.Array(self._marked_content))
        self._root.ParentTreeNextKey = self._next_key


def _find_next_key(marked_content: Sequence[Any]) -> int:
    return max((int(key) for key in marked_content[::2]), default=-1) + 1

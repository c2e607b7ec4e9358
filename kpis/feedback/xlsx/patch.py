"""Change single parts of an .xlsx package; all other parts, such as pictures, keep their bytes.

Source: ECMA-376 part 1 §18 and part 2 §8, §9 (packages, relationships). Element names use the namespace of
the file itself, since Excel's "Strict" files have a different one.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

Element = Any  # lxml has no types

_PACKAGE_URI = "http://schemas.openxmlformats.org/package/2006"
_TYPES_NS = f"{{{_PACKAGE_URI}/content-types}}"
_RELATIONS_NS = f"{{{_PACKAGE_URI}/relationships}}"
_STRICT_URI = "http://purl.oclc.org/ooxml/"
_OFFICE_URI = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE_URI = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # a fixed time, so that equal copies have equal bytes


class WorkbookPatch:
    """The parts of an open archive, parsed on first use; `save` copies the others unchanged."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}
        self._trees: dict[str, Element] = {}
        self._added: dict[str, Element] = {}

    def load_tree(self, part: str) -> Element:
        """Return the root of a part, which may be changed in place. KeyError if there is no such part."""
        if part in self._added:
            return self._added[part]
        if part not in self._trees:
            self._trees[part] = parse_part(self._archive.read(self._names[part.lower()]))
        return self._trees[part]

    def find_related(self, part: str, kind: str) -> str | None:
        """Return the part that `part` points to by a relation of `kind` ("comments"), None if none."""
        relations = self._load_relations(part)
        for relation in [] if relations is None else relations:
            if (relation.get("Type") or "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
                path = posixpath.join("/", posixpath.dirname(part), relation.get("Target"))
                name = posixpath.normpath(path).lstrip("/")
                return self._names.get(name.lower(), name)
        return None

    def add_part(self, name: str, root: Element, content_type: str | None, *, owner: str, kind: str) -> str:
        """Add a part that `owner` points to and return the relation's id; `name` is from `find_free_name`."""
        self._added[name] = root
        self._names[name.lower()] = name
        if content_type is not None:
            types = self.load_tree("[Content_Types].xml")
            etree.SubElement(types, f"{_TYPES_NS}Override", PartName=f"/{name}", ContentType=content_type)
        relations = self._load_relations(owner)
        if relations is None:
            relations = self._added[_get_relations_name(owner)] = etree.Element(
                f"{_RELATIONS_NS}Relationships", nsmap={None: _RELATIONS_NS[1:-1]}
            )
        used_ids = {relation.get("Id") for relation in relations}
        relation_id = next(f"rId{n}" for n in range(1, len(used_ids) + 2) if f"rId{n}" not in used_ids)
        base = _STRICT_OFFICE_URI if is_strict(self.load_tree(owner)) else _OFFICE_URI
        etree.SubElement(
            relations,
            f"{_RELATIONS_NS}Relationship",
            Id=relation_id,
            Type=f"{base}/{kind}",
            Target=f"/{name}",
        )
        return relation_id

    def find_free_name(self, pattern: str) -> str:
        """Return the first name of a pattern ("xl/comments{}.xml") that no part has."""
        numbers = range(1, len(self._names) + 2)
        return next(name for n in numbers if (name := pattern.format(n)).lower() not in self._names)

    def declare_default_type(self, extension: str, content_type: str) -> None:
        """Declare the content type of a file extension unless the package already does."""
        types = self.load_tree("[Content_Types].xml")
        declared = {(node.get("Extension") or "").lower() for node in types.iterfind(f"{_TYPES_NS}Default")}
        if extension not in declared:
            types.insert(0, etree.Element(f"{_TYPES_NS}Default", Extension=extension, ContentType=content_type))

    def find_parts(self, ending: str) -> list[str]:
        """Return the names of all parts with this ending."""
        return [name for name in self._names.values() if name.lower().endswith(ending)]

    def save(self, out: IO[bytes]) -> None:
        """Write the package: parts in their original order, unparsed ones byte for byte, added ones last."""
        changed: Mapping[str, Element] = {self._names.get(k.lower(), k): v for k, v in self._trees.items()}
        with ZipFile(out, "w", ZIP_DEFLATED) as target:
            for info in self._archive.infolist():
                tree = changed.get(info.filename)
                content = self._archive.read(info) if tree is None else _serialize(tree)
                copy = ZipInfo(info.filename, info.date_time)
                copy.compress_type, copy.external_attr = info.compress_type, info.external_attr
                target.writestr(copy, content)
            for name, tree in self._added.items():
                info = ZipInfo(name, _ZIP_EPOCH)
                info.compress_type = ZIP_DEFLATED
                target.writestr(info, _serialize(tree))

    def _load_relations(self, part: str) -> Element | None:
        name = _get_relations_name(part)
        if name in self._added:
            return self._added[name]
        return self.load_tree(name) if name.lower() in self._names else None


def parse_part(content: bytes) -> Element:
    """Return the root of an XML text. Entities are not resolved, nothing is fetched, spaces are kept."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def is_strict(root: Element) -> bool:
    """True if a part uses the namespaces of Excel's "Strict" files."""
    return str(root.tag).startswith(f"{{{_STRICT_URI}")


def get_relation_attribute(root: Element) -> str:
    """Return the name of the attribute r:id in the namespace that a part uses."""
    return f"{{{_STRICT_OFFICE_URI if is_strict(root) else _OFFICE_URI}}}id"


def qualify_tag(root: Element, name: str) -> str:
    """Return a name in the namespace of a part's root."""
    return f"{{{etree.QName(root).namespace}}}{name}"


def _get_relations_name(part: str) -> str:
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def _serialize(root: Element) -> bytes:
    return bytes(etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True))

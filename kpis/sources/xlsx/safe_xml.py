"""Parses the XML of a workbook, which may come from anyone: no entities, no network, no document types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

Element = Any  # lxml has no types
XmlError = etree.LxmlError


class DocumentTypeError(Exception):
    """Only a document type can name other files or blow a text up; no workbook has one."""


def parse_xml(text: bytes) -> Element:
    """The root element of a whole part."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(text, parser)
    _reject_document_type(root)
    return root


def iterate_elements(source: IO[bytes], *tags: str) -> Iterator[Element]:
    """The elements named, in any namespace, one after the other; what was yielded is forgotten afterwards."""
    found = etree.iterparse(
        source,
        tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    for at, (_, element) in enumerate(found):
        if at == 0:
            _reject_document_type(element)
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _reject_document_type(element: Element) -> None:
    if element.getroottree().docinfo.doctype:
        raise DocumentTypeError

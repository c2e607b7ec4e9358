"""Parses the XML of untrusted workbooks: no entities, no network, no document types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

Element = Any  # lxml has no types
XmlError = etree.LxmlError


class DocumentTypeError(Exception):
    """The XML has a document type, which could include files or expand entities; workbooks have none."""


def parse_xml(text: bytes) -> Element:
    """Return the root element of a part."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(text, parser)
    _reject_document_type(root)
    return root


def iterate_elements(source: IO[bytes], *tags: str) -> Iterator[Element]:
    """Yield the elements with these tags, in any namespace; each is freed when the next is requested."""
    events = etree.iterparse(
        source,
        tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    for index, (_, element) in enumerate(events):
        if index == 0:
            _reject_document_type(element)
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _reject_document_type(element: Element) -> None:
    if element.getroottree().docinfo.doctype:
        raise DocumentTypeError

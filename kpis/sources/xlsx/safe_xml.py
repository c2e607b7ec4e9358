"""Parses the XML of untrusted workbooks: no entities, no network, no document types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

Element = Any  # lxml has no types
XmlError = etree.LxmlError


_CHUNK_BYTES = 1 << 15
"""What is parsed at once: about a hundred rows, which are freed together."""


class DocumentTypeError(Exception):
    """The XML has a document type, which could include files or expand entities; workbooks have none."""


def parse_xml(text: bytes) -> Element:
    """Return the root element of a part."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(text, parser)
    _reject_document_type(root)
    return root


def iterate_elements(source: IO[bytes], *tags: str) -> Iterator[Element]:
    """Yield the elements with these tags, in any namespace; each is freed some time after the next is requested."""
    parser = etree.XMLPullParser(
        events=("end",),
        tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    is_first = True
    while chunk := source.read(_CHUNK_BYTES):
        parser.feed(chunk)
        element = None
        for _, element in parser.read_events():
            if is_first:
                _reject_document_type(element)
                is_first = False
            yield element
        if element is not None:
            _free_siblings_before(element)
    parser.close()


def _free_siblings_before(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        del parent[: parent.index(element)]


def _reject_document_type(element: Element) -> None:
    if element.getroottree().docinfo.doctype:
        raise DocumentTypeError

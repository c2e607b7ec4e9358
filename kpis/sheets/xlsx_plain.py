"""XML parts of an .xlsx cut into rows (or shared texts) without parsing them, where their text is plain.

An XML parser spends four fifths of the reading of a sheet on building elements that are thrown away. What
Excel, Google and the libraries write is so regular that a row can be taken apart by one regular expression
that accounts for every character of it; whatever it does not account for goes to the parser after all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from kpis.sheets.xml import Element, parse

_CHUNK = 1 << 20
_LONGEST = 1 << 26
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>?]*\?>)?\s*(<([A-Za-z]+)(?:\s[^<>]*)?>)")
_ENCODING = re.compile(rb'encoding=["\'](?!utf-8["\'])', re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos));|(&)")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class NotPlainError(Exception):
    """The part has comments, sections, prefixes or another encoding: only a parser can read it."""


class Pieces:
    """A part cut after each closing tag of one element. `inside`: the tag that holds them, else the root."""

    def __init__(self, source: IO[bytes], element: str, inside: str | None = None) -> None:
        self._source = source
        self._closing = f"</{element}>".encode()
        text = source.read(_CHUNK)
        head = _ROOT.match(text)
        if head is None or _ENCODING.search(head[0]) or head[0].endswith(b"/>"):
            raise NotPlainError
        self._before, self._after = head[1], b"</" + head[2] + b">"
        start = head.end()
        if inside is not None:
            opening = f"<{inside}>".encode()
            start = text.find(opening, start) + len(opening)
            if start < len(opening):
                raise NotPlainError
            self._before += opening
            self._after = f"</{inside}>".encode() + self._after
        self._text = text[start:]
        self._rest = b""

    def __iter__(self) -> Iterator[bytes]:
        """The pieces, each without the closing tag it ends with."""
        text = self._text
        while text:
            if b"<!" in text or b"<?" in text or len(self._rest) > _LONGEST:
                raise NotPlainError
            *pieces, self._rest = text.split(self._closing)
            yield from pieces
            more = self._source.read(_CHUNK)
            text = self._rest + more if more else b""

    def parsed(self, piece: bytes) -> list[Element]:
        """The elements that a piece holds, by the parser."""
        root = parse(self._before + piece + self._closing + self._after)
        return list(root.iter(f"{{*}}{self._closing[2:-1].decode()}"))

    def rest(self) -> Element:
        """The part with everything in its place but the pieces: what followed the last of them."""
        return parse(self._before + self._rest)


def plain_text(raw: bytes) -> str:
    """What a parser makes of text between two tags; NotPlainError where it would refuse it."""
    try:
        text = raw.decode()
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return _REFERENCE.sub(_referred, text) if "&" in text else text
    except ValueError as error:  # not UTF-8, or a number that is no character
        raise NotPlainError from error


def _referred(found: re.Match[str]) -> str:
    decimal, hexadecimal, name, other = found.groups()
    if other:
        raise NotPlainError
    return _NAMED[name] if name else chr(int(decimal or hexadecimal, 10 if decimal else 16))

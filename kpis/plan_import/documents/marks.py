"""Takes the marks of Markdown and HTML from a line of text, and keeps what the document itself prints."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

_TAG: Final = re.compile(
    r"</?(?:p|b|i|u|em|strong|span|div|font|a|td|th|tr|table|tbody|thead|center)(?:\s[^<>]*)?/?>", re.I
)
_LINE_BREAK: Final = re.compile(r"<br\s*/?>", re.I)
_SUPERSCRIPT: Final = re.compile(r"(?P<unit>\b[cdkm]?m)?<sup>\s*(?P<mark>[^<]{1,6}?)\s*</sup>", re.I)
_LINK: Final = re.compile(r"!?\[(?P<text>[^\[\]]*)\]\((?:https?:|mailto:|#|\.{0,2}/)[^()\s]*\)")
# A star that the document prints: a bullet, a footnote mark in brackets, a sign between numbers.
_PRINTED_STAR: Final = re.compile(r"^\s*\*(?=\s+[^\Wa-z_])(?!.*\*)|\(\*{1,3}\)|(?<=\d)\s?\*\s?(?=\d)")
_STARS: Final = re.compile(r"\*+")
_UNDERSCORES: Final = re.compile(r"(?<!\w)__?(?=\S)|(?<=\S)__?(?!\w)")
_HEADING: Final = re.compile(r"^\s*(?P<marks>#{1,6})\s+(?=\S)")
_ESCAPED: Final = re.compile(r"\\(?=[\\`*_{}\[\]()#+\-.!|<>~])")
_RULE: Final = re.compile(r"^[\s*_=~—–-]*$")
_TRAILING_RULE: Final = re.compile(r"\s*(?:-{4,}|_{4,}|\*{4,})\s*$")
_PRINTED: Final = "\x00"
_SPACES: Final = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u3000]+")


def clean_characters(text: str) -> str:
    """Return a text in NFC with one kind of space, without soft hyphens and characters of no width."""
    text = "".join(
        character for character in text if character in "\t\n\f" or unicodedata.category(character) not in {"Cc", "Cf"}
    )
    return unicodedata.normalize("NFC", text)


def measure_heading(line: str) -> int | None:
    """Return the level of a Markdown heading, counted from 1; None for other lines."""
    match = _HEADING.match(line)
    return len(match["marks"]) if match else None


def is_rule(line: str) -> bool:
    """Tell whether a line holds nothing but dashes, stars and spaces."""
    return _RULE.match(line) is not None


def remove_marks(line: str) -> str:
    """Return a line as the document prints it: no emphasis, heading signs, tags, links, escapes or footnote numbers.

    A break within a table's cell (`<br>`) becomes a line break.
    """
    line = _HEADING.sub("", line)
    line = _SUPERSCRIPT.sub(_replace_superscript, line)
    line = _TAG.sub("", _LINE_BREAK.sub("\n", line))
    line = _LINK.sub(lambda match: match["text"], html.unescape(line))
    line = _PRINTED_STAR.sub(lambda match: match[0].replace("*", _PRINTED), line)
    line = _UNDERSCORES.sub("", _STARS.sub("", line))
    line = _ESCAPED.sub("", line.replace(_PRINTED, "*"))
    line = _TRAILING_RULE.sub("", line)
    return "\n".join(_SPACES.sub(" ", part).strip(" ") for part in line.split("\n")).strip("\n")


def _replace_superscript(match: re.Match[str]) -> str:
    """Keep m² and m³; the number of a footnote is no part of the sentence."""
    unit, mark = match["unit"] or "", match["mark"]
    if unit and mark in {"2", "3"}:
        return unit + "²³"["23".index(mark)]
    return unit

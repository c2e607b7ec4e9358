"""Streamlit's own English words ("No results"), translated in its scripts as they are served.

Streamlit offers no translation. Each word is a literal in its scripts; it becomes a call of `kpisWord`, a function of
the first document that returns the word in the reader's language. Each replacement has a number of occurrences in the
pinned release, which a test checks: after an upgrade a word that is no longer found is reported, not left in English.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache

from kpis.language.messages import translate
from kpis.ui.shared.filters import DEFAULT_LANGUAGE


@dataclass(frozen=True)
class ScriptWord:
    """One text of Streamlit's scripts and how often it stands there, between `prefix` and `suffix`.

    With the default "`" around it the text is a whole literal, else a part of one.
    """

    text: str
    occurrences: int
    prefix: str = "`"
    suffix: str = "`"

    @property
    def literal(self) -> str:
        """The text as it stands in the scripts."""
        return f"{self.prefix}{self.text}{self.suffix}"

    @property
    def replacement(self) -> str:
        """The same expression, in the reader's language."""
        call = f"window.kpisWord(`{self.text}`)"
        if self.prefix.endswith("`") and self.suffix.startswith("`"):
            return f"{self.prefix[:-1]}({call}){self.suffix[1:]}"  # "return`No results`" needs no space
        return f"{self.prefix}${{{call}}}{self.suffix}"


SCRIPT_WORDS = (
    ScriptWord("Skip to main content", 1),
    ScriptWord("App pages", 2),
    ScriptWord("Sidebar", 1, prefix='"aria-label":`'),
    ScriptWord("Collapse sidebar", 1),
    ScriptWord("Expand sidebar", 1),
    ScriptWord(
        "Running...", 1, prefix='"aria-label":`', suffix='`,role:`img`,"data-testid":`stStatusWidgetRunningIcon`'
    ),
    ScriptWord("Connecting", 1, prefix="_O=`"),
    ScriptWord("Connecting to Streamlit server", 1),
    ScriptWord("Error", 1, prefix="bO=`"),
    ScriptWord("Unable to connect to Streamlit server", 1),
    ScriptWord("Connection error", 1),
    ScriptWord("Page not found", 1),
    ScriptWord("The page that you have requested does not seem to exist", 1),
    ScriptWord("Connection lost. Please wait for the app to reconnect, then try again.", 1),
    ScriptWord("No results", 3),
    ScriptWord("Open", 2, prefix='"aria-label":`'),
    ScriptWord("file upload", 1, prefix='"aria-label":`'),
    ScriptWord("Clear value", 2),
    ScriptWord("Clear all", 1),
    ScriptWord("Choose an option", 1),
    ScriptWord("Choose options", 1),
    ScriptWord("No options to select", 1),
    ScriptWord("Drag and drop a file here", 1),
    ScriptWord("Upload", 1, prefix="label:l?`Upload directories`:`"),
    ScriptWord(" per file", 1, prefix="0)}"),
    ScriptWord("Previous month", 1),
    ScriptWord("Next month", 1),
    ScriptWord("Choose date", 3),
    ScriptWord("Use arrow keys to navigate dates. Enter to select. Escape to close.", 2),
)


FIELD_NAMES = re.compile(r"(Intl\.DisplayNames\()\w+(,\{type:`dateTimeField`\}\))")
FIELD_NAMES_OCCURRENCES = 3
"""Where a part of a date is named ("month"): the browser knows it in the language that it is given."""


def translate_script(script: str) -> str:
    """Return one of Streamlit's scripts with its words in the reader's language."""
    for word in SCRIPT_WORDS:
        script = script.replace(word.literal, word.replacement)
    return FIELD_NAMES.sub(r"\1window.kpisLanguage()\2", script)


@cache
def build_word_function() -> str:
    """Return the script of the first document that translates a word; English where the address asks for it."""
    words = json.dumps({word.text: translate(DEFAULT_LANGUAGE, word.text) for word in SCRIPT_WORDS}, ensure_ascii=False)
    return (
        f"(function(){{const words={words};window.kpisLanguage=function(){{"
        f"return new URLSearchParams(location.search).get('lang')==='en'?'en':'{DEFAULT_LANGUAGE}'}};"
        "window.kpisWord=function(text){return kpisLanguage()==='en'?text:words[text]??text}})();"
    )

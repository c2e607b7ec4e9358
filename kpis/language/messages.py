"""Sentences of the product in Vietnamese and English: gettext catalogues, read with Babel.

The English sentence is the key. `locale/vi/<domain>.po` holds the Vietnamese, one file per layer, not
compiled.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from babel.messages.pofile import read_po

from kpis.errors import ErrorList, KpisError

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_FOLDER = Path(__file__).parent / "locale"


@cache
def load_catalogue(lang: Language) -> Mapping[str, str]:
    """Return every sentence of a language by key, all domains merged; empty for English."""
    return {key: text for domain in list_domains(lang) for key, text in read_domain(domain).items()}


def list_domains(lang: Language) -> list[Path]:
    """Return the catalogue files of a language, sorted by name."""
    return sorted((_FOLDER / lang).glob("*.po"))


def read_domain(path: Path) -> dict[str, str]:
    """Return one .po file as key -> sentence, "" if it is missing. Source: GNU gettext manual, PO Files."""
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, abort_invalid=True) if message.id}


def translate(lang: Language, key: str, /, **values: object) -> str:
    """Return the sentence of `key` in `lang`, or `key` if there is none, with its {placeholders} filled."""
    return (load_catalogue(lang).get(key) or key).format_map(values)


def explain(error: KpisError, lang: Language) -> str:
    """Return the sentence of an error. A value that is an error becomes its own sentence within it."""
    return translate(lang, error.text, **{name: _explain_value(value, lang) for name, value in error.values.items()})


def _explain_value(value: object, lang: Language) -> object:
    if isinstance(value, ErrorList):
        return "\n".join(explain(error, lang) for error in value)
    return explain(value, lang) if isinstance(value, KpisError) else value

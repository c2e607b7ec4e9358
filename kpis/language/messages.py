"""Sentences of the product in Vietnamese and English: gettext catalogues, read as text with Babel.

The English sentence is the key. `locale/vi/<domain>.po` holds the Vietnamese, one file per layer,
none of them compiled.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from babel.messages.pofile import read_po

from kpis.errors import KpisError

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_FOLDER = Path(__file__).parent / "locale"


@cache
def load_catalogue(lang: Language) -> Mapping[str, str]:
    """Every sentence of a language by its key, all domains merged; none for English, the keys' own."""
    return {key: text for domain in list_domains(lang) for key, text in read_domain(domain).items()}


def list_domains(lang: Language) -> list[Path]:
    """The catalogue files of a language, in order of name."""
    return sorted((_FOLDER / lang).glob("*.po"))


def read_domain(path: Path) -> dict[str, str]:
    """One .po file as key -> sentence, empty where it is missing. Source: GNU gettext manual, PO Files."""
    with path.open("rb") as file:
        return {
            str(message.id): str(message.string)
            for message in read_po(file, abort_invalid=True)
            if message.id
        }


def translate(lang: Language, key: str, /, **values: object) -> str:
    """The sentence of `key` in `lang`, its {placeholders} filled. A key without one is shown itself."""
    return (load_catalogue(lang).get(key) or key).format_map(values)


def explain(error: KpisError, lang: Language) -> str:
    """What an error says to its reader. A value that is itself an error is explained inside the sentence."""
    values = {
        name: explain(value, lang) if isinstance(value, KpisError) else value
        for name, value in error.values.items()
    }
    return translate(lang, error.text, **values)

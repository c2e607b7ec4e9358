"""Sentences of errors for whoever looks: without folders of the server and other plans for those who do not run it."""

from __future__ import annotations

from pathlib import Path

from kpis.errors import ErrorList, KpisError, RegisterError
from kpis.language.messages import Language, explain, translate
from kpis.ui.shared.page_view import PageView


def explain_to_viewer(error: KpisError, view: PageView) -> str:
    """Return the sentence of an error; of a path only its last name for a viewer elsewhere."""
    return explain(error, view.lang) if view.sees_folders else explain_without_folders(error, view.lang)


def explain_without_folders(error: KpisError, lang: Language) -> str:
    """Return the sentence of an error for who does not run the server."""
    if isinstance(error, RegisterError):  # it may name other plans
        return translate(lang, "The register has a fault. Ask the administrator to look at it.")
    values = {name: _hide_folders(value, lang) for name, value in error.values.items()}
    return translate(lang, error.text, **values)


def _hide_folders(value: object, lang: Language) -> object:
    if isinstance(value, ErrorList):
        return "\n".join(explain_without_folders(error, lang) for error in value)
    if isinstance(value, KpisError):
        return explain_without_folders(value, lang)
    return value.name if isinstance(value, Path) else value

"""Sentences of errors for whoever looks: without folders of the server for those who do not run it."""

from __future__ import annotations

from pathlib import Path

from kpis.errors import KpisError, RegisterError
from kpis.language.messages import explain, translate
from kpis.ui.shared.page_view import PageView


def explain_to_viewer(error: KpisError, view: PageView) -> str:
    """Return the sentence of an error; of a path only its last name for a viewer elsewhere."""
    if view.sees_folders:
        return explain(error, view.lang)
    if isinstance(error, RegisterError):  # it may name other plans
        return view.t("The register has a fault. Ask the administrator to look at it.")
    values = {name: _hide_folders(value, view) for name, value in error.values.items()}
    return translate(view.lang, error.text, **values)


def _hide_folders(value: object, view: PageView) -> object:
    if isinstance(value, KpisError):
        return explain_to_viewer(value, view)
    return value.name if isinstance(value, Path) else value

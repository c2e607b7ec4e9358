"""Whether a page stands whole: its ready mark, every chart drawn, no failure (docs/interface.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpis.language.messages import Language, translate

SEEN = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  const mark = document.querySelector('[data-testid=kpis-ready]');
  const images = [...document.querySelectorAll('img.kpis-chart')];
  const vega = document.querySelectorAll('[data-testid=stVegaLiteChart] :is(canvas, svg)');
  const grey = document.querySelectorAll('[data-testid^=stSkeleton], [data-testid=stAppSkeleton]');
  const failed = document.querySelectorAll('[data-testid=stException], [data-testid=stAlertContentError]');
  const hollow = [...document.querySelectorAll('[data-testid=stElementContainer]:empty')];
  return {
    script: app ? app.dataset.testScriptState || '' : '',
    mark: mark ? {...mark.dataset} : null,
    drawn: images.filter(image => image.complete && image.naturalWidth > 0).length + vega.length,
    dialogs: document.querySelectorAll('[data-testid=stDialog]').length,
    waiting: grey.length + hollow.filter(one => one.offsetParent !== null).length,
    exceptions: failed.length,
    fonts: document.fonts.status === 'loaded',
  };
}"""
"""Asks the page, in the browser, for what `Seen.of` reads.

Streamlit loads each kind of widget when a page first shows one: a grey box stands in its place until then,
an alert where it could not be loaded.
"""

AT_REST = """page => {
  const app = document.querySelector('[data-testid=stApp]');
  const mark = document.querySelector('[data-testid=kpis-ready]');
  if (!app || app.dataset.testScriptState !== 'notRunning') return false;
  if (mark && (mark.dataset.page === page || mark.dataset.state === 'error')) return true;
  return Boolean(document.querySelector('[data-testid=stException], [data-testid=stAlertContentError]'));
}"""
"""Whether a look is worth its while, asked often and cheaply: no script runs; its mark or an error stands."""


@dataclass(frozen=True)
class Seen:
    """What stands in the browser. `mark`: the ready mark's state, version, charts, page, asOf, plan.

    `waiting`: places whose widget is not drawn yet.
    """

    script: str
    mark: Mapping[str, str] | None
    drawn: int
    dialogs: int
    waiting: int
    exceptions: int
    fonts: bool

    @classmethod
    def of(cls, answer: Mapping[str, object]) -> Seen:
        """From the answer to SEEN."""
        mark = answer["mark"]
        return cls(
            script=str(answer["script"]),
            mark={str(name): str(value) for name, value in mark.items()} if isinstance(mark, dict) else None,
            drawn=int(str(answer["drawn"])),
            dialogs=int(str(answer["dialogs"])),
            waiting=int(str(answer["waiting"])),
            exceptions=int(str(answer["exceptions"])),
            fonts=bool(answer["fonts"]),
        )

    @property
    def failed(self) -> bool:
        """Whether waiting longer is of no use: the page itself says that it failed."""
        return bool(self.exceptions) or (self.mark is not None and self.mark.get("state") == "error")

    @property
    def at_rest(self) -> bool:
        """Whether nothing more is to come by itself, be it the page or what it says in its place."""
        return self.script == "notRunning" and self.mark is not None and not self.waiting and self.fonts

    def missing(self, asked: Mapping[str, str], lang: Language) -> list[str]:
        """What keeps the page from being whole, in words; empty when it is what was asked for.

        `asked`: what the mark must say, by its names ("page", "asOf", "plan").
        """
        said = []
        if self.exceptions:
            said.append(translate(lang, "an error stands on it"))
        if self.dialogs:
            said.append(translate(lang, "a dialog stands before it"))
        if self.script != "notRunning":
            said.append(translate(lang, "its script is still running"))
        if self.mark is None:
            return [*said, translate(lang, "its ready mark is missing")]
        if self.mark.get("state") != "ok":
            said.append(translate(lang, "it says that it failed"))
        if not self.mark.get("version"):
            said.append(translate(lang, "no figures have been read yet"))
        if self.waiting:
            said.append(translate(lang, "{n} of its parts are not drawn yet", n=self.waiting))
        expected = int(self.mark.get("charts") or 0)
        if self.drawn != expected:
            said.append(
                translate(lang, "{drawn} of {expected} charts are drawn", drawn=self.drawn, expected=expected)
            )
        if not self.fonts:
            said.append(translate(lang, "its typeface is not loaded"))
        for name, value in asked.items():
            if self.mark.get(name, "") != value:
                shown = self.mark.get(name) or "–"
                said.append(
                    translate(lang, "it shows “{shown}” instead of “{asked}”", shown=shown, asked=value)
                )
        return said

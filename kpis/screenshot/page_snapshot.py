"""Whether a page stands whole: its ready mark, every chart drawn, no failure (docs/interface.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpis.language.messages import Language, translate

SNAPSHOT_SCRIPT = """() => {
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

IS_SETTLED_SCRIPT = """page => {
  const app = document.querySelector('[data-testid=stApp]');
  const mark = document.querySelector('[data-testid=kpis-ready]');
  if (!app || app.dataset.testScriptState !== 'notRunning') return false;
  if (mark && (mark.dataset.page === page || mark.dataset.state === 'error')) return true;
  return Boolean(document.querySelector('[data-testid=stException], [data-testid=stAlertContentError]'));
}"""
"""Whether a look is worth its while, asked often and cheaply: no script runs; its mark or an error stands."""


@dataclass(frozen=True)
class PageSnapshot:
    """What stands in the browser. `mark`: the ready mark's state, version, charts, page, asOf, plan.

    `waiting`: places whose widget is not drawn yet.
    """

    script_state: str
    ready_mark: Mapping[str, str] | None
    charts_drawn: int
    dialogs: int
    pending_widgets: int
    exceptions: int
    fonts_loaded: bool

    @classmethod
    def parse(cls, answer: Mapping[str, object]) -> PageSnapshot:
        """From the answer to SEEN."""
        mark = answer["mark"]
        return cls(
            script_state=str(answer["script"]),
            ready_mark={str(name): str(value) for name, value in mark.items()}
            if isinstance(mark, dict)
            else None,
            charts_drawn=int(str(answer["drawn"])),
            dialogs=int(str(answer["dialogs"])),
            pending_widgets=int(str(answer["waiting"])),
            exceptions=int(str(answer["exceptions"])),
            fonts_loaded=bool(answer["fonts"]),
        )

    @property
    def has_failed(self) -> bool:
        """Whether waiting longer is of no use: the page itself says that it failed."""
        return bool(self.exceptions) or (
            self.ready_mark is not None and self.ready_mark.get("state") == "error"
        )

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to come by itself, be it the page or what it says in its place."""
        return (
            self.script_state == "notRunning"
            and self.ready_mark is not None
            and not self.pending_widgets
            and self.fonts_loaded
        )

    def list_problems(self, required_mark: Mapping[str, str], lang: Language) -> list[str]:
        """What keeps the page from being whole, in words; empty when it is what was asked for.

        `asked`: what the mark must say, by its names ("page", "asOf", "plan").
        """
        said = []
        if self.exceptions:
            said.append(translate(lang, "an error stands on it"))
        if self.dialogs:
            said.append(translate(lang, "a dialog stands before it"))
        if self.script_state != "notRunning":
            said.append(translate(lang, "its script is still running"))
        if self.ready_mark is None:
            return [*said, translate(lang, "its ready mark is missing")]
        if self.ready_mark.get("state") != "ok":
            said.append(translate(lang, "it says that it failed"))
        if not self.ready_mark.get("version"):
            said.append(translate(lang, "no figures have been read yet"))
        if self.pending_widgets:
            said.append(translate(lang, "{n} of its parts are not drawn yet", n=self.pending_widgets))
        expected = int(self.ready_mark.get("charts") or 0)
        if self.charts_drawn != expected:
            said.append(
                translate(
                    lang, "{drawn} of {expected} charts are drawn", drawn=self.charts_drawn, expected=expected
                )
            )
        if not self.fonts_loaded:
            said.append(translate(lang, "its typeface is not loaded"))
        for name, value in required_mark.items():
            if self.ready_mark.get(name, "") != value:
                shown = self.ready_mark.get(name) or "–"
                said.append(
                    translate(lang, "it shows “{shown}” instead of “{asked}”", shown=shown, asked=value)
                )
        return said

"""Whether a page is complete: its ready mark, every chart drawn, no failure (docs/interface.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpis.language.messages import Language, translate

SNAPSHOT_SCRIPT = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  const mark = document.querySelector('[data-testid=kpis-ready]');
  const images = [...document.querySelectorAll('img.kpis-chart')];
  const vega = document.querySelectorAll('[data-testid=stVegaLiteChart] :is(canvas, svg)');
  const skeletons = document.querySelectorAll('[data-testid^=stSkeleton], [data-testid=stAppSkeleton]');
  const failed = document.querySelectorAll('[data-testid=stException], [data-testid=stAlertContentError]');
  const empty = [...document.querySelectorAll('[data-testid=stElementContainer]:empty')];
  return {
    script: app ? app.dataset.testScriptState || '' : '',
    mark: mark ? {...mark.dataset} : null,
    drawn: images.filter(image => image.complete && image.naturalWidth > 0).length + vega.length,
    dialogs: document.querySelectorAll('[data-testid=stDialog]').length,
    waiting: skeletons.length + empty.filter(element => element.offsetParent !== null).length,
    exceptions: failed.length,
    fonts: document.fonts.status === 'loaded',
  };
}"""
"""Returns, in the browser, what `PageSnapshot.parse` reads.

Streamlit loads each kind of widget when a page first shows one: it draws a grey placeholder until then, and
an alert if the widget could not be loaded.
"""

IS_SETTLED_SCRIPT = """page => {
  const app = document.querySelector('[data-testid=stApp]');
  const mark = document.querySelector('[data-testid=kpis-ready]');
  if (!app || app.dataset.testScriptState !== 'notRunning') return false;
  if (mark && (mark.dataset.page === page || mark.dataset.state === 'error')) return true;
  return Boolean(document.querySelector('[data-testid=stException], [data-testid=stAlertContentError]'));
}"""
"""A cheap test before taking a snapshot: no script is running, and the page's mark or an error is there."""


@dataclass(frozen=True)
class PageSnapshot:
    """The state of a page in the browser.

    `ready_mark`: its state, version, charts, page, asOf, plan; `pending_widgets`: how many are not drawn yet.
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
        """Build a snapshot from the answer to SNAPSHOT_SCRIPT."""
        mark = answer["mark"]
        return cls(
            script_state=str(answer["script"]),
            ready_mark={str(name): str(value) for name, value in mark.items()} if isinstance(mark, dict) else None,
            charts_drawn=int(str(answer["drawn"])),
            dialogs=int(str(answer["dialogs"])),
            pending_widgets=int(str(answer["waiting"])),
            exceptions=int(str(answer["exceptions"])),
            fonts_loaded=bool(answer["fonts"]),
        )

    @property
    def has_failed(self) -> bool:
        """True if the page reports that it failed, so that waiting longer is useless."""
        return bool(self.exceptions) or (self.ready_mark is not None and self.ready_mark.get("state") == "error")

    @property
    def is_settled(self) -> bool:
        """True if the page is at rest, complete or failed: nothing will change without input."""
        return (
            self.script_state == "notRunning"
            and self.ready_mark is not None
            and not self.pending_widgets
            and self.fonts_loaded
        )

    def list_problems(self, required_mark: Mapping[str, str], lang: Language) -> list[str]:
        """Return what is missing or wrong, as phrases; empty if the page is complete and the requested one.

        `required_mark`: the values that the mark must have, by name ("page", "asOf", "plan").
        """
        problems = []
        if self.exceptions:
            problems.append(translate(lang, "it shows an error"))
        if self.dialogs:
            problems.append(translate(lang, "a dialog covers it"))
        if self.script_state != "notRunning":
            problems.append(translate(lang, "its script is still running"))
        if self.ready_mark is None:
            return [*problems, translate(lang, "its ready mark is missing")]
        if self.ready_mark.get("state") != "ok":
            problems.append(translate(lang, "it reports that it failed"))
        if not self.ready_mark.get("version"):
            problems.append(translate(lang, "no figures have been read yet"))
        if self.pending_widgets:
            problems.append(translate(lang, "{n} of its parts are not drawn yet", n=self.pending_widgets))
        expected = int(self.ready_mark.get("charts") or 0)
        if self.charts_drawn != expected:
            problems.append(
                translate(lang, "{drawn} of {expected} charts are drawn", drawn=self.charts_drawn, expected=expected)
            )
        if not self.fonts_loaded:
            problems.append(translate(lang, "its font is not loaded"))
        for name, value in required_mark.items():
            if self.ready_mark.get(name, "") != value:
                problems.append(
                    translate(
                        lang,
                        "it shows “{shown}” instead of “{expected}”",
                        shown=self.ready_mark.get(name) or "–",
                        expected=value,
                    )
                )
        return problems

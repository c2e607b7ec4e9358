"""The way of a new installation: import a plan, hand out its sheet and name it as a source, read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from kpis import settings
from kpis.access.identities import Viewer
from kpis.errors import UsageError
from kpis.language.messages import explain
from kpis.register.accepted_plans import list_accepted_versions
from kpis.register.faults import RegisterFaults
from kpis.sources.config import load_sources
from kpis.ui import pages
from kpis.ui.shared.html import Child, render_link, tag
from kpis.ui.shared.page_view import PageView

_EXAMPLE_PLAN = "ha-noi"
SHARING_GUIDE = {"vi": "docs/chia-se-google-sheet.md", "en": "docs/sharing-google-sheets.md"}


@dataclass(frozen=True)
class SetupState:
    """How far an installation is. `accepted`: plans of its own register; `missing`: those that no source is for.

    `fault`: why the sources file cannot be used.
    """

    sources_file: Path
    sources: int = 0
    accepted: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    fault: UsageError | None = None

    @property
    def needs_steps(self) -> bool:
        """True if figures of an accepted plan cannot come in yet, or nothing is configured."""
        return bool(self.missing) or not self.sources


def find_setup_state(environ: Mapping[str, str], viewer: Viewer) -> SetupState:
    """Return the state of the installation, with the plans that a viewer may import and their sources alone."""
    run_settings = settings.load_settings(environ, read_only=True)
    register = settings.get_register_folder(environ)
    versions = list_accepted_versions(register, RegisterFaults()) if register.is_dir() else {}
    accepted = tuple(plan for plan in sorted(versions) if viewer.may("import_plan", plan))
    file = run_settings.sources
    if file.resolve() == settings.get_sample_sources().resolve():
        return SetupState(settings.get_working_folder() / "sources.toml", 0, accepted, accepted)
    try:
        sources = load_sources(file).sources
    except UsageError as error:
        return SetupState(file, 0, accepted, accepted, error)
    plans = [source.plan for source in sources if viewer.may("import_plan", source.plan)]
    return SetupState(file, len(plans), accepted, tuple(plan for plan in accepted if plan not in plans))


def render_first_steps(state: SetupState, view: PageView, *, was_read: bool) -> Markup:
    """Return the three steps, each with what is done and what comes next."""
    steps = [
        (bool(state.accepted or state.sources), view.t("A plan"), [*_list_plan_sentences(state, view)]),
        (not state.needs_steps, view.t("Its sheet as a source"), [*_list_source_sentences(state, view)]),
        (was_read and not state.needs_steps, view.t("Reading"), [*_list_reading_sentences(view)]),
    ]
    items = [
        tag("li", tag("strong", f"✓ {title}" if is_done else title), *(tag("p", part) for part in parts))
        for is_done, title, parts in steps
    ]
    heading = tag("h2", view.t("From a plan to its figures"))
    return tag("section", heading, tag("ol", *items), class_="kpis kpis-steps", lang=view.lang,
               data_testid="kpis-first-steps")  # fmt: skip


def _list_plan_sentences(state: SetupState, view: PageView) -> Iterator[Child]:
    if state.accepted:
        yield view.t("Accepted here: {plans}.", plans=", ".join(state.accepted))
    link = render_link(view.build_url(pages.PLAN_IMPORT), view.t("Import a plan"))
    text = view.t("From the issued document (Word, PDF, text) to a plan, reviewed row by row. Five plans come with the "
                  "product.")  # fmt: skip
    yield Markup("{} – {}").format(link, text)


def _list_source_sentences(state: SetupState, view: PageView) -> Iterator[Child]:
    if state.fault is not None and view.sees_folders:
        yield explain(state.fault, view.lang)
    if not state.needs_steps:
        yield view.t("{n} sources are named in {file}.", n=state.sources, file=state.sources_file.name)
        return
    file = state.sources_file if view.sees_folders else state.sources_file.name
    if not view.sees_folders:
        yield view.t("This is done by the administrator:")
    for plan in state.missing or (_EXAMPLE_PLAN,):
        yield view.t("Write the plan's empty sheet, with its own lists, and give it to the agencies:")
        yield tag("code", f"python -m kpis new-sheet --plan {plan} --out {plan}.xlsx")
        yield view.t("Name it in {file}:", file=file)
        yield tag("code", f'[[source]]\nid = "{plan}"\nplan = "{plan}"\nworkbook = "{plan}.xlsx"')
    yield view.t(
        "In the place of workbook, google is the address of a Google Sheet that is shared with the service account: "
        "{guide}.",
        guide=SHARING_GUIDE[view.lang],
    )


def _list_reading_sentences(view: PageView) -> Iterator[Child]:
    yield view.t("The dashboard reads its sources by itself every few minutes (KPIS_WATCH), or at once:")
    yield tag("code", "python -m kpis sync")

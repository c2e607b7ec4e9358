"""The buttons that draw a preview of the chosen week and that seal it, their progress, what came of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from kpis.errors import KpisError
from kpis.language import clock
from kpis.language.messages import explain
from kpis.pack.edition.preview import preview
from kpis.pack.edition.progress_messages import OUTCOMES, STEPS
from kpis.pack.edition.sealing import Order, Progress, seal
from kpis.ui.pack.selection import Chosen
from kpis.ui.shared import data, html, states
from kpis.ui.shared.page_view import View

T = TypeVar("T")

_SAID, _DRAWN = "kpis_pack_said", "kpis_pack_drawn"


@dataclass(frozen=True)
class Drawn:
    """A preview of a choice, of one version of the figures: its pages as PNG pictures."""

    chosen: Chosen
    version: int
    pages: tuple[bytes, ...]


def buttons(view: View, chosen: Chosen) -> None:
    """Looking seals nothing; asking again for a sealed edition changes nothing unless it was amended."""
    with st.container(horizontal=True):
        looks = st.button(view.t("Preview"), key="kpis_pack_preview")
        seals = st.button(view.t("Seal this edition"), key="kpis_pack_make", type="primary")
        if drawn(chosen):
            st.button(view.t("Close the preview"), key="kpis_pack_close", type="tertiary", on_click=_close)
    if looks or seals:
        _close()
        st.session_state[_SAID] = _told(view, _seal if seals else _preview, chosen)
        st.rerun()
    if said := st.session_state.pop(_SAID, None):
        html.show(states.notices([states.notice(said)]))


def drawn(chosen: Chosen) -> Drawn | None:
    """The preview that this visitor drew of this choice, while its figures are those that are shown."""
    made = st.session_state.get(_DRAWN)
    known = isinstance(made, Drawn) and (made.chosen, made.version) == (chosen, data.in_use().version)
    return made if known else None


def _close() -> None:
    st.session_state.pop(_DRAWN, None)


def _told(view: View, work: Callable[[View, Chosen, Progress], str], chosen: Chosen) -> str:
    """Does it under a bar; gives what came of it, an error in its own words."""
    bar = st.progress(0.0, text=view.t(STEPS["figures"]))

    def told(done: int, whole: int, step: str) -> None:
        bar.progress(done / whole, text=view.t(STEPS.get(step, step)) if step else "")

    try:
        return work(view, chosen, told)
    except KpisError as error:
        return explain(error, view.lang)


def _order(view: View, chosen: Chosen) -> Order:
    return Order(chosen.week, chosen.plan, chosen.lang, clock.utc_now(), view.today)


def _preview(view: View, chosen: Chosen, told: Progress) -> str:
    db = data.in_use()
    pages = preview(db, chosen.pointer, _order(view, chosen), chosen.out, told)
    st.session_state[_DRAWN] = Drawn(chosen, db.version, pages)
    return ""


def _seal(view: View, chosen: Chosen, told: Progress) -> str:
    sealed = seal(data.in_use(), chosen.pointer, _order(view, chosen), chosen.out, told)
    return view.t(OUTCOMES[sealed.outcome], edition=sealed.edition.name)

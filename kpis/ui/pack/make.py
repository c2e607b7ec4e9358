"""The button that seals the edition of the chosen week, its progress, and what came of it."""

from __future__ import annotations

import streamlit as st

from kpis.errors import KpisError
from kpis.language import clock
from kpis.language.messages import explain
from kpis.pack.edition import Order, Progress, seal
from kpis.pack.narration import OUTCOMES, STEPS
from kpis.ui import data, html, states
from kpis.ui.pack.choose import Chosen
from kpis.ui.view import View

_SAID = "kpis_pack_said"


def button(view: View, chosen: Chosen) -> None:
    """Asking again for a sealed edition changes nothing unless its figures were amended."""
    if st.button(view.t("Seal the edition of this week"), key="kpis_pack_make", type="primary"):
        bar = st.progress(0.0, text=view.t(STEPS["figures"]))

        def told(done: int, whole: int, step: str) -> None:
            bar.progress(done / whole, text=view.t(STEPS.get(step, step)) if step else "")

        st.session_state[_SAID] = _seal(view, chosen, told)
        st.rerun()
    said = st.session_state.pop(_SAID, None)
    if said:
        html.show(states.notices([states.notice(said)]))


def _seal(view: View, chosen: Chosen, told: Progress) -> str:
    db = data.in_use()[1]
    order = Order(chosen.week, chosen.plan, chosen.lang, clock.utc_now(), view.today)
    try:
        sealed = seal(db, chosen.pointer, order, chosen.out, told)
    except KpisError as error:
        return explain(error, view.lang)
    return view.t(OUTCOMES[sealed.outcome], edition=sealed.edition.name)

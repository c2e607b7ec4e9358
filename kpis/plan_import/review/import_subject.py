"""What a document is imported for: a new plan, an amendment of one, or its whole new text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kpis.plan_import.model import Document, Proposal
from kpis.plan_import.outline import outline_document
from kpis.plan_import.review.amendments.base_plan import BasePlan, read_base_plan
from kpis.plan_import.review.amendments.build import build_amending_draft
from kpis.plan_import.review.draft.build import build_draft
from kpis.plan_import.review.draft.model import Draft, DraftMode
from kpis.plan_import.review.draft.places import PlanPlace
from kpis.plan_import.review.visible_indicators import MaySeePlan, hide_indicators
from kpis.register.model import Register

PLACE_WITH_KIND: Final = re.compile(r"(?:tỉnh|thành phố|xã|phường|đặc khu)\s+\S.*", re.IGNORECASE)
"""How a place is written beside a new plan: with what kind of place it is."""


@dataclass(frozen=True)
class ImportSubject:
    """The plan with its place, the register that it is imported into, and of an amendment the version in force."""

    plan: str
    place: PlanPlace
    mode: DraftMode
    register: Register
    base: BasePlan | None = None

    def hide_other_plans(self, overlay: Path | None, may_see: MaySeePlan) -> ImportSubject:
        """Return the subject without the indicators that plans out of the reviewer's sight brought."""
        register = hide_indicators(self.register, overlay, may_see)
        base = replace(self.base, register=hide_indicators(self.base.register, overlay, may_see)) if self.base else None
        return replace(self, register=register, base=base)

    def build_draft(self, document: Document, proposal: Proposal) -> Draft:
        """Return a new draft of what the document proposes."""
        outlined = outline_document(document)
        if self.base is not None:
            return build_amending_draft(self.base, self.mode, document, outlined, proposal)
        indicators = self.register.indicators.values()
        return build_draft(self.plan, self.place, document, outlined, proposal, indicators)


def read_amended_subject(overlay: Path | None, plan: str, mode: DraftMode) -> ImportSubject:
    """Return the subject of a document that amends a plan or replaces its text.

    Raises UsageError for an unknown plan, RegisterError for a register with faults.
    """
    base = read_base_plan(overlay, plan)
    of_plan = base.register.plans[plan]
    place = PlanPlace(of_plan.place, of_plan.province, of_plan.kind)
    return ImportSubject(plan, place, mode, base.register, base)

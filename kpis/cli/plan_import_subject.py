"""What `plan import` is asked to import a document for: a new plan, an amendment of one, or its whole new text."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import UsageError
from kpis.language.normalization import fold
from kpis.plan_import.model import Document, Proposal
from kpis.plan_import.outline import outline_document
from kpis.plan_import.review.amendments.base_plan import BasePlan, read_base_plan
from kpis.plan_import.review.amendments.build import build_amending_draft
from kpis.plan_import.review.draft.build import build_draft
from kpis.plan_import.review.draft.folder import PLAN_ID, DraftFolder
from kpis.plan_import.review.draft.model import Draft, DraftMode
from kpis.plan_import.review.draft.places import PlanPlace, read_place
from kpis.register.load import load_register
from kpis.register.model import Register

_PLACE: Final = re.compile(r"(?:tỉnh|thành phố|xã|phường|đặc khu)\s+\S.*", re.IGNORECASE)


@dataclass(frozen=True)
class ImportSubject:
    """The plan, its place as written, and of an amendment the version in force."""

    plan: str
    place: str
    mode: DraftMode
    register: Register
    base: BasePlan | None = None

    def read_plan_place(self) -> PlanPlace:
        """Return the place. UsageError for none."""
        if self.base is None:
            return read_place(self.place)
        plan = self.register.plans[self.plan]
        return PlanPlace(plan.place, plan.province, plan.kind)

    def build_draft(self, document: Document, proposal: Proposal) -> Draft:
        """Return a new draft of what the document proposes."""
        outlined = outline_document(document)
        if self.base is not None:
            return build_amending_draft(self.base, self.mode, document, outlined, proposal)
        indicators = self.register.indicators.values()
        return build_draft(self.plan, self.read_plan_place(), document, outlined, proposal, indicators)


def read_subject(request: Request) -> ImportSubject:
    """Return what is imported. UsageError for an id or a place that does not fit the options."""
    plan = request.require_text(options.NEW_PLAN)
    if request.is_given(options.AMENDS) and request.is_given(options.REPLACES_WHOLE):
        raise UsageError("Give either --amends or --whole, not both.")
    if not request.is_given(options.AMENDS) and not request.is_given(options.REPLACES_WHOLE):
        place = _read_place(request)
        return ImportSubject(plan, place, "new", _read_register(plan, request))
    base = read_base_plan(settings.find_overlay(request.environ), plan)
    place = base.register.plans[plan].place
    given = request.get_text(options.PLACE)
    if given is not None and fold(given) != fold(place):
        raise UsageError(
            "--place: the plan “{plan}” is of “{place}”. Leave the option out, or give the id of the plan that the "
            "document amends.",
            plan=plan, place=place,
        )  # fmt: skip
    mode: DraftMode = "whole" if request.is_given(options.REPLACES_WHOLE) else "amends"
    return ImportSubject(plan, place, mode, base.register, base)


def _read_place(request: Request) -> str:
    place = request.require_text(options.PLACE).strip()
    if not _PLACE.fullmatch(place):
        raise UsageError(
            "--place: “{text}” does not begin with its kind. Write it like “tỉnh Đồng Tháp”, “thành phố Cần Thơ” or "
            "“phường Bắc Kạn”.",
            text=place,
        )
    return place


def _read_register(plan: str, request: Request) -> Register:
    """Return the register, in which a new plan must not be; only the workbook of its own import is written again."""
    if not PLAN_ID.fullmatch(plan):
        raise UsageError("--plan: “{text}” is not an id. Write it in small letters like can-tho-2027.", text=plan)
    register = load_register(overlay=settings.find_overlay(request.environ))
    if plan in register.plans and not _is_of_draft(plan, request):
        raise UsageError(
            "--plan: the plan “{text}” exists. Give the new plan another id, like {text}-2027; a document that "
            "changes the plan is imported with --amends, one that replaces its whole text with --whole.",
            text=plan,
        )
    return register


def _is_of_draft(plan: str, request: Request) -> bool:
    """Tell whether the document is the one that a new plan was imported from; its workbook may be written again."""
    draft = DraftFolder(settings.get_register_folder(request.environ), plan).find()
    path = Path(request.require_text(options.DOCUMENT_FILE)).expanduser()
    is_new = draft is not None and draft.mode == "new" and path.is_file()
    return draft is not None and is_new and hashlib.sha256(path.read_bytes()).hexdigest() == draft.sha256

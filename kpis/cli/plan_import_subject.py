"""What the options of `plan import` name: a new plan, an amendment of one, or its whole new text."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import UsageError
from kpis.language.normalization import fold
from kpis.plan_import.review.draft.folder import PLAN_ID, DraftFolder
from kpis.plan_import.review.draft.model import DraftMode
from kpis.plan_import.review.draft.places import PlanPlace, read_place
from kpis.plan_import.review.import_subject import PLACE_WITH_KIND, ImportSubject, read_amended_subject
from kpis.register.load import load_register
from kpis.register.model import Register


def read_subject(request: Request) -> ImportSubject:
    """Return what is imported. UsageError for an id or a place that does not fit the options."""
    plan = request.require_text(options.NEW_PLAN)
    if request.is_given(options.AMENDS) and request.is_given(options.REPLACES_WHOLE):
        raise UsageError("Give either --amends or --whole, not both.")
    if not request.is_given(options.AMENDS) and not request.is_given(options.REPLACES_WHOLE):
        text = _read_place_text(request)
        register = _read_register(plan, request)
        return ImportSubject(plan, _read_place(text, request), "new", register)
    mode: DraftMode = "whole" if request.is_given(options.REPLACES_WHOLE) else "amends"
    subject = read_amended_subject(settings.find_overlay(request.environ), plan, mode)
    given = request.get_text(options.PLACE)
    if given is not None and fold(given) != fold(subject.place.name):
        raise UsageError(
            "--place: the plan “{plan}” is of “{place}”. Leave the option out, or give the id of the plan that the "
            "document amends.",
            plan=plan, place=subject.place.name,
        )  # fmt: skip
    return subject


def _read_place_text(request: Request) -> str:
    place = request.require_text(options.PLACE).strip()
    if not PLACE_WITH_KIND.fullmatch(place):
        raise UsageError(
            "--place: “{text}” does not begin with its kind. Write it like “tỉnh Đồng Tháp”, “thành phố Cần Thơ” or "
            "“phường Bắc Kạn”.",
            text=place,
        )
    return place


def _read_place(text: str, request: Request) -> PlanPlace:
    """Return the place. What is printed and not kept may be of a place that is no more."""
    try:
        return read_place(text)
    except UsageError:
        if request.is_given(options.JSON) and request.get_text(options.BOOK) is None:
            return PlanPlace(text, "", "province")
        raise


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

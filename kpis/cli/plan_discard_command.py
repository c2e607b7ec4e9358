"""`plan discard`: end the review of a draft without a plan."""

from __future__ import annotations

from kpis import settings
from kpis.access.audit import get_system_person
from kpis.cli import options
from kpis.cli.command import Request
from kpis.language.messages import translate
from kpis.plan_import.review.versions.discarding import discard_draft, find_open_draft


def run(request: Request) -> int:
    """Set the draft of the plan aside, and say of which document it was and where it stays."""
    register = settings.get_register_folder(request.environ)
    draft = find_open_draft(register, request.require_text(options.DRAFT_PLAN))
    path = discard_draft(register, draft, request.read_settings(), get_system_person(), request.now)
    text = (
        "The draft of “{plan}” (document {file}, revision {revision}) is discarded; no plan was changed. A copy stays "
        "in {path}."
    )
    values = {"plan": draft.plan, "file": draft.file_name, "revision": draft.revision, "path": path}
    request.out.write(translate(request.lang, text, **values) + "\n")
    return 0

"""`plan list`: every plan that the installation knows, and those whose import is under review."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.language.messages import translate
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.register.accepted_plans import list_accepted_versions
from kpis.register.faults import RegisterFaults
from kpis.register.load import load_register
from kpis.register.model import Plan, Register

_COLUMNS = {
    "plan": "plan", "place": "place", "title": "title", "years": "years", "targets": "targets", "tasks": "tasks",
    "state": "state",
}  # fmt: skip


def run(request: Request) -> int:
    """Print the plans of the register, then the drafts of plans that are not accepted."""
    overlay, folder = settings.find_overlay(request.environ), settings.get_register_folder(request.environ)
    register = load_register(overlay=overlay)
    versions = list_accepted_versions(overlay, RegisterFaults()) if overlay else {}
    rows = [_build_row(plan, register) for plan in register.plans.values()]
    for row in rows:
        number = versions[str(row["plan"])][-1].number if str(row["plan"]) in versions else None
        row |= {"version": number, "state": "comes with the product" if number is None else "accepted"}
    rows += _list_drafts(folder, register)
    as_json = request.is_given(options.JSON)
    if not as_json:
        for row in rows:
            row["state"] = translate(request.lang, str(row["state"]))
    request.print_rows(rows, _COLUMNS, as_json=as_json)
    return 0


def _build_row(plan: Plan, register: Register) -> dict[str, object]:
    last = plan.end_year
    return {
        "plan": plan.id,
        "province": plan.province,
        "place": plan.place,
        "title": plan.title_vi,
        "number": plan.number,
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else None,
        "years": f"{plan.start_year}–{last or ''}" if last != plan.start_year else str(last),
        "targets": sum(target.plan == plan.id for target in register.targets.values()),
        "tasks": sum(task.plan == plan.id for task in register.tasks.values()),
    }


def _list_drafts(folder: Path, register: Register) -> Iterator[dict[str, object]]:
    for path in sorted(folder.glob("drafts/*/draft.json")):
        if path.parent.name not in register.plans:
            draft = DraftFolder(folder, path.parent.name).read()
            header = {name: draft.get_row(f"header.{name}").get_value("value") for name in ("place", "title")}
            used = {
                kind: len([row for row in draft.list_rows(kind) if not row.is_added]) for kind in ("target", "task")
            }
            yield {
                "plan": draft.plan, **header, "years": "", "targets": used["target"], "tasks": used["task"],
                "version": None, "state": "under review",
            }  # fmt: skip

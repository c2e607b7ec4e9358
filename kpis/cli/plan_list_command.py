"""`plan list`: every plan that the installation knows, and those whose import is under review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.cli.output import Ordinal
from kpis.language.messages import translate
from kpis.plan_import.review.amendments.base_plan import list_in_order
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.versions.reopening import find_version_to_correct
from kpis.plan_import.review.versions.version_sentences import describe_version
from kpis.register.accepted_plans import list_accepted_versions
from kpis.register.faults import RegisterFaults
from kpis.register.load import load_register
from kpis.register.model import Plan, Register
from kpis.register.version_facts import VersionFacts, read_version_facts

_COLUMNS = {
    "plan": "plan", "place": "place", "title": "title", "years": "years", "targets": "targets", "tasks": "tasks",
    "version": "version", "document": "document", "in_force_from": "in force from", "reviewer": "reviewer",
    "state": "state",
}  # fmt: skip


def run(request: Request) -> int:
    """Print the plans of the register, then the drafts of plans that are not accepted."""
    overlay, folder = settings.find_overlay(request.environ), settings.get_register_folder(request.environ)
    register = load_register(overlay=overlay)
    versions = list_accepted_versions(overlay, RegisterFaults()) if overlay else {}
    rows = [_build_row(plan, register) for plan in register.plans.values()]
    all_facts: dict[str, list[VersionFacts]] = {}
    for row in rows:
        facts = [read_version_facts(version) for version in versions.get(str(row["plan"]), ())]
        row |= _describe_versions(facts)
        all_facts[str(row["plan"])] = facts
        draft = DraftFolder(folder, str(row["plan"])).find()
        is_open = draft is not None and not any(each.closes(draft.id, draft.revision) for each in facts)
        row["amendment"] = draft.file_name if draft is not None and is_open and draft.mode != "new" else None
        if draft is not None and is_open and find_version_to_correct(draft, facts) is not None:
            row["state"] = "a correction is under review"
        elif row["amendment"] is not None:
            row["state"] = "an amendment is under review"
    rows += _list_drafts(folder, register)
    as_json = request.is_given(options.JSON)
    if not as_json:
        for row in rows:
            row["state"] = translate(request.lang, str(row["state"]))
    request.print_rows(rows, _COLUMNS, as_json=as_json)
    if not as_json:
        _write_versions(request, all_facts)
    return 0


def _write_versions(request: Request, all_facts: Mapping[str, Sequence[VersionFacts]]) -> None:
    """Say of each version of an amended plan what it is: its document, from when it is in force, what it corrects."""
    for plan, facts in all_facts.items():
        for each in facts if len(facts) > 1 else ():
            request.write_message(f"{plan}: {describe_version(each, request.lang)}")


def _describe_versions(facts: Sequence[VersionFacts]) -> dict[str, object]:
    """Return the version in force, or the last one by day, with its day and reviewer; and all versions of the plan."""
    if not facts:
        return {"version": None, "state": "comes with the product", "versions": []}
    last = list_in_order(facts)[-1]
    return {
        "version": Ordinal(last.number),
        "document": last.document_number,
        "in_force_from": last.in_force_from,
        "reviewer": last.reviewer,
        "state": "accepted",
        "versions": [each.build_table() for each in facts],
    }


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
        "targets": sum(target.plan == plan.id for target in register.targets_in_force),
        "tasks": sum(task.plan == plan.id for task in register.tasks_in_force),
    }


def _list_drafts(folder: Path, register: Register) -> Iterator[dict[str, object]]:
    for path in sorted(folder.glob("drafts/*/draft.json")):
        if path.parent.name not in register.plans:  # an amendment under review is no plan of its own
            draft = DraftFolder(folder, path.parent.name).read()
            header = {name: draft.get_row(f"header.{name}").get_value("value") for name in ("place", "title")}
            used = {
                kind: len([row for row in draft.list_rows(kind) if not row.is_added]) for kind in ("target", "task")
            }
            yield {
                "plan": draft.plan, **header, "years": "", "targets": used["target"], "tasks": used["task"],
                "version": None, "state": "under review",
            }  # fmt: skip

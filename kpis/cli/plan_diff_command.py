"""`plan diff`: what one accepted version of a plan changes against another, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Final

from kpis import settings
from kpis.cli import options
from kpis.cli.command import Request
from kpis.cli.output import OutputRow, print_json
from kpis.errors import UsageError
from kpis.language.messages import Language, translate
from kpis.plan_import.review.versions.version_sentences import describe_version
from kpis.register.accepted_plans import AcceptedVersion, list_accepted_versions
from kpis.register.entry_changes import EntryChange
from kpis.register.faults import RegisterFaults
from kpis.register.version_differences import (
    compare_tables,
    read_version_tables,
)
from kpis.register.version_facts import VersionFacts, read_version_facts
from kpis.wording.entry_changes import format_field, format_value

_COLUMNS: Final = {
    "change": "change", "kind": "kind", "id": "id", "field": "field", "from": "from", "to": "to", "title": "title",
}  # fmt: skip


def run(request: Request) -> int:
    """Print what changed between two versions: by default the last two."""
    versions = _list_versions(request)
    old, new = _choose(versions, request)
    facts = [read_version_facts(version) for version in (old, new)]
    changes = compare_tables(read_version_tables(old), read_version_tables(new))
    if request.is_given(options.JSON):
        content = {
            "plan": new.plan,
            "from": _build_facts(facts[0]),
            "to": _build_facts(facts[1]),
            "changes": [_build_change(change, facts[1]) for change in changes],
        }
        print_json(content, request.out)
        return 0
    for item in facts:
        request.write_message(describe_version(item, request.lang))
    request.print_rows(list(_list_rows(changes, request.lang)), _COLUMNS, as_json=False)
    return 0


def _list_versions(request: Request) -> list[AcceptedVersion]:
    plan = request.require_text(options.DIFF_PLAN)
    overlay = settings.find_overlay(request.environ)
    versions = list_accepted_versions(overlay, RegisterFaults()) if overlay else {}
    if len(versions.get(plan, ())) < 2:
        raise UsageError(
            "The plan “{plan}” has {n} accepted versions; there is nothing to compare. “plan list” shows all plans.",
            plan=plan, n=len(versions.get(plan, ())),
        )  # fmt: skip
    return versions[plan]


def _choose(versions: Sequence[AcceptedVersion], request: Request) -> tuple[AcceptedVersion, AcceptedVersion]:
    texts = [request.get_text(option) for option in (options.FROM_VERSION, options.TO_VERSION)]
    if texts[0] is None:
        return versions[-2], versions[-1]
    if texts[1] is None:
        raise UsageError("Give both versions, like “plan diff {plan} 1 2”, or none.", plan=versions[0].plan)
    by_number = {str(version.number): version for version in versions}
    for text in texts:
        if text not in by_number:
            raise UsageError(
                "The plan “{plan}” has no version {text}. Its versions are {numbers}.",
                plan=versions[0].plan, text=text, numbers=", ".join(by_number),
            )  # fmt: skip
    return by_number[str(texts[0])], by_number[str(texts[1])]


def _build_facts(facts: VersionFacts) -> Mapping[str, object]:
    return {name: value for name, value in asdict(facts).items() if name not in {"clauses", "ended", "plan"}}


def _build_change(change: EntryChange, facts: VersionFacts) -> Mapping[str, object]:
    clause = next((clause for clause in facts.clauses if clause.get("id") == change.id), None)
    names = ("quote", "section", "page", "line")
    return {
        "kind": change.kind, "id": change.id, "title": change.title, "change": change.change,
        "fields": [{"field": each.field, "from": each.old, "to": each.new} for each in change.fields],
        "clause": {name: clause.get(name) for name in names} if clause else None,
    }  # fmt: skip


def _list_rows(changes: Sequence[EntryChange], lang: Language) -> Iterator[OutputRow]:
    for change in changes:
        row = {
            "change": translate(lang, f"entry {change.change}"),
            "kind": translate(lang, change.kind),
            "id": change.id,
            "title": change.title,
        }
        if not change.fields:
            yield row | {"field": "", "from": "", "to": ""}
        for each in change.fields:
            yield row | {
                "field": format_field(each.field, lang),
                "from": format_value(each.field, each.old, change.measure, lang),
                "to": format_value(each.field, each.new, change.measure, lang),
            }

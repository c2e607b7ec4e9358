"""A version of a plan, and what was accepted, in one sentence."""

from __future__ import annotations

from kpis.language.formatting import NO_VALUE, format_day
from kpis.language.messages import Language, translate
from kpis.register.version_facts import VersionFacts


def describe_version(facts: VersionFacts, lang: Language) -> str:
    """Return number, document, from when it is in force, which years it judges again, what it corrects, reviewer."""
    document = " ".join(
        part
        for part in (facts.document_number, f"({format_day(facts.issued_on, lang)})" if facts.issued_on else None)
        if part
    )
    years = ", ".join(map(str, facts.judges_again))
    parts = [
        translate(lang, "Version {number}: {document}", number=facts.number, document=document or NO_VALUE),
        translate(lang, "in force from {day}", day=format_day(facts.in_force_from, lang))
        if facts.in_force_from
        else None,
        translate(lang, "judges {years} again", years=years) if years else None,
        translate(lang, "corrects version {number}: {why}", number=facts.corrects, why=facts.why)
        if facts.corrects
        else None,
        translate(lang, "accepted by {reviewer}", reviewer=facts.reviewer),
    ]
    return "; ".join(part for part in parts if part)


def describe_acceptance(facts: VersionFacts, targets: int, tasks: int, lang: Language) -> str:
    """Return what a plan has after a version of it was accepted; of a first version, what comes next."""
    if facts.number == 1:
        text = (
            "The plan “{plan}” is accepted: {targets} targets and milestones, {tasks} tasks. Next: “new-sheet --plan "
            "{plan}”, share the sheet, name it in the sources file."
        )
        return translate(lang, text, plan=facts.plan, targets=targets, tasks=tasks)
    text = "{version}. The plan “{plan}” now has {targets} targets and milestones, {tasks} tasks."
    version = describe_version(facts, lang)
    return translate(lang, text, version=version, plan=facts.plan, targets=targets, tasks=tasks)

"""What an amendment or a correction changed of an entry: "60 → 80 từ 01/07/2026 (123/QĐ-UBND)"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpis.language.formatting import format_day
from kpis.language.messages import Language, translate
from kpis.measures.amended import Amendment
from kpis.register.entry_changes import FieldChange
from kpis.wording.entry_changes import format_field, format_value

_MINOR = frozenset(("title_vi", "title_en", "section", "line", "text", "number", "recurrence_reason_vi"))
"""Fields that are named only where nothing else changed."""


def format_amendment(amendment: Amendment, lang: Language) -> str:
    """Return one sentence without the title: what changed, from when, by which document; of a correction why."""
    version = amendment.version
    if amendment.is_correction:
        values = {"changes": format_changes(amendment, lang), "why": version.why or "", "reviewer": version.reviewer}
        return translate(lang, "correction: {changes} ({why}; {reviewer})", **values)
    document = version.document_number or translate(lang, "version {number}", number=version.number)
    day = format_day(amendment.in_force_from, lang) if amendment.in_force_from else "–"
    match amendment.change:
        case "dropped":
            sentence = translate(lang, "no longer in force from {day} ({document})", day=day, document=document)
        case "added":
            sentence = translate(lang, "new from {day} ({document})", day=day, document=document)
        case _:
            sentence = translate(
                lang, "{changes} from {day} ({document})", changes=format_changes(amendment, lang), day=day,
                document=document,
            )  # fmt: skip
    if version.judges_again:
        years = ", ".join(map(str, version.judges_again))
        sentence += "; " + translate(lang, "judges {years} again", years=years)
    return sentence


def format_changes(amendment: Amendment, lang: Language) -> str:
    """Return what changed: a floor alone as "60 → 80", other fields with their labels."""
    if amendment.change != "changed":
        return translate(lang, "entry dropped" if amendment.change == "dropped" else "entry added")
    fields = [each for each in amendment.fields if each.field not in _MINOR] or list(amendment.fields)
    if [each.field for each in fields] == ["floor"]:
        return _format_pair(fields[0], amendment, lang)
    return "; ".join(f"{format_field(each.field, lang)}: {_format_pair(each, amendment, lang)}" for each in fields)


def _format_pair(change: FieldChange, amendment: Amendment, lang: Language) -> str:
    old, new = (format_value(change.field, value, amendment.measure, lang) for value in (change.old, change.new))
    return f"{old} → {new}"


def group_by_entry(amendments: Iterable[Amendment]) -> Mapping[str, list[Amendment]]:
    """Return the amendments of each target, milestone and task by its id, in their order."""
    groups: dict[str, list[Amendment]] = {}
    for amendment in amendments:
        if amendment.kind in {"target", "milestone", "task"}:
            groups.setdefault(amendment.entry, []).append(amendment)
    return groups

"""One message an address, with a section for each agency: a short text for a phone, and an e-mail."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kpis.language import formatting
from kpis.language.messages import Language, translate
from kpis.reminders.contacts import Contacts
from kpis.reminders.owed_things import AgencyDuties

MAX_LETTERS = 2_000
"""Of the short text: what Zalo takes at once."""
_DIGEST_LENGTH = 24


@dataclass(frozen=True)
class Reminder:
    """What one address is reminded of. `digest` is equal while the same things are owed in the same states."""

    email: str
    duties: tuple[AgencyDuties, ...]

    @property
    def digest(self) -> str:
        """A hash of what is owed, without its words: days that count down change nothing."""
        signature = sorted(pair for duties in self.duties for pair in duties.signature)
        return hashlib.sha256(json.dumps(signature).encode()).hexdigest()[:_DIGEST_LENGTH]


def build_reminders(duties: Iterable[AgencyDuties], contacts: Contacts) -> tuple[list[Reminder], list[AgencyDuties]]:
    """Return one reminder an address, in the order of the duties, and the agencies that have no address."""
    by_email: dict[str, list[AgencyDuties]] = {}
    without_address = []
    for item in duties:
        emails = contacts.find_emails(item.plan, item.agency)
        if not emails:
            without_address.append(item)
        for email in emails:
            by_email.setdefault(email, []).append(item)
    return [Reminder(email, tuple(items)) for email, items in by_email.items()], without_address


def format_subject(reminder: Reminder, as_of: date, lang: Language) -> str:
    """Return the subject of the e-mail: whose work, how many things, as of when."""
    names = list(dict.fromkeys(duties.agency for duties in reminder.duties))
    name = (
        names[0] if len(names) == 1 else translate(lang, "{n} agencies", n=formatting.format_number(len(names), lang))
    )
    number = sum(len(duties.things) for duties in reminder.duties)
    key = "Reminder: {agency}, 1 thing to do, {day}" if number == 1 else "Reminder: {agency}, {n} things to do, {day}"
    day = formatting.format_day(as_of, lang)
    return translate(lang, key, agency=name, n=formatting.format_number(number, lang), day=day)


def format_mail(duties: Sequence[AgencyDuties], as_of: date, address: str | None, lang: Language) -> str:
    """Return the text of the e-mail, with everything that is owed."""
    return _format(duties, [len(item.things) for item in duties], as_of, address, lang)


def format_short(duties: Sequence[AgencyDuties], as_of: date, address: str | None, lang: Language) -> str:
    """Return at most `MAX_LETTERS` letters; what is least pressing gives way to its number and the address."""
    text = format_mail(duties, as_of, address, lang)
    if len(text) <= MAX_LETTERS:
        return text
    fitting, too_many = 0, min(sum(len(item.things) for item in duties), MAX_LETTERS)
    while too_many - fitting > 1:
        middle = (fitting + too_many) // 2
        if len(_format(duties, _choose_counts(duties, middle), as_of, address, lang)) <= MAX_LETTERS:
            fitting = middle
        else:
            too_many = middle
    text = _format(duties, _choose_counts(duties, fitting), as_of, address, lang)
    return text if len(text) <= MAX_LETTERS else text[: MAX_LETTERS - 1] + "…"


def _choose_counts(duties: Sequence[AgencyDuties], total: int) -> list[int]:
    """Return how many things of each agency are shown: of each its first, then of each its second, `total` in all."""
    counts = [0] * len(duties)
    while total:
        for at, item in enumerate(duties):
            if total and counts[at] < len(item.things):
                counts[at] += 1
                total -= 1
    return counts


def _format(
    duties: Sequence[AgencyDuties], counts: Sequence[int], as_of: date, address: str | None, lang: Language
) -> str:
    """Return the text with the first things of each agency, as many as `counts` says, and the number of the others.

    The agencies of a plan stand together; its reporting days stand once, after them.
    """
    lines = [translate(lang, "Work to do as of {day}", day=formatting.format_day(as_of, lang))]
    for plan in dict.fromkeys(item.plan for item in duties):
        sections = [(item, count) for item, count in zip(duties, counts, strict=True) if item.plan == plan and count]
        for item, count in sections:
            lines += ["", f"{item.agency} – {item.place}"]
            lines += [f"• {thing.text}" for thing in item.things[:count]]
        if sections:
            lines += sections[0][0].countdowns
    if left_out := sum(len(item.things) for item in duties) - sum(counts):
        lines += ["", translate(lang, "and {n} more", n=formatting.format_number(left_out, lang))]
    if address:
        lines += ["", translate(lang, "All of it: {address}", address=address)]
    return "\n".join(lines)

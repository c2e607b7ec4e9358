"""`remind`: what each agency owes, printed, written into files or sent to the addresses of `contacts.toml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from kpis.access.enforcement import AccessState, get_access_paths, is_enforced
from kpis.cli import options
from kpis.cli.command import Request
from kpis.cli.database_requests import open_database
from kpis.errors import UsageError
from kpis.language.messages import translate
from kpis.measures.register_facts import format_place_name, list_plans, load_agencies_by_plan
from kpis.reminders.contacts import CONTACTS_FILE, load_contacts
from kpis.reminders.mail import get_mail_server
from kpis.reminders.messages import Reminder, build_reminders, format_short
from kpis.reminders.owed_things import AgencyDuties, list_duties
from kpis.reminders.sending import SendResult, is_problem, send_reminders
from kpis.reminders.text_files import write_text_files
from kpis.store.database import Database
from kpis.store.opening import find_lake
from kpis.sync.status import ABANDONED_AFTER, list_source_statuses

DEFAULT_DAYS = 14
_OUTCOMES = {
    "sent": "sent: {email}",
    "sent_this_week": "not repeated, the same was sent this week: {email}",
    "unsure": "perhaps sent, not repeated this week: {email}",
    "failed": "not sent: {email}: {reason}",
}


def run(request: Request) -> int:
    """Print the reminders; with --out write them into a folder, with --send send them. Exit 1 if one failed."""
    days = _parse_days(request.get_text(options.DAYS))
    settings = request.read_settings(read_only=True)
    server = get_mail_server(request.environ) if request.is_given(options.SEND) else None
    with open_database(request) as database:
        if database.meta.get("sample") == "yes":
            request.write_message(translate(request.lang, "These are sample figures: nobody is reminded."))
            return 0
        plans = _list_fresh_plans(request, database, settings.pointer, request.now)
        agencies = load_agencies_by_plan(database, list_plans(database))
        contacts = load_contacts(settings.sources.parent / CONTACTS_FILE, agencies)
        duties = list_duties(database, settings.pointer, request.today, days, request.lang, plans)
    reminders, without_address = build_reminders(duties, contacts)
    address = _find_address(request)
    _write_without_address(request, without_address)
    folder = request.get_text(options.REMINDERS_FOLDER)
    if folder is not None:
        write_text_files(
            Path(folder).expanduser(), reminders, without_address,
            as_of=request.today, address=address, lang=request.lang,
        )  # fmt: skip
    if server is None:
        if folder is None:
            _print(request, reminders, address)
        return 0
    results = send_reminders(
        reminders, server, settings.pointer,
        as_of=request.today, now=request.now, address=address, lang=request.lang,
        report=lambda result: _write_result(request, result), lake=find_lake(settings),
    )  # fmt: skip
    return 1 if any(map(is_problem, results)) else 0


def _parse_days(text: str | None) -> int:
    if text is None:
        return DEFAULT_DAYS
    if not re.fullmatch(r"[0-9]{1,3}", text):
        error = UsageError("“{text}” is not a number of days. Write it like 14.", text=text)
        raise options.build_option_error(options.DAYS, error)
    return int(text)


def _list_fresh_plans(request: Request, database: Database, pointer: Path, now: datetime) -> frozenset[str]:
    """Return the plans of which every source was read well within three days; name the others."""
    fresh: dict[str, bool] = {}
    for source in list_source_statuses(database, pointer, now):
        if source.configured:
            is_fresh = source.last_good_at is not None and now - source.last_good_at <= ABANDONED_AFTER
            fresh[source.plan] = fresh.get(source.plan, True) and is_fresh
    for plan in list_plans(database):
        if not fresh.get(plan["plan"], False):
            text = "{place}: not every source was read in the last {n} days, so nobody is reminded."
            name = format_place_name(plan)
            request.write_message(translate(request.lang, text, place=name, n=ABANDONED_AFTER.days))
    return frozenset(plan for plan, is_fresh in fresh.items() if is_fresh)


def _find_address(request: Request) -> str | None:
    """Return the address of the dashboard that other machines reach; None without a rights file."""
    paths = get_access_paths(request.read_settings(read_only=True))
    if not is_enforced(paths):
        return None
    return str(AccessState(paths, request.environ).get_rights().address)


def _write_without_address(request: Request, duties: Sequence[AgencyDuties]) -> None:
    if duties:
        names = ", ".join(f"{item.agency} ({item.place})" for item in duties[:10])
        text = translate(request.lang, "Without an address: {n}. {names}", n=len(duties), names=names)
        request.write_message(text + ("…" if len(duties) > 10 else ""))


def _print(request: Request, reminders: Sequence[Reminder], address: str | None) -> None:
    for reminder in reminders:
        text = format_short(reminder.duties, request.today, address, request.lang)
        request.out.write(f"→ {reminder.email}\n\n{text}\n\n")
    if not reminders:
        request.write_message(translate(request.lang, "Nobody is to be reminded."))


def _write_result(request: Request, result: SendResult) -> None:
    text = translate(request.lang, _OUTCOMES[result.outcome], email=result.reminder.email, reason=result.reason)
    (request.write_message if is_problem(result) else lambda line: request.out.write(line + "\n"))(text)

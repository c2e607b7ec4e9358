"""`access …`: invite a person, end sessions, release a bound account, list who may what, return to open mode."""

from __future__ import annotations

from kpis.access.audit import get_system_person
from kpis.access.enforcement import AccessState, end_enforcement, get_access_paths, is_enforced
from kpis.access.errors import AuditError
from kpis.access.rights import Person
from kpis.cli import options
from kpis.cli.command import Request
from kpis.errors import UsageError
from kpis.language.messages import translate

_INVITATION_HOURS = 72


def invite(request: Request) -> int:
    """Print the address of an invitation for a person of the rights file; nothing is sent."""
    state = _load_state(request)
    rights = state.get_rights()
    person = _find_person(request, state)
    if state.store.is_bound(person.email):
        text = "{email} signs in with an account of the provider. Release it first: {command}"
        command = f"python -m kpis access unbind {person.email}"
        raise UsageError(text, email=person.email, command=command)
    state.audit.append("invite", get_system_person(), request.now, email=person.email)
    token = state.store.create_invitation(person.email, request.now)
    request.out.write(f"{rights.address}/moi#{token}\n")
    text = "Send this address to {email} alone. It can be used once, within {hours} hours; earlier ones have ended."
    request.write_message(translate(request.lang, text, email=person.email, hours=_INVITATION_HOURS))
    return 0


def unbind(request: Request) -> int:
    """Release the account that a person signs in with: the next sign-in may be another one."""
    state, email = _load_state(request), request.require_text(options.EMAIL)
    if not state.store.is_bound(email):
        raise UsageError("No account has signed in as {email}.", email=email)
    state.audit.append("unbind", get_system_person(), request.now, email=email)
    state.store.unbind(email)
    text = "{email} may sign in with another account now; the sessions have ended."
    request.out.write(translate(request.lang, text, email=email) + "\n")
    return 0


def end_sessions(request: Request) -> int:
    """End every session of a person, in every browser: also where that cannot be written into the audit."""
    state, email = _load_state(request), request.require_text(options.EMAIL)
    count = state.store.end_sessions_of(email)
    request.out.write(translate(request.lang, "{n} sessions of {email} have ended.", n=count, email=email) + "\n")
    try:
        state.audit.append("end_sessions", get_system_person(), request.now, email=email, sessions=count)
    except AuditError as error:
        request.write_message(translate(request.lang, "The audit could not be written: it has no line about this."))
        return error.exit_code
    return 0


def list_people(request: Request) -> int:
    """Print who may see and do what, as the rights file says."""
    rights = _load_state(request).get_rights()
    rows = [
        {
            "email": entry.email,
            "role": entry.role,
            "plans": "all" if entry.plans is None else ", ".join(sorted(entry.plans)),
            "agencies": ", ".join(sorted(entry.agencies)),
        }
        for entry in rights.entries
    ]
    columns = {"email": "e-mail", "role": "role", "plans": "plans", "agencies": "agencies"}
    request.print_rows(rows, columns, as_json=request.is_given(options.JSON))
    return 0


def turn_off(request: Request) -> int:
    """Return to open mode: for this machine alone, without sign-in."""
    state = _load_state(request)
    if state.paths.rights_file.exists():
        text = "Move {file} elsewhere first; while it is there, rights are enforced."
        raise UsageError(text, file=state.paths.rights_file.name)
    state.audit.append("access_off", get_system_person(), request.now)
    state.store.end_everything_open()
    end_enforcement(state.paths)
    text = "Rights are no longer enforced; from now on the dashboard answers this machine alone. Restart it."
    request.out.write(translate(request.lang, text) + "\n")
    return 0


def _load_state(request: Request) -> AccessState:
    paths = get_access_paths(request.read_settings(read_only=True))
    if not is_enforced(paths):
        text = "There is no rights file: write {file} beside the sources file first (docs/administrator.md)."
        raise UsageError(text, file=paths.rights_file.name)
    return AccessState(paths, request.environ)


def _find_person(request: Request, state: AccessState) -> Person:
    email = request.require_text(options.EMAIL)
    person = state.get_rights().find_person(email)
    if person is None:
        text = "{email} is not in {file}. Add a [[person]] with this address first."
        raise UsageError(text, email=email, file=state.paths.rights_file.name)
    return person

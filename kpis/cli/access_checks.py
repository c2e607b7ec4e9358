"""The checks of `doctor` about access: the rights file, the names in it, the audit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kpis.access.enforcement import AccessState, get_access_paths, is_enforced
from kpis.access.errors import RightsFileError
from kpis.access.rights import Rights
from kpis.cli.doctor_checks import DoctorCheck
from kpis.errors import KpisError
from kpis.register.model import Register
from kpis.settings import Settings

_SUBJECT = "access"


def check_access(settings: Settings, register: Register | None, environ: Mapping[str, str]) -> Iterator[DoctorCheck]:
    """Check who is let in: nobody but this machine without a rights file, else that the file and audit are sound."""
    paths = get_access_paths(settings)
    try:
        if not is_enforced(paths):
            yield DoctorCheck(_SUBJECT, "well", "no rights file: the dashboard answers this machine alone")
            return
    except KpisError as error:
        yield DoctorCheck(_SUBJECT, "mend", "{error}", {"error": error})
        return
    state = AccessState(paths, environ)
    try:
        rights = state.get_rights()
    except RightsFileError as error:
        yield DoctorCheck(_SUBJECT, "mend", "{error}", {"error": error})
    else:
        yield _check_names(rights, register)
    yield _check_audit(state)


def _check_names(rights: Rights, register: Register | None) -> DoctorCheck:
    """Check that every plan and agency of the rights file is one of the register's; an import may bring others."""
    unknown = [] if register is None else list(_list_unknown_names(rights, register))
    if unknown:
        text = "access.toml names what the register does not have, so nobody sees it: {names}"
        return DoctorCheck(_SUBJECT, "note", text, {"names": "; ".join(unknown)})
    people = len(rights.list_emails())
    return DoctorCheck(_SUBJECT, "well", "rights of {n} people at {address}", {"n": people, "address": rights.address})


def _list_unknown_names(rights: Rights, register: Register) -> Iterator[str]:
    names = {(agency.plan, agency.name) for agency in register.agencies}
    for entry in rights.entries:
        for plan in sorted(entry.plans or ()):
            if plan not in register.plans:
                yield f"{entry.email}: {plan}"
            else:
                yield from (f"{entry.email}: {name}" for name in sorted(entry.agencies) if (plan, name) not in names)


def _check_audit(state: AccessState) -> DoctorCheck:
    try:
        faults = state.audit.list_faults()
    except OSError as error:
        return DoctorCheck(_SUBJECT, "mend", "the audit cannot be read: {reason}", {"reason": error.strerror})
    if faults:
        text = "the audit was changed or damaged at {places}; keep its files and find out who could write them"
        return DoctorCheck(_SUBJECT, "mend", text, {"places": ", ".join(faults[:5])})
    return DoctorCheck(_SUBJECT, "well", "the audit is complete")

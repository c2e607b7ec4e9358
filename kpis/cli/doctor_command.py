"""`doctor`: checks everything and prints one line per check: that it is well, or what to fix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kpis.cli import (
    access_checks,
    doctor_checks,
    lake_checks,
    options,
    output,
    request_checks,
    server_checks,
    source_checks,
)
from kpis.cli.command import Request
from kpis.cli.doctor_checks import CheckStatus, DoctorCheck
from kpis.errors import KpisError
from kpis.language.messages import Language, explain, translate
from kpis.settings import Settings
from kpis.store.opening import open_store
from kpis.sync.clock_mend import mend_clock
from kpis.sync.result import Message

_STATUS_SIGNS: Mapping[CheckStatus, str] = {"well": "✓", "note": "·", "mend": "✗"}
_STATUS_LABELS: Mapping[CheckStatus, str] = {"well": "OK", "note": "note", "mend": "to fix"}


def run(request: Request) -> int:
    """Run `doctor`, or only mend the clock: exit 0 if all is well, 1 if only sources need fixing, else 3."""
    used = request.read_settings()
    if request.is_given(options.MEND_CLOCK):
        return _mend_clock(request, used)
    rows, exit_codes = [], []
    for check in _run_checks(request, used):
        message = _format_message(check, request.lang)
        rows.append({"check": check.subject, "verdict": check.status, "message": message})
        if check.status == "mend":
            exit_codes.append(check.exit_code)
        if not request.is_given(options.JSON):
            verdict = translate(request.lang, _STATUS_LABELS[check.status])
            subject = translate(request.lang, check.subject)
            request.out.write(f"{_STATUS_SIGNS[check.status]} {verdict:<8} {subject:<13} {message}\n")
            request.out.flush()  # reading the sheets takes long: print each result at once
    if request.is_given(options.JSON):
        request.print_rows(rows, {}, as_json=True)
    if exit_codes:
        request.write_message(
            translate(request.lang, "{n} to fix; database: {path}", n=len(exit_codes), path=used.pointer)
        )
    return max(exit_codes, default=0)


def _mend_clock(request: Request, settings: Settings) -> int:
    """Bring back what was recorded in the future; print how many moments there were."""
    moments = mend_clock(open_store(settings), request.now)
    if request.is_given(options.JSON):
        output.print_json({"mended": moments}, request.out)
    elif moments:
        text = "{n} moments of recording were in the future and are now just before the present. Run: {command}"
        request.out.write(translate(request.lang, text, n=moments, command="python -m kpis sync") + "\n")
    else:
        request.out.write(translate(request.lang, "Nothing was recorded in the future.") + "\n")
    return 0


def _run_checks(request: Request, settings: Settings) -> Iterator[DoctorCheck]:
    yield doctor_checks.check_python()
    yield doctor_checks.check_packages()
    register, loaded = doctor_checks.check_register(settings)
    yield register
    yield from source_checks.check_sources(settings, loaded, request.now, request.environ)
    yield from doctor_checks.check_database(settings)
    yield from doctor_checks.check_age(settings, request.environ, request.now, request.lang)
    yield from lake_checks.check_lake(settings, request.now, request.lang)
    yield from server_checks.check_server(settings, request.environ, request.now, request.lang)
    yield from access_checks.check_access(settings, loaded, request.environ)
    yield from request_checks.check_requests(settings)
    yield doctor_checks.check_browser()
    yield doctor_checks.check_clock(settings, request.now, request.lang)


def _format_message(check: DoctorCheck, lang: Language) -> str:
    values = {name: _format_value(value, lang) for name, value in check.values.items()}
    return translate(lang, check.message_key, **values)


def _format_value(value: object, lang: Language) -> object:
    if isinstance(value, Message):
        return value.to_text(lang)
    return explain(value, lang) if isinstance(value, KpisError) else value

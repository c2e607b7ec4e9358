"""`doctor`: checks everything and says, line by line, that it is well or what to mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kpis.cli import doctor_checks, options, source_checks
from kpis.cli.command import Request
from kpis.cli.doctor_checks import Check, Verdict
from kpis.errors import KpisError
from kpis.language.messages import Language, explain, translate
from kpis.settings import Settings

_SIGNS: Mapping[Verdict, str] = {"well": "✓", "note": "·", "mend": "✗"}
_WORDS: Mapping[Verdict, str] = {"well": "OK", "note": "note", "mend": "to mend"}


def run(request: Request) -> int:
    """`doctor`: exit 0 when all is well, 1 when only sources are to mend, else 3."""
    used = request.settings()
    rows, to_mend = [], []
    for check in _all(request, used):
        message = _message(check, request.lang)
        rows.append({"check": check.about, "verdict": check.verdict, "message": message})
        if check.verdict == "mend":
            to_mend.append(check.exit_code)
        if not request.given(options.JSON):
            verdict = translate(request.lang, _WORDS[check.verdict])
            about = translate(request.lang, check.about)
            request.out.write(f"{_SIGNS[check.verdict]} {verdict:<8} {about:<13} {message}\n")
            request.out.flush()  # reading the sheets takes its time: what is known is shown at once
    if request.given(options.JSON):
        request.show(rows, {}, as_json=True)
    if to_mend:
        request.say(
            translate(request.lang, "{n} to mend; database: {path}", n=len(to_mend), path=used.pointer)
        )
    return max(to_mend, default=0)


def _all(request: Request, used: Settings) -> Iterator[Check]:
    yield doctor_checks.python()
    yield doctor_checks.packages()
    register, loaded = doctor_checks.register(used)
    yield register
    yield from source_checks.sources(used, loaded, request.now, request.environ)
    yield from doctor_checks.database(used)
    yield doctor_checks.browser()
    yield doctor_checks.time(used, request.now, request.lang)


def _message(check: Check, lang: Language) -> str:
    values = {
        name: explain(value, lang) if isinstance(value, KpisError) else value
        for name, value in check.values.items()
    }
    return translate(lang, check.text, **values)

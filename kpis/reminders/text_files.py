"""The texts of reminders as files, one an address, for whoever sends them by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from urllib.parse import quote

from kpis.language.messages import LANGUAGES, Language, translate
from kpis.reminders.messages import Reminder, format_short
from kpis.reminders.owed_things import AgencyDuties
from kpis.store.files import as_store_error, write_atomic

_ENDING = ".txt"
_NAMES_WITHOUT_ADDRESS = {"vi": "khong-co-dia-chi.txt", "en": "without-address.txt"}


def write_text_files(
    folder: Path,
    reminders: Sequence[Reminder],
    without_address: Sequence[AgencyDuties],
    *,
    as_of: date,
    address: str | None,
    lang: Language,
) -> None:
    """Write one text an address, and one file with the agencies that have none.

    Texts that an earlier run left there for addresses that owe nothing now are removed: nobody is to send them.
    """
    with as_store_error(folder):
        folder.mkdir(parents=True, exist_ok=True)
        texts = {
            f"{quote(reminder.email, safe='@+')}{_ENDING}": format_short(reminder.duties, as_of, address, lang) + "\n"
            for reminder in reminders
        }
        missing = (format_short([item], as_of, address, lang) for item in without_address)
        texts[_NAMES_WITHOUT_ADDRESS[lang]] = "\n\n———\n\n".join([*missing, ""])
        for path in folder.glob(f"*@*{_ENDING}"):
            if path.name not in texts and _is_text_of_ours(path):
                path.unlink()
        for name, text in texts.items():
            write_atomic(folder / name, text.encode())


def _is_text_of_ours(path: Path) -> bool:
    """True if a file begins as our texts do; what people put there themselves stays."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(200).decode("utf-8", "replace")
    return any(start.startswith(translate(lang, "Work to do as of {day}", day="")) for lang in LANGUAGES)

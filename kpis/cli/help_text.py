"""The text of `--help`, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpis.cli.command import Command
from kpis.cli.options import COMMON_OPTIONS, Option
from kpis.language.messages import Language, translate
from kpis.settings import SETTINGS


def format_help(command: Command | None, commands: Mapping[str, Command], lang: Language) -> str:
    """Return the help of one command, or for None of all."""
    if command is None:
        return _format_overview(commands, lang)
    words = [
        "python -m kpis",
        command.name,
        *(option.flag for option in command.arguments[: command.argument is not None]),
        *(f"[{option.flag}]" for option in command.optional_arguments),
        _format_usage(command.options),
    ]
    usage = translate(lang, "Usage: {usage}", usage=" ".join(words).rstrip())
    options = _format_options((*command.arguments, *command.options, *COMMON_OPTIONS), lang)
    return "\n".join([usage, translate(lang, command.help), "", *options, ""])


def _format_overview(commands: Mapping[str, Command], lang: Language) -> str:
    lines = [(command.name, translate(lang, command.help)) for command in commands.values()]
    settings = [
        (setting.name, f"{translate(lang, setting.help)} [{translate(lang, setting.default)}]") for setting in SETTINGS
    ]
    return "\n".join(
        [
            translate(lang, "Usage: {usage}", usage="python -m kpis COMMAND [OPTION…]"),
            "",
            *_align_columns(lines),
            "",
            translate(lang, "Options of every command, before or after it:"),
            *_format_options(COMMON_OPTIONS, lang),
            "",
            translate(lang, "Settings (environment variables) [without them]:"),
            *_align_columns(settings),
            "",
            translate(lang, "Exit codes: 0 done, 1 a source failed or was held, 2 wrong use, 3 any other failure."),
            "",
        ]
    )


def _format_usage(options: Iterable[Option]) -> str:
    return " ".join(f"[{_format_option(option)}]" for option in options)


def _format_options(options: Iterable[Option], lang: Language) -> list[str]:
    return _align_columns([(_format_option(option), translate(lang, option.help)) for option in options])


def _format_option(option: Option) -> str:
    return option.flag if option.metavar is None else f"{option.flag} {option.metavar}"


def _align_columns(pairs: list[tuple[str, str]]) -> list[str]:
    width = max(len(name) for name, _ in pairs)
    return [f"  {name.ljust(width)}  {text}" for name, text in pairs]

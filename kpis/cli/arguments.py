"""Parsing of the command line: options before or after COMMAND; usage errors say what is accepted."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import NoReturn

from kpis.cli.command import Command
from kpis.cli.options import COMMON_OPTIONS, Option
from kpis.errors import UsageError

_SIMILARITY_CUTOFF = 0.75  # minimum similarity at which a name is suggested for an unknown one

OptionValues = dict[str, str | bool | list[str]]


class _ArgumentParser(argparse.ArgumentParser):
    """argparse that raises UsageError instead of printing English and exiting."""

    def error(self, message: str) -> NoReturn:
        raise UsageError("The command line cannot be read: {message}", message=message)


def parse_arguments(argv: Sequence[str], commands: Mapping[str, Command]) -> tuple[Command | None, OptionValues]:
    """Return the command and the values of its options by name.

    The command may be None only if `help` or `version` is among the values. Raises UsageError.
    """
    options_by_flag = {option.flag: option for option in _list_options(commands.values())}
    parser = _build_parser(options_by_flag.values())
    try:
        space, rest = parser.parse_known_args(list(argv))
    except argparse.ArgumentError as error:
        raise UsageError("{option} is used without the value it needs, or with one it does not take.",
                         option=error.argument_name) from error  # fmt: skip
    values: OptionValues = {name: value for name, value in vars(space).items() if name != "command"}
    words = [*space.command, *(text for text in rest if not text.startswith("-"))]
    command, words = _split_command(words, commands)
    if "help" in values or "version" in values:
        return command, values
    if unknown := next((text for text in rest if text.startswith("-")), None):
        raise _build_unknown_option_error(unknown, command, options_by_flag)
    if command is None:
        raise _build_command_error(words, commands)
    _read_arguments(command, words, values)
    _check_options(command, values)
    return command, values


def _split_command(words: list[str], commands: Mapping[str, Command]) -> tuple[Command | None, list[str]]:
    """Return the command that the first one or two words name, and the words after it; None and all words else."""
    for count in (2, 1):
        command = commands.get(" ".join(words[:count]))
        if len(words) >= count and command is not None:
            return command, words[count:]
    return None, words


def _read_arguments(command: Command, words: Sequence[str], values: OptionValues) -> None:
    """Add the words after the command to the values, as many as the command takes."""
    if len(words) > len(command.arguments):
        raise UsageError("“{text}” is one word too many after {command}.", text=words[-1], command=command.name)
    if command.argument is not None and not words:
        raise UsageError("{command} needs {argument} after it.", command=command.name, argument=command.argument.flag)
    values.update({argument.name: word for argument, word in zip(command.arguments, words, strict=False)})


def _build_parser(options: Iterable[Option]) -> _ArgumentParser:
    parser = _ArgumentParser(prog="python -m kpis", add_help=False, allow_abbrev=False, exit_on_error=False,
                     argument_default=argparse.SUPPRESS)  # fmt: skip
    parser.add_argument("command", nargs="*", default=[])
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--version", action="store_true")
    for option in options:
        if option.metavar is None:
            parser.add_argument(option.flag, action="store_true")
        else:
            parser.add_argument(option.flag, action="append" if option.repeats else "store")
    return parser


def _list_options(commands: Iterable[Command]) -> Iterable[Option]:
    return (*COMMON_OPTIONS, *(option for command in commands for option in command.options))


def _check_options(command: Command, values: OptionValues) -> None:
    accepted = {option.name: option.flag for option in (*COMMON_OPTIONS, *command.options)}
    arguments = {argument.name for argument in command.arguments}
    for name in values:
        if name not in accepted and name not in arguments:
            raise UsageError(
                "{command} does not take --{name}. It takes {known}.",
                command=command.name, name=name.replace("_", "-"), known=", ".join(accepted.values()),
            )  # fmt: skip


def _build_unknown_option_error(
    text: str, command: Command | None, options_by_flag: Mapping[str, Option]
) -> UsageError:
    flag = text.partition("=")[0]
    accepted = [option.flag for option in (*COMMON_OPTIONS, *command.options)] if command else list(options_by_flag)
    if near := get_close_matches(flag, accepted, n=1, cutoff=_SIMILARITY_CUTOFF):
        return UsageError("Unknown option {flag}. Did you mean {near}?", flag=flag, near=near[0])
    return UsageError("Unknown option {flag}. The options are {known}.", flag=flag, known=", ".join(accepted))


def _build_command_error(words: Sequence[str], commands: Mapping[str, Command]) -> UsageError:
    names = ", ".join(commands)
    if not words:
        return UsageError(
            "No command given. The commands are {known}. “python -m kpis --help” explains them.", known=names
        )
    # The first word of commands of two words, which the second word tells apart.
    group = [name for name in commands if name.startswith(f"{words[0]} ")]
    text = " ".join(words[:2]) if group else words[0]
    if near := get_close_matches(text, group or commands, n=1, cutoff=_SIMILARITY_CUTOFF):
        return UsageError("Unknown command “{text}”. Did you mean {near}?", text=text, near=near[0])
    return UsageError("Unknown command “{text}”. The commands are {known}.", text=text, known=", ".join(group) or names)

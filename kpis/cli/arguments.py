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
    command = commands.get(words[0]) if words else None
    if "help" in values or "version" in values:
        return command, values
    if unknown := next((text for text in rest if text.startswith("-")), None):
        raise _build_unknown_option_error(unknown, command, options_by_flag)
    if command is None:
        raise _build_command_error(words, commands)
    _read_argument(command, words[1:], values)
    _check_options(command, values)
    return command, values


def _read_argument(command: Command, words: Sequence[str], values: OptionValues) -> None:
    """Add the word after the command to the values, if the command takes one."""
    argument = command.argument
    if len(words) > (argument is not None):
        raise UsageError("“{text}” is one word too many after {command}.", text=words[-1], command=command.name)
    if argument is not None:
        if not words:
            raise UsageError("{command} needs {argument} after it.", command=command.name, argument=argument.flag)
        values[argument.name] = words[0]


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
    for name in values:
        if name not in accepted and (command.argument is None or name != command.argument.name):
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
    if near := get_close_matches(words[0], commands, n=1, cutoff=_SIMILARITY_CUTOFF):
        return UsageError("Unknown command “{text}”. Did you mean {near}?", text=words[0], near=near[0])
    return UsageError("Unknown command “{text}”. The commands are {known}.", text=words[0], known=names)

"""Every command, in the order that `--help` shows."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.cli import register_commands
from kpis.cli.command import Command

COMMANDS: Mapping[str, Command] = {
    command.name: command for command in (register_commands.TARGETS, register_commands.TASKS)
}

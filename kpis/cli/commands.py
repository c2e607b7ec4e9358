"""Every command, in the order that `--help` shows."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.cli.command import Command
from kpis.cli.doctor import DOCTOR
from kpis.cli.finding_commands import REJECTIONS, WARNINGS
from kpis.cli.measure_commands import ATTAINMENT, TASK_STATUS
from kpis.cli.register_commands import TARGETS, TASKS
from kpis.cli.sync_command import SYNC

COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in (SYNC, ATTAINMENT, TASK_STATUS, REJECTIONS, WARNINGS, TARGETS, TASKS, DOCTOR)
}

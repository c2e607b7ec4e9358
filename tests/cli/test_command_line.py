"""Options may come before or after the command; a usage error says what is accepted."""

import pkgutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_type_hints

import pytest

from kpis.cli.arguments import parse_arguments
from kpis.cli.command import Command, Request
from kpis.cli.commands import COMMANDS
from kpis.cli.help_text import format_help
from kpis.cli.options import JSON, Option
from kpis.errors import UsageError
from kpis.language.messages import load_catalogue
from tests.cli.command_runner import CliRun, run_kpis
from tests.paths import ROOT


@pytest.mark.parametrize(
    "argv",
    [
        ["targets", "--json", "--plan", "dong-thap", "--lang", "en"],
        ["--json", "--plan", "dong-thap", "--lang", "en", "targets"],
        ["--lang", "en", "targets", "--plan=dong-thap", "--json"],
        ["--plan", "dong-thap", "targets", "--json"],
    ],
)
def test_options_may_come_before_or_after_the_command(argv: list[str]) -> None:
    assert run_kpis(*argv).out == run_kpis("targets", "--plan", "dong-thap", "--json").out


@pytest.mark.parametrize(
    ("argv", "vietnamese", "english"),
    [
        ([], "Cần lệnh nào?", "No command given."),
        (["target"], "Có phải ý là targets?", "Did you mean targets?"),
        (["dance"], "Không có lệnh “dance”", "Unknown command “dance”"),
        (["targets", "--jsn"], "Có phải ý là --json?", "Did you mean --json?"),
        (["--colour", "targets"], "Không có tùy chọn --colour", "Unknown option --colour"),
        (["targets", "--accept-shrink", "x"], "không dùng --accept-shrink", "does not take --accept-shrink"),
        (["targets", "--plan"], "--plan thiếu giá trị", "--plan is used without the value"),
        (["targets", "--json=1"], "--json thiếu giá trị", "--json is used without the value"),
        (["targets", "tasks"], "“tasks” là từ thừa", "“tasks” is one word too many"),
        (["targets", "--plan", "hue"], "Không có kế hoạch “hue”", "Unknown plan “hue”"),
        (
            ["attainment", "--as-of", "31/02/2026"],
            "--as-of: “31/02/2026” không có trong lịch",
            "--as-of: “31/02/2026”",
        ),
        (["attainment", "--year", "26"], "--year: “26” không phải là năm", "--year: “26” is not a year"),
        (["attainment", "--by", "lead"], "--by: Ở đây không có “lead”", "--by: “lead”"),
        (["attainment", "--plan", "ha-noi", "--province", "Hà Nội"], "--province", "--province"),
        (["attainment", "--known-at", "x"], "--known-at: “x” không phải", "--known-at: “x” is no"),
        (["sync", "--now", "x"], "--now: “x” không phải", "--now: “x” is no"),
        (["sync", "--sources", "/nowhere.toml"], "/nowhere.toml", "/nowhere.toml"),
    ],
)
def test_a_usage_error_says_what_is_accepted_and_exits_2(argv: list[str], vietnamese: str, english: str) -> None:
    run = run_kpis(*argv)
    assert (run.code, run.out) == (2, "")
    assert vietnamese in run.err
    assert english in run_kpis("--lang", "en", *argv).err
    assert english in run_kpis(*argv, environ={"KPIS_LANGUAGE": "en"}).err
    assert "Traceback" not in run.err


def test_an_unknown_language_is_rejected_in_vietnamese() -> None:
    run = run_kpis("--lang", "fr", "targets")
    assert run.code == 2
    assert "Không có ngôn ngữ “fr”" in run.err
    assert run_kpis("targets", environ={"KPIS_LANGUAGE": "fr"}).code == 2


@pytest.mark.parametrize("argv", [["--help"], ["-h"], ["targets", "--help"], ["--help", "tasks"]])
def test_help_is_printed_to_standard_output_in_the_users_language(argv: list[str]) -> None:
    run = run_kpis(*argv)
    assert run.code == 0
    assert run.out.startswith("Cách dùng: python -m kpis")
    assert run_kpis("--lang", "en", *argv).out.startswith("Usage: python -m kpis")


@pytest.mark.parametrize("argv", [["--version"], ["targets", "--version"], ["--lang", "en", "--version"]])
def test_the_version_is_that_of_the_project_file(argv: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert run_kpis(*argv) == CliRun(0, f"kpis {project['version']}\n", "")


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.name)
def test_every_command_resolves_to_a_function(command: Command) -> None:
    function = pkgutil.resolve_name(command.function)
    assert get_type_hints(function) == {"request": Request, "return": int}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.name)
def test_every_command_and_option_is_explained_in_vietnamese(command: Command) -> None:
    for key in [command.help, *(option.help for option in command.options)]:
        assert key in load_catalogue("vi")
    assert run_kpis(*command.name.split(), "--help").code == 0


def test_an_invalid_register_exits_3_and_names_the_file_and_target(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans/x.toml").write_text('[[target]]\nid = "ha-noi.99"\nfloor = 1\n', encoding="utf-8")
    run = run_kpis("targets", environ={"KPIS_REGISTER": str(tmp_path)})
    assert run.code == 3
    assert str(tmp_path / "plans/x.toml") in run.err
    assert "target[ha-noi.99]" in run.err


def test_an_unexpected_error_is_one_sentence_and_its_traceback_is_logged_next_to_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kpis.cli import register_commands

    def raise_error(**_: object) -> None:
        raise RuntimeError("a made-up error")

    monkeypatch.setattr(register_commands, "load_register", raise_error)
    run = run_kpis("targets", "--database", str(tmp_path / "here/kpis.json"))
    assert run.code == 3
    assert run.err.count("\n") == 1
    assert "a made-up error" in (tmp_path / "here/kpis-errors.log").read_text(encoding="utf-8")
    assert str(tmp_path / "here/kpis-errors.log") in run.err


def test_a_real_run_prints_vietnamese_to_a_pipe_in_any_locale() -> None:
    run = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-m", "kpis", "targets", "--plan", "tuyen-quang"],
        cwd=ROOT, capture_output=True, check=False, env={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, b"")
    assert "Hội nghị" in run.stdout.decode("utf-8")


def test_a_reader_that_closes_the_pipe_early_is_no_error() -> None:
    command = f"{sys.executable} -m kpis tasks --json | head -c 10"
    run = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, check=False)
    assert (run.stdout, run.stderr) == (b"[\n  {\n    ", b"")


NESTED_COMMANDS = {
    command.name: command
    for command in (
        Command("plan list", "", (JSON,), ""),
        Command("plan diff", "", (), "", Option("ID", None, ""), (Option("FROM", None, ""), Option("TO", None, ""))),
    )
}


def test_a_command_may_be_two_words_with_optional_words_after_it() -> None:
    command, values = parse_arguments(["--json", "plan", "list"], NESTED_COMMANDS)
    assert (command and command.name, values) == ("plan list", {"json": True})
    _, values = parse_arguments(["plan", "diff", "hue", "1", "2"], NESTED_COMMANDS)
    assert values == {"ID": "hue", "FROM": "1", "TO": "2"}
    _, values = parse_arguments(["plan", "diff", "hue"], NESTED_COMMANDS)
    assert values == {"ID": "hue"}
    assert "plan diff ID [FROM] [TO]" in format_help(NESTED_COMMANDS["plan diff"], NESTED_COMMANDS, "en")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["plan"], "The commands are plan list, plan diff"),
        (["plan", "lst"], "Did you mean plan list?"),
        (["plan", "dance"], "Unknown command “plan dance”. The commands are plan list, plan diff."),
        (["plan", "diff"], "plan diff needs ID after it"),
        (["plan", "diff", "hue", "1", "2", "3"], "“3” is one word too many after plan diff"),
    ],
)
def test_a_wrong_second_word_names_the_right_ones(argv: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message.replace("?", r"\?")):
        parse_arguments(argv, NESTED_COMMANDS)

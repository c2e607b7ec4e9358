"""`targets` and `tasks` print the register without a database (design.md §6)."""

from pathlib import Path

from tests.cli.command_runner import run_kpis


def test_targets_are_one_json_list_with_every_field() -> None:
    run = run_kpis("targets", "--json")
    assert (run.code, run.err) == (0, "")
    assert len(run.json) == 46
    (news,) = [row for row in run.json if row["id"] == "dong-thap.10"]
    assert (news["indicator"], news["floor"], news["recurrence"]) == ("news_items", 10, "by_end")
    assert (news["citation"]["plan_number"], news["citation"]["line"]) == ("395/KH-UBND", 65)


def test_tasks_are_one_json_list() -> None:
    rows = run_kpis("tasks", "--json").json
    assert len(rows) == 42 + 31 + 16
    task = next(row for row in rows if row["id"] == "dong-thap.III.5")
    assert (task["section"], task["number"], task["leads"]) == ("III", "5", ["Sở Công Thương"])


def test_a_table_is_in_the_users_language() -> None:
    vietnamese = run_kpis("targets", "--plan", "dong-thap").out.splitlines()
    assert vietnamese[0].startswith("chỉ tiêu")
    assert len(vietnamese) == 2 + 10
    assert "100%" in vietnamese[2]
    english = run_kpis("--lang", "en", "targets", "--plan", "dong-thap").out
    assert "News items on consumer-protection work" in english
    assert run_kpis("tasks", "--plan", "ha-noi").out == "Không có gì để hiện.\n"


def test_an_overlay_takes_effect_at_once(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans/x.toml").write_text('[[target]]\nid = "ha-noi.13"\npopulation = 2150\n', encoding="utf-8")
    rows = run_kpis("targets", "--json", environ={"KPIS_REGISTER": str(tmp_path)}).json
    assert [row["population"] for row in rows if row["id"] == "ha-noi.13"] == [2150]

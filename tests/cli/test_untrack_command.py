"""`plan untrack` ends a plan that no source is configured for."""

from pathlib import Path

from tests.cli.conftest import VALID_ROWS, Project


def test_a_plan_that_was_configured_by_mistake_is_untracked(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write_workbook(VALID_ROWS[:2])
    project.run_kpis("sync")
    refused = project.run_kpis("plan", "untrack", "dong-thap")
    assert (refused.code, "đang được đọc từ dong-thap" in refused.err) == (2, True)
    other = '[[source]]\nid = "other"\nplan = "ha-noi"\nworkbook = "none.xlsx"\n'
    project.sources.write_text(other, encoding="utf-8")
    project.run_kpis("sync")
    done = project.run_kpis("plan", "untrack", "dong-thap")
    assert done.out == (
        "Đã thôi theo dõi dong-thap; 2 dòng không còn được tính. Những gì đã biết trước đó vẫn được giữ.\n"
    )
    assert {row["plan"] for row in project.run_kpis("attainment", "--json").json} == {"ha-noi"}


def test_a_picture_is_taken_of_a_tracked_plan_alone(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write_workbook(VALID_ROWS[:2])
    unread = project.run_kpis("screenshot", "--page", "tasks", "--plan", "khong-co", "--out", str(tmp_path / "a.png"))
    assert (unread.code, "ha-noi" in unread.err) == (2, True)  # nothing was read: every plan of the register
    project.run_kpis("sync")
    for option, name in (("--plan", "ha-noi"), ("--province", "Hà Nội")):
        refused = project.run_kpis("screenshot", "--page", "tasks", option, name, "--out", str(tmp_path / "a.png"))
        assert refused.code == 2
        assert "ong-thap" in refused.err or "Đồng Tháp" in refused.err
        assert "tuyen-quang" not in refused.err and "Tuyên Quang" not in refused.err

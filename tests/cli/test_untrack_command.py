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

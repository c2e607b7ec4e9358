"""The register's rows fit the register tables of the database, column by column."""

import re
from dataclasses import replace
from decimal import Decimal

import duckdb
import pandas

from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.register.tables import build_place_suffixes, build_tables
from tests.paths import ROOT
from tests.register.conftest import RegisterFolder

SCHEMA = ROOT / "kpis/store/schema.sql"


def test_every_row_can_be_loaded_into_the_schema(five_plans: Register) -> None:
    con = duckdb.connect()
    con.execute(SCHEMA.read_text(encoding="utf-8"))
    rows_by_table = build_tables(five_plans)
    for table, rows in rows_by_table.items():
        columns = [row[0] for row in con.execute(f"describe {table}").fetchall()]
        for row in rows:
            assert set(row) == set(columns) - {"recorded_at", "retired_at"}, table
        if rows:
            frame = pandas.DataFrame(rows, columns=columns, dtype=object)
            con.register("incoming", frame)
            con.execute(f"insert into {table} select * from incoming")  # noqa: S608
            assert con.execute(f"select count(*) from {table}").fetchone() == (len(rows),)  # noqa: S608
    con.close()


def test_every_register_table_of_the_schema_is_filled(five_plans: Register) -> None:
    text = SCHEMA.read_text(encoding="utf-8").split("---------- history")[0]
    assert set(re.findall(r"create table (\w+)", text)) - {"meta", "plan_changes", "totals", "tracked_plans"} == set(
        build_tables(five_plans)
    )


def test_rosters_shares_and_collectives_have_their_rows(folder: RegisterFolder) -> None:
    folder.replace("plans/ha-noi.toml", "stretch = 5", 'roster = ["SCT"]\nshares = { SCT = 1.5 }')
    rows = build_tables(load_register(folder.path))
    assert rows["rosters"] == [{"target": "ha-noi.01", "agency": "Sở Công Thương"}]
    assert rows["shares"] == [{"target": "ha-noi.01", "agency": "Sở Công Thương", "share": Decimal("1.5")}]
    assert rows["targets"][0]["roster_size"] == 1
    assert rows["task_leads"][1] == {
        "task": "ha-noi.III.2",
        "agency": "UBND các xã, phường",
        "collective": True,
        "position": 0,
    }
    assert rows["agencies"][-1]["collective"] is True


def test_a_place_with_several_plans_has_each_named_by_its_years_or_else_its_title(five_plans: Register) -> None:
    first = five_plans.plans["ha-noi"]
    later = replace(first, id="ha-noi-2031", start_year=2031, end_year=2031, shown_to=2031)
    other = replace(later, id="ha-noi-so", title_vi="Chuyển đổi số")
    assert build_place_suffixes(five_plans.plans.values()) == {}
    assert build_place_suffixes([first, later]) == {"ha-noi": "2026–2030", "ha-noi-2031": "2031"}
    assert build_place_suffixes([first, later, other])["ha-noi-so"] == "2031 (Chuyển đổi số)"

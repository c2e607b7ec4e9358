"""An address of a lake is told from a path, and no password is in it or in what is said of it."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpis.errors import KpisError, StoreError, UsageError
from kpis.store.lake.address import PARAMETERS, LakeAddress, parse_address

PLAIN = "host=db.example port=5432 dbname=kpis user=kpis_leader"
SECRET = "Hunter2Hunter2"


def _parse(text: str) -> LakeAddress:
    address = parse_address(text)
    assert address is not None
    return address


@pytest.mark.parametrize(
    "text",
    [
        "var/kpis.json", "/srv/kpis/kpis.json", "C:\\kpis\\kpis.json", "", "postgres.json", "postgres:x", "lake",
        "dữ liệu/kpis.json", "./ducklake:x", "host=a dbname=b user=c",
    ],
)  # fmt: skip
def test_a_path_is_no_address(text: str) -> None:
    assert parse_address(text) is None


@pytest.mark.parametrize(
    ("text", "conninfo"),
    [
        (f"ducklake:postgres:{PLAIN}", PLAIN),
        (f"  DuckLake:Postgres:  {PLAIN}  ", PLAIN),
        ("ducklake:postgres:user=kpis_leader dbname = kpis host=db.example", PLAIN),
        ("postgresql://kpis_leader@db.example/kpis", PLAIN),
        ("postgres://kpis_leader@db.example:5432/kpis", PLAIN),
        ("ducklake:postgres:postgresql://kpis_leader@db.example/kpis", PLAIN),
        ("postgresql://kpis_leader@db.example/kpis?sslmode=verify-full", f"{PLAIN} sslmode=verify-full"),
        (f"ducklake:postgres:{PLAIN} passfile=/etc/kpis/pgpass", f"{PLAIN} passfile=/etc/kpis/pgpass"),
        ("postgresql://u@[::1]:6000/kpis", "host=::1 port=6000 dbname=kpis user=u"),
        (
            "ducklake:postgres:hostaddr=10.0.0.7 dbname=k user=u@tenant",
            "hostaddr=10.0.0.7 port=5432 dbname=k user=u@tenant",
        ),
        (
            "ducklake:postgres:host=/var/run/postgresql dbname=k user=u",
            "host=/var/run/postgresql port=5432 dbname=k user=u",
        ),
    ],
)
def test_an_address_has_one_form(text: str, conninfo: str) -> None:
    address = _parse(text)
    assert address.conninfo == conninfo
    assert _parse(f"ducklake:postgres:{address.conninfo}") == address


def test_what_may_be_shown_is_server_port_and_database() -> None:
    assert _parse(f"ducklake:postgres:{PLAIN}").describe() == "db.example:5432/kpis"
    assert _parse("ducklake:postgres:hostaddr=10.0.0.7 dbname=k user=u").describe() == "10.0.0.7:5432/k"


@pytest.mark.parametrize(
    "text",
    [
        f"ducklake:postgres:{PLAIN} password={SECRET}",
        f"ducklake:postgres:{PLAIN} sslpassword={SECRET}",
        f"postgresql://kpis:{SECRET}@db.example/kpis",
        f"postgresql://kpis@db.example/kpis?password={SECRET}",
        f"ducklake:postgres:postgres://kpis:{SECRET}@db.example/kpis",
    ],
)
def test_a_password_is_refused_with_the_place_for_it(text: str) -> None:
    with pytest.raises(UsageError, match=r"holds a password\. Put it into a pgpass file .* or into PGPASSWORD"):
        parse_address(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"ducklake:postgres:{PLAIN} options=-cfsync=off", "may not hold options"),
        (f"ducklake:postgres:{PLAIN} service=x", "may not hold service"),
        (f"ducklake:postgres:{PLAIN} application_name=x", "may not hold application_name"),
        (f"ducklake:postgres:{PLAIN} no_such={SECRET}", "cannot be read"),
        (f"ducklake:postgres:{PLAIN} {SECRET}", "cannot be read"),
        (f"ducklake:postgres:{PLAIN} {SECRET}=x", "cannot be read"),
        (f"postgresql://kpis:{SECRET}%zz@db.example/kpis", "cannot be read"),
        (f"postgresql://kpis@db.example/kpis?{SECRET}", "cannot be read"),
        ("ducklake:postgres:", "lacks host, dbname, user"),
        ("ducklake:postgres:port=1", "lacks host, dbname, user"),
        ("ducklake:postgres:hostaddr=10.0.0.7 user=u", "lacks host, dbname"),
        ("postgresql://", "lacks host, dbname, user"),
        ("ducklake:postgres:host=a,b dbname=k user=u", "a value for host"),
        ("postgresql://u@a,b/k", "a value for host"),
        ("ducklake:postgres:host=a port=99999 dbname=k user=u", "a value for port"),
        ("ducklake:postgres:host=a port=x dbname=k user=u", "a value for port"),
        (f"ducklake:postgres:host=a dbname=postgres://u:{SECRET}@b/k user=u", "a value for dbname"),
        (f"ducklake:postgres:{PLAIN}?metadata_schema=x", "quotes, question marks"),
        (f"ducklake:postgres:{PLAIN} passfile='/a b'", "quotes, question marks"),
        (f"ducklake:postgres:{PLAIN}' (data_path 'x", "quotes, question marks"),
        (f"ducklake:postgres:{PLAIN}; drop table x", "quotes, question marks"),
        ("postgresql://u@a/k%27%20(x", "quotes, question marks"),
        ("postgresql://u@a/k%3Fx", "quotes, question marks"),
        ("postgresql://u@a/k%20password=x", "a value for dbname"),
        ("ducklake:sqlite:catalog.db", "its address begins with ducklake:postgres:"),
        ("ducklake:catalog.ducklake", "its address begins with ducklake:postgres:"),
    ],
)
def test_a_wrong_address_is_refused_in_words_that_repeat_no_value(text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_address(text)
    assert sentence in str(caught.value)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.builds(
                "{}={}".format,
                st.sampled_from([*PARAMETERS, "password", "options", "service"]),
                st.text("ab1:/@%?'\"\\ =,;$\n", max_size=8),
            ),
            st.sampled_from(PLAIN.split(" ")),
        ),
        max_size=8,
    ),
    st.sampled_from(["ducklake:postgres:", "postgresql://", "postgres://u@h/d?", "ducklake:"]),
)
@example(words=PLAIN.split(" "), prefix="ducklake:postgres:")
def test_any_text_is_refused_or_gives_an_address_that_cannot_leave_its_quotes(words: list[str], prefix: str) -> None:
    try:
        address = parse_address(prefix + " ".join(words))
    except UsageError:
        return
    assert address is not None
    assert set("'\"\\?;$\n").isdisjoint(address.conninfo)
    assert "password" not in address.parameters
    assert set(address.parameters) <= set(PARAMETERS)
    assert {"port", "dbname", "user"} <= set(address.parameters)
    assert _parse(f"ducklake:postgres:{address.conninfo}") == address


def test_without_psycopg_an_address_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert parse_address("var/kpis.json") is None
    with pytest.raises(StoreError, match=r"psycopg is missing\. Run: pip install kpis\[lake\]") as caught:
        parse_address(f"ducklake:postgres:{PLAIN} password={SECRET}")
    assert isinstance(caught.value, KpisError)
    assert SECRET not in str(caught.value)

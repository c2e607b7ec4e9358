"""`access.toml`: read whole, every fault named, nothing let in by a file that is not valid."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.access.address import parse_address
from kpis.access.errors import RightsFileError
from kpis.access.rights import ROLES, Rights
from kpis.access.rights_file import load_rights
from kpis.language.messages import explain
from tests.paths import ROOT

VALID = """
address = "https://kpi.example.vn/trang"

[provider]
issuer = "https://accounts.google.com"
client_id = "id"
client_secret_file = "secret"

[[person]]
email = "Lanh.Dao@example.vn"
role = "leader"
plans = ["ha-noi"]

[[person]]
email = "can-bo@example.vn"
role = "officer"
plans = ["ha-noi"]
agencies = ["Sở Y tế"]

[[person]]
email = "quan-tri@example.vn"
role = "administrator"
"""


def load(folder: Path, text: str) -> Rights:
    (folder / "secret").write_text("s\n", encoding="utf-8")
    path = folder / "access.toml"
    path.write_text(text, encoding="utf-8")
    return load_rights(path, {})


def explain_faults(folder: Path, text: str) -> str:
    with pytest.raises(RightsFileError) as caught:
        load(folder, text)
    return explain(caught.value, "en")


def test_a_valid_file_is_read(tmp_path: Path) -> None:
    rights = load(tmp_path, VALID)
    assert (rights.address.origin, rights.address.path) == ("https://kpi.example.vn", "/trang")
    assert rights.provider is not None and rights.provider.client_secret == "s"
    assert "client_secret" not in repr(rights), "a secret never reaches a log"
    assert rights.find_person("nobody@example.vn") is None
    leader = rights.find_person("  LANH.DAO@EXAMPLE.VN ")
    assert leader is not None and leader.full_plans == {"ha-noi"}


def test_the_sample_is_valid_and_names_nobody_who_could_sign_in(tmp_path: Path) -> None:
    """Who leaves the people of the sample in lets nobody in: `.example` is reserved (RFC 2606)."""
    text = (ROOT / "access.example.toml").read_text(encoding="utf-8").replace("oidc-secret", "secret")
    rights = load(tmp_path, text)
    assert {entry.role for entry in rights.entries} == set(ROLES)
    names = [rights.address.host, *(email.partition("@")[2] for email in rights.list_emails())]
    assert [name for name in names if not name.endswith(".example")] == []


def test_roles_give_what_the_guide_says(tmp_path: Path) -> None:
    rights = load(tmp_path, VALID)
    leader, officer, administrator = (rights.find_person(email) for email in rights.list_emails())
    assert leader and officer and administrator
    assert leader.may("download", "ha-noi") and not leader.may("seal", "ha-noi")
    assert not leader.may("download", "dong-thap") and not leader.may("download")
    assert officer.may("see", "ha-noi") and not officer.may("download", "ha-noi")
    assert officer.agencies_by_plan == {"ha-noi": {"Sở Y tế"}} and not officer.full_plans
    assert administrator.may("read_again") and administrator.sees_all_plans


def test_an_action_needs_one_entry_with_both_role_and_scope(tmp_path: Path) -> None:
    text = VALID + '\n[[person]]\nemail = "lanh.dao@example.vn"\nrole = "focal"\nplans = ["dong-thap"]\n'
    person = load(tmp_path, text).find_person("lanh.dao@example.vn")
    assert person is not None
    assert person.may("seal", "dong-thap") and not person.may("seal", "ha-noi")
    assert person.full_plans == {"ha-noi", "dong-thap"}


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    text = (
        'address = "http://kpi.example.vn"\nfoo = 1\n[provider]\nissuer = "x"\nclient_id = ""\n'
        'client_secret_file = "none"\nemail_verified = "yes"\n[sessions]\nidle = "2d"\nlifetime = "1h"\n'
        '[[person]]\nemail = "a"\nrole = "boss"\n[[person]]\nemail = "b@x.vn"\nrole = "officer"\nplans = ["a", "b"]\n'
    )
    sentence = explain_faults(tmp_path, text)
    for part in (
        "“foo”", "address:", "[provider] issuer", "[provider] client_id", "none", "[provider] email_verified",
        "“idle” is longer", "“a” is not an e-mail", "[[person]] 1 role", "[[person]] 2 plans", "[[person]] 2 agencies",
    ):  # fmt: skip
        assert part in sentence, part


@pytest.mark.parametrize(
    ("entry", "part"),
    [
        ('email = "a@x.vn"\nrole = "leader"', "plans"),
        ('email = "a@x.vn"\nrole = "leader"\nplans = []', "plans"),
        ('email = "a@x.vn"\nrole = "focal"\nplans = "all"', "plans"),
        ('email = "a@x.vn"\nrole = "officer"\nplans = ["ha-noi"]', "agencies"),
        ('email = "a@x.vn"\nrole = "leader"\nplans = ["ha-noi"]\nagencies = ["Sở Y tế"]', "agencies"),
        ('email = "a@x.vn"\nrole = "administrator"\nplans = ["ha-noi"]', "plans"),
        ('email = "a@x.vn"\nrole = "leader"\nplans = ["Hà Nội"]', "plans"),
        ('email = "a@x.vn"\nrole = "leader"\nplans = ["ha-noi"]\nrights = 1', "“rights”"),
        ('email = 3\nrole = "leader"\nplans = ["ha-noi"]', "email"),
    ],
)
def test_an_entry_that_says_too_much_or_too_little_is_refused(tmp_path: Path, entry: str, part: str) -> None:
    assert part in explain_faults(tmp_path, f'address = "https://k.vn"\n[[person]]\n{entry}\n')


def test_no_person_no_entry(tmp_path: Path) -> None:
    assert "nobody is named" in explain_faults(tmp_path, 'address = "https://k.vn"\n')


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RightsFileError, match="cannot be read"):
        load_rights(tmp_path / "access.toml", {})
    assert "not TOML" in explain_faults(tmp_path, "address = ")
    assert "not TOML" in explain_faults(tmp_path, "a = " + "[" * 5000)


def test_the_secret_may_be_a_credential_of_the_service_manager(tmp_path: Path) -> None:
    text = VALID.replace('client_secret_file = "secret"', 'client_secret_credential = "oidc"')
    (tmp_path / "oidc").write_text("from systemd", encoding="utf-8")
    path = tmp_path / "access.toml"
    path.write_text(text, encoding="utf-8")
    rights = load_rights(path, {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert rights.provider is not None and rights.provider.client_secret == "from systemd"


@pytest.mark.parametrize(
    "text",
    [
        "http://kpi.example.vn", "https://", "https://a.vn?x=1", "https://a.vn#x", "https://u@a.vn", "ftp://a.vn",
        "https://a.vn/a//b", "https://a.vn/../b", "https://a.vn/b c", "https://tỉnh.vn", "a.vn", "",
    ],
)  # fmt: skip
def test_an_address_that_is_not_plain_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_address(text)


def test_an_address_gives_host_origin_and_cookie() -> None:
    address = parse_address("https://Kpi.Example.vn:443/a/")
    assert (address.host_header, address.origin, address.path) == ("kpi.example.vn", "https://kpi.example.vn", "/a")
    assert address.cookie_name.startswith("__Host-kpis-") and len(address.cookie_name) == 20
    assert address.cookie_name != parse_address("https://kpi.example.vn/b").cookie_name
    local = parse_address("http://[::1]:8501")
    assert (local.host_header, local.is_secure, local.cookie_name[:5]) == ("[::1]:8501", False, "kpis-")


@given(st.text(max_size=200))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = parse_address(text)
    except ValueError:
        return
    assert parse_address(str(address)) == address

"""The key is found where it is configured, rejected with a reason if unusable, and shown nowhere."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from kpis.errors import KpisError, UsageError
from kpis.language.messages import LANGUAGES, explain
from kpis.settings import get_project_root
from kpis.sources.google import credentials
from kpis.sources.google.client import GoogleClient, open_client
from kpis.sources.google.credentials import (
    LIST_SCOPE,
    READ_SCOPE,
    WRITE_SCOPE,
    ServiceAccountKey,
    find_key,
    require_key,
)
from kpis.sources.google.sheet_reader import read_google_sheet
from tests.google_stand_in import ServiceAccount, Spreadsheet, StandIn, faults
from tests.google_stand_in.fixtures import NOW, build_source

SECRETS_FILES = credentials.list_secrets_files  # the fixture `secrets` replaces this function
INFO = ServiceAccount().build_key("http://127.0.0.1:1")
MakeFile = Callable[..., Spreadsheet]


def list_secrets(info: Mapping[str, str]) -> list[str]:
    """Return parts of a key that must not appear anywhere else."""
    lines = info["private_key"].splitlines()
    return [lines[1], lines[-2], info["private_key_id"]]


def drop_field(name: str) -> dict[str, str]:
    return {key: value for key, value in INFO.items() if key != name}


def load_key(info: Mapping[str, str]) -> ServiceAccountKey:
    """Return the key of a mapping, as read from the environment."""
    return require_key({"KPIS_GOOGLE_KEY_JSON": json.dumps(info)})


def format_secrets(info: Mapping[str, str]) -> str:
    """Return a key as the table [google] of secrets.toml."""
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in info.items())
    return f'[auth]\ncookie_secret = "x"\n\n[google]\n{lines}'


def test_a_key_is_a_file_or_its_content_or_in_the_secrets(tmp_path: Path, secrets: Path) -> None:
    assert find_key({}) is None
    file = tmp_path / "khóa.json"
    file.write_text("\ufeff" + json.dumps(INFO), encoding="utf-8")
    secrets.parent.mkdir()
    secrets.write_text(format_secrets(INFO | {"client_email": "c@d"}), encoding="utf-8")
    file_key = find_key({"KPIS_GOOGLE_KEY": str(file)})
    text_key = find_key({"KPIS_GOOGLE_KEY_JSON": json.dumps(INFO | {"client_email": "a@b"})})
    secrets_key = find_key({})
    assert file_key and text_key and secrets_key
    assert [file_key.account, text_key.account, secrets_key.account] == [INFO["client_email"], "a@b", "c@d"]
    assert secrets_key.create_credentials(write=False) and secrets_key.origin.startswith("[google] ")


def test_secrets_without_a_google_table_contain_no_key(secrets: Path) -> None:
    secrets.parent.mkdir()
    secrets.write_text('google = "x"\n[auth]\ncookie_secret = "x"\n', encoding="utf-8")
    assert find_key({}) is None


@pytest.mark.parametrize(
    "text",
    [format_secrets(INFO)[:-40], "[google]\nprivate_key = x", format_secrets(drop_field("client_email"))],
)
def test_an_unusable_secrets_file_is_named_but_its_content_not_shown(secrets: Path, text: str) -> None:
    secrets.parent.mkdir()
    secrets.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"secrets\.toml") as caught:
        find_key({})
    output = "".join(traceback.format_exception(caught.value)) + repr(caught.value.values)
    assert not [secret for secret in list_secrets(INFO) if secret in output]


def test_the_projects_secrets_come_first_and_git_ignores_them() -> None:
    project_file, user_file = SECRETS_FILES()
    root = get_project_root()
    assert project_file == root / ".streamlit" / "secrets.toml" != user_file
    assert ".streamlit/secrets.toml" in (root / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_without_a_key_the_error_names_the_three_ways_to_configure_one() -> None:
    with pytest.raises(UsageError) as caught:
        require_key({})
    for lang in LANGUAGES:
        for way in ("KPIS_GOOGLE_KEY,", "KPIS_GOOGLE_KEY_JSON", "[google]", ".streamlit/secrets.toml"):
            assert way in explain(caught.value, lang)


def test_line_breaks_written_as_two_characters_are_restored() -> None:
    flat = INFO | {"private_key": INFO["private_key"].replace("\n", "\\n")}
    assert require_key({"KPIS_GOOGLE_KEY_JSON": json.dumps(flat)}).create_credentials(write=False)


def test_the_scopes_are_the_smallest_for_the_task() -> None:
    key = load_key(INFO)
    assert key.create_credentials(write=False).scopes == [READ_SCOPE, LIST_SCOPE]
    assert key.create_credentials(write=True).scopes == [WRITE_SCOPE, LIST_SCOPE]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no key is configured"),
        ("không phải JSON", "contains no key"),
        ("[]", "contains no key"),
        (json.dumps(INFO)[:-40], "contains no key"),
        (json.dumps({"installed": {"client_secret": "s"}}), "another kind of account"),
        (json.dumps(INFO | {"type": "authorized_user"}), "another kind of account"),
        (json.dumps(drop_field("client_email")), "client_email is missing"),
        (json.dumps(INFO | {"private_key": ""}), "private_key is missing"),
        (json.dumps(INFO | {"private_key": INFO["private_key"][:200]}), "damaged"),
        (json.dumps(INFO | {"private_key": "x" * 40}), "damaged"),
        (json.dumps(INFO | {"token_uri": "https://evil.example/token"}), "evil.example"),
        (json.dumps(INFO | {"token_uri": "http://oauth2.googleapis.com/token"}), "not Google"),
        (json.dumps(INFO | {"token_uri": "https://googleapis.com.evil.example/"}), "not Google"),
    ],
)
def test_an_unusable_key_is_rejected_with_a_reason_and_without_its_content(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        require_key({"KPIS_GOOGLE_KEY_JSON": text}).create_credentials(write=False)
    output = "".join(traceback.format_exception(caught.value)) + repr(caught.value.values)
    context = caught.value.__context__
    output += repr(vars(context)) if context is not None and not caught.value.__suppress_context__ else ""
    assert not [secret for secret in list_secrets(INFO) if secret in output]


@pytest.mark.parametrize("make", [lambda _: None, Path.mkdir, lambda path: path.write_bytes(b"\xff\xfe\x00")])
def test_a_key_file_that_cannot_be_read_is_rejected_by_name(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "key.json")
    with pytest.raises(UsageError, match=r"key\.json"):
        require_key({"KPIS_GOOGLE_KEY": str(tmp_path / "key.json")})


@pytest.mark.parametrize(
    "base", ["https://evil.example", "http://192.168.1.5:80", "http://127.0.0.1.evil.example", "file:///etc"]
)
def test_only_an_address_on_this_machine_may_replace_google(base: str) -> None:
    with pytest.raises(UsageError, match="stand-in"):
        open_client(load_key(INFO), base_url=base)


@pytest.mark.parametrize(
    "break_sheet",
    [
        lambda google, _: google.cloud.files.clear(),
        lambda _, file: file.share.clear(),
        lambda google, _: google.faults.add_fault("sheets.spreadsheets.get", faults.respond_with_status(502), times=30),
        lambda google, _: google.faults.add_fault("token", faults.respond_with_status(400, {"error": "invalid_grant"})),
        lambda google, _: google.faults.add_fault("token", faults.respond_with_status(401, "<html>")),
        lambda google, _: setattr(google.account, "is_deleted", True),
        lambda google, _: setattr(google.cloud, "clock_skew", 9999.0),
    ],
    ids=["missing", "not shared", "unavailable", "refused", "html", "deleted", "clock"],
)
def test_no_message_repr_or_log_contains_the_key_or_a_token(
    make_file: MakeFile,
    client: GoogleClient,
    google: StandIn,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    break_sheet: Callable[[StandIn, Spreadsheet], object],
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3.connectionpool").setLevel(logging.DEBUG)
    file = make_file()
    break_sheet(google, file)
    with pytest.raises(KpisError) as caught:
        read_google_sheet(build_source(file), client, NOW)
    out, err = capfd.readouterr()
    output = out + err + caplog.text + "".join(traceback.format_exception(caught.value))
    output += explain(caught.value, "vi") + repr(caught.value.values) + repr(client) + repr(vars(client))
    for secret in [*list_secrets(google.build_key()), *google.account.tokens, "assertion="]:
        assert secret not in output


def test_a_key_and_the_objects_that_use_it_show_only_the_account(google: StandIn) -> None:
    key = load_key(google.build_key())
    with closing(open_client(key, base_url=google.base_url)) as client:
        sender = client._sender
        output = repr(key) + str(key) + repr(client) + repr(sender) + repr(sender._auth) + repr(vars(sender))
    assert key.account in repr(key)
    for secret in list_secrets(google.build_key()):
        assert secret not in output

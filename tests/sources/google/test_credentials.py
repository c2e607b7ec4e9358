"""The key: found where it is configured, refused with a sentence, and shown nowhere."""

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

SECRETS_FILES = credentials.list_secrets_files  # each test has its own file instead
INFO = ServiceAccount().build_key("http://127.0.0.1:1")
MakeFile = Callable[..., Spreadsheet]


def list_secrets(info: Mapping[str, str]) -> list[str]:
    """Parts of a key that may stand nowhere else."""
    lines = info["private_key"].splitlines()
    return [lines[1], lines[-2], info["private_key_id"]]


def drop_field(name: str) -> dict[str, str]:
    return {key: value for key, value in INFO.items() if key != name}


def load_key(info: Mapping[str, str]) -> ServiceAccountKey:
    """The key of a mapping, as from the environment."""
    return require_key({"KPIS_GOOGLE_KEY_JSON": json.dumps(info)})


def format_secrets(info: Mapping[str, str]) -> str:
    """A key as the table [google] of secrets.toml."""
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in info.items())
    return f'[auth]\ncookie_secret = "x"\n\n[google]\n{lines}'


def test_a_key_is_a_file_or_its_content_or_a_secret(tmp_path: Path, secrets: Path) -> None:
    assert find_key({}) is None
    file = tmp_path / "khóa.json"
    file.write_text("\ufeff" + json.dumps(INFO), encoding="utf-8")
    secrets.parent.mkdir()
    secrets.write_text(format_secrets(INFO | {"client_email": "c@d"}), encoding="utf-8")
    of_file = find_key({"KPIS_GOOGLE_KEY": str(file)})
    of_text = find_key({"KPIS_GOOGLE_KEY_JSON": json.dumps(INFO | {"client_email": "a@b"})})
    of_secret = find_key({})
    assert of_file and of_text and of_secret
    assert [of_file.account, of_text.account, of_secret.account] == [INFO["client_email"], "a@b", "c@d"]
    assert of_secret.create_credentials(write=False) and of_secret.origin.startswith("[google] ")


def test_secrets_of_another_kind_hold_no_key(secrets: Path) -> None:
    secrets.parent.mkdir()
    secrets.write_text('google = "x"\n[auth]\ncookie_secret = "x"\n', encoding="utf-8")
    assert find_key({}) is None


@pytest.mark.parametrize(
    "text",
    [format_secrets(INFO)[:-40], "[google]\nprivate_key = x", format_secrets(drop_field("client_email"))],
)
def test_secrets_that_cannot_be_used_are_named_and_not_shown(secrets: Path, text: str) -> None:
    secrets.parent.mkdir()
    secrets.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"secrets\.toml") as caught:
        find_key({})
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.values)
    assert not [secret for secret in list_secrets(INFO) if secret in shown]


def test_secrets_are_looked_for_in_the_project_first_and_never_kept_in_its_repository() -> None:
    own, of_the_user = SECRETS_FILES()
    root = get_project_root()
    assert own == root / ".streamlit" / "secrets.toml" != of_the_user
    assert ".streamlit/secrets.toml" in (root / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_without_a_key_one_is_told_the_three_ways_to_configure_it() -> None:
    with pytest.raises(UsageError) as caught:
        require_key({})
    for lang in LANGUAGES:
        for way in ("KPIS_GOOGLE_KEY,", "KPIS_GOOGLE_KEY_JSON", "[google]", ".streamlit/secrets.toml"):
            assert way in explain(caught.value, lang)


def test_line_breaks_that_arrived_as_two_characters_are_mended() -> None:
    flat = INFO | {"private_key": INFO["private_key"].replace("\n", "\\n")}
    assert require_key({"KPIS_GOOGLE_KEY_JSON": json.dumps(flat)}).create_credentials(write=False)


def test_the_scopes_are_as_small_as_the_task() -> None:
    key = load_key(INFO)
    assert key.create_credentials(write=False).scopes == [READ_SCOPE, LIST_SCOPE]
    assert key.create_credentials(write=True).scopes == [WRITE_SCOPE, LIST_SCOPE]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no key is configured"),
        ("không phải JSON", "holds no key"),
        ("[]", "holds no key"),
        (json.dumps(INFO)[:-40], "holds no key"),
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
def test_a_key_that_cannot_be_used_says_why_and_shows_none_of_itself(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        require_key({"KPIS_GOOGLE_KEY_JSON": text}).create_credentials(write=False)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.values)
    held = caught.value.__context__
    shown += repr(vars(held)) if held is not None and not caught.value.__suppress_context__ else ""
    assert not [secret for secret in list_secrets(INFO) if secret in shown]


@pytest.mark.parametrize("make", [lambda _: None, Path.mkdir, lambda path: path.write_bytes(b"\xff\xfe\x00")])
def test_a_key_file_that_cannot_be_read_is_named(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "key.json")
    with pytest.raises(UsageError, match=r"key\.json"):
        require_key({"KPIS_GOOGLE_KEY": str(tmp_path / "key.json")})


@pytest.mark.parametrize(
    "base", ["https://evil.example", "http://192.168.1.5:80", "http://127.0.0.1.evil.example", "file:///etc"]
)
def test_only_this_machine_may_stand_in_for_google(base: str) -> None:
    with pytest.raises(UsageError, match="stand-in"):
        open_client(load_key(INFO), base_url=base)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda google, _: google.cloud.files.clear(),
        lambda _, file: file.share.clear(),
        lambda google, _: google.faults.add(
            "sheets.spreadsheets.get", faults.respond_with_status(502), times=30
        ),
        lambda google, _: google.faults.add(
            "token", faults.respond_with_status(400, {"error": "invalid_grant"})
        ),
        lambda google, _: google.faults.add("token", faults.respond_with_status(401, "<html>")),
        lambda google, _: setattr(google.account, "deleted", True),
        lambda google, _: setattr(google.cloud, "skew", 9999.0),
    ],
    ids=["missing", "not shared", "unavailable", "refused", "html", "deleted", "clock"],
)
def test_neither_key_nor_token_is_in_a_message_a_repr_or_a_log(
    make_file: MakeFile,
    client: GoogleClient,
    google: StandIn,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    spoil: Callable[[StandIn, Spreadsheet], object],
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3.connectionpool").setLevel(logging.DEBUG)
    file = make_file()
    spoil(google, file)
    with pytest.raises(KpisError) as caught:
        read_google_sheet(build_source(file), client, NOW)
    out, err = capfd.readouterr()
    shown = out + err + caplog.text + "".join(traceback.format_exception(caught.value))
    shown += explain(caught.value, "vi") + repr(caught.value.values) + repr(client) + repr(vars(client))
    for secret in [*list_secrets(google.build_key()), *google.account.tokens, "assertion="]:
        assert secret not in shown


def test_a_key_and_what_uses_it_show_only_the_account(google: StandIn) -> None:
    key = load_key(google.build_key())
    with closing(open_client(key, base_url=google.base_url)) as client:
        sender = client._sender
        shown = repr(key) + str(key) + repr(client) + repr(sender) + repr(sender._auth) + repr(vars(sender))
    assert key.account in repr(key)
    for secret in list_secrets(google.build_key()):
        assert secret not in shown

"""What a provider has to prove: a token signed, for us, for this sign-in, of now; and whose address it may say."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from kpis.access.rights import Provider
from kpis.ui.server.gate.sign_in import Account, SignInClient, SignInError

ISSUER, CLIENT, NONCE = "https://accounts.example.vn", "kpis", "n-1"
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": "1"}) for _ in range(2))
CLAIMS: dict[str, Any] = {"email": "a@x.vn", "email_verified": True}
PAST, FUTURE = 1_000_000_000, 4_000_000_000
"""Seconds: of 2001 and 2096. Names of tests must be the same in every process."""


def build_provider(*, claim: str = "email", vouches: bool = False) -> Provider:
    return Provider(ISSUER, CLIENT, "secret", "Google", claim, vouches)


def build_client(provider: Provider, **metadata: object) -> SignInClient:
    client = SignInClient(provider)
    client._client.server_metadata.update(
        {
            "_loaded_at": time.time(), "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/auth",
            "token_endpoint": f"{ISSUER}/token", "userinfo_endpoint": f"{ISSUER}/userinfo",
            "jwks": {"keys": [KEY.as_dict(private=False)]}, **metadata,
        }
    )  # fmt: skip
    return client


def sign(key: Any = KEY, algorithm: str = "RS256", **changes: Any) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": CLIENT, "sub": "7", "iat": now, "exp": now + 600, "nonce": NONCE, **changes}
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": "1"}, claims, key, algorithms=[algorithm])


def finish(client: SignInClient, id_token: str | None, userinfo: Mapping[str, object] | None = None) -> Account:
    """Return from the provider with an answer; the token is asked for with the verifier of this sign-in."""

    async def fetch_access_token(**params: object) -> dict[str, object]:
        assert params["code_verifier"] == "v" and params["code"] == "c"
        return {"access_token": "t"} if id_token is None else {"access_token": "t", "id_token": id_token}

    async def ask_userinfo(**_params: object) -> Mapping[str, object]:
        assert userinfo is not None, "the token says everything"
        return userinfo

    client._client.fetch_access_token, client._client.userinfo = fetch_access_token, ask_userinfo
    pending = {"state": "s", "nonce": NONCE, "code_verifier": "v"}
    return asyncio.run(client.finish({"state": "s", "code": "c"}, pending, "https://kpi.example.vn/dang-nhap/xong"))


def test_a_sign_in_sends_a_challenge_and_lets_choose_the_account() -> None:
    client = build_client(build_provider())
    url, pending = asyncio.run(client.start("https://kpi.example.vn/dang-nhap/xong"))
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith(f"{ISSUER}/auth?")
    assert (query["prompt"], query["code_challenge_method"], query["scope"]) == (
        "select_account",
        "S256",
        "openid email",
    )
    assert query["state"] == pending["state"] and query["nonce"] == pending["nonce"]
    assert pending["code_verifier"] not in url and len(query["code_challenge"]) == 43


def test_a_token_for_us_is_an_account() -> None:
    assert finish(build_client(build_provider()), sign(**CLAIMS)) == Account(ISSUER, "7", "a@x.vn")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"}, {"iss": None}, {"aud": "other"}, {"aud": None}, {"sub": None},
        {"exp": PAST}, {"exp": None}, {"nonce": "other"}, {"nonce": None},
        {"iat": FUTURE},
    ],
    ids=lambda changes: " ".join(f"{name}={value}" for name, value in changes.items())[:20],
)  # fmt: skip
def test_a_token_that_is_not_for_this_sign_in_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(SignInError, match="not valid"):
        finish(build_client(build_provider()), sign(**{**CLAIMS, **changes}))


def test_a_token_that_the_provider_did_not_sign_is_refused() -> None:
    secret = OctKey.import_key("secret" * 8)
    unsigned = sign(**CLAIMS).rpartition(".")[0] + "."
    for token in (sign(OTHER_KEY, **CLAIMS), sign(secret, "HS256", **CLAIMS), unsigned, "x", None):
        with pytest.raises(SignInError, match="not valid"):
            finish(build_client(build_provider()), token)
    client = build_client(build_provider(), id_token_signing_alg_values_supported=["HS256", "none"])
    with pytest.raises(SignInError, match="not valid"):
        finish(client, sign(**CLAIMS))
    with pytest.raises(SignInError, match="not valid"):
        finish(build_client(build_provider(), issuer="https://evil.example"), sign(**CLAIMS))


def test_an_address_that_the_token_lacks_is_asked_for_as_that_account() -> None:
    client = build_client(build_provider())
    assert finish(client, sign(), {"sub": "7", **CLAIMS}).email == "a@x.vn"
    for answer in ({"sub": "8", **CLAIMS}, CLAIMS):
        with pytest.raises(SignInError, match="not valid"):
            finish(client, sign(), answer)
    with pytest.raises(SignInError, match="has not verified"):
        finish(client, sign(), {"sub": "7", "email": "a@x.vn"})
    with pytest.raises(SignInError, match="did not give"):
        finish(client, sign(), {"sub": "7"})


@pytest.mark.parametrize("verified", [None, False, "true", 1])
def test_only_a_provider_that_vouches_is_believed_without_a_verified_address(verified: object) -> None:
    token = sign(email="a@x.vn", email_verified=verified)
    with pytest.raises(SignInError, match="has not verified"):
        finish(build_client(build_provider()), token)
    assert finish(build_client(build_provider(vouches=True)), token).email == "a@x.vn"


def test_the_address_may_stand_in_another_claim() -> None:
    client = build_client(build_provider(claim="upn", vouches=True))
    assert finish(client, sign(email="other@x.vn", upn="a@x.vn")).email == "a@x.vn"
    with pytest.raises(SignInError, match="did not give"):
        finish(client, sign(email="other@x.vn", upn=["a@x.vn"]))

"""Sign-in at the provider by OpenID Connect: Authlib checks signature, issuer, audience, expiry, nonce and PKCE."""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.integrations.starlette_client import OAuth

from kpis.access.rights import Provider
from kpis.errors import KpisError

_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Signatures with the provider's public key; a provider that offers others is not believed with them."""

_TIMEOUT_SECONDS = 15.0
_RETRY_SECONDS = 60.0
_ALGORITHMS_KEY = "id_token_signing_alg_values_supported"


class SignInError(KpisError):
    """A sign-in that did not succeed; the sentence says why without naming what the provider sent."""


@dataclass(frozen=True)
class Account:
    """An account of the provider, and the e-mail address that it proves."""

    issuer: str
    subject: str
    email: str


class SignInClient:
    """One provider. Its metadata and keys are asked for at the first sign-in."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._failed_at = -_RETRY_SECONDS
        self._client = OAuth().register(
            "provider",
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "timeout": _TIMEOUT_SECONDS,
                "trust_env": False,
            },
        )

    async def find_authorization_endpoint(self) -> str:
        """Return the provider's address for signing in; "" where it does not answer (tried once a minute)."""
        if time.monotonic() - self._failed_at > _RETRY_SECONDS:
            try:
                return str((await self._load_metadata()).get("authorization_endpoint", ""))
            except Exception:  # noqa: BLE001 - whatever the provider sends; pressing the button says it
                self._failed_at = time.monotonic()
        return ""

    async def start(self, redirect_uri: str) -> tuple[str, dict[str, str]]:
        """Return the provider's address and what has to be pending until the person returns."""
        try:
            await self._load_metadata()
            request = await self._client.create_authorization_url(redirect_uri, prompt="select_account")
        except SignInError:
            raise
        except Exception as error:
            raise _build_provider_error() from error
        return request["url"], {key: request[key] for key in ("state", "nonce", "code_verifier")}

    async def finish(self, query: Mapping[str, str], pending: Mapping[str, Any], redirect_uri: str) -> Account:
        """Return the account that signed in. SignInError where anything is missing or does not match."""
        if not hmac.compare_digest(query.get("state", "").encode(), str(pending.get("state", "")).encode()):
            raise SignInError("This sign-in was not started here or is too old. Start it again.")
        if "error" in query or not query.get("code"):
            raise SignInError("The provider did not sign you in. Start again, or choose another account.")
        try:
            await self._load_metadata()
            token = await self._client.fetch_access_token(
                redirect_uri=redirect_uri, code=query["code"], code_verifier=pending["code_verifier"]
            )
            claims = await self._client.parse_id_token(
                token, nonce=pending["nonce"], claims_options=self._claims_options()
            )
            if claims is None:
                raise _build_provider_error()
            claims = await self._complete_claims(dict(claims), token)
        except SignInError:
            raise
        except Exception as error:
            raise _build_provider_error() from error
        return Account(self.provider.issuer, str(claims["sub"]), self._read_email(claims))

    async def _load_metadata(self) -> dict[str, Any]:
        metadata: dict[str, Any] = await self._client.load_server_metadata()
        if metadata.get("issuer") != self.provider.issuer:
            raise _build_provider_error()
        offered = metadata.get(_ALGORITHMS_KEY) or ["RS256"]
        metadata[_ALGORITHMS_KEY] = [name for name in offered if name in _ALGORITHMS]
        if not metadata[_ALGORITHMS_KEY]:
            raise _build_provider_error()
        return metadata

    def _claims_options(self) -> dict[str, Any]:
        return {
            "iss": {"essential": True, "value": self.provider.issuer},
            "aud": {"essential": True, "value": self.provider.client_id},
            "exp": {"essential": True},
            "sub": {"essential": True},
            "nonce": {"essential": True},
        }

    async def _complete_claims(self, claims: dict[str, Any], token: dict[str, Any]) -> dict[str, Any]:
        if claims.get(self.provider.email_claim):
            return claims
        more = dict(await self._client.userinfo(token=token))
        if more.get("sub") != claims["sub"]:
            raise _build_provider_error()
        return {**more, "sub": claims["sub"]}

    def _read_email(self, claims: Mapping[str, Any]) -> str:
        email = claims.get(self.provider.email_claim)
        if not isinstance(email, str) or not email:
            raise SignInError("The provider did not give an e-mail address for this account.")
        if claims.get("email_verified") is not True and not self.provider.vouches_for_email:
            raise SignInError("The provider has not verified the e-mail address of this account.")
        return email


def _build_provider_error() -> SignInError:
    return SignInError("The provider could not be asked, or its answer is not valid. Try again in a minute.")

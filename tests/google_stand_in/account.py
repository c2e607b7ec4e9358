"""A service account and its token endpoint, with a generated key and real verification of signatures.

Source: https://developers.google.com/identity/protocols/oauth2/service-account (HTTP/REST).
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.google_stand_in.discovery import Json

AUDIENCE = "https://oauth2.googleapis.com/token"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_TIMEFRAME_MESSAGE = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your "
    "iat and exp values in the JWT claim."
)


class GrantError(Exception):
    """A refused token request: OAuth's error and its description."""

    def __init__(self, description: str, error: str = "invalid_grant") -> None:
        self.error, self.description = error, description
        super().__init__(description)


class ServiceAccount:
    """A service account of a project; sheets are shared with its `email`."""

    def __init__(self, name: str = "chi-tieu") -> None:
        self.project = "bao-ve-ntd"
        self.email = f"{name}@{self.project}.iam.gserviceaccount.com"
        self.key_id = secrets.token_hex(20)
        self.is_deleted = False
        self._key = _generate_rsa_key(name)
        self.tokens: dict[str, frozenset[str]] = {}

    def build_key(self, base_url: str) -> Json:
        """Return the content of the key file, with the token endpoint on loopback."""
        private = self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return {
            "type": "service_account",
            "project_id": self.project,
            "private_key_id": self.key_id,
            "private_key": private.decode(),
            "client_email": self.email,
            "client_id": "112233445566778899001",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": f"{base_url}/token",
            "universe_domain": "googleapis.com",
        }

    def grant_token(self, form: Mapping[str, str], now: float) -> Json:
        """Return a token for a signed assertion, or raise GrantError; `now` is in seconds since 1970."""
        if form.get("grant_type") != GRANT_TYPE:
            raise GrantError("Invalid grant_type: " + form.get("grant_type", ""), "unsupported_grant_type")
        if self.is_deleted:
            raise GrantError("Invalid grant: account not found")
        claims = self._verify_claims(form.get("assertion", ""))
        issued, expires = float(claims["iat"]), float(claims["exp"])
        if claims.get("iss") != self.email:
            raise GrantError("Invalid grant: account not found")
        if claims.get("aud") != AUDIENCE:
            raise GrantError("Invalid JWT: Failed audience check.")
        if not (issued - 300 <= now <= expires) or expires - issued > 3600:
            raise GrantError(_TIMEFRAME_MESSAGE)
        if not claims.get("scope"):
            raise GrantError("Empty or missing scope not allowed.", "invalid_scope")
        token = "ya29.c." + secrets.token_urlsafe(48)
        self.tokens[token] = frozenset(str(claims["scope"]).split())
        return {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}

    def _verify_claims(self, assertion: str) -> Json:
        try:
            encoded_header, body, signature = assertion.split(".")
            header = json.loads(_decode(encoded_header))
            self._key.public_key().verify(
                _decode(signature), f"{encoded_header}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256()
            )
            claims = json.loads(_decode(body))
        except (InvalidSignature, ValueError) as error:
            raise GrantError("Invalid JWT Signature.") from error
        if header.get("alg") != "RS256" or header.get("kid") != self.key_id:
            raise GrantError("Invalid JWT Signature.")
        if not isinstance(claims, dict):
            raise GrantError("Invalid JWT: claims")
        return claims


@cache
def _generate_rsa_key(name: str) -> rsa.RSAPrivateKey:
    """Return a key, cached by name since generating one takes longer than a test."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

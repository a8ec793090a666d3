"""Passwords (scrypt) and session tokens (JSON Web Tokens signed with HMAC-SHA-256)."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any

SESSION_SECONDS = 3600
_HEADER = {"alg": "HS256", "typ": "JWT"}


def hash_password(password: str) -> str:
    """Give salt and scrypt hash, in hexadecimal, to be stored."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_scrypt(password, salt).hex()}"


def password_matches(password: str, stored: str) -> bool:
    """Tell whether the password is the one that was stored."""
    salt, _, digest = stored.partition("$")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)).hex(), digest)


def issue_token(email: str, key: bytes) -> str:
    """Give a token that says for an hour who its bearer is."""
    claims = {"sub": email, "exp": int(time.time()) + SESSION_SECONDS}
    signed = f"{_encode(json.dumps(_HEADER).encode())}.{_encode(json.dumps(claims).encode())}"
    return f"{signed}.{_signature(signed, key)}"


def token_email(token: str, key: bytes) -> str | None:
    """Give the e-mail address of the token's bearer, or None when the token is forged, broken or too old."""
    signed, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(signed, key).encode()):
        return None
    claims: dict[str, Any] = json.loads(_decode(signed.partition(".")[2]))
    return str(claims["sub"]) if claims["exp"] > time.time() else None


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def _signature(signed: str, key: bytes) -> str:
    return _encode(hmac.digest(key, signed.encode(), "sha256"))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

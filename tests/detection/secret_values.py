"""Secrets known by their shape or their key: vendor tokens, JWTs, passwords, tokens, keys, one-time codes."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from tests.detection.records import Drawn, Kind
from tests.detection.shapes import Shape, b64, characters, jwt, uuid4

if TYPE_CHECKING:
    from random import Random

_TABLES = Path(__file__).parent / "tables"
VENDOR = tuple(
    (family, Shape(shape))
    for family, shape in (row.split("\t") for row in (_TABLES / "vendor_shapes.tsv").read_text().splitlines())
)
_CRC = {"ghp": "ghp_", "gho": "gho_", "ghu": "ghu_", "ghs": "ghs_", "npm": "npm_"}
_WORDS = (
    "dragon",
    "Sommer",
    "tr0ub",
    "correct",
    "monkey",
    "Blau",
    "hunter",
    "qwerty",
    "Winter",
    "pizza",
    "Secret",
    "letmein",
)


def base62_crc(body: str) -> str:
    """The six check characters GitHub and npm put behind the random part."""
    number, text = zlib.crc32(body.encode()), ""
    while number or len(text) < 6:
        number, rest = divmod(number, 62)
        text = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[rest] + text
    return text


def vendor_token(rng: Random) -> Drawn:
    """A token of one of 180 families; every eighth one of GitHub or npm with its checksum."""
    if rng.random() < 0.12:
        body = characters(rng, "base62", 30)
        return Drawn(rng.choice(list(_CRC.values())) + body + base62_crc(body))
    return Drawn(rng.choice(VENDOR)[1].fill(rng))


def web_token(rng: Random) -> Drawn:
    """A JWT; one time in ten cut off in its signature."""
    token = jwt(rng)
    return Drawn(token[: rng.randint(len(token) - 30, len(token) - 5)] if rng.random() < 0.1 else token)


def password(rng: Random) -> Drawn:
    """A password as people and generators make them."""
    word = rng.choice(_WORDS)
    forms = (
        f"{word}{rng.randint(1, 9999)}",
        f"{word.capitalize()}{rng.choice('!@#$%*')}{rng.randint(10, 99)}",
        f"{word}-{rng.choice(_WORDS)}-{rng.randint(10, 99)}",
        characters(rng, "base62", rng.randint(8, 24)),
        characters(rng, "base64url", 16),
        characters(rng, "base62", 6) + rng.choice("!@#$%^*~") + characters(rng, "base62", 5),
        characters(rng, "hex", 16),
        "p" + rng.choice("@4") + "ss" + rng.choice(["w0rd", "word"]) + str(rng.randint(2, 999)),
        word * 2,
    )
    return Drawn(rng.choice(forms), alone=False)


def passphrase(rng: Random) -> Drawn:
    """A password with spaces, quotes or commas, for forms that quote it."""
    words = [rng.choice(_WORDS) for _ in range(4)]
    forms = (" ".join(words), f"{words[0]}, {words[1]}!", f'{words[0]}"{words[1]}9', f"it's {words[2]} {words[3]}")
    return Drawn(rng.choice(forms), alone=False)


def token(rng: Random) -> Drawn:
    """A token without a shape of its own."""
    forms = (
        characters(rng, "hex", rng.choice([16, 24, 32, 40, 64])),
        characters(rng, "base62", rng.choice([16, 20, 24, 32, 43])),
        characters(rng, "base64url", rng.choice([22, 43, 64])),
        uuid4(rng),
        b64(rng.randbytes(rng.choice([16, 24, 32]))),
        characters(rng, "base62", 10),
    )
    return Drawn(rng.choice(forms), alone=False)


def code(rng: Random) -> Drawn:
    """A one-time code."""
    forms = (
        characters(rng, "digit", 6),
        characters(rng, "digit", 6),
        characters(rng, "digit", 4),
        characters(rng, "digit", 8),
    )
    words = (
        "OTP",
        "otp",
        "verification code",
        "Your verification code is",
        "one-time code",
        "reset code",
        "2FA code",
        "login code",
        "security code is",
        "passcode",
        "mfa code",
        "SMS code",
        "验证码",
        "Bestätigungscode",
        "código de verificación",
        "confirmation code",
    )
    return Drawn(rng.choice(forms), words, alone=False)


def pin(rng: Random) -> Drawn:
    """A card's security code or PIN, short."""
    return Drawn(characters(rng, "digit", rng.choice([3, 4])), alone=False)


def hashed(rng: Random) -> Drawn:
    """A password hash in one of the crypt formats."""
    forms = (
        f"$2b$12${characters(rng, 'base62', 53)}",
        f"$6${characters(rng, 'base62', 12)}${characters(rng, 'base62', 86)}",
        f"$argon2id$v=19$m=65536,t=3,p=4${characters(rng, 'base62', 22)}${characters(rng, 'base62', 43)}",
        f"pbkdf2_sha256$600000${characters(rng, 'base62', 22)}${b64(rng.randbytes(32))}",
        f"$1${characters(rng, 'base62', 8)}${characters(rng, 'base62', 22)}",
    )
    return Drawn(rng.choice(forms))


_USING = (
    "using {v}",
    "found {v} in build output",
    "authenticating with {v}",
    "401 Unauthorized for {v}",
    "Incorrect API key provided: {v}.",
    "token {v} expired",
    "key {v} revoked",
    "cached {v} for 300 s",
    "Invalid credential '{v}'",
    "git clone https://oauth2:{v}@git.example.com/org/repo.git",
    "Authorization: Bearer {v}",
    "curl -H 'X-Auth: {v}' https://api.example.com",
    "remote: {v} has no write access",
    "echo {v} | login --stdin",
    "secrets: [{v}]",
    "{v} is not valid for this organisation",
    "config loaded ({v})",
    "令牌{v}已过期",
    "https://api.example.com/v1/x?key={v}&page=1",
)
_HASHES = (
    "root:{v}:19700:0:99999:7:::",
    "hash {v} does not verify",
    "UPDATE users SET h = '{v}' WHERE id = {n}",
    "stored {v}",
    "admin:{v}",
)
_CODES = (
    "{w} {v}",
    "{w}: {v}",
    "sent {w} {v} to device",
    "{v} is your verification code",
    "{w} {v} expires in 5 minutes",
    "Use {v} as your one-time password",
    "{w} = {v}",
)

KINDS = (
    Kind(
        "vendor_token", vendor_token, ("token", "api_key", "value", "input", "data", "config", "arg", "secret"), _USING
    ),
    Kind("jwt", web_token, ("token", "id_token", "access_token", "value", "assertion", "jwt", "input"), _USING),
    Kind(
        "password_key",
        password,
        (
            "password",
            "passwd",
            "pwd",
            "pass",
            "passphrase",
            "passcode",
            "user_password",
            "new_password",
            "db_password",
            "smtp_pass",
            "root_password",
            "admin_password",
            "keystore_password",
            "ssl_key_password",
            "ldap_bind_password",
            "redis_password",
            "pgpassword",
            "mysql_pwd",
            "spring_datasource_password",
            "password_confirmation",
        ),
    ),
    Kind("passphrase_key", passphrase, ("password", "passwd", "pwd", "passphrase", "user_password", "smtp_password")),
    Kind(
        "password_foreign",
        password,
        (
            "passwort",
            "kennwort",
            "contraseña",
            "contrasena",
            "mot_de_passe",
            "mdp",
            "senha",
            "пароль",
            "密码",
            "パスワード",
            "비밀번호",
            "hasło",
            "haslo",
            "wachtwoord",
            "lösenord",
            "şifre",
            "parola",
            "kata_sandi",
            "mat_khau",
            "parol",
            "mima",
            "passord",
            "heslo",
            "salasana",
            "jelszo",
        ),
    ),
    Kind(
        "token_key",
        token,
        (
            "token",
            "access_token",
            "refresh_token",
            "auth_token",
            "api_token",
            "id_token",
            "bearer_token",
            "session_token",
            "csrf_token",
            "xsrf_token",
            "personal_access_token",
            "reset_token",
            "deploy_token",
            "bot_token",
            "jwt",
            "sas_token",
            "oauth_token",
            "registration_token",
            "github_token",
            "x_auth_token",
            "vault_token",
        ),
    ),
    Kind(
        "api_key",
        token,
        (
            "api_key",
            "apikey",
            "x_api_key",
            "access_key",
            "secret_access_key",
            "aws_secret_access_key",
            "subscription_key",
            "account_key",
            "license_key",
            "master_key",
            "encryption_key",
            "signing_key",
            "private_key",
            "storage_key",
            "service_key",
            "app_key",
            "datadog_api_key",
            "openai_api_key",
            "stripe_secret_key",
            "hmac_key",
            "shared_access_key",
            "instrumentation_key",
        ),
    ),
    Kind(
        "secret_key",
        token,
        (
            "secret",
            "client_secret",
            "app_secret",
            "shared_secret",
            "signing_secret",
            "webhook_secret",
            "secret_key",
            "consumer_secret",
            "jwt_secret",
            "secret_key_base",
            "oauth_client_secret",
            "django_secret_key",
            "cookie_secret",
            "credentials",
            "credential",
            "creds",
            "totp_secret",
            "api_secret",
        ),
    ),
    Kind(
        "session_key",
        token,
        (
            "session_id",
            "sessionid",
            "sid",
            "session_key",
            "phpsessid",
            "jsessionid",
            "connect.sid",
            "session_cookie",
            "session",
            "auth_cookie",
        ),
    ),
    Kind(
        "otp",
        code,
        (
            "otp",
            "otp_code",
            "verification_code",
            "mfa_code",
            "sms_code",
            "one_time_password",
            "totp",
            "auth_code",
            "two_factor_code",
            "reset_code",
        ),
        _CODES,
    ),
    Kind("card_code", pin, ("cvv", "cvc", "cvv2", "card_cvc", "pin", "card_pin", "security_code", "pin_code")),
    Kind("password_hash", hashed, ("password_hash", "hashed_password", "pwd_hash", "password_digest"), _HASHES),
)

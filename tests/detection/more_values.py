"""Kinds other scanners look for besides: wallets, documents, bank accounts, tokens cut off, secrets in source code."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from tests.detection import secret_values as s
from tests.detection.records import Composed, Drawn, Kind, Piece
from tests.detection.shapes import ALPHABETS, characters
from tests.detection.surroundings import LINES, noise

if TYPE_CHECKING:
    from random import Random

_CODE = (Path(__file__).parent / "tables" / "source_code.txt").read_text(encoding="utf-8").splitlines()
# Prefixes that prove a token even when a length limit cut its body.
_PROVEN = (
    "ghp_",
    "gho_",
    "github_pat_",
    "glpat-",
    "sk-ant-api03-",
    "sk-proj-",
    "xoxb-1234567890-",
    "xoxp-1234567890-",
    "sk_live_",
    "rk_live_",
    "whsec_",
    "npm_",
    "hf_",
    "dop_v1_",
    "shpat_",
    "pypi-AgEIcHlwaS5vcmc",
    "hvs.",
    "AKIA",
    "AIza",
    "ya29.",
    "GOCSPX-",
    "lin_api_",
    "ntn_",
    "dckr_pat_",
    "glsa_",
    "NRAK-",
    "PMAK-",
    "gsk_",
    "r8_",
    "nvapi-",
)


def base58check(payload: bytes) -> str:
    """Base58 with the four check bytes of Bitcoin."""
    raw = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, text = int.from_bytes(raw, "big"), ""
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    while number:
        number, rest = divmod(number, 58)
        text = alphabet[rest] + text
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + text


def bech32(prefix: str, program: bytes) -> str:
    """A native segwit address of version 0."""
    bits = "".join(f"{byte:08b}" for byte in program)
    words = [0, *(int(bits[at : at + 5].ljust(5, "0"), 2) for at in range(0, len(bits), 5))]
    spread = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = 1
    for word in [*spread, *words, 0, 0, 0, 0, 0, 0]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ word
        for at, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> at & 1 else 0
    tail = [(check ^ 1) >> 5 * (5 - at) & 31 for at in range(6)]
    return prefix + "1" + "".join(ALPHABETS["bech32"][word] for word in [*words, *tail])


def wallet(rng: Random) -> Drawn:
    """A Bitcoin or Ethereum address."""
    forms = (
        base58check(b"\x00" + rng.randbytes(20)),
        base58check(b"\x05" + rng.randbytes(20)),
        bech32("bc", rng.randbytes(20)),
        "0x" + characters(rng, "hex", 40),
    )
    text = rng.choice(forms)
    ether = text.startswith("0x")
    return Drawn(text, ("wallet", "ETH address" if ether else "BTC address", "payout wallet"), alone=not ether)


def document(rng: Random) -> Drawn:
    """The number of a passport or a driving licence."""
    passport = rng.random() < 0.5
    letters = rng.choice(["C", "E", "K", "AA", "PN"]) if passport else rng.choice("ABDHS")
    text = letters + characters(rng, "digit", 9 - len(letters) if passport else rng.choice([7, 12]))
    words = ("passport", "passport no", "Passport number", "Reisepass", "passeport") if passport else ()
    return Drawn(text, words or ("driver's license", "driving licence", "driver license number"), alone=False)


def account(rng: Random) -> Drawn:
    """A bank account number, known by its key or word."""
    return Drawn(
        characters(rng, "digit", rng.choice([8, 10, 12])), ("account number", "bank account", "acct no"), alone=False
    )


def cut_token(rng: Random) -> Piece:
    """The start of a vendor's token at the end of a text, as a length limit leaves it."""
    prefix = rng.choice(_PROVEN)
    alphabet = (
        "BASE36" if prefix in ("AKIA", "NRAK-") else "hex" if prefix in ("dop_v1_", "shpat_", "PMAK-") else "base62"
    )
    value = prefix + characters(rng, alphabet, rng.randint(10, 14))
    lines = [line for line in LINES if line.endswith("{m}")]
    text = noise(rng, rng.choice(lines)).replace("{m}", rng.choice(_CUT))
    return Piece(text.replace("{v}", value), (value,))


def source_code(rng: Random) -> Piece:
    """A secret assigned in the source code of one of twenty languages."""
    value = (s.password if rng.random() < 0.4 else s.token)(rng).text
    return Piece(noise(rng, rng.choice(_CODE)).replace("{v}", value), (value,))


_CUT = ("token: {v}", "Incorrect API key provided: {v}", "using {v}", "auth failed for {v}", "key={v}", "login {v}")
_WORDED = ("{w} {v}", "{w}: {v}", "{w} {v} not found", "invalid {w} {v}", "{w}={v} rejected", "verify {w}: {v} again")
KINDS = (
    Kind("wallet", wallet, ("wallet_address", "btc_address", "eth_address", "crypto_wallet"), _WORDED),
    Kind(
        "document",
        document,
        ("passport_number", "passport_no", "driver_license", "drivers_license", "licence_number"),
        _WORDED,
    ),
    Kind(
        "bank_account",
        account,
        ("account_number", "bank_account_number", "acct_no", "bank_account", "ach_account"),
        _WORDED,
    ),
)
COMPOSED = (Composed("source_code", source_code), Composed("cut_token", cut_token))

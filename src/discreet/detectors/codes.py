"""One-time codes, beside the words that people send them with."""

from __future__ import annotations

from typing import Final

from discreet.detectors.model import Detector

_USES = (
    "one[- ]time|verification|security|confirmation|access|login|sign-?in|reset|recovery|activation|authentication|"
    "auth|2fa|mfa|sms|bestätigungs|einmal"
)
# What people call a one-time code.
_NAMES = (
    "otp",
    "your (?:new )?(?:code|pin)",
    f"(?:{_USES})[- ]?(?:code|passcode|password|pin)",
    "passcode",
    "c[oó]digo de (?:verificaci[oó]n|seguridad|acceso)",
    "code de (?:v[eé]rification|s[eé]curit[eé])",
    "codice di verifica",
    "kode (?:otp|verifikasi)",
    "код подтверждения",
    "验证码",
    "認証コード",
    "인증번호",
)
_WHOM = r"(?: (?:for|to|for user|für|para|pour) [^\s:=]{1,60})?"
_SIGN = r"(?: is| was| ist| es| est| ?:| ?=| -|,| ?#|\uff1a){0,2} ?[\"'(]?"
_CODE = r"[A-Z]-[0-9]{4,8}|[0-9]{3}[- ][0-9]{3}|[0-9]{4,8}"
_UNIT = r" ?(?:ms|s|sec|bytes|times)\b"

DETECTORS: Final = (
    Detector(
        kind="otp",
        name="code_in_text",
        group="credential",
        pattern=rf"(?i)(?<![a-z])(?:{'|'.join(_NAMES)}){_WHOM}{_SIGN}(?P<value>{_CODE})(?![0-9]|[.:,-]?[0-9]|{_UNIT})",
        gate=rf"(?i:(?:^|[^a-z])(?:{'|'.join(_NAMES)}))",
        level="restricted",
        example="Your verification code is 482913.",
        near_miss="verification code sent in 1200 ms, security code 0x1234",
        source="one-time codes of four to eight digits, RFC 4226, 5.3",
    ),
    Detector(
        kind="otp",
        name="code_before_text",
        group="credential",
        pattern=(
            rf"(?<![0-9A-Za-z.:-])(?P<value>{_CODE}) (?:is|ist|es|est|as) (?:your|the|Ihr|dein|tu|su|votre)[ ]"
            r"[\w -]{0,40}?(?i:code|otp|pin|passcode|password|código)"
        ),
        gate=r"[0-9] (?:is|ist|es|est|as) (?:your|the|Ihr|dein|tu|su|votre)[ ]",
        level="restricted",
        example="482913 is your Example login code",
        near_miss="4711 is the port of your service",
        source="https://wicg.github.io/sms-one-time-codes/",
    ),
)

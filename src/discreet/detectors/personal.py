"""E-mail addresses, payment cards and US social security numbers: what proves itself wherever it stands."""

from __future__ import annotations

from typing import Final

from discreet.detectors import validators
from discreet.detectors.cards import card_spans
from discreet.detectors.emails import email_spans
from discreet.detectors.model import Detector

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_AT = r"[ +]?(?:[\[({<]|&lt;)[ ]?(?i:at|ät|arroba|@|a t)[ ]?(?:[\])}>]|&gt;)[ +]?"
_DOT = r"(?:\.|[ +]?[\[({<][ ]?(?i:dot|punkt|punto|point|d0t|\.)[ ]?[\])}>][ +]?)"
_ENDS = "com|org|net|edu|gov|io|dev|info|biz|test|example|de|fr|es|it|nl|pl|pt|se|uk|us|ca|au|in|br|jp|cn|ru"
# Blanks and points stand between other numbers too: they count only where no further number stands beside them.
_SSN = (
    r"(?<![0-9])(?:[0-9]{3}-[0-9]{2}-[0-9]{4}|(?<![0-9][.])[0-9]{3}\.[0-9]{2}\.[0-9]{4}(?!\.[0-9])"
    r"|(?<![0-9\"'] )[0-9]{3} [0-9]{2} [0-9]{4}(?! [0-9]))(?![0-9])"
)

DETECTORS: Final = (
    Detector(
        kind="email",
        group="contact",
        pattern=rf"@(?:\[(?:IPv6:)?[0-9a-fA-F.:]{{3,45}}\]|{_LABEL}(?:\.{_LABEL}){{0,8}}\.(?:xn--[A-Za-z0-9-]{{1,59}}|[^\W\d_]{{2,63}}))",
        gate="@",
        spans=email_spans,
        level="confidential",
        example="GET /users/zoe@example.org",
        near_miss="git@github.com:org/repo icon@2x.png pkg@1.2.3 image@sha256:abc getty@tty1.service",
        source="RFC 5321, RFC 5322",
    ),
    Detector(
        kind="card",
        group="financial",
        pattern=r"(?<![0-9])(?=[0-9](?:[\t +./_-]{0,2}[0-9]){11})[0-9](?:[\t +./_-]{0,2}[0-9])+",
        gate=r"[0-9](?:[\t +./_-]{0,2}[0-9]){11}",
        spans=card_spans,
        level="restricted",
        example="paid with 4111 1111 1111 1111.",
        near_miss="order 4111111111111112 took 0.4111111111111111 s, id 94111111111111111112",
        source="ISO/IEC 7812-1",
    ),
    Detector(
        kind="ssn",
        group="national_id",
        pattern=_SSN,
        gate=r"[0-9]{3}(?:-[0-9]{2}-|\.[0-9]{2}\.| [0-9]{2} )[0-9]{4}",
        validate=validators.ssn,
        level="restricted",
        example="applicant 078-05-1120 approved",
        near_miss="666-12-3456 000-12-3456 912-34-5678 123-00-4567 1.123.45.6789 +1-555-12-34567",
        source="https://www.ssa.gov/employer/randomization.html",
    ),
    Detector(
        kind="email",
        name="email_spelled",
        group="contact",
        pattern=rf"(?<![\w.+-])[\w.+-]{{1,64}}(?:{_DOT}[\w+-]{{1,64}}){{0,3}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,4}}{_DOT}[^\W\d_]{{2,24}}",
        gate=_AT.replace("(?i:", "(?i:"),
        level="confidential",
        example="write to zoe [at] example [dot] org",
        near_miss="array [at] index, see (at) the end",
        source="spellings of addresses in forums and mail archives",
    ),
    Detector(
        kind="email",
        name="email_in_words",
        group="contact",
        pattern=(
            r"(?<![\w.+-])[\w.+-]{1,64}(?: (?:dot|DOT) [\w+-]{1,64}){0,3} (?:at|AT) "
            r"[\w-]{1,63}(?: (?:dot|DOT) [\w-]{1,63}){0,3} "
            rf"(?:dot|DOT) (?:{_ENDS})(?![\w-])"
        ),
        gate=r" (?:at|AT) [^\s]+ (?:dot|DOT) ",
        level="confidential",
        example="write to zoe at example dot org",
        near_miss="look at the dot on the map",
        source="spellings of addresses in forums and mail archives",
    ),
)

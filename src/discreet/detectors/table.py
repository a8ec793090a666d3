"""The table of detectors: one row for each way in which a kind of private value is recognised."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from discreet.detectors import validators
from discreet.detectors.cards import card_spans
from discreet.detectors.emails import USERINFO, email_spans
from discreet.detectors.keyed import KEYED_DETECTORS
from discreet.detectors.keys import KEY_LEVELS
from discreet.detectors.model import Detector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_AWS = "AKIA|ASIA|AROA|AIDA|AGPA|AIPA|ANPA|ANVA|ABIA|ACCA"
# Blanks and points stand between other numbers too: they count only where no further number stands beside them.
_SSN = (
    r"(?<![0-9])(?:[0-9]{3}-[0-9]{2}-[0-9]{4}|(?<![0-9][.])[0-9]{3}\.[0-9]{2}\.[0-9]{4}(?!\.[0-9])"
    r"|(?<![0-9\"'] )[0-9]{3} [0-9]{2} [0-9]{4}(?! [0-9]))(?![0-9])"
)


def _parameter_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields what stands between `[parameters: ` and its bracket: the last one before the background link or line end.

    SQLAlchemy writes the representation of the parameters, so that they hold no line break unless a type's own
    representation does; then only the link that follows says where they end.
    """
    begin = start + len("[parameters: ")
    if not text.startswith("(Background on this error", end):
        newline = text.find("\n", begin, end)
        end = newline if newline >= 0 else end
    bracket = text.rfind("]", begin, end)
    stop = bracket if bracket >= 0 else end
    if stop > begin:
        yield begin, stop


_ROW_OPENS = r"Key \([^()\n]{1,200}\)=\(|Failing row contains \(|Duplicate entry '"
_ROW_OPEN = re.compile(_ROW_OPENS)
_ROW_CLOSE = re.compile(
    r"\)(?= already exists| is not present| conflicts| is still|\.?(?:\\n|[\"'\s]|$))|'(?= for key)", re.MULTILINE
)


def _row_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the values that a database quotes in a line of its error message; to the line's end if cut off."""
    opened = _ROW_OPEN.search(text, start, end)
    while opened is not None:
        closed = _ROW_CLOSE.search(text, opened.end(), end)
        stop = closed.start() if closed else end
        if stop > opened.end():
            yield opened.end(), stop
        opened = _ROW_OPEN.search(text, stop, end)


VALUE_DETECTORS: Final = (
    Detector(
        kind="email",
        group="personal",
        pattern=rf"@{_LABEL}(?:\.{_LABEL}){{0,8}}\.(?:xn--[A-Za-z0-9-]{{1,59}}|[^\W\d_]{{2,63}})",
        gate="@",
        hints=("@",),
        spans=email_spans,
        level="confidential",
        example="GET /users/zoe@example.org",
        near_miss="git@github.com:org/repo icon@2x.png pkg@1.2.3 image@sha256:abc getty@tty1.service",
        source="RFC 5321, RFC 5322",
    ),
    Detector(
        kind="card",
        group="financial",
        pattern=r"(?<![0-9])[0-9](?:[\t +./_-]{0,2}[0-9])+",
        gate=r"(?:^|[^0-9])[2-9](?:[\t +./_-]{0,2}[0-9]){11}",
        spans=card_spans,
        level="restricted",
        example="paid with 4111 1111 1111 1111.",
        near_miss="order 4111111111111112 took 0.4111111111111111 s, id 94111111111111111112",
        source="ISO/IEC 7812-1",
    ),
    Detector(
        kind="ssn",
        group="personal",
        pattern=_SSN,
        gate=r"[0-9]{3}(?:-[0-9]{2}-|\.[0-9]{2}\.| [0-9]{2} )[0-9]{4}",
        validate=validators.ssn,
        level="restricted",
        example="applicant 078-05-1120 approved",
        near_miss="666-12-3456 000-12-3456 912-34-5678 123-00-4567 1.123.45.6789 +1-555-12-34567",
        source="https://www.ssa.gov/employer/randomization.html",
    ),
    Detector(
        kind="jwt",
        group="secret",
        pattern=r"eyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*){0,4}",
        gate=r"eyJ[A-Za-z0-9_-]{10}",
        hints=("eyj",),
        validate=validators.jwt,
        level="restricted",
        example="got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl",
        near_miss="cursor eyJwYWdlIjoyfQ eyJoZWxsbyI6IndvcmxkIn0",
        source="RFC 7519",
    ),
    Detector(
        kind="aws_access_key",
        group="secret",
        pattern=rf"(?<![A-Z0-9])(?:{_AWS})[A-Z0-9]{{16,}}",
        gate=rf"(?:{_AWS})[A-Z0-9]{{8}}",
        hints=tuple(_AWS.lower().split("|")),
        level="restricted",
        example="using AKIAIOSFODNN7EXAMPLE",
        near_miss="AKIA and ASIAPACIFIC",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    ),
    Detector(
        kind="bearer",
        group="secret",
        pattern=r"(?i)(?<![A-Za-z])bearer[\t +]{1,4}(?P<value>[A-Za-z0-9._~+/-]{8,}={0,2})",
        gate=r"(?i:bearer[\t +])",
        hints=("bearer",),
        validate=validators.bearer,
        level="restricted",
        example="sent Bearer mF_9.B5f-4.1JqM",
        near_miss="Bearer authentication required, missing bearer token",
        source="RFC 6750",
    ),
    Detector(
        kind="basic",
        group="secret",
        pattern=r"(?i)(?<![A-Za-z])basic[\t +]{1,4}(?P<value>[A-Za-z0-9+/_-]{5,}={0,2})",
        gate=r"(?i:basic[\t +])",
        hints=("basic",),
        validate=validators.basic,
        level="restricted",
        example="sent Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        near_miss="Basic authentication enabled",
        source="RFC 7617",
    ),
    Detector(
        kind="credential",
        group="secret",
        pattern=r"(?<![^\s\"'])(?:-u|--user)[= ][\"']?[^\s:\"']{1,64}:(?P<value>[^\s\"']+)",
        gate=r"(?:-u|--user)[= ][\"']?[^\s:\"']{1,64}:",
        hints=("-u", "--user"),
        validate=validators.keyed_value,
        level="restricted",
        example="curl -u zoe:hunter2 https://example.org",
        near_miss="docker run -u 1000 image:latest",
        source="https://curl.se/docs/manpage.html#-u",
    ),
    Detector(
        kind="url_userinfo",
        group="secret",
        pattern=USERINFO,
        gate=r"://[^\s]*@",
        hints=("://",),
        validate=validators.url_user,
        level="restricted",
        example="connect postgresql://shop:hunter2@db:5432/orders",
        near_miss="ssh://git@github.com/org/repo http://localhost:8080/@scope/pkg",
        source="RFC 3986, 3.2.1",
    ),
    Detector(
        kind="private_key",
        group="secret",
        pattern=(
            r"(?s)-----BEGIN (?P<name>[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----"
            r"(?:.*?-----END (?P=name)-----|.*)"
        ),
        gate=r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY",
        hints=("private key",),
        level="restricted",
        example="-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
        near_miss="-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        source="RFC 7468",
    ),
    Detector(
        kind="sql_parameters",
        group="database",
        pattern=r"(?s)\[parameters: (?:(?!\(Background on this error|\[parameters: ).)*",
        gate=r"\[parameters: ",
        hints=("[parameters: ",),
        spans=_parameter_spans,
        level="confidential",
        example="[SQL: INSERT INTO t VALUES (?)]\n[parameters: ('Zoe',)]\n(Background on this error at: x)",
        near_miss="[SQL parameters hidden due to hide_parameters=True]",
        source="sqlalchemy.exc.StatementError",
    ),
    Detector(
        kind="sql_parameters",
        group="database",
        pattern=rf"(?:{_ROW_OPENS})[^\n]*",
        gate=_ROW_OPENS,
        hints=("key (", "failing row contains (", "duplicate entry '"),
        spans=_row_spans,
        level="confidential",
        example="DETAIL:  Key (username)=(zoe) already exists.",
        near_miss="Key (username) is not unique. Duplicate entry for key",
        source="PostgreSQL, _bt_check_unique and ExecConstraints; MySQL, ER_DUP_ENTRY_WITH_KEY_NAME",
    ),
)

DETECTORS: Final[tuple[Detector, ...]] = VALUE_DETECTORS + KEYED_DETECTORS

KIND_LEVELS: Final[Mapping[str, str]] = MappingProxyType({**KEY_LEVELS, **{row.kind: row.level for row in DETECTORS}})

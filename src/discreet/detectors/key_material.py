"""Keys that prove themselves: JSON web tokens and keys, private key blocks, access key ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discreet.detectors import validators
from discreet.detectors.model import Detector

if TYPE_CHECKING:
    from collections.abc import Iterator

_AWS = "AKIA|ASIA|AROA|AIDA|AGPA|AIPA|ANPA|ANVA|ABIA|ACCA"
_PEM = r"[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1|USER NKEY SEED|NATS USER JWT"
# Of a key that is cut off: what stands between its lines (also quotes of code and mail), its headers, its lines.
_PEM_GAP = r"(?:[\s>|\"']|\+(?=[\s\"'])|\\+[rnt])*"
_PEM_HEADER = r"(?:Proc-Type|DEK-Info|Comment|Version|Charset|Hash|MessageID): ?[^\r\n\\\"]{0,100}"
_PEM_LINE = r"[A-Za-z0-9+/=]{16,}"
_PEM_LAST = (
    rf"(?:[ \t\"']{{0,4}}\+?[ \t]?(?:[\r\n]|\\+[rn]){_PEM_GAP}[A-Za-z0-9+/=]{{1,15}}"
    r"(?=[\"'`\\]|\s{0,8}\Z|[\r\n]|\.\.|\u2026))?"
)


def _jwk_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the private member of a JSON web key: only where the text says that it is one (RFC 7517, 4.1)."""
    if '"kty"' in text:
        yield start, end


DETECTORS: Final = (
    Detector(
        kind="jwt",
        group="secret",
        pattern=r"eyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*){0,4}",
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
        level="restricted",
        example="using AKIAIOSFODNN7EXAMPLE",
        near_miss="AKIA and ASIAPACIFIC",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    ),
    Detector(
        kind="private_key",
        group="secret",
        pattern=(
            rf"(?s)-----BEGIN (?P<label>{_PEM})-----(?:(?:(?!-----).)*-----END (?P=label)-----"
            rf"|(?:{_PEM_GAP}{_PEM_HEADER}){{0,8}}(?:{_PEM_GAP}{_PEM_LINE})*{_PEM_LAST})"
        ),
        gate=rf"-----BEGIN (?:{_PEM})",
        level="restricted",
        example="-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
        near_miss="-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        source="RFC 7468; OpenSSH PROTOCOL.key",
    ),
    Detector(
        kind="private_key",
        name="ssh_dot_com_key",
        group="secret",
        pattern=(
            r"(?s)---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----(?:(?!----).)*(?:---- END SSH2 ENCRYPTED PRIVATE KEY ----)?"
        ),
        level="restricted",
        example="---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nP2/56wAAA\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
        near_miss="---- BEGIN SSH2 PUBLIC KEY ----",
        source="RFC 4716; SSH Communications Security",
    ),
    Detector(
        kind="private_key",
        name="putty_key",
        group="secret",
        pattern=r"(?s)PuTTY-User-Key-File-[23]:(?:(?!Private-MAC:).)*(?:Private-MAC:\s{0,4}[0-9a-f]{0,128})?",
        level="restricted",
        example="PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\nAAAA\nPrivate-MAC: 00ff",
        near_miss="PuTTY-User-Key-File is not supported",
        source="https://tartarus.org/~simon/putty-snapshots/htmldoc/AppendixC.html",
    ),
    Detector(
        kind="private_key",
        name="jwk_member",
        group="secret",
        pattern=r"\"(?:d|p|q|dp|dq|qi|k)\"\s{0,4}:\s{0,4}\"(?P<value>[A-Za-z0-9_-]{16,})\"",
        spans=_jwk_spans,
        level="restricted",
        example='{"kty":"oct","k":"Fake0Example1Token2Key3"}',
        near_miss='{"d":"Fake0Example1Token2Key3"}',
        source="RFC 7518, 6",
    ),
)

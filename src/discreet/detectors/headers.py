"""Credentials in headers and protocols: bearer, basic and other schemes, signatures, log-in commands."""

from __future__ import annotations

from typing import Final

from discreet.detectors import validators
from discreet.detectors.model import Detector

DETECTORS: Final = (
    Detector(
        kind="bearer",
        group="credential",
        pattern=r"(?i)(?<![A-Za-z])bearer[\t +]{1,4}(?P<value>[A-Za-z0-9._~+/-]{8,}={0,2})",
        gate=r"(?i:bearer[\t +])",
        validate=validators.bearer,
        level="restricted",
        example="sent Bearer mF_9.B5f-4.1JqM",
        near_miss="Bearer authentication required, missing bearer token",
        source="RFC 6750",
    ),
    Detector(
        kind="basic",
        group="credential",
        pattern=r"(?i)(?<![A-Za-z])basic[\t +]{1,4}(?P<value>[A-Za-z0-9+/_-]{5,}={0,2})",
        gate=r"(?i:basic[\t +])",
        validate=validators.basic,
        level="restricted",
        example="sent Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        near_miss="Basic authentication enabled",
        source="RFC 7617",
    ),
    Detector(
        kind="authorization",
        name="auth_scheme",
        group="credential",
        pattern=(
            r"(?<![A-Za-z])(?:(?i:apikey|ssws|geniekey|splunk|hawk|ntlm|negotiate)[ ][A-Za-z0-9._~+/=-]{20,}"
            r"|(?i:digest|hawk|token)[ ](?:username|token|id|response)=[^\r\n]{8,})"
        ),
        gate=(
            r"(?i:(?:apikey|ssws|geniekey|splunk|hawk|ntlm|negotiate)[ ][A-Za-z0-9._~+/=-]{8}"
            r"|(?:digest|hawk|token)[ ](?:username|token|id|response)=)"
        ),
        validate=validators.scheme_credential,
        level="restricted",
        example='sent Digest username="zoe", response="6629fae49393a05397450978507c4ef1"',
        near_miss="Negotiate authentication is enabled, Token authentication required",
        source="RFC 7616, RFC 4559; vendors' documentation of their schemes",
    ),
    Detector(
        kind="authorization",
        name="aws_signature_v4",
        group="credential",
        pattern=r"AWS4-HMAC-SHA256 (?P<value>Credential=[^\s,]+(?:,\s?[A-Za-z]+=[^\s,]+){0,3})",
        level="restricted",
        example="AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/eu/s3/aws4_request, Signature=fe5f80",
        near_miss="algorithm AWS4-HMAC-SHA256 chosen",
        source="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html",
    ),
    Detector(
        kind="credential",
        name="smtp_auth",
        group="credential",
        pattern=(
            r"(?<![A-Za-z])AUTH(?:ENTICATE)? (?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5)[ :](?P<value>[A-Za-z0-9+/]{8,}={0,2})"
        ),
        validate=validators.random_looking,
        level="restricted",
        example="C: AUTH PLAIN AHpvZQBodW50ZXIy",
        near_miss="250-AUTH PLAIN LOGIN",
        source="RFC 4954, RFC 4616",
    ),
    Detector(
        kind="credential",
        name="login_command",
        group="credential",
        pattern=(
            r"(?<![A-Za-z])(?:[A-Za-z]{0,3}[0-9]{1,5} LOGIN \"?[^\s\"]{1,64}\"?|AUTH(?: [\w-]{1,32})?) "
            r"\"?(?P<value>[^\s\"]{4,})"
        ),
        gate=r"(?:[0-9] LOGIN \S|AUTH \S)",
        validate=validators.secret_looking,
        level="restricted",
        example="a001 LOGIN zoe hunter2",
        near_miss="AUTH failed, AUTH required",
        source="RFC 9051, 6.2.3; https://redis.io/docs/latest/commands/auth/",
    ),
)

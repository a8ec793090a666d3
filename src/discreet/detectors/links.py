"""Secrets that ride in URLs: user and password, signed and one-time links, webhooks."""

from __future__ import annotations

from typing import Final

from discreet.detectors import validators
from discreet.detectors.emails import USERINFO
from discreet.detectors.model import Detector

# Host and path up to where the secret begins.
_HOOKS = (
    r"hooks\.slack\.com/(?:services|workflows|triggers)/",
    r"discord(?:app)?\.com/api/webhooks/",
    r"\.webhook\.office\.com/webhookb2/",
    r"outlook\.office(?:365)?\.com/webhook/",
    r"events\.(?:eu\.)?pagerduty\.com/integration/",
    r"(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/",
    r"hooks\.zapier\.com/hooks/catch/",
    r"hook\.[a-z0-9]{2,5}\.make\.com/",
    r"hc-ping\.com/",
    r"maker\.ifttt\.com/trigger/[\w-]{1,64}/(?:json/)?with/key/",
    r"\.collection\.sumologic\.com/receiver/v1/http/",
    r"calendar\.google\.com/calendar/ical/[^/\s]{1,128}/private-",
    r"\.infura\.io/(?:ws/)?v3/",
    r"\.g\.alchemy\.com/v2/",
    r"\.quiknode\.pro/",
)

DETECTORS: Final = (
    Detector(
        kind="url_userinfo",
        group="credential",
        pattern=USERINFO,
        gate=r"://[^\s]*@",
        validate=validators.url_user,
        level="restricted",
        example="connect postgresql://shop:hunter2@db:5432/orders",
        near_miss="ssh://git@github.com/org/repo http://localhost:8080/@scope/pkg",
        source="RFC 3986, 3.2.1",
    ),
    Detector(
        kind="token",
        name="url_code",
        group="credential",
        pattern=(
            r"[?&#](?:code|magic|ticket|sig|signature|Signature|Policy|state_token|assertion)="
            r"(?P<value>[A-Za-z0-9._~%/+=-]{10,})"
        ),
        validate=validators.random_looking,
        level="restricted",
        example="GET /callback?code=SplxlOBeZQQYbYS6WxSbIA&state=xyz",
        near_miss="GET /x?code=E1001&ticket=OPS-42",
        source="RFC 6749, 4.1.2; signed URLs of cloud vendors",
    ),
    Detector(
        kind="api_key",
        name="url_key",
        group="credential",
        pattern=r"[?&](?:key|hapikey|appid|apikey)=(?P<value>[A-Za-z0-9_-]{16,})",
        validate=validators.random_looking,
        level="restricted",
        example="GET /maps?key=Fake0Example1Token2Key3",
        near_miss="GET /cache?key=orders",
        source="API references that take keys in the query",
    ),
    Detector(
        kind="token",
        name="reset_link",
        group="credential",
        pattern=(
            r"/(?:reset|confirm|verify|activate|unlock|invite|magic)(?:[-_]?(?:password|email|account|link))?/"
            r"(?P<value>[\w-]{1,16}/[a-z0-9]{6}-[0-9a-f]{32}|[A-Za-z0-9_.~-]{24,})"
        ),
        validate=validators.random_looking,
        level="restricted",
        example="GET /reset/MQ/c1abcd-0123456789abcdef0123456789abcdef/",
        near_miss="GET /reset/password/confirm-your-address-please",
        source="Django password reset; magic links of identity providers",
    ),
    Detector(
        kind="telegram_token",
        name="telegram_url",
        group="secret",
        pattern=r"api\.telegram\.org/(?:file/)?bot(?P<value>[0-9]{1,12}:[A-Za-z0-9_-]{20,})",
        level="restricted",
        example="GET https://api.telegram.org/bot100:FakeExampleFakeExample12/getMe",
        near_miss="see https://api.telegram.org/bots",
        source="https://core.telegram.org/bots/api#making-requests",
    ),
    Detector(
        kind="url_userinfo",
        name="go_dsn",
        group="credential",
        pattern=r"(?<![\w:/.-])[\w.-]{1,64}:(?P<value>[^\s@:/\"']{1,128})@(?:tcp|tcp6|unix|udp)\(",
        gate=r"@(?:tcp|tcp6|unix|udp)\(",
        level="restricted",
        example="open shop:hunter2@tcp(db:3306)/orders",
        near_miss="open @tcp(db:3306)/orders",
        source="https://github.com/go-sql-driver/mysql#dsn-data-source-name",
    ),
    Detector(
        kind="webhook",
        group="secret",
        pattern=rf"(?:{'|'.join(_HOOKS)})(?P<value>[A-Za-z0-9_@/-]{{8,}})",
        level="restricted",
        example="POST https://hooks.slack.com/services/T0FAKE000/B0FAKE000/FakeExampleFakeExample12",
        near_miss="see https://hooks.slack.com/ and https://discord.com/api/v10/users",
        source="vendors' documentation of incoming webhooks",
    ),
)
